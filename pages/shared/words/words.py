"""Every child-facing word in one place: short sentences, the proper term in brackets."""

from collections.abc import Sequence

from gan import data
from gan.doctor import Condition
from gan.records import Change, Point, Scores
from gan.runs import RunState, Snapshot
from gan.runs.kept.store import StoredRun
from gan.setup import presets
from gan.setup.config import RunConfig
from gan.setup.kinds import as_text

# name of the setting -> (label, one line that says what it does)
SETTINGS = {
    "data": ("Pictures", "What the forger learns to copy."),
    "preset": ("Recipe", ""),
    "learning_rate": ("Learning rate", "How big each learning step is."),
    "latent_size": ("Latent size", "Random numbers behind each picture."),
    "classes": ("Only these kinds", "Fewer kinds are easier to copy. Empty means all."),
    "pictures": ("Pictures to learn from", "With few, the detective learns them by heart. 0 means all."),
    "picture_size": ("Picture size", "Pixels on each side. More pixels take much longer."),
    "architecture": ("Networks (architecture)", "How the forger and the detective are built."),
    "options": ("Options of the networks", "What can be changed in these networks."),
    "loss": ("Loss", "What each of them tries to make small."),
    "stabilisers": ("Stabilisers", "Tricks that keep the game fair."),
    "d_learning_rate": ("Detective's learning rate", "Its own step size, if it should differ from the forger's."),
    "learning_rate_decay": ("Learning rate decay", "The share of both step sizes that is gone at the end."),
    "batch_size": ("Batch size", "How many pictures they see before each learning step."),
    "epochs": ("Epochs", "How many times they go through all the pictures."),
    "optimizer": ("Optimiser", "The rule that turns mistakes into changes."),
    "beta1": ("Beta 1 (momentum)", "How much of the last steps is carried on into the next."),
    "beta2": ("Beta 2", "How long the optimiser remembers how bumpy the way was."),
    "learners": ("Who learns", "The other one stands still."),
    "d_steps": ("Detective steps in a turn", "More than 1 lets the detective practise more."),
    "g_steps": ("Forger steps in a turn", "More than 1 lets the forger practise more."),
    "label_smoothing": ("Label smoothing", "Stops the detective from being too sure about real pictures."),
    "ema": ("Averaged forger (EMA)", "Shows the average of recent forgers: calmer pictures. 0 is off."),
    "fresh_fakes": ("Fresh fakes for the forger", "The forger learns from new fakes, not the ones just judged."),
    "pixel_range": ("Pixel range", "The numbers for black and white. Tanh networks draw from -1 to 1."),
    "drop_last": ("Skip the last, short batch", "Leaves out the few pictures that do not fill a batch."),
    "seed": ("Seed", "The start of all random numbers. Same seed and settings, same pictures."),
    "device": ("Computer part (device)", "Auto takes the graphics card if there is one."),
}

PRESETS = {
    "quick": ("Quick", "Small networks. You say what to draw."),
    "best": ("Patient", "Ten minutes, without learning by heart."),
    "best_clothes": ("Patient: clothes", "Ten minutes of clothes, seen with holes."),
    "best_photos": ("Patient: photos", "Ten minutes of colour photos. They are hard."),
    "dcgan": ("Plain DCGAN", "Like Quick, but nobody says what to draw."),
    "deep_mlp_vs_conv": ("Deep forger, looking detective", "A big forger against a detective that sees shapes."),
    "first_gan": ("My first GAN", "The shortest recipe. Its pixel ranges do not match: can you see it?"),
    "workshop": ("Workshop", "Plain layers and patience."),
    "pocket": ("Pocket", "The smallest networks that can draw."),
    "fundamentals": ("Fundamentals", "The textbook recipe, with all the tricks of its time."),
    "collapse": ("Failure: mode collapse", "Pocket with fifty times the learning rate."),
    "collapse_cured": ("Cure: mode collapse", "Smaller steps with less momentum."),
    "strong_discriminator": ("Failure: detective too strong", "It practises far more, and the loss saturates."),
    "strong_discriminator_cured": ("Cure: detective too strong", "Equal turns, and a loss that does not saturate."),
    "weak_discriminator": ("Failure: forger too strong", "The detective learns 200 times more slowly."),
    "weak_discriminator_cured": ("Cure: forger too strong", "Both learn equally fast."),
    "swings": ("Failure: oscillation", "The detective's steps are ten times as big as the forger's."),
    "swings_cured": ("Cure: oscillation", "Both take small steps."),
    "explosion": ("Failure: divergence", "Far too big steps: the numbers blow up."),
    "explosion_cured": ("Cure: divergence", "An optimiser that chooses the size of each step."),
    "by_heart": ("Failure: learning by heart", "Only 50 pictures: the detective remembers each one."),
    "by_heart_cured": ("Cure: learning by heart", "All the pictures, and equal turns."),
}

