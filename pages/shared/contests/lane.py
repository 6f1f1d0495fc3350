"""One of several runs side by side: its letter, its value, and how it does."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gan.messages import Message
from pages.shared.words import html


def head(letter: str, told: Message, far: Message | None = None, how: Message | None = None) -> str:
    """The two lines above its pictures, as HTML; assets/style/contests.css gives each lane its colour."""
    second = f'<p class="how">{html(how)}</p>' if how else ""
    first = f"<b>{letter}</b> <strong>{html(told)}</strong> <span>{html(far) if far else ''}</span>"
    return f'<p class="lane">{first}</p>{second}'


def places(count: int) -> list[DeltaGenerator]:
    """A place for each lane; as many lie in a row as there is room for."""
    with st.container(key="lanes"):
        return st.columns(count, gap="small")
