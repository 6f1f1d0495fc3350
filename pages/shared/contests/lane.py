"""One of several runs side by side: its letter, its value, and how it does."""

from html import escape


def head(letter: str, told: str, far: str = "", how: str = "") -> str:
    """The two lines above its pictures, as HTML; app.css gives each lane its colour."""
    second = f'<p class="how">{escape(how)}</p>' if how else ""
    first = f"<b>{letter}</b> <strong>{escape(told)}</strong> <span>{escape(far)}</span>"
    return f'<p class="lane">{first}</p>{second}'
