"""The story in one screen, and one button."""

import streamlit as st

from gan.setup import presets
from pages.shared.draw import home_drawing
from pages.shared.settings import controls, hidden, locks
from pages.shared.tab import session
from pages.shared.words import language, say

run = session.current_run()

st.title(say("home.title", "Can you tell real from fake?"))
home_drawing.show()
with st.container(key="begin"):
    if run and run.is_live:
        others, own = say("home.watch", "Watch the run"), say("home.watch_own", "Watch your run")
        if st.button(others if session.only_watches() else own, type="primary"):
            st.switch_page(session.page_of(run.config))
    elif st.button(say("train.start", "Start training"), type="primary"):
        first = locks.shown(session.PICTURES) if hidden.locked() else locks.Shown("quick", presets.get("quick"))
        controls.put(*first)
        session.begin(first.config)
    st.markdown(say("home.here", "It trains on this computer, right now. Digits appear after a few seconds."))
    st.markdown(
        say("home.privacy", "[What this app knows about you]({link})", link=f"./print/privacy?lang={language()}")
    )
