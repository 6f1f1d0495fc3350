"""Pick, start, watch, stop."""

import streamlit as st

from gan import data
from gan.setup import presets
from pages.shared.draw import lines
from pages.shared.kept import fetch, take_home
from pages.shared.settings import controls, share, widgets
from pages.shared.stage import panels, past, steering
from pages.shared.tab import link, looks, requests, session
from pages.shared.words import plain, say, states

run = session.current_run()
controls.read_link(run and run.config)
looks.recall(run)
if asked := session.take_what_was_asked():
    asked_config, begin_it = asked
    controls.put(presets.nearest_in_any_world(asked_config), asked_config)
    begin_it()
controls.settle()
live = run is not None and run.is_live
steers = live and not session.only_watches()

side, stage = st.columns([2.7, 10], gap="medium")
with side:
    widgets.first()
    more, others = st.columns([1.5, 1], gap="small")
    with more, st.popover(say("train.more", "More settings"), width="stretch"):
        widgets.more()
    config = controls.config()
    controls.write_link(config, looks.in_link(run))
    with others:
        share.offer(run, config)
    here = data.is_here(config.data)
    if live:
        steering.show(run)
    elif run and not session.only_watches():
        steering.offer_to_resume(run)
    if not steers or run.config != config:
        use, begin = st.columns(2, gap="small") if steers and steering.can_take(run, config) else (None, st.container())
        if use:
            with use:
                steering.offer(run, config)
        kind = "secondary" if steers else "primary"
        start = say("train.start", "Start training")
        if begin.button(start, key="start", type=kind, width="stretch", disabled=not here):
            session.begin(config)
    if run:
        view = st.segmented_control(
            plain("train.view", "Show below"),
            states.VIEWS,
            format_func=lambda each: say(states.VIEWS[each]),
            required=True,
            key=looks.VIEW,
            persist_state="session",
            width="stretch",
            label_visibility="collapsed",
        )
        if session.only_watches():
            requests.look_along(run)
        else:
            requests.show(run, view)
        lines.load()
    else:
        take_home.code(config, here)

with stage:
    link.show_left_out()
    session.show_refusal()
    session.show_lost_run(run)
    if run is None:
        session.show_notice()
    if not here and not live:
        fetch.offer(data.get(config.data))
    elif run is None:
        panels.before_start(config)
    else:
        panels.live(run, view, live)
        if view == states.PAST:
            past.choose(run, config)
        elif not live:
            panels.ended(run)
