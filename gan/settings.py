"""What a setting may be: each kind checks a value and says in a sentence what is allowed.

Every kind reads native values and their text forms, so that a link, a file, the command line
and Python code all pass through the same check.
"""

import difflib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass


def refuse(name: str, value: object, allowed: str) -> ValueError:
    """The one shape of every refusal: the field, the value, what is allowed."""
    return ValueError(f"{name} cannot be {value!r}: it must be {allowed}.")


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
