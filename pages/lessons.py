"""All lessons; one that is chosen goes along beside the pages."""

import streamlit as st

from pages.shared.lessons import course, panel, progress
from pages.shared.words import choose_level, say

lessons, broken = course.course()

st.title(say("lessons.title", "Lessons"), anchor=False)
with st.container(key="lessons_how", horizontal=True, vertical_alignment="center"):
    st.markdown(say("lessons.how", "Say what you think will happen, train it for real, see whether you were right."))
    choose_level()
with st.container(key="lesson_list"):
    for number, lesson in enumerate(lessons.values(), start=1):
        with st.container(key=f"lesson_{lesson.name}"):
            panel.offer(number, lesson)
for complaint in broken:
    st.warning(say(complaint), icon=":material/edit_document:")
progress.ask_bookmark()
