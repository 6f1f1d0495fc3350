"""The glossary: proper terms in a few words, behind each of them on every page, and as a list in the frame.

One file a language in `assets/glossary`: `## ` and the term, `forms:` by which it is found in a text, what it means,
and with `> ` what the second reading level adds.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from pages.shared.draw.theme import ASSETS
from pages.shared.words import depth, language, plain
from pages.shared.words.catalogues import FIRST

FOLDER = ASSETS / "glossary"
FORMS = "forms:"
_glossary = st.components.v2.component(
    "glossary",
    html='<div class="words"><button type="button" aria-expanded="false"></button><dl hidden></dl></div>',
    js=(ASSETS / "glossary.js").read_text(),
    isolate_styles=False,  # the style is in assets/style/glossary.css
)


class Term(NamedTuple):
    title: str
    forms: tuple[str, ...]
    means: str
    more: str = ""  # from the second reading level on

    def text(self, deep: bool) -> str:
        return f"{self.means} {self.more}" if deep and self.more else self.means


def read(text: str) -> list[Term]:
    """The terms of a file. Raises ValueError for one without forms or meaning."""
    terms = []
    for part in text.split("## ")[1:]:
        title, *lines = [line.strip() for line in part.strip().splitlines()]
        forms = [line.removeprefix(FORMS) for line in lines if line.startswith(FORMS)]
        means = [line for line in lines if line and not line.startswith((FORMS, ">"))]
        more = [line.removeprefix(">").strip() for line in lines if line.startswith(">")]
        if len(forms) != 1 or not means:
            raise ValueError(title)
        terms.append(Term(title, tuple(form.strip() for form in forms[0].split(",")), " ".join(means), " ".join(more)))
    return terms


def terms() -> list[Term]:
    """All terms in the visitor's language."""
    path = FOLDER / f"{language()}.md"
    return _terms(path if path.is_file() else FOLDER / f"{FIRST}.md")


@lru_cache(8)
def _terms(path: Path) -> list[Term]:
    return read(path.read_text("utf-8"))


def offer() -> None:
    """Put the glossary behind the words of the page, and its list, for keyboards and older browsers, into the frame."""
    told = [{"title": term.title, "forms": term.forms, "text": term.text(deep=depth() > 0)} for term in terms()]
    _glossary(key="glossary", data={"terms": told, "name": plain("glossary.title", "Words")})
