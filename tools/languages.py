"""The catalogues of languages: what is to be translated, what is missing, what no longer exists.

    python -m tools.languages update     bring every file in assets/languages up to date with the code
    python -m tools.languages check      say what is untranslated, unknown or broken; exit 1 if anything is
    python -m tools.languages missing es print what a language lacks, as a PO file to be filled
    python -m tools.languages merge FILE.po es
                                         take the filled sentences into a language's file
    python -m tools.languages pseudo FILE.po
                                         a language that nobody speaks: all of it accented and 40 % longer

Messages are found where they stand: any call whose first two arguments are an id with a dot and a sentence. The words
of choices that are files come from `spoken`.
"""

import ast
import re
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from gan import families
from gan.messages import Message
from gan.parts import choices, nets
from gan.setup import config, kinds

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "assets" / "languages"
CODE = ("gan", "pages")
OVERLAYS = ("en",)  # they say some things otherwise than the code, and need not say all; so do reading levels
ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
ACCENTED = str.maketrans("aeiounycAEIOUNYC", "áéíóúñýçÁÉÍÓÚÑÝÇ")


def in_code(path: Path) -> Iterator[Message]:
    """The messages that a file of ours makes."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name, sentence, many = _texts(node)
        if ID.fullmatch(name) and sentence:
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            yield Message(name, sentence, many=many if called == "msgs" else None)


def _texts(call: ast.Call) -> list[str]:
    """The first three arguments of a call, where they are texts."""
    texts = [each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else "" for each in call.args]
    return [*texts, "", "", ""][:3]


def spoken() -> Iterator[Message]:
    """The messages that are not literals in a call: the words of choices that are files, the names of settings."""
    for package in choices.KINDS:
        for name in choices.names(package):
            yield from choices.messages(package, name)
    known = [nets.options(name) for name in nets.names()] + [families.options(name) for name in families.names()]
    for option, spec in (each for options in known for each in options.items()):
        yield nets.option_title(option)
        yield from (nets.value_title(option, value) for value in spec if isinstance(value, str))
    for name in families.names():
        yield from map(families.reading_title, families.facts(name)["LOSSES"])
    yield from map(kinds.named, config.RunConfig.__dataclass_fields__)


def messages() -> dict[str, Message]:
    """All messages by id. Raises ValueError where one id has two sentences."""
    found: dict[str, Message] = {}
    files = [path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))]
    for message in (*(each for path in files for each in in_code(path)), *spoken()):
        known = found.setdefault(message.id, message)
        if (known.english, known.many) != (message.english, message.many):
            raise ValueError(f"{message.id} has two sentences: {known.english!r} and {message.english!r}.")
    return dict(sorted(found.items()))


def template(wanted: Iterable[Message]) -> Catalog:
    catalogue = Catalog(project="Forger & Detective", charset="utf-8")
    for each in wanted:
        catalogue.add((each.english, each.many) if each.many else each.english, context=each.id)
    return catalogue


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.po"))


def load(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem.partition("@")[0])


def save(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True, omit_header=False, ignore_obsolete=True)


def is_overlay(path: Path) -> bool:
    return path.stem in OVERLAYS or "@" in path.stem


def problems(path: Path, wanted: dict[str, Message]) -> list[str]:
    """What is wrong with a language's file, a sentence each."""
    found, known = [], {each.context: each for each in load(path) if each.id}
    for name in known.keys() - wanted.keys():
        found.append(f"{path.name}: {name} is not in the code any more.")
    for name, message in wanted.items():
        entry = known.get(name)
        texts = [] if entry is None else [entry.string] if isinstance(entry.string, str) else list(entry.string)
        if not all(texts) or not texts or entry.fuzzy:
            if not is_overlay(path):
                found.append(f"{path.name}: {name} is not translated ({message.english!r}).")
            continue
        if (entry.id if isinstance(entry.id, str) else entry.id[0]) != message.english:
            found.append(f"{path.name}: {name} was translated from another sentence than {message.english!r}.")
        for text in texts:
            odd = places(text) ^ places(message.english) - {"count"}
            if odd - {"count"}:
                found.append(f"{path.name}: {name} has other places: {', '.join(sorted(odd))}.")
    return found


def places(sentence: str) -> set[str]:
    """The names of the places in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def update(path: Path, wanted: dict[str, Message]) -> None:
    """Bring a file up to date: new sentences empty, changed ones empty, gone ones gone."""
    before = load(path)
    old = {(each.context, each.id): each.string for each in before if each.id}
    catalogue = template(wanted.values())
    catalogue.creation_date = before.creation_date
    catalogue.locale = path.stem.partition("@")[0]
    for each in list(catalogue):
        if each.id and old.get((each.context, each.id)):
            each.string = old[each.context, each.id]
    for each in [each for each in catalogue if each.id and not each.string and is_overlay(path)]:
        catalogue.delete(each.id, each.context)
    save(path, catalogue)


def merge(path: Path, filled: Path) -> None:
    """Take the sentences of another file."""
    catalogue = load(path)
    for each in load(filled):
        if each.id and each.string:
            catalogue.add(each.id, each.string, context=each.context)
    save(path, catalogue)


def missing(path: Path, wanted: dict[str, Message]) -> Catalog:
    known = {(each.context, each.id) for each in load(path) if each.id and each.string and not each.fuzzy}
    catalogue = template(
        each
        for each in wanted.values()
        if (each.id, (each.english, each.many) if each.many else each.english) not in known
    )
    catalogue.locale = path.stem.partition("@")[0]
    return catalogue


def pseudo(wanted: dict[str, Message], locale: str) -> Catalog:
    """Every sentence accented, in brackets, and 40 % longer."""
    catalogue = template(wanted.values())
    catalogue.locale = locale
    for each in list(catalogue):
        if each.id:
            each.string = tuple(map(_stretched, each.id)) if isinstance(each.id, tuple) else _stretched(each.id)
    return catalogue


def _stretched(sentence: str) -> str:
    parts = []
    for text, name, spec, conversion in string.Formatter().parse(sentence):
        parts.append(text.translate(ACCENTED).replace("{", "{{").replace("}", "}}"))
        if name is not None:
            parts.append("{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}")
    return f"[{''.join(parts)}{'~' * round(0.4 * len(sentence))}]"


def main(arguments: list[str]) -> int:
    command, *rest = arguments or ["check"]
    wanted = messages()
    if command == "update":
        for path in files():
            update(path, wanted)
    elif command == "missing":
        write_po(sys.stdout.buffer, missing(FOLDER / f"{rest[0]}.po", wanted), width=0, no_location=True)
    elif command == "merge":
        merge(FOLDER / f"{rest[1]}.po", Path(rest[0]))
        update(FOLDER / f"{rest[1]}.po", wanted)
    elif command == "pseudo":
        save(Path(rest[0]), pseudo(wanted, Path(rest[0]).stem))
    elif command == "check":
        found = [problem for path in files() for problem in problems(path, wanted)]
        print(*found, sep="\n")
        return int(bool(found))
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
