"""What can be printed, each a link to a page of its own; the answers too, for who is in here."""

import streamlit as st

from gan.messages import msg
from pages.shared.desk import apart
from pages.shared.lessons import course
from pages.shared.printed import worksheet
from pages.shared.server import held
from pages.shared.words import plain, say

LESSON = "desk_worksheet_of"  # the widget's key
SHEETS = {
    "game": msg("print.the_game", "The game on paper"),
    "worksheet": msg("print.the_worksheet", "Worksheet"),
    "certificate": msg("print.the_certificate", "Certificate"),
    "privacy": msg("print.the_statement", "What this app knows about you"),
    "keys": msg("print.the_keys", "Answers to all worksheets"),
}


def show() -> None:
    st.markdown(say("print.about", "Each opens in a tab of its own, fits A4 and Letter, and needs no internet."))
    lessons = {name: lesson for name, lesson in course.course().lessons.items() if worksheet.asking(lesson)}
    with st.container(key="desk_sheets"):
        for name in ("game", "certificate"):
            offer(name)
        with st.container(key="desk_worksheets", horizontal=True, vertical_alignment="bottom", gap="small"):
            of = st.selectbox(
                plain("print.of_lesson", "Lesson"), list(lessons), key=LESSON,
                format_func=lambda each: lessons[each].title,
            )  # fmt: skip
            offer("worksheet", of)
        offer("keys", ticket=held.desk().tickets.make())
        st.caption(
            say(
                "print.answers",
                "The answers take {pages} pages at most. They open from here alone, and for ten minutes.",
                pages=worksheet.MOST_PAGES,
            )
        )
        offer("privacy")


def offer(name: str, of: str = "", **query: str) -> None:
    """A link to a sheet; a worksheet is `of` a lesson."""
    apart.link(SHEETS[name], f"print/{name}", ":material/print:", **({"of": of} if of else {}), **query)
