"""A visitor who speaks Streamlit's protocol by hand, with whatever headers and messages they like."""

import socket
from contextlib import ExitStack

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

SECONDS = 30  # on two busy cores


class RawTab:
    def __init__(self, port: int, base: str = "", host: str = "", origin: str | None = None, **headers: str) -> None:
        self._end = ExitStack()
        opened = connect(
            f"ws://{host or f'127.0.0.1:{port}'}{base}/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", port), SECONDS),
            subprotocols=["streamlit"],
            additional_headers={name.replace("_", "-"): value for name, value in headers.items()},
            origin=origin,
            open_timeout=SECONDS,
            max_size=None,
        )
        self._socket = self._end.enter_context(opened)

    def say(self, **message: object) -> None:
        """Send one message of the client's protocol."""
        self._socket.send(BackMsg(**message).SerializeToString())

    def send(self, content: bytes) -> None:
        self._socket.send(content)

    def hear(self, until: str) -> list[ForwardMsg]:
        """What the server says, up to the first message of that kind."""
        heard = []
        while not heard or heard[-1].WhichOneof("type") != until:
            heard.append(ForwardMsg.FromString(self._socket.recv(SECONDS)))
        return heard

    def open(self, page: str, query: str = "") -> str:
        """Open a page; all that is shown on it, as one text."""
        self.say(rerun_script={"page_name": page, "query_string": query})
        return "\n".join(map(str, self.hear("script_finished")))

    def close(self) -> None:
        self._end.close()