OPTIONS = {
    "depth": ("Layers (depth)", "Hidden layers in each network. More can do more, but learn more slowly."),
    "width": ("Width", "How many numbers or channels a layer has. Wider can do more, but is slower."),
    "activation": ("Activation", "How each number is bent on its way to the next layer."),
    "norm": ("Norm", "Keeps the numbers between the forger's layers at a good size."),
    "d_norm": ("Detective's norm", "Keeps the numbers between the detective's layers at a good size."),
    "init": ("First weights", "How the networks' numbers are drawn before the first step."),
    "class_weight": ("Weight of the kind", "How much it counts to name the right kind of picture."),
    "dropout": ("Dropout", "The share of its numbers that the detective forgets in each step."),
    "mapping": ("Mapping layers", "Layers that turn random numbers into a style."),
    "mixing": ("Style mixing", "How often a fake gets its styles from two sets of random numbers."),
    "truncation": ("Truncation", "Below 1 the fakes stay closer to the average: cleaner, but more alike."),
}

CHOICES = {
    "both": "Both",
    "generator": "Only the forger",
    "discriminator": "Only the detective",
    "adam": "Adam",
    "rmsprop": "RMSprop",
    "sgd": "SGD",
    "auto": "Choose for me",
    "cpu": "Processor (CPU)",
    "cuda": "NVIDIA graphics card (CUDA)",
    "mps": "Apple graphics (MPS)",
    "own": "As they are",
    "torch": "As PyTorch draws them",
    "paper": "As in the paper",
    "leaky_relu": "Leaky ReLU",
    "relu": "ReLU",
    "tanh": "Tanh",
    "none": "None",
    "batch": "Batch norm",
    "layer": "Layer norm",
    "-1..1": "-1 to 1",
    "0..1": "0 to 1",
}

STATES = {
    RunState.QUEUED: "Waiting",
    RunState.STARTING: "Getting ready",
    RunState.RUNNING: "Training",
    RunState.PAUSED: "Paused",
    RunState.STOPPING: "Stopping",
    RunState.FINISHED: "Finished",
    RunState.STOPPED: "Stopped",
    RunState.ABANDONED: "Stopped: nobody was watching",
    RunState.INTERRUPTED: "Interrupted",
    RunState.FAILED: "Something went wrong",
}

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

QUEUED = "Waiting for a place to train: number {place} in the queue. It starts by itself."
FAKES_ALT, REALS_ALT = "32 fakes.", "32 real pictures"
UNTRAINED = "Untrained, the forger turns random numbers into this."
LOST_RUN = "The run in this link is not on this computer any more. Start a new one."
BAD_LINK = "The settings in this link cannot be used, so the quick recipe was taken. {error}"

VIEWS = CHARTS, SCORES, NETWORKS, STEP, PAST = ("Charts", "Scores", "Nets", "Step", "Past")

NOTHING_KEPT_YET = "From the first whole epoch on, you can go back here."
FORK = "A new run from there, with the settings on the left."
FORK_OTHER = "These settings need other networks, so they cannot go on from there."
BOTH_FUTURES = "This run and the one that it was forked from, side by side."
KEPT = "{count} moments of this run are kept ({size:.0f} MB)."
HERE = "here"
FAKES, PARENT = "Fakes", "The run before"
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
TOLD = 2  # settings that a run's title names
THEN = "**{whose}**, epoch {epoch}. {spotted} of {count} spotted{realism}."

HOW_FAR = "A step is a batch, an epoch is all."
USE_NOW = "The run goes on with these settings; the charts mark the moment."
NO_STEP_YET = "The next step is shown here, part by part."
STEP_ELSEWHERE = "A step is shown here while those who steer this run look at one."
WATCHING = "You are watching. Start training starts a run of your own."
RESTING = "It is paused."

THIS_RUN, THESE_SETTINGS = "Watch this run", "These settings"
SHARED = {
    THIS_RUN: "Others see it live. They cannot stop or change it.",
    THESE_SETTINGS: "Others find the same settings, ready to start.",
}
ONLY_HERE = "Only this computer can open these links: others cannot reach it over the network."

STABILISERS = "Tricks that keep the game between forger and detective fair. Each one helps against something else."
NEVER = "Not to be had now: {reason}"
DROPPED = "Switched off, because {reason}"

CONDITIONS = {
    Condition.TOO_EARLY: "Too early to say",
    Condition.HEALTHY: "Healthy",
    Condition.MODE_COLLAPSE: "Mode collapse",
    Condition.DISCRIMINATOR_TOO_STRONG: "The detective is too strong",
    Condition.GENERATOR_TOO_STRONG: "The forger is too strong",
    Condition.OSCILLATION: "Oscillation",
    Condition.DIVERGENCE: "Divergence",
    Condition.OVERFITTING: "The detective learns by heart",
}

LOOK_SCORES = "**What the detective believes.** Do they meet? At 0.5 it only guesses."
LOOK_LOSSES = "**Losses: how wrong each one is.** Watch for a line that runs away."


ALL_KINDS = "the same as the real ones"
FOLLOW = "Its way through both networks: what each layer makes of it."

