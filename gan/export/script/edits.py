"""Changes to source text at the places that its syntax tree names, which leave all else as it is written."""

import ast
import json
from collections.abc import Iterable
from typing import Any

Edit = tuple[tuple[int, int], tuple[int, int], str]  # from (line, byte), to (line, byte), what stands there instead


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; none may overlap. Lines count from 1 and bytes from 0, as in ast."""
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    content = text.encode()
    for (line, byte), (end_line, end_byte), instead in sorted(edits, reverse=True):
        first, last = starts[line - 1] + byte, starts[end_line - 1] + end_byte
        content = content[:first] + instead.encode() + content[last:]
    return content.decode()


def replacing(node: ast.AST, instead: str) -> Edit:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset), instead


def without_config(text: str, names: Iterable[str]) -> str:
    """The text with `config.latent_size` as LATENT_SIZE and `config.option("width")` as WIDTH.

    `config` is no longer passed on. `names` are the settings there are; whatever else is done with it stays.
    """
    edits = _ConfigRemover(set(names))
    edits.visit(ast.parse(text))
    return edited(text, edits.found)


def without_parameter(text: str, name: str, function: str) -> str:
    """The text with the parameter `name` of `function` gone, where it is defined and where it is called."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            found += _cut(node.args.args, name)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            found += _cut(node.args, name)
    return edited(text, found)


class _ConfigRemover(ast.NodeVisitor):
    def __init__(self, names: set[str]) -> None:
        self.names, self.found = names, []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.found += _cut(node.args.args, "config")
        kept = [argument for argument in node.args.args if argument.arg != "config"]
        for part in (*kept, *node.args.defaults, *node.decorator_list, *node.body, node.returns):
            if part:
                self.visit(part)

    def visit_Call(self, node: ast.Call) -> None:
        if _is_config(getattr(node.func, "value", None)) and node.func.attr == "option":
            self._replace(node, node.args[0].value, *(argument.value for argument in node.args[1:]))
            return
        self.found += _cut(node.args, "config")
        for part in (node.func, *node.args, *node.keywords):
            if not _is_config(part):
                self.visit(part)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if _is_config(node.value):
            self._replace(node, node.attr)
        else:
            self.visit(node.value)

    def _replace(self, node: ast.AST, name: str, *otherwise: Any) -> None:
        """Write the setting's name, or what an option is where there is none."""
        if name.upper() in self.names:
            self.found.append(replacing(node, name.upper()))
        elif otherwise:
            self.found.append(replacing(node, json.dumps(otherwise[0])))


def _is_config(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Name) and node.id == "config"


def _cut(items: list[ast.arg] | list[ast.expr], name: str) -> list[Edit]:
    """Take the one called `name` out of a list with commas."""
    for index, item in enumerate(items):
        if name in (getattr(item, "arg", None), getattr(item, "id", None)):
            start, end = (item.lineno, item.col_offset), (item.end_lineno, item.end_col_offset)
            if index + 1 < len(items):
                end = items[index + 1].lineno, items[index + 1].col_offset
            elif index:
                start = items[index - 1].end_lineno, items[index - 1].end_col_offset
            return [(start, end, "")]
    return []
