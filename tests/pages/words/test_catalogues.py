"""Which languages there are, which one is meant, and what a file does not say."""

import pytest

from gan.messages import msg, msgs
from pages.shared.words import catalogues, speech


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("es", "es"), ("es-MX", "es"), ("es_ES", "es"), ("zh", "zh_Hans"), ("zh-CN", "zh_Hans"), ("zh-TW", "zh_Hans"),
        ("zh_Hans", "zh_Hans"), ("en-GB", "en"), ("de", "en"), ("xx", "en"), ("tlh", "en"), ("", "en"), (None, "en"),
        ("../../etc/passwd", "en"), ("*", "en"), ("a" * 5000, "en"), ("es@simple", "es"), ("\ud800", "en"), ("-", "en"),
        ("ca-ES,ca;q=0.9,es;q=0.8,en;q=0.7", "es"), ("eu, es-ES;q=0.8", "es"), ("en;q=0.5,zh-CN", "zh_Hans"),
        ("de,fr;q=0.5", "en"), ("en,es", "en"), ("es;q=0,zh;q=0.1", "zh_Hans"), ("es;q=x", "es"), (",;q=,", "en"),
    ],
)  # fmt: skip
def test_what_a_browser_or_a_link_asks_for_is_always_a_language_that_there_is(asked, found):
    assert catalogues.best(asked) == found


def test_every_language_says_its_own_name():
    assert {"en": "English", "es": "Español", "zh_Hans": "中文（简体）"}.items() <= catalogues.languages().items() or (
        catalogues.languages()["zh_Hans"].startswith("中文")
    )


def test_a_file_is_a_language_and_a_level_is_none(folder):
    folder("de", {})
    folder("de@simple", {})
    folder("en", {})
    assert catalogues.languages() == {"de": "Deutsch", "en": "English"}


SENTENCES = {name: msg(f"a.{name}", f"{name} in the code") for name in ("one", "two", "three", "four", "five")}


def said(language: str, level: str = "") -> list[str]:
    return [speech.bare(language, level).say(message) for message in SENTENCES.values()]


def test_what_a_file_does_not_say_the_next_one_does(folder):
    def write(name: str, *sentences: str) -> None:
        folder(name, {f"a.{each}": (f"{each} in the code", f"{each} in {name}") for each in sentences})

    write("es@simple", "one")
    write("es", "one", "two")
    write("en@simple", "one", "two", "three")
    write("en", "one", "two", "three", "four")
    assert said("es", "simple") == [
        "one in es@simple", "two in es", "three in en@simple", "four in en", "five in the code",
    ]  # fmt: skip
    assert said("es") == ["one in es", "two in es", "three in en", "four in en", "five in the code"]
    assert said("en", "simple")[:4] == [*(f"{each} in en@simple" for each in ("one", "two", "three")), "four in en"]
    assert said("es", "unheard of") == said("es")
    assert said("en")[0] == "one in en"


def test_a_sentence_that_has_changed_since_is_not_said_in_its_old_words(folder):
    folder("es", {"a.one": ("another sentence", "otra frase")})
    assert said("es")[0] == "one in the code"


def test_an_untranslated_plural_is_said_by_the_next_in_the_chain(folder):
    folder("en", {"a.many": (("{count} fake", "{count} fakes"), ("one forgery", "{count} forgeries"))})
    folder("es", {"a.many": (("{count} fake", "{count} fakes"), ("", "", ""))})
    assert speech.bare("es").say(msgs("a.many", "{count} fake", "{count} fakes", 3)) == "3 forgeries"
