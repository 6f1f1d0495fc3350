"""Pick, start, watch, stop."""

import streamlit as st

from app_pages.shared import controls, fetch, lines, panels, past, requests, session, settings_list, steering, words
from gan import data

controls.read_link()
if asked := session.asked_to_begin():
    asked_config, begin_it = asked
    controls.put(st.session_state[controls.PRESET], asked_config)
    begin_it()
run = session.current_run()
live = run is not None and run.is_live

side, stage = st.columns([2.7, 10], gap="medium")
with side:
    settings_list.first()
    with st.popover("More settings", width="stretch"):
        settings_list.more()
    config = controls.config()
    controls.write_link(config)
    here = data.is_here(config.data)
    if live:
        steering.show(run)
    elif run:
        steering.offer_to_resume(run)
    if not live or run.config != config:
        use, begin = st.columns(2, gap="small") if live and steering.can_take(run, config) else (None, st.container())
        if use:
            with use:
                steering.offer(run, config)
        kind = "secondary" if live else "primary"
        if begin.button("Start training", key="start", type=kind, width="stretch", disabled=not here):
            session.begin(config)
    if run:
        view = st.segmented_control(
            "Show below", words.VIEWS, default=words.CHARTS, key="view", width="stretch", label_visibility="collapsed"
        )
        requests.show(run, view)
        lines.load()

with stage:
    controls.show_link_error()
    session.show_refusal()
    session.show_lost_run()
    if run is None:
        session.show_notice()
    if not here and not live:
        fetch.offer(data.get(config.data))
    elif run is None:
        panels.before_start(config)
    else:
        panels.live(run, view)
        if view == words.PAST:
            past.choose(run, config)
        elif not live:
            panels.ended(run)
