"""Messages in a language: sentences from its catalogue, numbers, dates and durations as its readers write them."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, reduce
from html import escape
from typing import Any

from babel import Locale, lists, numbers, units
from babel.dates import format_datetime

from gan.messages import English, Message
from pages.shared.words import catalogues

MARKDOWN = re.compile(r"([\\`*_\[\]<>#$~|!:])")  # what Streamlit's Markdown would take for more than itself
BOLD = re.compile(r"\*\*(.+?)\*\*")


class Speech(English):
    """One language at one reading level; `protect` is done to every value that is a text."""

    def __init__(self, language: str, level: str = "", protect: Callable[[str], str] = str) -> None:
        self.locale = Locale.parse(language)
        self._translations = catalogues.translations(language, level)
        self._protect = protect

    def sentence(self, message: Message) -> str:
        if not message.id:
            return message.english
        if message.many is None:
            return self._translations.pgettext(message.id, message.english)
        return self._translations.npgettext(message.id, message.english, message.many, message.values["count"])

    def named(self, message: Message) -> str:
        return self.say(message)

    def text(self, text: str) -> str:
        return self._protect(text)

    def number(self, value: Any, spec: str) -> str:
        """As Python formats it, with the language's own signs for thousands and decimals."""
        signs = {",": numbers.get_group_symbol(self.locale), ".": numbers.get_decimal_symbol(self.locale)}
        return "".join(signs.get(sign, sign) for sign in format(value, spec))

    def listed(self, parts: Sequence[str]) -> str:
        comma = self.locale.list_patterns["standard"]["start"]
        return reduce(comma.format, parts) if parts else ""

    def joined(self, parts: Sequence[str]) -> str:
        if self.locale.language == "en":  # CLDR has a comma before "and"
            return super().joined(parts)
        return lists.format_list(parts, "standard", self.locale)

    def duration(self, seconds: float) -> str:
        if self.locale.language == "en":  # CLDR says "sec" and "hr", where schools write s and h
            return super().duration(seconds)
        seconds = round(seconds)
        minutes, hours = seconds // 60, seconds // 3600
        if not minutes:
            return self._unit(seconds, "second")
        if not hours:
            return f"{self._unit(minutes, 'minute')} {self._unit(seconds % 60, 'second')}"
        return f"{self._unit(hours, 'hour')} {self._unit(minutes % 60, 'minute')}"

    def _unit(self, count: int, unit: str) -> str:
        return units.format_unit(count, f"duration-{unit}", "short", locale=self.locale)

    def date(self, moment: datetime) -> str:
        if self.locale.language == "en":
            return super().date(moment)
        return format_datetime(moment.astimezone(), "d MMM, HH:mm", locale=self.locale)


@cache
def markdown(language: str, level: str = "") -> Speech:
    """For whatever Streamlit reads as Markdown: values stay what they are, letter for letter."""
    return Speech(language, level, lambda text: MARKDOWN.sub(r"\\\1", text))


@cache
def bare(language: str, level: str = "") -> Speech:
    """For what is shown letter by letter anyway: the entries of a list, alternative texts, names of files."""
    return Speech(language, level)


def as_html(told: str) -> str:
    """A told sentence as HTML, whatever a translator or a visitor wrote; only **bold** is kept."""
    return BOLD.sub(r"<b>\1</b>", escape(told))
