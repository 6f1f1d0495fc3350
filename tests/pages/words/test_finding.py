"""What a search finds: the words that people see, whatever their language, and settings by name and number."""

import pytest

from pages.shared.words.finding import Search, words

SETTINGS = ("latent size", "batch size", "learning rate", "loss", "taille du lot", "潜变量大小")
RUN = (
    "Anna's best", "Failure: mode collapse, latent size 8", "Finished · 3 epochs · 26 Nov 14:05", "latent size 8",
    "batch size 16", "learning rate 0.002", "loss Non-saturating loss", "Oscilación", "失败：模式崩溃", "潜变量大小 8",
)  # fmt: skip


def finds(sought: str) -> bool:
    return Search(sought, SETTINGS).finds(RUN)


@pytest.mark.parametrize(
    "sought",
    [
        "anna", "ANNA BEST", "best anna", "mode collapse", "coll", "failure collapse finished", "latent size 8",
        "8 latent", "size 16", "batch size 16 latent size 8", "collapse learning rate 0.002", "learning rate 0,002",
        "loss non-saturating", "oscilacion", "模式崩溃", "崩溃", "潜变量大小 8", "潜变量大小8", "3 epochs", "  ", "!?",
    ],
)  # fmt: skip
def test_finds_what_is_there(sought):
    assert finds(sought)


@pytest.mark.parametrize(
    "sought",
    [
        "ben", "anna ben", "latent size 16", "latent size 80", "batch size 8", "size 9", "learning rate 0.02",
        "collapse latent size 16", "模式正常", "潜变量大小 16", "600",
    ],
)  # fmt: skip
def test_finds_nothing_else(sought):
    assert not finds(sought)


def test_nothing_sought_is_no_search():
    assert not Search("  ", SETTINGS) and not Search("...", SETTINGS) and Search("a", SETTINGS)


def test_words_are_bare():
    assert words("Él tardó 1,5 s: 3e-05!") == ("el", "tardo", "1.5", "s", "3e-05")
