"""What a setting may be: each kind checks a value and says in a sentence what is allowed.

Every kind reads native values and their text forms, so that a link, a file, the command line
and Python code all pass through the same check.
"""

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gan.data import dots, own
from gan.messages import Message, Refusal, msg, verbatim

Name = str | Message  # of what is read: a setting, or a part of one


def named(setting: str) -> Message:
    """A setting's name: as the code has it in English, and its label in a language."""
    return Message(f"setting.{setting}", setting)


def part(setting: Name, name: str) -> Message:
    """The name of a part of a setting, such as "stabilisers r1"."""
    return msg("kinds.part", "{setting} {part}", setting=_message(setting), part=verbatim(name))


def refuse(name: Name, value: object, allowed: Message) -> Refusal:
    """The one shape of every refusal: the field, the value, what is allowed."""
    return Refusal(
        "kinds.refused", "{field} cannot be {value!r}: it must be {allowed}.",
        field=_message(name), value=value, allowed=allowed,
    )  # fmt: skip


def complaints(environment: Mapping[str, str], *readers: Callable[[Mapping[str, str]], object]) -> list[Message]:
    """What those who read something from the environment, each raising Refusal, find wrong there."""
    found = []
    for read in readers:
        try:
            read(environment)
        except Refusal as error:
            found.append(error.message)
    return found


def _message(name: Name) -> Message:
    return named(name) if isinstance(name, str) else name


