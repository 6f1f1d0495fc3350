"""One room: rounds of pictures, who has answered what, and how class and discriminator did; or drawings.

Drawings are laid on a light-table, or are to fool the discriminator.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from threading import RLock
from time import monotonic
from typing import NamedTuple

import numpy as np

from gan import export
from gan.data import own
from gan.rooms.devices import Device, Devices, Refused, is_token
from gan.rooms.forging import Forging, is_empty
from gan.rooms.table import Table
from gan.runs import Run

REAL, FAKE, OPEN = "R", "F", "-"  # what one says of a picture, and that nothing was said yet
MOST_DRAWINGS = 40  # of a device
SIDE = 56  # pixels of a drawing's side, as devices send it
ANSWERS = "ABCDEFGHIJ"  # to a question, in the order of its options


class Phase(StrEnum):
    LOBBY = "lobby"  # the code is shown, devices come
    VOTE = "vote"
    ASK = "ask"  # a question in words
    REVEAL = "reveal"
    DRAW = "draw"  # devices send drawings
    FORGE = "forge"  # and are to fool the discriminator by them
    OVER = "over"


@dataclass(frozen=True, eq=False)
class Round:
    """Real pictures and fakes, mixed, and what the discriminator of that epoch makes of each."""

    epoch: int
    pictures: Sequence[np.ndarray]
    is_fake: tuple[bool, ...]
    beliefs: tuple[float, ...]  # D's probability that each is real, 0..1
    labels: tuple[int | None, ...]  # the class that conditional networks are told of each

    @cached_property
    def files(self) -> tuple[bytes, ...]:
        """The pictures as PNG files: every screen in the room is given the same."""
        return tuple(export.png(picture) for picture in self.pictures)

    @property
    def truth(self) -> str:
        return "".join(FAKE if fake else REAL for fake in self.is_fake)

    @property
    def machine(self) -> str:
        """What the discriminator says of each."""
        return "".join(REAL if belief >= 0.5 else FAKE for belief in self.beliefs)


@dataclass(frozen=True)
class Question:
    """A question of the lesson, and its possible answers; at most as many as ANSWERS."""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What a round came to; shares are 0..1 in hundredths, of all that was answered; None where nothing was."""

    epoch: int
    class_right: float | None
    machine_right: float
    answered: int  # devices
    fooled: tuple[float | None, ...]  # of each picture: the share of the class that took it for the other


class Seen(NamedTuple):
    """What a device finds when it asks."""

    version: int
    phase: Phase
    number: int  # of the round or question
    ballot: str  # its answers so far
    device: int  # its own number


class Standing(NamedTuple):
    """A device, as the teacher sees it."""

    number: int
    is_here: bool
    has_answered: bool  # anything of what is asked now


