"""The start and the end of the server: what is made ready, what is said on its console, and that all runs are kept."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from gan.messages import msg
from gan.runs.kept.opening import default_folder
from gan.runs.server.held import Held
from gan.runs.server.warm import warm_up
from pages.shared.server import address, door, feed, gaps, held, phone, sign_on, watched
from pages.shared.server import key as keys

gaps.ask_nothing_outside()
gaps.end_no_page_for_a_callback()
gaps.take_no_value_that_a_widget_cannot_read()


@Held
def key() -> str:
    """This server's key: see `who`."""
    return keys.read_or_make(default_folder())


MIDDLEWARE = [Middleware(door.Door, key=key, signs=sign_on.read())]
ROUTES = [*phone.routes(), *watched.routes(), *feed.routes()]


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """While the server runs. Runs that a kill has interrupted are found at the start, before anybody asks."""
    warm_up()
    held.manager()
    _welcome()
    try:
        yield
    finally:
        held.manager().stop_all()


def _welcome() -> None:
    """Where the app is, on the console; and in the browser, unless the server is told to be headless."""
    here, others = address.own(), address.for_others()
    print(msg("start.here", "\n  Forger & Detective. On this computer: {address}", address=here))
    if others:
        print(msg("start.others", "  On other computers: {address}", address=others))
    teacher = f"{others or here}/?{door.ASKED}={keys.to_be_told(key())}"
    print(msg("start.teacher", "  For the teacher alone, on any computer: {address}", address=teacher))
    for complaint in sign_on.complaints():  # a page could not say it: nobody gets there
        print(f"  {complaint}")
    print(msg("start.desk", "  {told}\n", told=held.desk().told), flush=True)
    if not st.get_option("server.headless"):
        # A process of its own: it opens the page when the server listens, which is after this. Without the key: all
        # users of a computer may see what its processes are called with.
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.Popen([sys.executable, "-m", "webbrowser", here], **quiet)
