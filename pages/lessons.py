"""All lessons; one that is chosen goes along beside the pages."""

import streamlit as st

from pages.shared.lessons import course, panel, progress
from pages.shared.lessons.lesson import CLINIC, TOUR
from pages.shared.words import choose_level, say

panel.begin_asked()
lessons, broken = course.course()


def shelf(name: str) -> None:
    """The lessons that stand together, numbered where they are a course."""
    with st.container(key=f"{name or 'lesson'}_list"):
        for number, lesson in enumerate((each for each in lessons.values() if each.shelf == name), start=1):
            with st.container(key=f"lesson_{lesson.name}"):
                panel.offer(lesson, "" if name else f"{number}. ")


st.title(say("lessons.title", "Lessons"), anchor=False)
with st.container(key="lessons_how", horizontal=True, vertical_alignment="center"):
    st.markdown(say("lessons.how", "Say what you think will happen, train it for real, see whether you were right."))
    choose_level()
shelf(TOUR)
shelf("")
st.header(say("clinic.title", "Failure clinic"), anchor=False)
st.markdown(
    say("clinic.how", "Each of these runs suffers from something. One press begins it. Say what it is, hear what the "
        "doctor says, and cure it.")
)  # fmt: skip
shelf(CLINIC)
st.page_link("story.py", label=say("story.open", "The story since 2014"), icon=":material/history:")
for complaint in broken:
    st.warning(say(complaint), icon=":material/edit_document:")
progress.ask_bookmark()