@dataclass
class Room:
    """`room_id` is for who opened it, `code` for all who play; several threads may ask at once."""

    room_id: str
    code: str
    run_id: str
    clock: Callable[[], float] = monotonic
    owner: str = ""  # who finds it again without its id; "" = nobody
    phase: Phase = Phase.LOBBY
    version: int = 0  # goes up with each new phase
    rounds: list[Round] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)  # of the rounds that were revealed
    question: Question | None = None  # that is asked now
    questions: int = 0  # asked so far
    table: Table | None = None  # where drawings are laid
    asked: tuple[str, ...] = ()  # what is to be drawn; () = anything
    forging: Forging | None = None  # since it was to be fooled

    def __post_init__(self) -> None:
        self._lock = RLock()
        self._devices = Devices(self.clock)
        self.touched = self.clock()

    # What the teacher does

    def begin(self, new: Round, number: int | None = None) -> None:
        """Show these pictures; what was answered before is history. As round `number`, if that is told and has not
        begun yet.
        """
        with self._lock:
            if number in (None, len(self.rounds) + 1):
                self.rounds.append(new)
                self._ask(Phase.VOTE)

    def reveal(self) -> None:
        with self._lock:
            if self.phase is Phase.VOTE:
                self.results.append(self._result())
                self._turn(Phase.REVEAL)

    def ask(self, question: Question) -> None:
        """Ask all devices; what they answered to anything before is history. What is asked already goes on."""
        with self._lock:
            if self.phase is Phase.ASK and self.question == question:
                return
            self.question, self.questions = question, self.questions + 1
            self._ask(Phase.ASK)

    def stop_asking(self) -> None:
        """Whoever was asked waits for what comes next."""
        with self._lock:
            if self.phase is Phase.ASK:
                self._turn(Phase.LOBBY)

    def ask_for(self, table: Table, kinds: Iterable[str] = ()) -> None:
        """Have devices draw: one of these, or anything; what they send is laid on the table."""
        with self._lock:
            if not table.count:  # all of them were taken away
                self._forget_drawings()
            self.table, self.asked = table, tuple(kinds)
            self._turn(Phase.DRAW)

    def ask_to_fool(self, forging: Forging) -> None:
        """Have devices draw what the discriminator takes for real; what they drew for this before is forgotten."""
        with self._lock:
            self._forget_drawings()
            self.forging, self.asked = forging, ()
            self._turn(Phase.FORGE)

    def _forget_drawings(self) -> None:
        """Each device may send as many as before."""
        for device in self._devices.all():
            device.drawings.clear()

    def judge(self, run: Run) -> None:
        """Judge what was drawn to fool a run's discriminator. Raises ValueError as `Forging.judge` does."""
        forging = self.forging  # the room may end meanwhile
        if forging and forging.judge(run):
            with self._lock:
                self.version += 1

    def close(self, is_closed: bool = True) -> None:
        """Let nobody in who is not in yet, or everybody again; who is in stays in, after a reload too."""
        with self._lock:
            self._devices.is_closed = is_closed

    @property
    def is_closed(self) -> bool:
        return self._devices.is_closed

    def send_away(self, number: int) -> None:
        """Refuse a device until the room ends; what it answered and drew to fool does not count. While the room is
        closed it cannot come again as another one either.
        """
        with self._lock:
            self._devices.send_away(number)
            if self.forging:
                self.forging.forget(number)

    def end(self) -> None:
        with self._lock:
            self._devices.clear()
            self.forging = None
            self._turn(Phase.OVER)

    # What devices do

    def look(self, token: str) -> Seen:
        """A device asks how things are. Raises Refused: 400 for what is no token, 403 for who was sent away, 423 for
        who comes to a closed room, 429 for too many devices.
        """
        with self._lock:
            device = self._device(token)
            return Seen(self.version, self.phase, self._number, device.ballot, device.number)

    def vote(self, token: str, number: int, ballot: str) -> None:
        """A device's answers to the pictures of round `number`, a letter each, or to question `number`, one of ANSWERS;
        the last ones count until the reveal.

        Raises Refused: 400 for what is no ballot, 409 for what is not asked now, or as `look`.
        """
        with self._lock:
            if self.phase not in (Phase.VOTE, Phase.ASK) or number != self._number:
                raise Refused(409)
            asks = self.phase is Phase.ASK
            letters = ANSWERS[: len(self.question.options)] if asks else {REAL, FAKE, OPEN}
            if len(ballot) != (1 if asks else len(self.rounds[-1].pictures)) or not set(ballot) <= set(letters):
                raise Refused(400)
            self._device(token).ballot = ballot

    def draw(self, token: str, drawing: str, kind: str, pixels: bytes) -> None:
        """A device's drawing of one of the kinds that are `asked`, or of "", 56 x 56 levels of light ink on dark; one
        that comes twice under its name is one.

        Raises Refused: 400 for what is no drawing, 409 where none is asked for, or none of this kind any more, 429 for
        too many, or as `look`.
        """
        with self._lock:
            if self.phase not in (Phase.DRAW, Phase.FORGE):
                raise Refused(409)
            device = self._device(token)
            if len(pixels) != SIDE * SIDE or not is_token(drawing):
                raise Refused(400)
            if drawing in device.drawings:
                return
            if kind not in (self.asked or ("",)):
                raise Refused(409)
            if len(device.drawings) >= MOST_DRAWINGS:
                raise Refused(429)
            self._lay(device, np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE), kind)
            device.drawings.add(drawing)

    def _lay(self, device: Device, levels: np.ndarray, kind: str) -> None:
        """Where drawings go now."""
        if self.phase is Phase.FORGE:
            if is_empty(levels):
                raise Refused(400)
            self.forging.take(device.number, levels)
            return
        found = own.drawn(levels, kind)
        if found is None:
            raise Refused(400)
        if not self.table.add([found]):
            raise Refused(429)

    # What is to be seen

    @property
    def here(self) -> int:
        """Devices that have asked lately."""
        with self._lock:
            return sum(map(self._devices.is_here, self._devices.all()))

    @property
    def devices(self) -> list[Standing]:
        """All of them, in the order in which they came."""
        with self._lock:
            return [
                Standing(device.number, self._devices.is_here(device), bool(set(device.ballot) - {OPEN}))
                for device in self._devices.all()
            ]

    @property
    def answered(self) -> tuple[int, int]:
        """Devices that have answered everything, and that have answered anything."""
        with self._lock:
            ballots = [device.ballot for device in self._devices.all() if set(device.ballot) - {OPEN}]
            return sum(OPEN not in ballot for ballot in ballots), len(ballots)

    @property
    def answers(self) -> tuple[int, ...]:
        """How many devices gave each of the question's answers."""
        with self._lock:
            count = len(self.question.options) if self.question else 0
            ballots = [device.ballot for device in self._devices.all()]
            return tuple(ballots.count(letter) for letter in ANSWERS[:count])

    @property
    def _number(self) -> int:
        return self.questions if self.phase is Phase.ASK else len(self.rounds)

    def _device(self, token: str) -> Device:
        device = self._devices.of(token)
        self.touched = device.seen
        return device

    def _ask(self, phase: Phase) -> None:
        for device in self._devices.all():
            device.ballot = ""
        self._turn(phase)

    def _turn(self, phase: Phase) -> None:
        if self.phase is Phase.OVER:  # for good
            return
        self.phase, self.version, self.touched = phase, self.version + 1, self.clock()

    def _result(self) -> Result:
        shown, ballots = self.rounds[-1], [device.ballot for device in self._devices.all() if device.ballot]
        wrong: list[float | None] = []
        for place, true in enumerate(shown.truth):
            said = [ballot[place] for ballot in ballots if ballot[place] != OPEN]
            wrong.append(_share(each != true for each in said))
        given = [
            (each, true) for ballot in ballots for each, true in zip(ballot, shown.truth, strict=True) if each != OPEN
        ]
        machine = [said == true for said, true in zip(shown.machine, shown.truth, strict=True)]
        answered = sum(bool(set(ballot) - {OPEN}) for ballot in ballots)
        right = _share(each == true for each, true in given)
        return Result(shown.epoch, right, _share(machine), answered, tuple(wrong))


def _share(hits: Iterable[bool]) -> float | None:
    """In hundredths, so that every screen rounds it alike; None of nothing."""
    hits = list(hits)
    return round(sum(hits) / len(hits), 2) if hits else None
