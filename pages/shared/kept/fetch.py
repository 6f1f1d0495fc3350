"""Pictures that are not on this computer yet: the offer to download them, and its progress."""

import streamlit as st

from gan.data.catalog import DataSet
from gan.runs.server.fetching import DownloadState
from pages.shared.server.held import downloads
from pages.shared.words import say


def offer(item: DataSet) -> None:
    """What is missing, a button that gets it, and how far that is. Nothing is sent before the button is pressed."""
    st.subheader(say(item.title))
    st.markdown(
        f"These {item.count:,} pictures are not on this computer yet. "
        "The pictures that come with the app need no download."
    )
    job = downloads().get(item.name)
    if job and job.is_live:
        if st.button("Cancel"):
            job.cancel()
            st.rerun()
        _progress(job)
        return
    if job and job.snapshot().state is DownloadState.FAILED:
        st.error(job.snapshot().error, icon=":material/error:")
    if st.button(f"Download {item.download_mb} MB", type="primary", icon=":material/download:"):
        downloads().start(item.name)
        st.rerun()


def _progress(job) -> None:
    @st.fragment(run_every=0.5)
    def draw() -> None:
        if not job.is_live:
            st.rerun()
        fraction = job.snapshot().fraction
        st.progress(fraction, f"Downloading: {fraction:.0%}")

    draw()
