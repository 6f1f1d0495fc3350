"""The PIN of the desk: tries are counted for all visitors together, and after some wrong ones there is a pause."""

import math
import secrets
from collections.abc import Callable, Mapping
from threading import Lock
from time import monotonic

from gan.messages import Message, Refusal, msg

VARIABLE = "GAN_STUDIO_PIN"
DIGITS = 6  # of one that is made
SHORTEST, LONGEST = 4, 64  # characters of one that is set
FREE = 3  # wrong tries before the first pause
LONGEST_PAUSE = 60.0  # seconds; pauses are 1 s, and each twice as long as the one before


class Wrong(Refusal):
    """This was not the PIN, or it is too early for another try."""


class Pin:
    """Who says it gets a token, by which a tab is known as one that is in.

    Tries are counted by `who`, of which there are few: all visitors together, since a whole school may come from one
    address, and apart from them who is known as the teacher, so that no visitor can keep the teacher out by guessing.
    """

    def __init__(self, pin: str, clock: Callable[[], float] = monotonic) -> None:
        self._pin, self._clock, self._lock = pin, clock, Lock()
        self._wrong: dict[str, int] = {}
        self._until: dict[str, float] = {}
        self._token = secrets.token_urlsafe(24)

    def open(self, given: str, who: str) -> str:
        """The token for the right PIN. Raises Wrong, with the pause where there is one."""
        with self._lock:
            if (left := self._until.get(who, 0.0) - self._clock()) > 0:
                raise Wrong(
                    "pin.wait", "Too many wrong tries. The next one counts in {seconds:duration}.",
                    seconds=math.ceil(left),
                )  # fmt: skip
            if secrets.compare_digest(_plain(given), _plain(self._pin)):
                self._wrong.pop(who, None)
                return self._token
            wrong = self._wrong[who] = self._wrong.get(who, 0) + 1
            if wrong >= FREE:
                self._until[who] = self._clock() + min(LONGEST_PAUSE, 2.0 ** min(wrong - FREE, 10))
            raise Wrong("pin.wrong", "This is not the PIN.")

    def knows(self, token: object) -> bool:
        return isinstance(token, str) and secrets.compare_digest(token.encode(), self._token.encode())


def read_or_make(environment: Mapping[str, str]) -> tuple[str, Message]:
    """The PIN that the environment sets, or a new one; and what the console says of it: never one that was set."""
    pin = environment.get(VARIABLE, "").strip()
    if SHORTEST <= len(pin) <= LONGEST:
        return pin, msg("pin.set", "The teacher's desk opens by the PIN in {variable}.", variable=VARIABLE)
    made = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    if pin:
        return made, msg(
            "pin.unfit", "{variable} should have {shortest} to {longest} characters. The teacher's desk: PIN {pin}",
            variable=VARIABLE, shortest=SHORTEST, longest=LONGEST, pin=made,
        )  # fmt: skip
    return made, msg("pin.made", "The teacher's desk: PIN {pin}", pin=made)


def _plain(pin: str) -> bytes:
    """As people type it: with blanks between, or not."""
    return "".join(pin.split()).encode("utf-8", "surrogatepass")
