"""Forger & Detective: watch a GAN learn. Run with `streamlit run streamlit_app.py`."""

import streamlit as st

from pages.shared.server import life
from pages.shared.tab import guard

app = st.App(
    "pages/frame.py", lifespan=life.lifespan, middleware=life.MIDDLEWARE, routes=life.ROUTES, on_script_error=guard.show
)
