"""What a setting may be: each kind checks a value and says in a sentence what is allowed.

Every kind reads native values and their text forms, so that a link, a file, the command line
and Python code all pass through the same check.
"""

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


def refuse(name: str, value: object, allowed: str) -> ValueError:
    """The one shape of every refusal: the field, the value, what is allowed."""
    return ValueError(f"{name} cannot be {value!r}: it must be {allowed}.")


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
    def allowed(self) -> str:
        return f"a whole number from {self.low:,} to {self.high:,}"

    def read(self, name: str, value: object) -> int:
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
    def allowed(self) -> str:
        return f"a number from {self.low:g} to {self.high:g}" + (' or "same"' if self.optional else "")

    def read(self, name: str, value: object) -> float | None:
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
    def allowed(self) -> str:
        return "one of " + ", ".join(self.names())

    def read(self, name: str, value: object) -> str:
        names = list(self.names())
        if value not in names:
            close = difflib.get_close_matches(str(value), names, n=1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise refuse(name, value, self.allowed + hint)
        return str(value)


@dataclass(frozen=True)
class Switch:
    """Yes or no; in text: true/false, yes/no, on/off, 1/0."""

    allowed = "true or false"

    def read(self, name: str, value: object) -> bool:
        word = str(value).lower()
        if word in ("true", "yes", "on", "1"):
            return True
        if word in ("false", "no", "off", "0"):
            return False
        raise refuse(name, value, self.allowed)


@dataclass(frozen=True)
class Classes:
    """Different class numbers 0 to 9, as a list or as text such as "3,7"; empty means all."""

    allowed = 'different class numbers from 0 to 9, such as "3,7", or "" for all'

    def read(self, name: str, value: object) -> tuple[int, ...]:
        if isinstance(value, str):
            items = [part for part in value.replace(" ", "").split(",") if part]
        elif isinstance(value, Iterable):
            items = list(value)
        else:
            raise refuse(name, value, self.allowed)
        one = Whole(0, 9)
        try:
            numbers = [one.read(name, item) for item in items]
        except ValueError:
            raise refuse(name, value, self.allowed) from None
        if len(set(numbers)) < len(numbers):
            raise refuse(name, value, self.allowed)
        return tuple(sorted(numbers))


class Amounts(dict):
    """A mapping that cannot be changed, so that a config that holds it can be a key."""

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.items())))

    def __reduce__(self) -> tuple:
        return Amounts, (dict(self),)  # copies are made whole, not filled afterwards

    def _refuse(self, *_: Any, **__: Any) -> None:
        raise TypeError("settings cannot be changed in place; make a new config with but()")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse


def pairs(name: str, value: object, allowed: str) -> dict[str, Any]:
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
    def allowed(self) -> str:
        return 'names with numbers, such as "r1=1,packing=2", of ' + ", ".join(self.names())

    def read(self, name: str, value: object) -> Amounts:
        known = Choice(self.names)
        found = {}
        for key, number in sorted(pairs(name, value, self.allowed).items()):
            default, low, _ = self.limits(known.read(name, key))
            strength = self.kind(key).read(f"{name} {key}", default if number is None else number)
            if 0 < strength < low:
                raise refuse(f"{name} {key}", number, f"0 or {Number(*self.limits(key)[1:]).allowed}")
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

    allowed = 'names with values, such as "depth=3,width=256"'

    def read(self, name: str, value: object) -> Amounts:
        return Amounts(sorted(pairs(name, value, self.allowed).items()))

    @staticmethod
    def kind(spec: tuple) -> "Whole | Number | Choice":
        return Choice(lambda: spec) if isinstance(spec[0], str) else number_kind(*spec)
