"""The story in one screen, and one button."""

import streamlit as st

from gan.setup import presets
from pages.shared.draw import home_drawing
from pages.shared.settings import controls
from pages.shared.tab import session

run = session.current_run()

st.title("Can you tell real from fake?")
home_drawing.show()
with st.container(key="begin"):
    if run and run.is_live:
        if st.button("Watch the run" if session.only_watches() else "Watch your run", type="primary"):
            st.switch_page("train.py")
    elif st.button("Start training", type="primary"):
        controls.put("quick", presets.get("quick"))
        session.begin(presets.get("quick"))
    st.markdown("It trains on this computer, right now. Digits appear after a few seconds.")
