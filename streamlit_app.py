"""Forger & Detective: watch a GAN learn. Run with `streamlit run streamlit_app.py`."""

import streamlit as st

from app_pages.shared import contest_tab, frame

PAGES = [
    st.Page("app_pages/home.py", title="Home", default=True),
    st.Page("app_pages/train.py", title="Train"),
    st.Page("app_pages/race.py", title="Race"),
    st.Page("app_pages/sweep.py", title="Sweep"),
    st.Page("app_pages/compare.py", title="Compare"),
    st.Page("app_pages/library.py", title="Library"),
]

frame.open_page()
contest_tab.keep_watching()
st.navigation(PAGES, position="top").run()
