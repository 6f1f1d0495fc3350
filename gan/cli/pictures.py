"""People's own pictures on the command line: a folder or a file in the place of a set's name."""

import argparse
from pathlib import Path

from gan import data
from gan.cli.shell import check_writable, say, write
from gan.data import own

TOLD = 20  # sentences about what was left out


def add(commands: argparse._SubParsersAction) -> None:
    """The command's own options."""
    command = commands.add_parser("pictures", help="keep pictures of your own on this computer, as a set")
    command.set_defaults(command=keep)
    command.add_argument("source", type=Path, metavar="PATH", help="a folder, with a folder for each kind; or a ZIP")
    command.add_argument("--out", type=Path, metavar="FILE.zip", help="write the set to a file instead")


def keep(chosen: argparse.Namespace) -> int:
    check_writable(chosen.out)
    made = read(chosen.source)
    if chosen.out:
        write(chosen.out, own.pack(made))
    else:
        own.save(own.keep(made))
    return 0


def brought(value: str) -> str:
    """The name of a set: what `value` says, or that of the pictures in the folder or the file that it names, which are
    kept in memory for this command.
    """
    path = Path(value)
    if not value or value in data.names() or own.is_own(value) or not path.exists():
        return value
    return own.keep(read(path))


def read(path: Path) -> own.OwnSet:
    """The set of the pictures in a folder or a file. Says what was left out, and what the set is called. Raises
    ValueError where nothing is left, and OSError.
    """
    told = own.read(own.in_folder(path) if path.is_dir() else own.in_file(path.name, path.read_bytes()))
    for complaint in own.first_few(told.complaints, TOLD):
        say(str(complaint))
    made = own.made_of(told.found, own.are_coloured(told.found))
    say(f"{made.facts.title}: data={made.name}")
    return made
