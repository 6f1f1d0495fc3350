"""A file's steps all at once, as cards: each with its picture, what it is, and the way to try it."""

import streamlit as st

from pages.shared.lessons import panel
from pages.shared.lessons.lesson import Lesson, LessonStep
from pages.shared.settings import controls, gallery
from pages.shared.tab import session
from pages.shared.words import say


def show(lesson: Lesson) -> None:
    """The cards below their title."""
    st.header(lesson.title, anchor=False)
    st.markdown(lesson.about)
    with st.container(key=f"cards_{lesson.name}"):
        for number, step in enumerate(lesson.steps):
            with st.container(key=f"card_{lesson.name}_{number}"):
                _card(step)


def _card(step: LessonStep) -> None:
    st.subheader(step.title, anchor=False)
    if step.picture:
        st.html(gallery.thumbnail(step.picture))
    panel.text(step.before, {})
    if step.run and st.button(say("cards.try", "Try it"), key=f"try_{step.title}"):
        controls.take_over(step.run, step.preset)
        st.switch_page(session.page_of(step.run))
