"""Pictures that are not on this computer yet: the offer to download them, and its progress. Where files lie on this
computer is the teacher's business alone.
"""

import streamlit as st

from gan.data.catalog import DataSet
from gan.data.downloads import by_hand
from gan.desk.rules import DOWNLOAD
from gan.runs.server.fetching import DownloadState
from pages.shared.server.held import downloads
from pages.shared.tab import session
from pages.shared.words import say


def offer(item: DataSet) -> None:
    """What is missing, a button that gets it, and how far that is. Nothing is sent before the button is pressed."""
    st.subheader(say(item.title))
    st.markdown(
        say(
            "fetch.missing",
            "These {count:,} pictures are not on this computer yet. "
            "The pictures that come with the app need no download.",
            count=item.count,
        )
    )
    job = downloads().get(item.name)
    if job and job.is_live:
        if st.button(say("fetch.cancel", "Cancel")):
            job.cancel()
            st.rerun()
        _progress(job)
        return
    if job and job.snapshot().state is DownloadState.FAILED:
        failed = job.snapshot()
        st.error(say(failed.error if session.is_teacher() else failed.in_public), icon=":material/error:")
    if session.refuses(DOWNLOAD):
        return
    download = say("fetch.download", "Download {megabytes} MB", megabytes=item.download_mb)
    if st.button(download, type="primary", icon=":material/download:"):
        downloads().start(item.name)
        st.rerun()
    if session.is_teacher():
        st.caption(say(by_hand(item.name)))


def _progress(job) -> None:
    @st.fragment(run_every=0.5)
    def draw() -> None:
        if not job.is_live:
            st.rerun()
        fraction = job.snapshot().fraction
        st.progress(fraction, say("fetch.progress", "Downloading: {fraction:.0%}", fraction=fraction))

    draw()
