"""What choices say of themselves: messages with ids of their own, found without importing them."""

import pytest

from gan.messages import Message
from gan.parts import choices, nets
from gan.setup.config import RunConfig
from pages.shared.words import speech
from tools import languages


def test_a_choice_is_told_by_messages_with_its_docstrings_words():
    package = "gan.parts.losses"
    assert choices.title(package, "hinge") == Message("loss.hinge.title", "Hinge loss", {"name": "hinge"})
    assert choices.about(package, "hinge") == Message(
        "loss.hinge.about", "The discriminator stops learning from pictures that it already judges clearly."
    )
    reason = "this loss has a margin instead of labels, so there is nothing to smooth"
    assert choices.refusals(package, "hinge") == {
        "label_smoothing": Message("loss.hinge.refuses.label_smoothing", reason)
    }


def test_braces_in_a_docstring_are_letters(tmp_path, monkeypatch):
    (tmp_path / "odd.py").write_text('"""Odd {loss}: draws {x}."""\n')
    monkeypatch.setattr(choices, "_folder", lambda package: tmp_path)
    for cached in (choices._files, choices._tree, choices._opening, choices.facts):
        monkeypatch.setattr(choices, cached.__name__, cached.__wrapped__)
    assert str(choices.title("gan.parts.losses", "odd")) == "Odd {loss}"
    assert str(choices.about("gan.parts.losses", "odd")) == "Draws {x}."


def test_a_constant_of_another_type_than_its_package_says_is_refused(tmp_path, monkeypatch):
    (tmp_path / "odd.py").write_text('"""Odd loss: guesses."""\nGUESSING = "a quarter"\n')
    monkeypatch.setattr(choices, "_folder", lambda package: tmp_path)
    for cached in (choices._files, choices._tree, choices.facts):
        monkeypatch.setattr(choices, cached.__name__, cached.__wrapped__)
    with pytest.raises(TypeError, match="GUESSING of the choice odd is 'a quarter': it must be a float"):
        choices.facts("gan.parts.losses", "odd")


def test_the_words_of_every_choice_option_and_setting_are_found_for_the_catalogues():
    found = languages.messages()
    for package, kind in choices.KINDS.items():
        for name in choices.names(package):
            assert found[f"{kind}.{name}.title"].english and found[f"{kind}.{name}.about"].english
            for other in choices.facts(package, name).get("REFUSES", {}):
                assert found[f"{kind}.{name}.refuses.{other.replace('=', '.')}"].english
    assert {f"option.{option}" for name in nets.names() for option in nets.options(name)} <= found.keys()
    assert all(found[f"setting.{name}"].english == name for name in RunConfig.__dataclass_fields__)


def test_a_clash_is_told_by_names_on_the_command_line_and_by_titles_on_the_page():
    with pytest.raises(ValueError) as refusal:
        RunConfig(loss="hinge", label_smoothing=0.1)
    message = refusal.value.message
    reason = "this loss has a margin instead of labels, so there is nothing to smooth"
    assert str(message) == f"hinge does not go with label_smoothing: {reason}."
    assert speech.bare("en").say(message) == f"Hinge loss does not go with Label smoothing: {reason}."
    assert Message.from_dict(message.to_dict()) == message
