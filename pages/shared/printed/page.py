"""A printed sheet as an HTML page: all in one file, nothing is fetched."""

import re
from html import escape
from typing import NamedTuple

from gan.messages import msg
from pages.shared.draw.theme import ASSETS
from pages.shared.words import speech

FOLDER = ASSETS / "print"
MARKS = ((re.compile(r"\*\*(.+?)\*\*"), r"<b>\1</b>"), (re.compile(r"\*(.+?)\*"), r"<em>\1</em>"))


class Sheet(NamedTuple):
    title: str  # as HTML
    body: str  # as HTML


def html(sheet: Sheet, language: str) -> str:
    places = {
        "language": language.replace("_", "-"),
        "title": sheet.title,
        "style": (FOLDER / "page.css").read_text("utf-8"),
        "print": speech.html(language).say(msg("print.print", "Print")),
        "body": sheet.body,
    }
    page = (FOLDER / "page.html").read_text("utf-8")
    return re.sub(r"\{(\w+)\}", lambda place: places[place[1]], page)


def marked(text: str) -> str:
    """A line of Markdown as a lesson has it: bold and emphasis, the rest letter for letter."""
    text = escape(text)
    for marks, tags in MARKS:
        text = marks.sub(tags, text)
    return text
