"""Choices that are files: a folder with one module for each, listed and described without importing them. Those that
need several files are folders, which `__init__.py` describes.

A module's docstring opens with "Title: what it does, in a sentence."; the page shows both, in the visitor's language.
Its constants in capitals are plain literals (`facts`); they say what a choice needs before torch is here.
"""

import ast
import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from gan.messages import Message

KINDS = {
    "gan.families": "family",
    "gan.parts.losses": "loss",
    "gan.parts.nets": "net",
    "gan.parts.stabilisers": "stabiliser",
}
IN_FOLDERS = {"gan.families"}


@cache
def names(package: str) -> tuple[str, ...]:
    """The choices in a package such as "gan.parts.losses" and in the folders below it: its modules that do not begin
    with an underscore.
    """
    return tuple(sorted(_files(package)))


def get(package: str, name: str) -> ModuleType:
    """The module of a choice; importing it may import torch."""
    return importlib.import_module(module(package, name))


def module(package: str, name: str) -> str:
    """The full name of a choice's module."""
    inner = _files(package)[name].relative_to(_folder(package)).with_suffix("")
    return ".".join((package, *inner.parts)).removesuffix(".__init__")


def title(package: str, name: str) -> Message:
    """What the choice is called; a place "{it:name}" for it holds `name` in technical English."""
    return _message(package, name, "title", _opening(package, name)[0], {"name": name})


def about(package: str, name: str) -> Message:
    """What the choice does, in a sentence or two."""
    sentence = _opening(package, name)[1]
    return _message(package, name, "about", sentence[:1].upper() + sentence[1:])


def refusals(package: str, name: str) -> dict[str, Message]:
    """The choices, options ("norm=batch") and settings that the choice does not go with, each with the reason."""
    reasons = facts(package, name).get("REFUSES", {})
    ids = {other: f"refuses.{other.replace('=', '.')}" for other in reasons}
    return {other: _message(package, name, ids[other], reason) for other, reason in reasons.items()}


def messages(package: str, name: str) -> tuple[Message, ...]:
    """All that is said about a choice."""
    return title(package, name), about(package, name), *refusals(package, name).values()


@cache
def paragraphs(package: str, name: str) -> tuple[str, ...]:
    """All that the docstring says after the title: what the choice does, where it comes from, its formula."""
    _, *others = ast.get_docstring(_tree(package, name)).split("\n\n")
    return (str(about(package, name)), *(" ".join(text.split()) for text in others))


@cache
def facts(package: str, name: str) -> dict[str, Any]:
    """The literal constants of a choice's module, by name.

    Raises TypeError for one that is not of the type which its package's CONSTANTS say.
    """
    found = {}
    for node in _tree(package, name).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue  # a constant that is computed is the module's own business
    for constant, kind in importlib.import_module(package).CONSTANTS.items():
        if type(found.get(constant, kind())) is not kind:
            raise TypeError(f"{constant} of the choice {name} is {found[constant]!r}: it must be a {kind.__name__}")
    return found


def _message(package: str, name: str, part: str, text: str, values: Mapping[str, str] | None = None) -> Message:
    return Message(f"{KINDS[package]}.{name}.{part}", text.replace("{", "{{").replace("}", "}}"), values or {})


@cache
def _opening(package: str, name: str) -> tuple[str, str]:
    paragraph = ast.get_docstring(_tree(package, name)).split("\n\n")[0]
    head, _, rest = " ".join(paragraph.split()).partition(": ")
    return head, rest


@cache
def _tree(package: str, name: str) -> ast.Module:
    return ast.parse(_files(package)[name].read_text(encoding="utf-8"))


@cache
def _files(package: str) -> dict[str, Path]:
    """The files of the choices, by name."""
    if package in IN_FOLDERS:
        return {file.parent.name: file for file in _folder(package).glob("*/__init__.py")}
    return {file.stem: file for file in _folder(package).rglob("*.py") if not file.stem.startswith("_")}


def _folder(package: str) -> Path:
    return Path(__file__).parents[2].joinpath(*package.split("."))
