"""Our pictures: bring some, sort them on the light-table, and have the forger learn from them."""

import streamlit as st

from pages.shared.own import begin, bring, desk, light, room
from pages.shared.words import say

st.title(say("own.title_page", "Our pictures"), anchor=False)
st.markdown(
    say("own.how", "Draw, photograph or bring pictures of your own. Then a forger learns to draw pictures like yours.")
)
with st.container(key="own"):
    left, right = st.container(key="own_bring"), st.container(key="own_table")
with left:
    bring.offer()
table = desk.current()
with right:
    begin.offer(table)
    if table:
        room.watch(table)
    light.show(table)
