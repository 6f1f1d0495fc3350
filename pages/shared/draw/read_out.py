"""What a screen reader says by itself: a line that is not seen and only changes with what is worth hearing.

The line on screen beside it has numbers that move, and would be read out at each of them.
"""

import streamlit as st


def read_out(told: str) -> None:
    """Have a sentence, as HTML, read out now and whenever it is another one."""
    st.html(f'<p class="read_out" role="status">{told}</p>')
