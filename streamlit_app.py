"""Forger & Detective: watch a GAN learn. Run with `streamlit run streamlit_app.py`."""

import streamlit as st

app = st.App("pages/frame.py")
