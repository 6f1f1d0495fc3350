"""A browser tab without a browser: it talks to the server as Streamlit's page does, and draws nothing.

What the page sends and keeps was read off a real browser's websocket (Streamlit 1.67): the values of the widgets
that are in sight go with every request, a fragment with `run_every` is asked for by the browser's own clock, and
large messages are sent once and then named by their hash.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import NamedTuple

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

KEPT_RUNS = 2  # script runs for which the page keeps a large message
FAKES, CHART = "fakes_sheet", "scores"  # keys of the Train page


class Shown(NamedTuple):
    """An element on the page, and the script run and the fragment that drew it."""

    element: Element
    run: str
    fragment: str


class Kept(NamedTuple):
    """A large message, kept for as long as its fragment has drawn it lately."""

    element: Element
    fragment: str
    born: int


class Tab:
    """A tab that is open at `link`, "train?preset=quick" for example, of the server at `url`.

    Open it with `async with`. `news` is called after each script run and when the connection is lost.
    """

    def __init__(self, url: str, link: str) -> None:
        page, _, query = link.partition("?")
        self._url = url
        self._page_name, self._page_hash = page, ""
        self._query = query
        self._socket: ClientConnection
        self._listening: asyncio.Task
        self._timers: dict[str, tuple[float, asyncio.Task]] = {}
        self._shown: dict[tuple[int, ...], Shown] = {}
        self._hidden: set[tuple[int, ...]] = set()  # popovers, whose content a page does not mount before a click
        self._widgets: dict[str, WidgetState] = {}
        self._kept: dict[str, Kept] = {}
        self._runs = 0
        self._run, self._fragments = "", ()
        self._changed = asyncio.Condition()
        self._fakes = ""  # the hash of the sheet on screen
        self.looks = True  # whether the page's clocks tick
        self.is_lost = False  # the connection ended although nobody closed the tab
        self.finished = 0  # whole script runs, those of fragments not counted
        self.readings: list[float] = []  # when other fakes came on screen, perf_counter seconds

    async def __aenter__(self) -> "Tab":
        address = self._url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(
            address, origin=self._url, subprotocols=["streamlit"], compression=None, ping_interval=None, max_size=None
        )
        self._listening = asyncio.create_task(self._listen())
        await self._ask()
        return self

    async def __aexit__(self, *_) -> None:
        self._listening.cancel()
        self._stop_clocks()
        await self._socket.close()

    # What a user does

    async def press(self, key: str) -> None:
        """Press the button with this key."""
        await self._ask(WidgetState(id=self._find(key), trigger_value=True))

    async def click(self, label: str) -> None:
        """Press the button that says this."""
        found = (item.element.button for item in self._shown.values() if item.element.WhichOneof("type") == "button")
        await self._ask(WidgetState(id=next(each.id for each in found if each.label == label), trigger_value=True))

    async def choose(self, key: str, option: str) -> None:
        """Set a slider of options to one of them."""
        state = WidgetState(id=self._find(key))
        state.string_array_value.data.append(option)
        self._widgets[state.id] = state
        await self._ask()

    async def until(self, condition: Callable[[], object], timeout: float = 60) -> None:
        """Wait until something holds for the page; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: condition() or self.is_lost)

    # What a user sees

    @property
    def query(self) -> str:
        """What stands behind the question mark of the address."""
        return self._query

    @property
    def cookies(self) -> str:
        """What the connection left of cookies."""
        return self._socket.response.headers.get("set-cookie", "")

    def has(self, key: str) -> bool:
        """Whether a widget with this key is on the page."""
        return any(_id(shown.element).endswith(f"-{key}") for shown in self._shown.values())

    def text(self) -> str:
        """All the text on the page."""
        return "\n".join(_text(shown.element) for shown in self._shown.values())

    def epoch(self) -> float:
        """The epoch of the newest point on the charts, to three decimals; 0 before there is one."""
        chart = next(item.element for item in self._shown.values() if _id(item.element).endswith(f"-{CHART}"))
        return (json.loads(chart.bidi_component.bytes)["x"] or [0])[-1]

    # What the page says to the server

    async def _ask(self, pressed: WidgetState | None = None, fragment: str = "") -> None:
        widgets = WidgetStates(widgets=[*self._widgets.values(), *([pressed] if pressed else [])])
        message = BackMsg(
            rerun_script=ClientState(
                query_string=self._query,
                widget_states=widgets,
                page_script_hash=self._page_hash,
                page_name="" if self._page_hash else self._page_name,
                fragment_id=fragment,
                is_auto_rerun=bool(fragment),
                cached_message_hashes=list(self._kept),
                context_info=ContextInfo(
                    timezone="UTC", locale="en-US", url=f"{self._url}/{self._page_name}", color_scheme="light"
                ),
            )
        )
        with suppress(ConnectionClosed):
            await self._socket.send(message.SerializeToString())

    async def _tick(self, fragment: str, interval: float) -> None:
        due = perf_counter()
        while True:
            due += interval
            await asyncio.sleep(due - perf_counter())
            if self.looks:
                await self._ask(fragment=fragment)

    def _start_clock(self, fragment: str, interval: float) -> None:
        if fragment in self._timers and self._timers[fragment][0] == interval:
            return
        self._stop_clocks([fragment])
        self._timers[fragment] = interval, asyncio.create_task(self._tick(fragment, interval))

    def _stop_clocks(self, fragments: list[str] | None = None) -> None:
        for fragment in list(self._timers) if fragments is None else fragments:
            if fragment in self._timers:
                self._timers.pop(fragment)[1].cancel()

    # What the page makes of what the server says

    async def _listen(self) -> None:
        try:
            async for frame in self._socket:
                message = ForwardMsg.FromString(frame)
                if self._take(message):
                    async with self._changed:
                        self._changed.notify_all()
        except ConnectionClosed:
            pass
        self.is_lost = True
        self._stop_clocks()
        async with self._changed:
            self._changed.notify_all()

    def _take(self, message: ForwardMsg) -> bool:
        """Keep what a message says; True if it ended a script run."""
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._draw(message)
        elif kind == "ref_hash":
            kept = self._kept[message.ref_hash] = self._kept[message.ref_hash]._replace(born=self._runs)
            self._put(message, kept.element, message.ref_hash, kept.fragment)
        elif kind == "new_session":
            self._run, self._fragments = message.metadata.run.script_run_id, tuple(message.metadata.run.fragment_ids)
            if not self._fragments:
                self._stop_clocks()
                self._page_hash = message.new_session.page_script_hash
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._start_clock(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self._stop_clocks(list(message.stop_auto_rerun.fragment_ids))
        elif kind == "script_finished":
            if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._clear_what_is_old()
            return True
        return False

    def _draw(self, message: ForwardMsg) -> None:
        delta, path = message.delta, tuple(message.metadata.delta_path)
        if delta.WhichOneof("type") == "add_block":
            if delta.add_block.WhichOneof("type") == "popover":
                self._hidden.add(path)
        elif delta.WhichOneof("type") == "new_element":
            if message.metadata.cacheable:
                self._kept[message.hash] = Kept(delta.new_element, delta.fragment_id, self._runs)
            self._put(message, delta.new_element, message.hash, delta.fragment_id)

    def _put(self, message: ForwardMsg, element: Element, name: str, fragment: str) -> None:
        path = tuple(message.metadata.delta_path)
        self._shown[path] = Shown(element, self._run, fragment)
        if name != self._fakes and _id(element).endswith(FAKES):
            self._fakes = name
            self.readings.append(perf_counter())
        state = _first_state(element)
        is_mounted = not any(path[:end] in self._hidden for end in range(len(path)))
        if state and is_mounted and (_content(element).set_value or state.id not in self._widgets):
            self._widgets[state.id] = state

    def _clear_what_is_old(self) -> None:
        def stays(item: Shown) -> bool:
            return item.run == self._run or (bool(self._fragments) and item.fragment not in self._fragments)

        self._shown = {path: item for path, item in self._shown.items() if stays(item)}
        self._runs += 1
        self._kept = {
            name: kept
            for name, kept in self._kept.items()
            if (self._fragments and kept.fragment not in self._fragments) or self._runs - kept.born <= KEPT_RUNS
        }
        if not self._fragments:
            here = {_id(item.element) for item in self._shown.values()}
            self._widgets = {name: state for name, state in self._widgets.items() if name in here}
            self.finished += 1

    def _find(self, key: str) -> str:
        return next(found for item in self._shown.values() if (found := _id(item.element)).endswith(f"-{key}"))


def _content(element: Element) -> Message:
    return getattr(element, element.WhichOneof("type"))


def _id(element: Element) -> str:
    return getattr(_content(element), "id", "")


def _text(element: Element) -> str:
    return getattr(_content(element), "body", "")


def _first_state(element: Element) -> WidgetState | None:
    """The value that a page gives a widget when it first mounts it, for the kinds that the Train page has."""
    kind = element.WhichOneof("type")
    content = _content(element)
    if kind == "selectbox":
        value = content.raw_value if content.set_value else content.options[content.default]
        return WidgetState(id=content.id, string_value=value)
    state = WidgetState(id=getattr(content, "id", ""))
    if kind == "slider":
        state.string_array_value.data.extend(
            content.raw_value if content.set_value else [content.options[int(index)] for index in content.default]
        )
        return state
    if kind == "button_group":
        state.string_array_value.data.extend(
            content.raw_values if content.set_value else [content.options[index].content for index in content.default]
        )
        return state
    return None
