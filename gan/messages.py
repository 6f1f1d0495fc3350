"""Messages: all that is said to people, each an id, an English sentence with named places, and values.

`str()` of a message is plain technical English, for the command line, a log, an exception. The app looks the id up in
the visitor's language and reading level (`pages/shared/words`). Nothing else ever builds a sentence: it is not
lower-cased, cut or parsed, and what one says is never used to tell things apart.

    Refusal("kinds.refused", "{field} cannot be {value!r}: it must be {allowed}.", field=..., value=..., allowed=...)

Ids and sentences are literals where they stand, so that `tools/languages.py` finds them. A place may have a format:
one of Python's for numbers ("{share:.0%}"), `duration` for seconds, `date` for a moment; for several values `list`
("A, B, C"), `and` ("A, B and C") or `or` ("A, B or C"). A value may be a message itself; with the format `name`,
technical English says the name that it carries as a value, by which the command line knows the thing, and a visitor's
language its own word for it.
"""

import json
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

DEEPEST = 4  # messages within messages that are read back
LONGEST = 2000  # characters of a text that is read back
LONGEST_QUOTE = 500  # of a value that somebody gave


@dataclass(frozen=True)
class Message:
    """A sentence in English and what is to be put into it; `many` is its plural, chosen by `values["count"]`."""

    id: str
    english: str
    values: Mapping[str, Any] = field(default_factory=dict)
    many: str | None = None

    def __str__(self) -> str:
        return ENGLISH.say(self)

    def __hash__(self) -> int:
        return hash((self.id, self.english))

    def but(self, **values: Any) -> Self:
        """The same sentence with other values in its places."""
        return replace(self, values={**self.values, **values})

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, such that `from_dict` gives the same message."""
        values = {name: _plain(value) for name, value in self.values.items()}
        return {"id": self.id, "english": self.english, "values": values} | ({"many": self.many} if self.many else {})

    @classmethod
    def from_dict(cls, plain: object, depth: int = 0) -> Self:
        """Read `to_dict`'s form. Raises ValueError for anything else."""
        is_one = isinstance(plain, dict) and {"id", "english", "values"} <= plain.keys() and depth < DEEPEST
        texts = [plain["id"], plain["english"], plain.get("many") or ""] if is_one else [None]
        if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
            raise ValueError("This is not a message.")
        if not isinstance(plain["values"], dict):
            raise ValueError("This is not a message.")
        values = {str(name): _read(value, depth + 1) for name, value in plain["values"].items()}
        message = cls(plain["id"], plain["english"], values, plain.get("many"))
        try:
            str(message)
        except Exception as error:  # any broken template raises one of several kinds
            raise ValueError("This is not a message.") from error
        return message


def msg(id: str, english: str, /, **values: Any) -> Message:
    """A message; the sentence's places are filled from `values`."""
    return Message(id, english, values)


def msgs(id: str, one: str, many: str, count: int, /, **values: Any) -> Message:
    """A message that counts: `one` where `count` is 1, otherwise `many`; both may hold {count}."""
    return Message(id, one, {"count": count} | values, many)


def verbatim(text: object) -> Message:
    """A text that is shown as it is: a name that somebody gave, what another program said."""
    return Message("", "{text}", {"text": str(text)})


class Told(Exception):
    """An exception that says what is wrong in a message."""

    def __init__(self, id: str | Message, english: str = "", /, **values: Any) -> None:
        self.message = id if isinstance(id, Message) else Message(id, english, values)
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class Refusal(Told, ValueError):
    """Something cannot be as it was asked for; the message names it, its value, what is allowed and what to do."""


def message_of(error: BaseException) -> Message:
    """What an exception says: its message, or its words as they are."""
    return error.message if isinstance(error, Told) else verbatim(error)


class English(string.Formatter):
    """Fills the places of English sentences. Another language is a subclass (`pages/shared/words`)."""

    def say(self, message: Message) -> str:
        return self.vformat(self.sentence(message), (), message.values)

    def sentence(self, message: Message) -> str:
        """The sentence with its places, in the form that its count asks for."""
        return message.english if message.many is None or message.values["count"] == 1 else message.many

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        """What somebody gave is quoted, but not page after page of it."""
        if isinstance(value, Message):
            return value
        told = super().convert_field(value, conversion)
        return (
            told
            if conversion != "r" or len(told) <= LONGEST_QUOTE
            else f"{told[:LONGEST_QUOTE]}\N{HORIZONTAL ELLIPSIS}"
        )

    def format_field(self, value: Any, spec: str) -> str:
        if isinstance(value, Message):
            return self.named(value) if spec == "name" else self.say(value)
        if spec in ("list", "and", "or"):
            return self.listed([self.format_field(each, "") for each in value], spec)
        if spec == "duration":
            return self.duration(value)
        if spec == "date":
            return self.date(value)
        return self.number(value, spec) if spec or isinstance(value, int | float) else self.text(str(value))

    def named(self, message: Message) -> str:
        return message.values.get("name") or self.say(message)

    def text(self, text: str) -> str:
        return text

    def number(self, value: Any, spec: str) -> str:
        return format(value, spec)

    def listed(self, parts: Sequence[str], how: str) -> str:
        """Several parts in a row; `how` is "list", "and" or "or"."""
        if how == "list" or len(parts) < 2:
            return ", ".join(parts)
        return f"{', '.join(parts[:-1])} {how} {parts[-1]}"

    def duration(self, seconds: float) -> str:
        """95 -> "1 min 35 s"."""
        seconds = round(seconds)
        if seconds < 60:
            return f"{seconds} s"
        if seconds < 3600:
            return f"{seconds // 60} min {seconds % 60:02d} s"
        return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"

    def date(self, moment: datetime) -> str:
        return f"{moment.astimezone():%d %b, %H:%M}"


ENGLISH = English()


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return {"message": value.to_dict()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _read(value: object, depth: int) -> Any:
    if isinstance(value, dict):
        return Message.from_dict(value.get("message"), depth)
    if isinstance(value, list) and depth < DEEPEST:
        return tuple(_read(each, depth + 1) for each in value)
    if isinstance(value, str | int | float | bool | None) and len(json.dumps(value)) <= LONGEST:
        return value
    raise ValueError("This is not a message.")
