"""Two to four runs that differ in one thing, side by side, and a winner by a rule chosen beforehand."""

import streamlit as st

from gan.runs import Kind
from pages.shared.contests import race_setup, race_view
from pages.shared.draw import lines
from pages.shared.settings import locks
from pages.shared.tab import contest_tab, session
from pages.shared.words import races, say

race = contest_tab.current(Kind.RACE)
if race:
    contest_tab.show(race)
    lines.load()
    race_view.show(race)
else:
    with st.container(key="contest_setup"):
        side, stage = st.columns([3.6, 10], gap="medium")
    with side:
        plan = race_setup.choose()
        place = st.container()
    with stage:
        session.show_refusal()
        if contest_tab.is_lost(Kind.RACE):
            st.info(say(races.LOST), icon=":material/history:")
        guess, can_begin = race_setup.explain(plan)
    if place.button(
        say("race.start", "Start the race"), key="start_race", type="primary", width="stretch", disabled=not can_begin
    ):
        contest_tab.begin(
            Kind.RACE, locks.heeded(contest_tab.contests().race, *plan.configs), plan.base, plan.setting, plan.values,
            plan.rule, target=plan.target, guess=guess,
        )  # fmt: skip
