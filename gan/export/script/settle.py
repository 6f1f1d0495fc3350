"""Source text for one set of settings: what they decide is decided, and the branches not taken are gone.

Comments stay where they are, which Python's own `ast.unparse` cannot do.
"""

import ast
from collections.abc import Mapping
from typing import Any

COMPOUND = ast.For | ast.While | ast.With | ast.FunctionDef | ast.ClassDef


def settled(text: str, known: Mapping[str, Any]) -> str:
    """The text without the branches that cannot be taken where the names in `known` have these values.

    A test is decided if it can be worked out from `known` alone; `and` and `or` lose the parts that are.
    """
    lines = text.splitlines()
    tree = ast.parse(text)
    return "\n".join(_Settler(lines, known).block(tree.body, 0)) + "\n"


class _Settler:
    def __init__(self, lines: list[str], known: Mapping[str, Any]) -> None:
        self.lines, self.known = lines, known

    def block(self, statements: list[ast.stmt], begin: int) -> list[str]:
        """The statements as lines, each with the comments above it; `begin` is the first line's index."""
        out: list[str] = []
        for statement in statements:
            above = self.lines[begin : _first_line(statement) - 1]
            begin = statement.end_lineno
            if lines := self.statement(statement):
                out += above + lines
            if any(line.startswith(" " * statement.col_offset + "return ") for line in lines):
                break  # perhaps from an `if` that is no longer one
        return out

    def statement(self, node: ast.stmt) -> list[str]:
        if isinstance(node, ast.If):
            return self.branches(node)
        if isinstance(node, COMPOUND) and not getattr(node, "orelse", None) and node.body[0].lineno > node.lineno:
            head = self._end_of_head(node)
            body = self.block(node.body, head)
            return self.lines[_first_line(node) - 1 : head] + body if body else []
        return self.lines[_first_line(node) - 1 : node.end_lineno]

    def branches(self, node: ast.If, word: str = "if") -> list[str]:
        """An `if` or an `elif`, with what follows it."""
        test = self.test(node.test)
        head = self._end_of_head(node)
        if test is True:
            body = self.block(node.body, head)
            return _dedented(body) if word == "if" else [self._word(node, "else"), *body]
        if test is False:
            return self._otherwise(node, word)
        indent = " " * node.col_offset
        body = self.block(node.body, head) or [f"{indent}    pass"]
        return [f"{indent}{word} {test}:", *body, *self._otherwise(node, "elif")]

    def _otherwise(self, node: ast.If, word: str) -> list[str]:
        """What an `if` does when its test fails; `word` is "if" where the test is known to."""
        if not node.orelse:
            return []
        first = node.orelse[0]
        if isinstance(first, ast.If) and self.lines[first.lineno - 1].lstrip().startswith("elif"):
            return self.branches(first, word)
        line = next(n for n in range(node.body[-1].end_lineno, first.lineno) if self.lines[n].strip() == "else:")
        body = self.block(node.orelse, line + 1)
        return _dedented(body) if word == "if" else [self._word(node, "else"), *body] if body else []

    def test(self, node: ast.expr) -> bool | str:
        """True or False where the settings decide it, otherwise what is left of its text."""
        try:
            return bool(eval(compile(ast.Expression(node), "", "eval"), {"__builtins__": {}}, dict(self.known)))
        except Exception:  # whatever it was, it is not decided
            pass
        if not isinstance(node, ast.BoolOp):
            return self._source(node)
        decides = isinstance(node.op, ast.Or)  # the value that ends the matter
        parts = [part for part in map(self.test, node.values) if part is not (not decides)]
        if decides in parts:
            return decides
        word = " or " if decides else " and "
        return word.join(f"({part})" if " or " in part and not decides and len(parts) > 1 else part for part in parts)

    def _end_of_head(self, node: ast.stmt) -> int:
        """How many lines there are up to the end of `if ...:` and its like."""
        line = _first_line(node.body[0]) - 1
        while not self.lines[line - 1].strip() or self.lines[line - 1].lstrip().startswith("#"):
            line -= 1
        return line

    def _source(self, node: ast.expr) -> str:
        """An expression's own text; ast's function for that goes through the whole file each time."""
        lines = [line.encode() for line in self.lines[node.lineno - 1 : node.end_lineno]]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return b"\n".join(lines).decode()

    def _word(self, node: ast.stmt, word: str) -> str:
        return f"{' ' * node.col_offset}{word}:"


def _first_line(node: ast.stmt) -> int:
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])


def _dedented(lines: list[str]) -> list[str]:
    return [line[4:] if line.strip() else line for line in lines]
