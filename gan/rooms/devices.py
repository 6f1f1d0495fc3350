"""The devices of a room, each known by a token that its browser made up, and to people by a number: it came as the nth.

Whose lock is held when they are asked is the room's business.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

MOST_DEVICES = 200
MOST_SENT_AWAY = 1_000  # that are remembered
LONGEST_TOKEN = 40
HERE_SECONDS = 15.0  # a device that has not asked for so long is away: asleep, or closed


class Refused(Exception):
    """A device asked for what cannot be; `status` is what HTTP calls it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Device:
    number: int
    seen: float  # when it asked last
    ballot: str = ""
    drawings: set[str] = field(default_factory=set)  # what it calls those that it has sent


class Devices:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, Device] = {}
        self._sent_away: dict[str, None] = {}  # tokens, the newest last
        self._came = 0  # so far: no number is used twice
        self.is_closed = False  # nobody comes in who is not in

    def of(self, token: object) -> Device:
        """The device that asks with this token. Raises Refused: 400 for what is no token, 403 for one that was sent
        away, 423 for a new one where nobody is let in, 429 where there are too many.
        """
        if not is_token(token):
            raise Refused(400)
        if token in self._sent_away:
            raise Refused(403)
        if token not in self._known:
            if self.is_closed:
                raise Refused(423)
            self._make_room()
            self._came += 1
            self._known[token] = Device(self._came, 0.0)
        self._known[token].seen = self._clock()
        return self._known[token]

    def send_away(self, number: int) -> None:
        """This device is none of the room's any more, and what it answered does not count."""
        for token in [token for token, device in self._known.items() if device.number == number]:
            self._known.pop(token)
            self._sent_away[token] = None
        while len(self._sent_away) > MOST_SENT_AWAY:
            self._sent_away.pop(next(iter(self._sent_away)))

    def all(self) -> list[Device]:
        """In the order in which they came."""
        return [*self._known.values()]

    def is_here(self, device: Device) -> bool:
        """Whether it has asked lately."""
        return self._clock() - device.seen < HERE_SECONDS

    def clear(self) -> None:
        """Nobody is in, and all are let in."""
        self.is_closed = False
        self._known.clear()
        self._sent_away.clear()

    def _make_room(self) -> None:
        """Where all places are taken, forget devices that are away and have sent nothing. Raises Refused."""
        if len(self._known) < MOST_DEVICES:
            return
        for token, device in [*self._known.items()]:
            if not (device.ballot or device.drawings or self.is_here(device)):
                self._known.pop(token)
        if len(self._known) >= MOST_DEVICES:
            raise Refused(429)


def is_token(text: object) -> bool:
    """Whether this can be what a browser made up."""
    return isinstance(text, str) and 8 <= len(text) <= LONGEST_TOKEN and text.isascii() and text.isalnum()
