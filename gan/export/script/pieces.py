"""The shared template with the pieces of a family's own, `gan/families/NAME/template.py`.

Its docstring is the script's title and what stands below it; `COMMENTS` say more of some settings; then come its
pieces, each below a line `piece("name")`. The shared template puts each where it says `put("name")`, and leaves out
what a family has not. A piece may put others of its own, or of another family: `put("gan.judging")`.
"""

import ast
import re
import textwrap
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gan import families

SHARED = Path(__file__).with_name("template.py")
PIECE = re.compile(r'^piece\("(\w+)"\)\n', re.MULTILINE)
PUT = re.compile(r'^( *)put\("(?:(\w+)\.)?(\w+)"\)\n', re.MULTILINE)


class Own(NamedTuple):
    """A family's template."""

    title: str
    about: str
    comments: dict[str, str]  # beside settings, by their names
    imports: str
    pieces: dict[str, str]


def has_own(family: str) -> bool:
    return _path(family).is_file()


def own(family: str) -> Own:
    """What a family adds. Raises OSError where it has no template."""
    head, *rest = PIECE.split(_path(family).read_text("utf-8"))
    tree = ast.parse(head)
    title, _, about = ast.get_docstring(tree).partition("\n\n")
    comments = next((node.value for node in tree.body if isinstance(node, ast.Assign)), None)
    imports = [
        ast.get_source_segment(head, node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return Own(
        title,
        about,
        ast.literal_eval(comments) if comments else {},
        "".join(f"{line}\n" for line in imports),
        {name: code.strip("\n") + "\n" for name, code in zip(rest[::2], rest[1::2], strict=True)},
    )


def composed(family: str) -> str:
    """The whole template of a family's scripts."""
    known, used = cache(own), {family}

    def filled(text: str, owner: str) -> str:
        def piece(found: re.Match) -> str:
            indent, other, name = found[1], found[2] or owner, found[3]
            used.add(other)
            return textwrap.indent(filled(known(other).pieces.get(name, ""), other), indent)

        return PUT.sub(piece, text)

    body = filled(SHARED.read_text("utf-8"), family)
    return "".join(known(name).imports for name in sorted(used)) + body


def _path(family: str) -> Path:
    return Path(families.__file__).with_name(family) / "template.py"
