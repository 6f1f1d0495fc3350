"""The dots lab: a GAN whose pictures are dots in a plane, seen all at once."""

import streamlit as st

from pages.shared.dots import drawing, exhibits, lab, slow, steer
from pages.shared.kept import naming
from pages.shared.settings import controls, hidden, opening, share, widgets
from pages.shared.stage import now, steering
from pages.shared.tab import link, looks, session
from pages.shared.words import say

run, live, watches, steers = opening.open_page(session.DOTS)

with st.container(key="watching" if watches else "workbench"):
    buttons = st.container(key="bar", horizontal=True, gap="small")
    about, dock, stage = st.container(key="about"), st.container(key="dock"), st.container(key="stage")

with dock:
    widgets.show(session.DOTS)
    drawing.offer(run)
    config = controls.config()
    controls.write_link(config, looks.in_link(run) | lab.in_link())
    if steers:
        steer.at_once(run, config)

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
    if steers and hidden.is_shown("slow"):
        slow.offer(run)
    if not steers or run.config != config:
        start, kind = say("train.start", "Start training"), "secondary" if steers else "primary"
        if st.button(start, key="start", type=kind, width="stretch"):
            session.begin(config)
    if run and not watches:
        exhibits.offer(run)
    share.offer(run, config)
    st.toggle(
        say("train.own", "Train one yourself") if watches else say("train.settings", "Settings"), key=controls.OPEN
    )

with stage:
    link.show_left_out()
    session.show_refusal()
    session.show_word()
    session.show_lost_run(run)
    if run is None:
        session.show_notice()
        lab.before_start(config)
    else:
        lab.live(run, config, live)
