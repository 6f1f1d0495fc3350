"""The words of runs that are kept, and of what can be taken home from them."""

from gan.messages import Message, msg, msgs, verbatim
from gan.runs.kept.store import StoredRun
from pages.shared.words import readings, recipes

EMPTY = msg("library.empty", "Every run is kept here as it goes. There is none yet.")
NOTHING = msg("library.nothing", "No run has these words in its name or its settings.")
OFF = msg("library.off", "Runs are not kept on this server.")
DELETED_UNTIL = msg(
    "library.deleted_until", "A deleted run can be brought back until the app ends or its room is needed."
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
    "numbers": (
        msg("take.numbers", "Numbers"),
        msg("take.numbers.line", "Losses and scores of every epoch: a CSV table."),
    ),
    "settings": (msg("take.settings", "Settings"), msg("take.settings.line", "All settings of this run: a JSON file.")),
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
