"""Pick, start, watch, stop."""

import streamlit as st

from gan import data
from gan.data import own
from pages.shared.draw import lines
from pages.shared.kept import fetch, naming, own_file, take_home
from pages.shared.lessons import panel
from pages.shared.settings import controls, opening, share, widgets
from pages.shared.stage import now, panels, steering
from pages.shared.tab import link, looks, session
from pages.shared.words import say

run, live, watches, steers = opening.open_page(session.PICTURES)

# Three rooms, laid out by their width (assets/style/train.css): buttons, settings, and the pictures.
with st.container(key="watching" if watches else "workbench"):
    buttons = st.container(key="bar", horizontal=True, gap="small")
    about, dock, stage = st.container(key="about"), st.container(key="dock"), st.container(key="stage")

with dock:
    widgets.show()
    config = controls.config()
    controls.write_link(config, looks.in_link(run))
    here = data.is_here(config.data)
    if run is None:
        take_home.code(config, here)

with about:
    if run:
        now.show(run, steers)

with buttons:
    if run:
        naming.show(run)
    if live:
        steering.show(run)
    elif run and not watches:
        steering.offer_to_resume(run)
    if not steers or run.config != config:
        if steers and steering.can_take(run, config):
            steering.offer(run, config)
        start, kind = say("train.start", "Start training"), "secondary" if steers else "primary"
        if st.button(start, key="start", type=kind, width="stretch", disabled=not here):
            session.begin(config)
    share.offer(run, config)
    st.toggle(
        say("train.own", "Train one yourself") if watches else say("train.settings", "Settings"), key=controls.OPEN
    )

with stage:
    if run:
        lines.load()
    link.show_left_out()
    session.show_refusal()
    session.show_word()
    session.show_lost_run(run)
    if run is None:
        session.show_notice()
    if not here and not live:
        missing = data.get(config.data)
        (own_file if own.is_own(missing.name) else fetch).offer(missing)
    elif run is None:
        panels.before_start(config)
        panel.offer_tour()
    else:
        panels.live(run, config, live)
