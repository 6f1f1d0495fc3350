"""The glossary: whole in every language, and found behind the words that the pages use."""

import pytest

from pages.shared.lessons import glossary
from pages.shared.words.catalogues import FIRST, languages


def of(language: str) -> list[glossary.Term]:
    return glossary.read((glossary.FOLDER / f"{language}.md").read_text("utf-8"))


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_term(language):
    first, theirs = of(FIRST), of(language)
    assert [bool(term.more) for term in theirs] == [bool(term.more) for term in first]
    forms = [form.lower() for term in theirs for form in term.forms]
    assert len(set(forms)) == len(forms) and all(forms)  # a word means one thing
    if language != FIRST:
        assert not [term.title for term, other in zip(first, theirs, strict=True) if term.means == other.means]


@pytest.mark.parametrize("text", ["## GAN\nNo forms.", "## GAN\nforms: GAN\n", "## GAN\nforms: a\nforms: b\nText."])
def test_a_term_without_forms_or_meaning_is_refused(text):
    with pytest.raises(ValueError, match="GAN"):
        glossary.read(text)


def test_the_second_level_adds():
    term = next(term for term in of(FIRST) if term.title == "generator")
    assert term.text(deep=False) == term.means and term.text(deep=True) == f"{term.means} {term.more}"
    assert "Written G." in term.more
