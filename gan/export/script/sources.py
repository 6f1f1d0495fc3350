"""Our own source as definitions: which of them a piece of code needs, and their text in the right order."""

import ast
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from gan.export.script.edits import Edit, edited, replacing
from gan.messages import Refusal

ROOT = Path(__file__).parents[3]


class Key(NamedTuple):
    """A definition: its module and its name there."""

    module: str
    name: str


class Import(NamedTuple):
    """What a line `from module import name as alias` brings; without a name, `import module as alias`."""

    module: str
    name: str | None
    alias: str


@dataclass(frozen=True, eq=False)
class Module:
    """A file of ours, with its text as it is to be used."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def definitions(self) -> dict[str, ast.stmt]:
        """What is defined at the top level, by name; A, B = 1, 2 is found under both."""
        return {name: node for node in self.tree.body for name in _names_of(node)}

    @cached_property
    def imports(self) -> dict[str, Import]:
        """What is imported at the top level, by the name that it has here."""
        found = [
            Import(node.module, each.name, each.asname or each.name)
            if isinstance(node, ast.ImportFrom)
            else Import(each.name, None, each.asname or each.name)
            for node in self.tree.body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for each in node.names
        ]
        return {each.alias: each for each in found}


class Sources:
    """All that a piece of code needs of our files. `prepare` makes of a file's text what is to be used.

    `unwanted` are members that no class is to have; of the others, classes keep those whose name occurs.
    """

    def __init__(self, root: Module, prepare: Callable[[str], str], unwanted: Iterable[str] = ()) -> None:
        self.root, self.unwanted = root, set(unwanted)
        self._prepare, self._used = prepare, cache(_used)
        self._modules = {root.name: root}
        self._attributes: set[str] = set()
        self.kept: set[Key] = set()
        self.imports: set[Import] = set()
        while self._reach():
            pass
        self.names = self._named()
        self._taken: set[Key] = set()

    def module(self, name: str) -> Module:
        if name not in self._modules:
            self._modules[name] = Module(name, self._prepare(_file_of(name).read_text("utf-8")))
        return self._modules[name]

    def find(self, module: Module, name: str) -> Key | Import | None:
        """What a name means in a module, or one in a module that was imported, "process.sample": a definition of ours,
        something imported, or neither.
        """
        name, _, member = name.partition(".")
        if member and (whole := self._whole(module, name)):
            return self.find(whole, member)
        if name in module.definitions:
            return Key(module.name, _names_of(module.definitions[name])[0])
        imported = module.imports.get(name)
        if not imported or imported.module.split(".")[0] != "gan":
            return imported
        found = self.find(self.module(imported.module), imported.name)
        if found is None:
            raise Refusal(
                "script.whole_module", "A script cannot hold the whole of {module}.",
                module=f"{imported.module}.{imported.name}",
            )  # fmt: skip
        return found

    def _whole(self, module: Module, name: str) -> Module | None:
        """The module of ours that a name means here."""
        imported = module.imports.get(name)
        if imported and imported.module.split(".")[0] == "gan" and imported.name:
            whole = f"{imported.module}.{imported.name}"
            return self.module(whole) if _file_of(whole).is_file() else None
        return None

    def _reach(self) -> bool:
        """Go once through all that is kept; whether that has brought up something new."""
        before = len(self.kept), len(self._attributes), len(self.imports)
        for module, node in [(self.root, self.root.tree), *((self.module(k.module), self.node(k)) for k in self.kept)]:
            for part in self._parts(node):
                names, attributes = self._used(part)
                self._attributes |= attributes
                for found in filter(None, (self.find(module, name) for name in names)):
                    if isinstance(found, Import):
                        self.imports.add(found)
                    elif found.module != self.root.name:
                        self.kept.add(found)
        return before != (len(self.kept), len(self._attributes), len(self.imports))

    def node(self, key: Key) -> ast.stmt:
        return self.module(key.module).definitions[key.name]

    def _parts(self, node: ast.AST) -> list[ast.AST]:
        """A definition's parts: of a class its head and the members that it keeps."""
        if not isinstance(node, ast.ClassDef):
            return [node]
        dropped = self._dropped(node)
        members = [member for member in node.body if member not in dropped]
        return [*node.decorator_list, *node.bases, *node.keywords, *members]

    def _dropped(self, node: ast.ClassDef) -> list[ast.stmt]:
        """The members of a class that nothing needs."""
        members = [member for member in node.body if not isinstance(member, ast.AnnAssign)]  # fields all stay
        return [member for member in members if not self._is_needed(next(iter(_names_of(member)), None))]

    def _is_needed(self, member: str | None) -> bool:
        if member is None or member == "forward" or member.startswith("__"):
            return True
        return member in self._attributes and member not in self.unwanted

    def _named(self) -> dict[Key, str]:
        """What each definition is called in the end: as the root module calls it, or by its own name."""
        names = {key: key.name for key in self.kept}
        for alias in self.root.imports:
            found = self.find(self.root, alias)
            if found in names:
                names[found] = alias
        for key in [key for key, name in names.items() if name == key.name and name in self._twice(names)]:
            names[key] = f"{key.module.split('.')[-1].strip('_')}_{key.name}"
        for name in sorted(self._twice(names)):
            raise Refusal(
                "script.two_of_a_name", "A script cannot hold two parts that are both called {name}.", name=name
            )
        return names

    def _twice(self, names: dict[Key, str]) -> set[str]:
        """The names that would mean two things."""
        counts = Counter([*names.values(), *self.root.definitions])
        return {name for name, count in counts.items() if count > 1}

    # Text

    def take(self, prefix: str) -> str:
        """The definitions whose full name begins with `prefix` and that were not taken before, in order."""
        keys = [key for key in self._ordered() if ".".join(key).startswith(prefix) and key not in self._taken]
        self._taken |= set(keys)
        out, before = "", None
        for key in keys:
            node = self.node(key)
            if before:
                close = isinstance(node, ast.Assign) and isinstance(before, ast.Assign)
                out += "\n" if close else "\n\n\n"
            out, before = out + self._text_of(key), node
        return out

    def _ordered(self) -> list[Key]:
        """Modules after those that they import, definitions as they stand in their file."""
        order: list[str] = []

        def visit(module: Module) -> None:
            for imported in module.imports.values():
                for name in (imported.module, f"{imported.module}.{imported.name}"):
                    if name in self._modules:
                        visit(self.module(name))
            if module.name not in order:
                order.append(module.name)

        visit(self.root)
        return sorted(self.kept, key=lambda key: (order.index(key.module), self.node(key).lineno))

    def _text_of(self, key: Key) -> str:
        """A definition with the comments above it, its needed members, and all names as they are in the end."""
        module, node = self.module(key.module), self.node(key)
        lines = module.text.splitlines(keepends=True)
        edits = [_cut(member, node, lines) for member in self._dropped(node)] if isinstance(node, ast.ClassDef) else []
        for name, place in (each for part in self._parts(node) for each in _uses(part)):
            found, (name, _, member) = self.find(module, name), name.partition(".")
            if found not in self.names:
                continue
            if member and self._whole(module, name):
                edits.append(replacing(place, member if member in self._final_names(found) else self.names[found]))
            elif name not in self._final_names(found):
                edits.append(replacing(place.value if member else place, self.names[found]))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and self.names[key] != key.name:
            word = "def " if isinstance(node, ast.FunctionDef) else "class "
            first = node.col_offset + len(word)
            edits.append(((node.lineno, first), (node.lineno, first + len(key.name)), self.names[key]))
        first, last = _first_line(node, lines), node.end_lineno
        whole = edited(module.text, [*edits, ((last, len(lines[last - 1].encode())), (len(lines) + 1, 0), "")])
        return "\n".join(whole.splitlines()[first - 1 :]).rstrip()

    def _final_names(self, key: Key) -> list[str]:
        """What a definition is called in the end; A, B = 1, 2 has two names and keeps them."""
        return [self.names[key]] if self.names[key] != key.name else _names_of(self.node(key))

    def import_lines(self) -> list[str]:
        """What the definitions need from elsewhere: Python's own, an empty line, the rest."""
        froms: dict[str, list[Import]] = {}
        for each in self.imports:
            froms.setdefault(each.module, []).append(each)
        lines: list[list[str]] = [[], []]
        for module in sorted(froms):
            lines[module.split(".")[0] not in sys.stdlib_module_names] += _import_lines(module, froms[module])
        own, others = (sorted(group, key=lambda line: line.startswith("from")) for group in lines)
        return [*own, "", *others] if own else others


