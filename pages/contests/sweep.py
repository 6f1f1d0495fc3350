"""Every pair of a few learning rates and latent sizes, in a table that fills up."""

import streamlit as st

from gan.runs import Kind
from pages.shared.contests import sweep_setup, sweep_view
from pages.shared.settings import locks
from pages.shared.tab import contest_tab, session
from pages.shared.words import say, sweeps

sweep = contest_tab.current(Kind.SWEEP)
if sweep:
    contest_tab.show(sweep)
    sweep_view.show(sweep)
else:
    with st.container(key="contest_setup"):
        side, stage = st.columns([3.6, 10], gap="medium")
    with side:
        plan = sweep_setup.choose()
        place = st.container()
    with stage:
        session.show_refusal()
        if contest_tab.is_lost(Kind.SWEEP):
            st.info(say(sweeps.LOST), icon=":material/history:")
        can_begin = sweep_setup.explain(plan)
    if place.button(
        say("sweep.start", "Start the sweep"), key="start_sweep", type="primary", width="stretch",
        disabled=not can_begin,
    ):  # fmt: skip
        sweep = locks.heeded(contest_tab.contests().sweep, *plan.configs)
        contest_tab.begin(Kind.SWEEP, sweep, plan.base, plan.axes)
