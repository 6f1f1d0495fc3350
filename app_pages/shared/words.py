"""Every child-facing word in one place: short sentences, the proper term in brackets."""

from collections.abc import Sequence

from gan.runs import RunState, Snapshot
from gan.runs.history import Point

# name of the setting -> (label, one line that says what it does)
SETTINGS = {
    "data": ("Pictures", "What the forger learns to copy."),
    "preset": ("Recipe", "A complete set of settings."),
    "learning_rate": ("Learning rate", "How big each learning step is."),
    "latent_size": ("Latent size", "Random numbers behind each picture."),
    "classes": ("Only these kinds", "Fewer kinds are easier to copy. Empty means all."),
    "architecture": ("Networks (architecture)", "How the forger and the detective are built."),
    "d_learning_rate": ("Detective's learning rate", "Its own step size, if it should differ from the forger's."),
    "batch_size": ("Batch size", "How many pictures they see before each learning step."),
    "epochs": ("Epochs", "How many times they go through all the pictures."),
    "optimizer": ("Optimiser", "The rule that turns mistakes into changes."),
    "beta1": ("Beta 1 (momentum)", "How much of the last steps is carried on into the next."),
    "beta2": ("Beta 2", "How long the optimiser remembers how bumpy the way was."),
    "d_steps": ("Detective steps per forger step", "More than 1 lets the detective practise more."),
    "label_smoothing": ("Label smoothing", "Stops the detective from being too sure about real pictures."),
    "ema": ("Averaged forger (EMA)", "Shows the average of recent forgers: calmer pictures. 0 is off."),
    "fresh_fakes": ("Fresh fakes for the forger", "The forger learns from new fakes, not the ones just judged."),
    "pixel_range": ("Pixel range", "The numbers for black and white. Tanh networks draw from -1 to 1."),
    "drop_last": ("Skip the last, short batch", "Leaves out the few pictures that do not fill a batch."),
    "seed": ("Seed", "The start of all random numbers. Same seed and settings, same pictures."),
    "device": ("Computer part (device)", "Auto takes the graphics card if there is one."),
}

PRESETS = {
    "quick": ("Quick digits", "Small networks, made for a school laptop."),
    "deep_mlp_vs_conv": ("Deep forger, looking detective", "A big forger against a detective that sees shapes."),
    "first_gan": ("My first GAN", "The shortest recipe. Its pixel ranges do not match: can you see it?"),
    "workshop": ("Workshop", "Plain layers and patience."),
    "pocket": ("Pocket", "The smallest networks that can draw."),
    "fundamentals": ("Fundamentals", "The textbook recipe, with all the tricks of its time."),
}

ARCHITECTURES = {
    "dcgan": "Small convolutional (DCGAN)",
    "deep_mlp_vs_conv": "Deep forger, looking detective",
    "first_gan": "My first GAN",
    "workshop": "Workshop",
    "pocket": "Pocket",
    "fundamentals": "Fundamentals",
}

CHOICES = {
    "adam": "Adam",
    "rmsprop": "RMSprop",
    "sgd": "SGD",
    "auto": "Choose for me",
    "cpu": "Processor (CPU)",
    "cuda": "NVIDIA graphics card (CUDA)",
    "mps": "Apple graphics (MPS)",
    "-1..1": "-1 to 1",
    "0..1": "0 to 1",
}

STATES = {
    RunState.STARTING: "Getting ready",
    RunState.RUNNING: "Training",
    RunState.STOPPING: "Stopping",
    RunState.FINISHED: "Finished",
    RunState.STOPPED: "Stopped",
    RunState.ABANDONED: "Stopped: nobody was watching",
    RunState.FAILED: "Something went wrong",
}

DOWNLOADS = {
    "Pictures": "The last 64 fakes as a PNG picture.",
    "Film": "How the fakes changed, as a GIF film from the same random numbers.",
    "Numbers": "Losses and scores of every whole epoch as a CSV table.",
    "Settings": "All settings of this run as a JSON file.",
}

LOST_RUN = "The run in this link is not on this computer any more. Start a new one."
BAD_LINK = "The settings in this link cannot be used, so the quick recipe was taken. {error}"

VIEWS = ("Charts", "Networks")

LOOK_SCORES = "**What the detective believes.** Do they meet? At 0.5 it only guesses."
LOOK_LOSSES = "**Losses: how wrong each one is.** Watch for a line that runs away."


def title(table: dict, name: str) -> str:
    """The first words for `name`, or the name itself where there are none yet."""
    words = table.get(name, name)
    return words if isinstance(words, str) else words[0]


def seen(snapshot: Snapshot, shown: int) -> str:
    """What is to be seen in the newest reading, in one sentence."""
    scores = snapshot.reading.sample_scores[:shown]
    spotted = sum(score < 0.5 for score in scores)
    if not snapshot.reading.step:
        return "The forger has not learned anything yet."
    return f"Bar: how real it looks. The detective spots {spotted} of {len(scores)}."


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
