"""Forger & Detective: watch a GAN learn. Run with `streamlit run streamlit_app.py`."""

import streamlit as st

from pages.shared.printed.routes import routes
from pages.shared.server import life
from pages.shared.tab.guard import show

ROUTES = [*life.ROUTES, *routes()]
app = st.App("pages/frame.py", lifespan=life.lifespan, middleware=life.MIDDLEWARE, routes=ROUTES, on_script_error=show)
