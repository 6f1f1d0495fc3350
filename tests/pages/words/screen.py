"""All that a page of AppTest's says to a person, whatever element says it."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

SILENT = {  # fields of Streamlit's messages that nobody reads
    "id", "type", "icon", "format", "component_name", "css_content", "css_source_path", "html_content", "js_content",
    "js_source_path", "deferred_file_id", "url", "key", "language", "form_id", "page_script_hash", "spec", "config",
    "layout", "theme", "gap", "accept", "file_type", "upload_url", "element_id", "fragment_id", "page", "autocomplete",
}  # fmt: skip
DRAWN = {  # entries of what our components are given that nobody reads
    "pixels", "colour", "film", "ink", "picture", "background", "belief", "track", "text", "faint", "guide_colour",
    "id", "moves", "name", "paper", "run", "sheets", "terms", "theme",
}  # fmt: skip
BAR = {"zoomIn2d": "Zoom in", "zoomOut2d": "Zoom out", "resetScale2d": "Reset axes"}
HINT = "Double-click to zoom back out"
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "title", "placeholder")
ENCODED = re.compile(r"[A-Za-z0-9+/]{60,}=*|#[0-9A-F]{6}")  # numbers in letters, and colours
OPEN = re.compile(r"\{\w+\}")  # a place that the browser fills
SHORTCUT = re.compile(r":material/\w+:|:\w+\[|\\|\u2060")


def said(page) -> Iterator[str]:
    """Every text on the page."""
    for node in page._tree:
        proto = getattr(node, "proto", None)
        if proto is not None:
            yield from _texts(proto)


def _texts(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        if field.name == "config" and value:
            yield from _bar(json.loads(value))
        if field.name in SILENT:
            continue
        for each in value if field.is_repeated and not hasattr(value, "items") else [value]:
            if hasattr(each, "ListFields"):
                yield from _texts(each)
            elif isinstance(each, bytes):
                yield from drawn(each)
            elif isinstance(each, str):
                yield from drawn(each) if field.name == "json" else words_of(each)


def _bar(config: dict) -> Iterator[str]:
    """What the buttons above a chart of Plotly's say, and its hint: in English, but for what it was told."""
    told = config["locales"][config["locale"]]["dictionary"]
    buttons = [BAR[button] for group in config["modeBarButtons"] for button in group]
    yield from (told.get(words, words) for words in (*buttons, HINT))


def drawn(encoded: bytes | str) -> Iterator[str]:
    """The texts in what a component draws."""
    try:
        yield from _strings(json.loads(encoded))
    except (ValueError, UnicodeDecodeError):
        return


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and not ENCODED.fullmatch(value):
        yield OPEN.sub("", value)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in DRAWN:
                yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def words_of(text: str) -> Iterator[str]:
    """A text without its Markdown or its tags."""
    parser = _Html()
    parser.feed(text)
    parser.close()
    yield from (SHORTCUT.sub(" ", each) for each in parser.words)


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words, self._in_style = [], False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._in_style = tag == "style"
        self.words += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.words.append(data)
