"""The words of runs that are kept, and of what can be taken home from them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from gan import data
from gan.messages import Message, msg, msgs, verbatim
from gan.runs import Contest, Kind, RunState
from gan.runs.kept.store import StoredRun
from gan.setup.config import RunConfig
from pages.shared.words import plain, readings, recipes, states, values
from pages.shared.words.finding import Search

EMPTY = msg("library.empty", "Every run is kept here as it goes. There is none yet.")
NOTHING = msg("library.nothing", "No run has these words in its name or its settings.")
OFF = msg("library.off", "Runs are not kept on this server.")
DELETED_UNTIL = msg(
    "library.deleted_until", "A deleted run can be brought back until the app ends or its room is needed."
)
SETTINGS_IN = msg("library.settings_in", "The settings from the file are on this page now. Start training to use them.")
SETTINGS_CHANGED = msg(
    "library.settings_changed",
    "The settings that this run began with are on this page now. What was changed while it went on is not done again.",
)
BROUGHT_IN = msg("library.brought_in", "The run is in the library now.")
SAVE = msg(
    "library.save_what",
    "The whole run as one file: settings, numbers, film and all kept epochs. Bring it in on another computer.",
)
STOP_FIRST = msg("library.stop_first", "It is still training. Stop it first.")
UNKNOWN = msg("library.unknown", "A run of a newer version")

DOWNLOADS = {  # what can be taken home, and a line about it
    "pictures": (msg("take.pictures", "Pictures"), msg("take.pictures.line", "The last 64 fakes as a PNG picture.")),
    "film": (msg("take.film", "Film"), msg("take.film.line", "How the fakes changed: a GIF film.")),
    "from_noise": (
        msg("take.from_noise", "Out of noise"),
        msg("take.from_noise.line", "How the forger makes pictures of noise, step by step: a GIF film."),
    ),
    "numbers": (
        msg("take.numbers", "Numbers"),
        msg("take.numbers.line", "Losses and scores of every epoch: a CSV table."),
    ),
    "settings": (
        msg("take.settings", "Settings"),
        msg("take.settings.line", "All settings of this run: a JSON file. The Library can bring them in."),
    ),
    "code": (
        msg("take.code", "Code"),
        msg("take.code.line", "This training as a script and a notebook in plain PyTorch, with the pictures."),
    ),
    "forger": (
        msg("take.forger", "Forger"),
        msg("take.forger.line", "The trained forger (generator), to draw with on the command line."),
    ),
    "onnx": (
        msg("take.onnx", "Forger as ONNX"),
        msg("take.onnx.line", "The forger for other programs, such as a web page."),
    ),
    "run": (
        msg("take.run", "Whole run"),
        msg("take.run.line", "Everything in one file. The Library on another computer can bring it in."),
    ),
}


def called(run: StoredRun) -> Message:
    """The name that somebody gave it, or what it is."""
    if run.name:
        return verbatim(run.name)
    return recipes.run_title(run.config) if run.config else UNKNOWN


def star(what: Message, is_starred: bool) -> Message:
    """What the button of the star of a run, or of all runs of a race or sweep, is called."""
    if is_starred:
        return msg("library.has_star", "{run} has a star. Take it away.", run=what)
    return msg("library.no_star", "{run} has no star. Give it one.", run=what)


def line(run: StoredRun, place: int | None = None) -> Message:
    """How far a run is; with a `place` it waits for its turn."""
    if place is None:
        return states.stored_line(run)
    return msg(
        "library.waits", "Waits for a place to train: number {place} in the queue · {created:date}",
        place=place, created=run.created,
    )  # fmt: skip


def contest_called(contest: Contest) -> Message:
    """What a contest tries out."""
    if contest.kind is Kind.VERSUS:
        names = tuple(values.shown(recipes.title(name)) for name in dict.fromkeys(name for name, _ in contest.values))
        return msg("library.versus", "Comparison: {recipes:list}", recipes=names)
    axes = [dict.fromkeys(axis) for axis in zip(*contest.values, strict=True)]  # each value once
    tried = [values.several(name, list(axis)) for name, axis in zip(contest.settings, axes, strict=True)]
    if contest.kind is Kind.SWEEP:
        return msg("library.sweep", "Sweep: {rows} × {columns}", rows=tried[0], columns=tried[1])
    return msg("library.race", "Race: {values}", values=tried[0])


def contest_line(contest: Contest, runs: Sequence[StoredRun]) -> Message:
    """Of what recipe its runs are, or on what pictures; how many of them are how far, and when it began."""
    shared = recipes.run_title(contest.base)
    if contest.kind is Kind.VERSUS:
        shared = msg(
            "library.versus_shares", "{pictures}, {seconds:duration} each",
            pictures=values.shown(data.get(contest.base.data).title), seconds=contest.seconds,
        )  # fmt: skip
    counts = Counter(run.state for run in runs)
    return msg(
        "library.contest", "{recipe} · {states:list} · {created:date}",
        recipe=shared,
        states=tuple(
            msg("library.so_many", "{state}: {number}", state=states.STATES[state], number=counts[state])
            for state in RunState if counts[state]
        ),
        created=min(run.created for run in runs),
    )  # fmt: skip


# Searching


def search(sought: str) -> Search:
    """A search through what `told` says."""
    return Search(sought, [plain(values.name_alone(name)) for name in RunConfig().to_dict()])


def told(run: StoredRun, place: int | None = None) -> list[str]:
    """All that a run is found by: its name and state, its recipe, its pictures, and every setting with its value."""
    if run.config is None:
        return [plain(called(run)), plain(line(run, place))]
    pairs = [values.pair(name, value) for name, value in run.config.to_dict().items()]
    found = [called(run), line(run, place), recipes.run_title(run.config), data.get(run.config.data).title, *pairs]
    return [plain(each) for each in found]


# Files

NOT_IN_NAMES = re.compile(r"[^\w.-]+")
LONGEST = 60  # letters of a file's name, before its ending
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # what Windows lets no file be called


def file_name(what: Message) -> str:
    """A name for the files of a run, in letters and digits, `-`, `_` and `.`, such as every file system takes."""
    text = NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", plain(what)))
    name = text.strip("-._")[:LONGEST].rstrip("-._")
    return f"run-{name}".rstrip("-") if not name or DEVICES.match(name) else name


def room(count: int, used: float, limit: float) -> Message:
    """How much of the disk is used, in bytes, and what happens when it is full."""
    return msgs(
        "library.room",
        "{count} run, {used} of {limit}. When it is full, the oldest runs without a star make room.",
        "{count} runs, {used} of {limit}. When it is full, the oldest runs without a star make room.",
        count,
        used=readings.size(used),
        limit=readings.size(limit),
    )
