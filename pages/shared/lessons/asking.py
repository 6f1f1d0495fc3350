"""The class answers a lesson's question on its devices."""

from collections.abc import Callable

import streamlit as st

from gan.rooms import Phase, Question, Room
from pages.shared.lessons.lesson import LessonStep
from pages.shared.room import view
from pages.shared.words import say

EVERY_SECONDS = 0.6  # between two looks at who has answered


def offer(step: LessonStep, take: Callable[[int], None]) -> None:
    """Where this tab has opened a room: ask its devices, and `take` the answer that most of them give."""
    room = view.opened()
    if room is None:
        return
    question = Question(step.ask, tuple(option.text for option in step.options))
    if room.phase is Phase.ASK and room.question == question:
        st.fragment(run_every=EVERY_SECONDS)(_count)(room, take)
    else:
        label = say("lesson.ask_class", "Ask the class")
        st.button(label, key="ask_class", icon=":material/groups:", on_click=room.ask, args=(question,))


def _count(room: Room, take: Callable[[int], None]) -> None:
    """How many have said what; it is for the teacher to say when all have."""
    given = room.answers
    if len(given) != len(room.question.options):
        return
    lines = [f"- {option}: **{count}**" for option, count in zip(room.question.options, given, strict=True)]
    st.markdown("\n".join(lines))
    label = say("lesson.take", "Take the class's answer")
    if st.button(label, key="take_answer", type="primary", width="stretch", disabled=not any(given)):
        take(given.index(max(given)))
        room.stop_asking()
        st.rerun()
