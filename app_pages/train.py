"""Pick, start, watch, stop."""

import streamlit as st

from app_pages.shared import controls, panels, session, words

controls.read_link()
run = session.current_run()

side, stage = st.columns([2.7, 10], gap="medium")
with side:
    controls.first()
    with st.popover("More settings", width="stretch"):
        controls.more()
    config = controls.config()
    live = run is not None and run.is_live
    if live and st.button("Stop", type="primary", width="stretch"):
        session.stop(run)
    if not live or run.config != config:
        if st.button("Start training", type="secondary" if live else "primary", width="stretch"):
            session.begin(config)
            st.rerun()
    if run:
        view = st.segmented_control("Show below", words.VIEWS, default=words.VIEWS[0], width="stretch")

with stage:
    if run is None:
        panels.before_start(config)
    else:
        panels.live(run, config if view == words.VIEWS[1] else None)
        if not live:
            panels.ended(run)
