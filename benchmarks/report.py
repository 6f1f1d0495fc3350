"""How benchmarks print: Markdown tables, and rows that say whether a target holds."""

import sys
from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One promise: what was measured against which target."""

    what: str
    target: str
    measured: str
    holds: bool | None  # None where it cannot be measured on this machine


VERDICTS = {True: "holds", False: "**falls short**", None: "not measured"}


def show(rows: Iterable[Row]) -> None:
    """Print promises with their verdicts: each on the error stream as soon as it is known, and all in a table."""
    cells = []
    for row in rows:
        cells.append([row.what, row.target, row.measured, VERDICTS[row.holds] if row.target else ""])
        print(*cells[-1], sep="; ", file=sys.stderr, flush=True)
    print(table(["what", "target", "measured", "verdict"], cells), flush=True)


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, columns aligned."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join([line(header), line(["-" * width for width in widths]), *map(line, rows)])
