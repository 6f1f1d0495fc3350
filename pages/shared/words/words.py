"""What is still to be said in messages."""

from gan.runs.kept.store import StoredRun
from gan.setup.config import RunConfig
from pages.shared.words import plain as bare
from pages.shared.words import readings, recipes, states

DOWNLOADS = {
    "Pictures": "The last 64 fakes as a PNG picture.",
    "Film": "How the fakes changed: a GIF film.",
    "Numbers": "Losses and scores of every epoch: a CSV table.",
    "Settings": "All settings of this run: a JSON file.",
    "Code": "This training as a script and a notebook in plain PyTorch, with the pictures.",
    "Forger": "The trained forger (generator), to draw with on the command line.",
    "Forger as ONNX": "The forger for other programs, such as a web page.",
    "Whole run": "Everything in one file. The Library on another computer can bring it in.",
}
LOST_RUN = "The run in this link is not on this computer any more. Start a new one."
LIBRARY_EMPTY = "Every run is kept here as it goes. There is none yet."
LIBRARY_NOTHING = "No run has these words in its name or its settings."
LIBRARY_ROOM = "{count} runs, {used} of {limit}. When it is full, the oldest runs without a star make room."
LIBRARY_OFF = "Runs are not kept on this server."
LIBRARY_WHERE = "The folder: {folder}"
STAR = "A run with a star never has to make room for others."
SAVE_RUN = "The whole run as one file: settings, numbers, film and all kept epochs. Bring it in on another computer."
STOP_FIRST = "It is still training. Stop it first."
DELETED_UNTIL = "A deleted run can be brought back until the app ends or its room is needed."
UNKNOWN_SETTINGS = "A run of a newer version"
CANNOT_OPEN = "This run cannot be opened now. It may be training on another server."
BROUGHT_IN = "The run is in the library now."
BRING_IN = "A run that was saved as a file, here or on another computer (.ganrun)."
ALL_KINDS = "the same as the real ones"
FOLLOW = "Its way through both networks: what each layer makes of it."
ONLY_HERE = "Only this computer can open these links: others cannot reach it over the network."
THIS_RUN, THESE_SETTINGS = "Watch this run", "These settings"
SHARED = {
    THIS_RUN: "Others see it live. They cannot stop or change it.",
    THESE_SETTINGS: "Others find the same settings, ready to start.",
}


def plain(text: str) -> str:
    return text


def run_title(config: RunConfig) -> str:
    return bare(recipes.run_title(config))


def stored_line(run: StoredRun) -> str:
    return bare(states.stored_line(run))


def megabytes(size: float) -> str:
    return bare(readings.size(size))
