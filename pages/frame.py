"""The frame around every page: the list of pages."""

import streamlit as st

from pages.shared.draw import theme
from pages.shared.tab import contest_tab

PAGES = [
    st.Page("home.py", title="Home", default=True),
    st.Page("train.py", title="Train"),
    st.Page("race.py", title="Race"),
    st.Page("sweep.py", title="Sweep"),
    st.Page("compare.py", title="Compare"),
    st.Page("library.py", title="Library"),
]

theme.open_page()
contest_tab.keep_watching()
st.navigation(PAGES, position="top").run()