SCORE_LINES = {
    "realism": ("Realism", "Lower is better."),
    "variety": ("Variety", "Kinds drawn."),
    "precision": ("Precision", "Looks real."),
    "recall": ("Recall", "Covers the real."),
    "copying": ("Copying", "Near 0: it copies."),
}
SCORED_ON = (
    "{samples:,} new fakes, judged by a referee that has learned to read real pictures. Dashed: what real ones get."
)
NO_SCORES_YET = "The first scores come after the first epoch."
NO_REFEREE = "There is no referee for these pictures, so only the scores that need none are shown."


def score_alt(name: str, scores: Sequence[tuple[float, Scores]], floor: Scores | None) -> str:
    """A score's chart for somebody who cannot see it."""
    epoch, newest = scores[-1]
    real = getattr(floor, name, None)
    beside = "" if real is None else f" Real pictures get {real:.3g}."
    return f"{SCORE_LINES[name][0]} after {epoch:.0f} epochs: {getattr(newest, name):.3g}.{beside}"


def plain(text: str) -> str:
    """A sentence of the engine in the words of the classroom."""
    for proper, child in (("discriminator", "detective"), ("generator", "forger")):
        text = text.replace(proper, child).replace(proper.capitalize(), child.capitalize())
    return text


def preset_title(name: str) -> str:
    return PRESETS.get(name, (name, ""))[0]


def preset_line(name: str) -> str:
    return PRESETS.get(name, (name, ""))[1]


def seen(snapshot: Snapshot, shown: int) -> str:
    """What is to be seen in the newest reading, in one sentence."""
    scores = snapshot.reading.sample_scores[:shown]
    spotted = sum(score < 0.5 for score in scores)
    if not snapshot.reading.step:
        return "The forger has not learned anything yet."
    return f"Bar: how real it looks. The detective spots {spotted} of {len(scores)}."


def run_title(config: RunConfig) -> str:
    """What a run is, in a few words: its recipe, and what differs from it."""
    name = presets.closest(config)
    recipe = presets.get(name)
    changed = presets.with_same_world(config, recipe).changes_from(recipe)
    told = [
        f"{SETTINGS[setting][0].lower()} {CHOICES.get(str(value), as_text(value))}"
        for setting, value in changed.items()
        if setting != "epochs"  # how far it came is said elsewhere
    ]
    pictures = [] if config.data == recipe.data else [str(data.get(config.data).title).lower()]
    return ", ".join([preset_title(name), *pictures, *told[:TOLD], *(["..."] if len(told) > TOLD else [])])


def stored_line(run: StoredRun) -> str:
    """How far a run came, when, and what it takes."""
    epochs = f"{run.epoch:.0f} {'epoch' if run.epoch == 1 else 'epochs'}"
    parts = [STATES[run.state], epochs, duration(run.seconds)]
    parts += [f"realism {run.realism:.1f}"] if run.realism is not None else []
    parts += [f"{run.created.astimezone():%d %b, %H:%M}", megabytes(run.bytes)]
    return " · ".join(parts)


def megabytes(size: float) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:.0f} MB"


def change_line(change: Change) -> str:
    """What was changed while a run went on, in a few words."""
    told = [(SETTINGS[name][0], as_text(value) or "off") for name, value in change.settings.items()]
    return ", ".join(f"{label} {CHOICES.get(value, value)}" for label, value in told)


def changes_alt(changes: Sequence[Change]) -> str:
    return "".join(f" At epoch {change.epoch:.1f}: {change_line(change)}." for change in changes)


def scores_alt(points: Sequence[Point]) -> str:
    """The chart of beliefs for somebody who cannot see it."""
    if not points:
        return "The detective's beliefs over the epochs. No points yet."
    last = points[-1]
    return (
        f"The detective's beliefs after {last.epoch:.1f} epochs: D(real) {last.d_real:.2f}, D(fake) {last.d_fake:.2f}."
    )


def losses_alt(points: Sequence[Point]) -> str:
    """The chart of losses for somebody who cannot see it."""
    if not points:
        return "The losses over the epochs. No points yet."
    last = points[-1]
    return f"Losses after {last.epoch:.1f} epochs: detective {last.d_loss:.2f}, forger {last.g_loss:.2f}."


def duration(seconds: float) -> str:
    """95 -> "1 min 35 s"."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def summary(snapshot: Snapshot) -> str:
    """A run that has ended, in two sentences."""
    if not snapshot.reading or not snapshot.reading.step:
        return f"{STATES[snapshot.state]} before the first step."
    epochs = len(snapshot.records)
    first = (
        f"{STATES[snapshot.state]} after {epochs} {'epoch' if epochs == 1 else 'epochs'} "
        f"in {duration(snapshot.seconds)}."
    )
    belief = snapshot.points[-1].d_fake if snapshot.points else snapshot.reading.d_fake
    verdict = "can hardly tell" if belief > 0.4 else "can often tell" if belief > 0.2 else "can nearly always tell"
    return f"{first} D(fake) is {belief:.2f}: the detective {verdict}."
