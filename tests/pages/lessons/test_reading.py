"""A lesson's file: what is read from it, and which line is wrong with one that is none."""

import pytest

from gan.setup import presets
from pages.shared.lessons import panel
from pages.shared.lessons.lesson import Broken, read
from pages.shared.words import states

HEAD = "---\ntitle: A\nabout: B.\nminutes: 5\norder: 1\n---\n"
STEP = HEAD + "## Look\n"


def test_a_lesson_is_read():
    text = HEAD.replace("order: 1\n", "order: 1\ntags: CSTA 2-AP-10\n") + (
        "\n## Guess\npage: dots\nview: scores\nrun: quick epochs=3 latent_size=2\nask: How?\n"
        "- well: 3 of 4 {accuracy < 0.6}\n- badly {else}\n\n"
        "For all,\nin two lines.\n> With *terms*.\n>> With $G(z)$.\n\n- a list\n- of two\n"
        "---\nIt was {accuracy:.0%}.\n## End\nBye.\n"
    )
    lesson = read("one", text)
    first, last = lesson.steps
    assert (lesson.title, lesson.minutes, lesson.tags, last.title) == ("A", 5, "CSTA 2-AP-10", "End")
    assert (first.page, first.view, first.ask) == ("dots", states.SCORES, "How?")
    assert first.run == presets.get("quick").but(epochs=3, latent_size=2)
    assert [option.text for option in first.options] == ["well: 3 of 4", "badly"]
    told = [(paragraph.level, paragraph.text) for paragraph in first.before]
    assert told == [
        (0, "For all,\nin two lines."), (1, "With *terms*."), (2, "With $G(z)$."), (0, "- a list\n- of two"),
    ]  # fmt: skip
    assert [paragraph.text for paragraph in first.after] == ["It was {accuracy:.0%}."]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("Just text", 1, "between two lines"),
        (HEAD.replace("minutes: 5", "minutes: few"), 4, "whole number"),
        (HEAD.replace("about: B.\n", ""), 5, "about"),
        (HEAD.replace("title: A", "name: A"), 2, "title, about"),
        (HEAD, 6, "no step"),
        (HEAD + "Text", 7, "heading"),
        (STEP + "page: moon", 8, "train, dots"),
        (STEP + "view: under", 8, "charts"),
        (STEP + "film: gone", 8, "quick"),
        (STEP + "mark: nose", 8, "pictures"),
        (STEP + "hide: nose", 8, "pictures"),
        (HEAD.replace("order: 1", "order: 1\nshelf: attic"), 6, "clinic"),
        (STEP + "run: own", 8, "changes a run"),
        (STEP + "run: quickest", 8, "quick"),
        (STEP + "run: quick latent_size=none", 8, "none"),
        (STEP + "run: quick latent=2", 8, "latent"),
        (STEP + "ask: How?\n- well {accuracies < 0.6}", 9, "accuracy"),
        (STEP + "ask: How?\n- well {accuracy}", 9, "compares nothing"),
        (STEP + "ask: How?\n- well {accuracy < high}", 9, "'high' is nothing that a run tells"),
        (STEP + "ask: How?\n- well {realism = low}", 9, "'low' is nothing that a run tells"),
        (STEP + "ask: How?\n- well {0.1 < accuracy = high}", 9, "'high' is nothing that a run tells"),
        (STEP + "ask: How?\n- well {accuracy < nan}", 9, "'nan' is nothing that a run tells"),
        (STEP + "ask: How?\n- well {accuracy@0 < 1}", 9, "'accuracy@0' is nothing that a run tells"),
        (STEP + "ask: How?\n- well {evidence = high}", 9, "'evidence' is nothing"),
        (STEP + "ask: How?\n- well {doctor < 3}", 9, "'doctor < 3' is nothing that doctor can be"),
        (STEP + "ask: How?\n- well {usually 3 > doctor}", 9, "write doctor = and one of too_early, healthy"),
        (STEP + "ask: How?\n- well {doctor = tired}", 9, "'doctor = tired' is nothing that doctor can be"),
        (STEP + "ask: How?\n- well {doctor < mode_collapse}", 9, "mode_collapse"),
        (STEP + "ask: How?\n- well {doctor@2 = realism}", 9, "mode_collapse"),
        (STEP + "ask: How?\n- well {doctor = 2 * doctor@1}", 9, "mode_collapse"),
        (STEP + "ask: How?", 8, "has 1 to 10 answers right below it, a line '- ' each. Here are 0."),
        (STEP + "page: dots\nafterwards: How?\nrun: quick\n\nLook.\n- well\n## Next", 9, "Here are 0."),
        (STEP + "ask: How?" + "\n- well" * 11, 8, "Here are 11."),
        (STEP + "\nIt is {accurate:.0%}.", 9, "accuracy"),
        (STEP + "\nIt is {accuracy:.0q}.", 9, "writes no number"),
        (STEP + "\nLook: ![me](https://example.org/me.png)", 9, "pictures"),
    ],
)
def test_a_broken_lesson_names_its_line(text, line, why):
    with pytest.raises(Broken) as error:
        read("one", text)
    assert str(error.value).startswith(f"Line {line}: ") and why in str(error.value)


def test_braces_of_a_formula_are_no_measures():
    (step,) = read("one", STEP + r"$\frac{a}{b}$ and {accuracy}").steps
    assert r"\frac{a}" in step.before[0].text
    (step,) = read("one", STEP + r"$x_{accuracy@0:q}$ and {accuracy}").steps
    assert panel.filled(step.before[0].text, {}) == "$x_{accuracy@0:q}$ and \N{HORIZONTAL ELLIPSIS}"


def test_as_many_answers_as_devices_can_send_are_read():
    (step,) = read("one", STEP + "ask: How?" + "\n- well" * 10).steps
    assert len(step.options) == 10