def _import_lines(module: str, wanted: list[Import]) -> Iterator[str]:
    def named(name: str, alias: str) -> str:
        return name if name == alias else f"{name} as {alias}"

    for each in wanted:
        if each.name is None:
            yield f"import {named(module, each.alias)}"
    names = sorted((each for each in wanted if each.name), key=lambda each: _rank(each.name))
    if names:
        yield f"from {module} import " + ", ".join(named(each.name, each.alias) for each in names)


def _rank(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def _names_of(node: ast.stmt) -> list[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign | ast.Assign):
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        parts = [part for part in ast.walk(target) if isinstance(part, ast.Name)]
        return [part.id for part in parts if isinstance(part.ctx, ast.Store)]
    return []


def _file_of(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _used(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """The names and the attributes that occur in a node."""
    names = frozenset(name for name, _ in _uses(node))
    return names, frozenset(part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute))


def _uses(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The names in a node with their places; "a.b" where it is part of one, and not "a" by itself."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        yield f"{node.value.id}.{node.attr}", node
    elif isinstance(node, ast.Name):
        yield node.id, node
    else:
        for child in ast.iter_child_nodes(node):
            yield from _uses(child)


def _cut(member: ast.stmt, owner: ast.ClassDef, lines: list[str]) -> Edit:
    """Take a member out of its class, with the comments above it and the empty lines on one side."""
    first, last = _first_line(member, lines), member.end_lineno
    while member is not owner.body[0] and not lines[first - 2].strip():
        first -= 1
    while member is owner.body[0] and not lines[last].strip():
        last += 1
    return (first, 0), (last + 1, 0), ""


def _first_line(node: ast.stmt, lines: list[str]) -> int:
    """Where a definition begins: at the comments above it or at its decorators."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    while first > 1 and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return first