def as_text(value: object) -> str:
    """A setting as a link, a slider and the command line write it; every kind reads it again."""
    if value is None:
        return "same"
    if isinstance(value, Mapping):
        return ",".join(f"{name}={as_text(part)}" for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return str(value)


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    @property
    def allowed(self) -> Message:
        return msg("kinds.whole", "a whole number from {low:,} to {high:,}", low=self.low, high=self.high)

    def read(self, name: Name, value: object) -> int:
        try:
            number = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not (number.is_integer() and self.low <= number <= self.high):
            raise refuse(name, value, self.allowed)
        return int(number)


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`; `optional` also allows None (written "same")."""

    low: float
    high: float
    optional: bool = False

    @property
    def allowed(self) -> Message:
        limits = {"low": self.low, "high": self.high}
        if self.optional:
            return msg("kinds.number_or_same", 'a number from {low:g} to {high:g} or "same"', **limits)
        return msg("kinds.number", "a number from {low:g} to {high:g}", **limits)

    def read(self, name: Name, value: object) -> float | None:
        if self.optional and value in (None, "same", ""):
            return None
        try:
            number = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not self.low <= number <= self.high:
            raise refuse(name, value, self.allowed)
        return number


@dataclass(frozen=True)
class Choice:
    """One of the names that `names()` lists; asked late, so that a registry can grow."""

    names: Callable[[], Iterable[str]]

    @property
    def allowed(self) -> Message:
        return msg("kinds.choice", "one of {names:list}", names=tuple(self.names()))

    def read(self, name: Name, value: object) -> str:
        names = list(self.names())
        if value not in names:
            close = difflib.get_close_matches(str(value), names, n=1)
            raise refuse(name, value, self._nearly(close[0]) if close else self.allowed)
        return str(value)

    def _nearly(self, close: str) -> Message:
        names = tuple(self.names())
        return msg("kinds.choice_near", "one of {names:list} (did you mean {close}?)", names=names, close=close)


@dataclass(frozen=True)
class PictureSet(Choice):
    """One of the sets that everybody has, or one of somebody's own pictures, here or not."""

    def read(self, name: Name, value: object) -> str:
        return value if own.is_own(value) else super().read(name, value)


@dataclass(frozen=True)
class Switch:
    """Yes or no; in text: true/false, yes/no, on/off, 1/0."""

    allowed = msg("kinds.switch", "true or false")

    def read(self, name: Name, value: object) -> bool:
        word = str(value).lower()
        if word in ("true", "yes", "on", "1"):
            return True
        if word in ("false", "no", "off", "0"):
            return False
        raise refuse(name, value, self.allowed)


@dataclass(frozen=True)
class Classes:
    """Different class numbers, as a list or as text such as "3,7"; empty means all.

    `most()` is how many classes there may be: those of the largest picture set.
    """

    most: Callable[[], int]

    @property
    def allowed(self) -> Message:
        last = self.most() - 1
        return msg("kinds.classes", 'different class numbers from 0 to {last}, such as "3,7", or "" for all', last=last)

    def read(self, name: Name, value: object) -> tuple[int, ...]:
        if isinstance(value, str):
            items = [part for part in value.replace(" ", "").split(",") if part]
        elif isinstance(value, Iterable):
            items = list(value)
        else:
            raise refuse(name, value, self.allowed)
        one = Whole(0, self.most() - 1)
        try:
            numbers = [one.read(name, item) for item in items]
        except ValueError:
            raise refuse(name, value, self.allowed) from None
        if len(set(numbers)) < len(numbers):
            raise refuse(name, value, self.allowed)
        return tuple(sorted(numbers))


class Drawing:
    """Points drawn by hand, as the text that `gan.data.dots.text_of` makes of them; "" means none."""

    allowed = msg("kinds.drawing", 'the text of 1 to {most} drawn points, or "" for none', most=dots.MOST)

    def read(self, name: Name, value: object) -> str:
        if value == "":
            return ""
        try:
            if not isinstance(value, str):
                raise ValueError(value)
            dots.points_of(value)
        except ValueError:
            shown = value if len(str(value)) <= 40 else f"{str(value)[:40]}..."
            raise refuse(name, shown, self.allowed) from None
        return value


class Amounts(dict):
    """A mapping that cannot be changed, so that a config that holds it can be a key."""

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.items())))

    def __reduce__(self) -> tuple:
        return Amounts, (dict(self),)  # copies are made whole, not filled afterwards

    def _refuse(self, *_: Any, **__: Any) -> None:
        raise TypeError("settings cannot be changed in place; make a new config with but()")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse


def pairs(name: Name, value: object, allowed: Message) -> dict[str, Any]:
    """A mapping, or its text form "r1=1,packing" (a name alone has the value None)."""
    if isinstance(value, str):
        parts = [part.partition("=") for part in value.replace(" ", "").split(",") if part]
        return {key: number if sign else None for key, sign, number in parts}
    if not isinstance(value, Mapping):
        raise refuse(name, value, allowed)
    return dict(value)


@dataclass(frozen=True)
class Strengths:
    """Some of the choices that `names()` lists, each with a number: {"r1": 1.0} or "r1=1,packing=2".

    `limits(name)` is (default, low, high), all whole where the number must be; 0 switches one off.
    """

    names: Callable[[], Iterable[str]]
    limits: Callable[[str], tuple]

    @property
    def allowed(self) -> Message:
        names = tuple(self.names())
        return msg("kinds.strengths", 'names with numbers, such as "r1=1,packing=2", of {names:list}', names=names)

    def read(self, name: Name, value: object) -> Amounts:
        known = Choice(self.names)
        found = {}
        for key, number in sorted(pairs(name, value, self.allowed).items()):
            default, low, _ = self.limits(known.read(name, key))
            strength = self.kind(key).read(part(name, key), default if number is None else number)
            if 0 < strength < low:
                allowed = Number(*self.limits(key)[1:]).allowed
                raise refuse(part(name, key), number, msg("kinds.off_or", "0 or {allowed}", allowed=allowed))
            found[key] = strength
        return Amounts(found)

    def kind(self, key: str) -> "Whole | Number":
        """The kind that checks the number of one of the choices."""
        default, low, high = self.limits(key)
        return number_kind(default, min(0, low), high)


def number_kind(default: float, low: float, high: float) -> Whole | Number:
    return Whole(low, high) if isinstance(default, int) else Number(low, high)


@dataclass(frozen=True)
class Options:
    """Named settings of whichever choice is made elsewhere; what is allowed is checked with that choice.

    A spec is (default, low, high) for a number and a tuple of names, the default first, for a choice.
    """

    allowed = msg("kinds.options", 'names with values, such as "depth=3,width=256"')

    def read(self, name: Name, value: object) -> Amounts:
        return Amounts(sorted(pairs(name, value, self.allowed).items()))

    @staticmethod
    def kind(spec: tuple) -> "Whole | Number | Choice":
        return Choice(lambda: spec) if isinstance(spec[0], str) else number_kind(*spec)
