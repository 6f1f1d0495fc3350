"""Two to four recipes of any family, with the same pictures and the same seconds of training, and a table."""

import streamlit as st

from gan.runs import Kind
from pages.shared.contests.versus import setup, view, words
from pages.shared.draw import lines
from pages.shared.settings import locks
from pages.shared.tab import contest_tab, session
from pages.shared.words import say

lines.load()
contest = contest_tab.current(Kind.VERSUS)
if contest:
    contest_tab.show(contest)
    view.show(contest)
else:
    with st.container(key="contest_setup"):
        side, stage = st.columns([3.2, 10], gap="medium")
    with side:
        plan = setup.choose()
        place = st.container()
    with stage:
        session.show_refusal()
        if contest_tab.is_lost(Kind.VERSUS):
            st.info(say(words.LOST), icon=":material/history:")
        can_begin = setup.explain(plan)
    if place.button(
        say("versus.start", "Start the comparison"), key="start_versus", type="primary", width="stretch",
        disabled=not can_begin,
    ):  # fmt: skip
        versus = locks.heeded(contest_tab.contests().versus, *plan.configs)
        contest_tab.begin(Kind.VERSUS, versus, plan.recipes, plan.pictures, plan.seconds)
