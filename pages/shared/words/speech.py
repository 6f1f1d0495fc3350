"""Messages in a language: sentences from its catalogue, numbers, dates and durations as its readers write them."""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from html import escape
from typing import Any

from babel import Locale, numbers, units
from babel.dates import format_skeleton

from gan.messages import English, Message
from pages.shared.words import catalogues

MARKS = re.compile(
    r"[\\`*\[\]<$~]"  # what is more than itself in Streamlit's Markdown: anywhere,
    r"|&(?=#?\w+;)"  # as the name of a letter,
    r"|(?<![^\W_])_|_(?![^\W_])"  # at the edge of a word,
    r"|^[#>+=|:-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d\d\d)[.)]"  # at the beginning of a line
)
# Icons, emoji, colours, addresses: they are looked for after Markdown has taken its backslashes away.
SHORTCUT = re.compile(r"(?<=:)(?=[A-Za-z_+-]|\w+:|//)|(?<=www)(?=\.)", re.IGNORECASE)
JOINER = "\u2060"  # is not seen, and has no width
HAIR = "\u200a"  # the narrowest of spaces
BOLD = re.compile(r"\*\*(.+?)\*\*")


class Speech(English):
    """One language at one reading level, where letters mean nothing but themselves: lists, alternative texts."""

    def __init__(self, language: str, level: str = "") -> None:
        self.locale = Locale.parse(language)
        self._translations = catalogues.translations(language, level)

    def say(self, message: Message) -> str:
        try:
            return super().say(message)
        except Exception:  # a translator can write anything between braces
            logging.getLogger(__name__).warning("%s: %s cannot be said.", self.locale, message.id)
            return self.vformat(self._shaped(super().sentence(message)), (), message.values)

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        return kwargs[field_name], field_name  # a translation reaches no attribute of a value

    def sentence(self, message: Message) -> str:
        if not message.id:
            return self._shaped(message.english)
        if message.many is None:
            return self._shaped(self._translations.pgettext(message.id, message.english))
        count = message.values["count"]
        return self._shaped(self._translations.npgettext(message.id, message.english, message.many, count))

    def named(self, message: Message) -> str:
        return self.say(message)

    def _shaped(self, sentence: str) -> str:
        """A sentence, its places still open, as what it is shown in wants it."""
        return sentence

    def number(self, value: Any, spec: str) -> str:
        """As Python formats it, with the language's own signs for thousands, decimals and percent."""
        told = format(value, spec)
        signs = {",": numbers.get_group_symbol(self.locale), ".": numbers.get_decimal_symbol(self.locale)}
        told = "".join(signs.get(sign, sign) for sign in told)
        if not spec.endswith("%"):
            return told
        percent = self.locale.percent_formats[None]
        return percent.prefix[0] + told.removesuffix("%") + percent.suffix[0]

    def listed(self, parts: Sequence[str], how: str) -> str:
        if self.locale.language == "en":  # CLDR puts a comma before "and"
            return super().listed(parts, how)
        patterns = self.locale.list_patterns["or" if how == "or" else "standard"]
        last = patterns["middle"] if how == "list" else patterns["2" if len(parts) == 2 else "end"]
        told = parts[0] if parts else ""
        for number, part in enumerate(parts[1:], start=2):
            told = (last if number == len(parts) else patterns["middle"]).format(told, part)
        return told

    def duration(self, seconds: float) -> str:
        if self.locale.language == "en":  # CLDR says "sec" and "hr", where schools write s and h
            return super().duration(seconds)
        seconds = round(seconds)
        minutes, hours = seconds // 60, seconds // 3600
        if not minutes:
            return self._unit(seconds, "second")
        if not hours:
            return self._beside(self._unit(minutes, "minute"), self._unit(seconds % 60, "second"))
        return self._beside(self._unit(hours, "hour"), self._unit(minutes % 60, "minute"))

    def _unit(self, count: int, unit: str) -> str:
        return units.format_unit(count, f"duration-{unit}", "short", locale=self.locale)

    def _beside(self, bigger: str, smaller: str) -> str:
        patterns = self.locale.list_patterns
        pattern = patterns.get("unit-narrow") or patterns.get("unit-short")
        return pattern["2"].format(bigger, smaller) if pattern else f"{bigger} {smaller}"

    def date(self, moment: datetime) -> str:
        if self.locale.language == "en":
            return super().date(moment)
        here = moment.astimezone()
        day, time = (format_skeleton(skeleton, here, locale=self.locale) for skeleton in ("MMMd", "Hm"))
        return str(self.locale.datetime_formats["medium"]).format(time, day)


class Markdown(Speech):
    """For whatever Streamlit reads as Markdown: what is put into a sentence stays what it is, letter for letter."""

    def _shaped(self, sentence: str) -> str:
        return BOLD.sub(_apart, sentence)

    def text(self, text: str) -> str:
        one_line = " ".join(text.splitlines())
        return MARKS.sub(r"\\\g<0>", SHORTCUT.sub(JOINER, one_line))


def _apart(bold: re.Match) -> str:
    """Markdown takes ** for two stars between a letter and a full stop, as Chinese has them: a hair parts them."""
    before, after = bold.string[: bold.start()][-1:], bold.string[bold.end() :][:1]
    left = HAIR if _is_letter(before) and not bold[1][0].isalnum() else ""
    right = HAIR if _is_letter(after) and not bold[1][-1].isalnum() else ""
    return f"{left}{bold[0]}{right}"


def _is_letter(beside: str) -> bool:
    return beside.isalnum() or beside in ("{", "}")  # what fills a place may be one


class Html(Speech):
    """For HTML, in a text or in an attribute: all is escaped, whoever wrote it; **bold** in a sentence is a tag."""

    def _shaped(self, sentence: str) -> str:
        return BOLD.sub(r"<b>\1</b>", escape(sentence))

    def text(self, text: str) -> str:
        return escape(text)


bare, markdown, html = cache(Speech), cache(Markdown), cache(Html)
