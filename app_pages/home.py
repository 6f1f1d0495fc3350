import streamlit as st

from gan import presets
from app_pages.shared import session

st.title("A forger and a detective")
if st.button("Start training", type="primary"):
    session.begin(presets.get("quick"))
    st.switch_page("app_pages/train.py")
