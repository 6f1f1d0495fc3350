"""Ways to bring pictures: files, the pad, a camera, and devices of the class."""

import numpy as np
import streamlit as st

from gan.data import own
from gan.desk import rules
from gan.messages import msg
from pages.shared.draw import pad
from pages.shared.kept.own_file import MOST_MB
from pages.shared.own import desk, room
from pages.shared.server import address
from pages.shared.tab import session
from pages.shared.words import plain, say

FILES, DRAW, CAMERA, CLASS = "files", "draw", "camera", "class"
WAYS = {
    FILES: msg("own.way.files", "Files"),
    DRAW: msg("own.way.draw", "Draw"),
    CAMERA: msg("own.way.camera", "Camera"),
    CLASS: msg("own.way.class", "The class"),
}
WAY, SEVERAL = "own_way", "own_several"
NEW = "own_new"  # a number: a new field and a new pad after each picture
PAPER = np.zeros((112, 112), np.uint8)  # of the pad


def offer() -> None:
    """The choice between the ways, and the one that is chosen."""
    way = st.segmented_control(
        say("own.way", "How to bring them"), WAYS, format_func=lambda each: plain(WAYS[each]), default=FILES,
        required=True, key=WAY, label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    if way == CLASS:
        room.offer()
        return
    st.text_input(
        say("own.kind", "What they show"), key=desk.KIND, max_chars=24, persist_state="session",
        placeholder=plain("own.kind.example", "cat"),
    )  # fmt: skip
    number = st.session_state.setdefault(NEW, 0)
    {FILES: _files, DRAW: _draw, CAMERA: _camera}[way](number)


def _files(number: int) -> None:
    if session.refuses(rules.BRING_IN):
        return
    several = _several()
    files = st.file_uploader(
        say("own.files", "Pictures, photos of drawings, or a ZIP"), accept_multiple_files=True,
        key=f"own_files_{number}", max_upload_size=MOST_MB,
    )  # fmt: skip
    st.caption(say("own.files.kinds", "In a ZIP, each folder is a kind and gives it its name."))
    if files:
        with st.spinner(say("own.reading", "Looking at them ...")):
            desk.lay((each for file in files for each in own.in_file(file.name, file.getvalue())), several)
        _next()


def _draw(number: int) -> None:
    name = plain("own.pad", "A pad to draw on")
    drawn = pad.show(f"own_pad_{number}", name, PAPER, pad.inks_for((0,)), (4, 8, 20))
    is_empty = not drawn.pixels.any()
    if st.button(say("own.lay", "Lay it on the table"), type="primary", disabled=is_empty):
        desk.lay_drawn(drawn.pixels)
        _next()


def _camera(number: int) -> None:
    if session.refuses(rules.BRING_IN):
        return
    if not _may_use_camera():
        told = say(
            "own.no_camera",
            "A browser lends its camera only to a page on the same computer, or with https. Take photos with a phone, "
            "and bring them as files.",
        )
        st.info(told, icon=":material/no_photography:")
        return
    several = _several()
    photo = st.camera_input(say("own.photo", "A photo of a drawing on white paper"), key=f"own_photo_{number}")
    if photo is not None:
        desk.lay([own.File("", plain("own.photo", "A photo of a drawing on white paper"), photo.getvalue())], several)
        _next()


def _several() -> bool:
    return st.toggle(say("own.several", "Several drawings on a sheet"), key=SEVERAL, persist_state="session")


def _may_use_camera() -> bool:
    here = st.context.url or ""
    return here.startswith("https:") or not address.is_for_others(here)


def _next() -> None:
    st.session_state[NEW] += 1
    st.rerun()
