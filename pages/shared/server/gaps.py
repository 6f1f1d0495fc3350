"""What Streamlit 1.67 leaves open. Whatever leans on its inside stands here."""

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st
from streamlit import net_util
from streamlit.error_util import handle_user_script_exception
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.session_state import WStates

from pages.shared.server import who

MOST_A_TAB, MOST_OF_ALL = 256 * 2**20, 1024 * 2**20  # bytes of uploaded files in the server's memory


def ask_nothing_outside() -> None:
    """Streamlit looks up the server's address in the internet when it starts without a browser, and in its event loop
    when a page of elsewhere tries to connect: where names are not answered, the whole server is silent for 20 seconds.
    """
    net_util.get_external_ip = lambda: None


def outside() -> str:
    """The address at which the server is known outside, as it was told when it was started; "" if it was not."""
    address = str(st.get_option("browser.serverAddress") or "").strip("/")
    host = urlsplit(f"//{address}").hostname or ""
    return "" if who.is_this_computer(host) else address


def is_known_outside() -> bool:
    return bool(outside())


def has_room(path: str) -> bool:
    """Whether the tab in an upload's address (.../upload_file/SESSION/FILE) may leave another file here."""
    session_id = path.rstrip("/").split("/")[-2]
    kept = {tab: _bytes(files) for tab, files in list(get_instance().uploaded_file_mgr.file_storage.items())}
    return kept.get(session_id, 0) < MOST_A_TAB and sum(kept.values()) < MOST_OF_ALL


def _bytes(files: dict) -> int:
    return sum(len(file.data) for file in list(files.values()))


def end_no_page_for_a_callback() -> None:
    """Streamlit ends the page whose callback fails before it began: the browser clears it away, and its sliders come
    back at their first value. So the error goes to the page's handler at once, and the page runs.
    """
    call = SessionState._run_callback_and_record_rerun

    def told(state: SessionState, votes: object, run: Callable[[], None]) -> None:
        def whole() -> None:
            try:
                run()
            except Exception as error:
                handle_user_script_exception(error, get_script_run_ctx().on_script_error)

        call(state, votes, whole)

    SessionState._run_callback_and_record_rerun = told


def take_no_value_that_a_widget_cannot_read() -> None:
    """Such a value, sent by hand, ends the script wherever state is looked at, also where no page catches it. It
    counts as never sent: the widget keeps what it had.
    """
    read = WStates.__getitem__

    def readable(states: WStates, widget_id: str) -> object:
        try:
            return read(states, widget_id)
        except KeyError:
            raise
        except Exception as error:  # each widget raises what it likes
            raise KeyError(widget_id) from error

    WStates.__getitem__ = readable


def is_in_a_callback() -> bool:
    """Whether the page has not begun yet: what went wrong is a callback."""
    context = get_script_run_ctx()
    return context is not None and not context.has_script_started


def fragment() -> str:
    """The name of the part of the page that is being run; "" for the page itself."""
    return ThreadState.get().fragment_id or ""


def undisturbed(say: Callable[[], None]) -> None:
    """Say something while an error is handled. A tick or a click that comes meanwhile is answered after it: Streamlit
    would forget it, and show its own error page.
    """
    try:
        say()
    except RerunException as asked:
        get_script_run_ctx().script_requests.request_rerun(asked.rerun_data)
    except StopException:
        pass  # there is a newer run of this page


def run_page_anew() -> None:
    """Have this tab's page run once more after this script; `st.rerun` is not possible while an error is handled."""
    context = get_script_run_ctx()
    context.script_requests.request_rerun(
        RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            context_info=context.context_info,
        )
    )
