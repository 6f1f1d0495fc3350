"""The words of settings: what each does, its choices, and the options that some networks have."""

from typing import Any

from gan import families
from gan.data.shares import HELD_OUT
from gan.messages import Message, msg
from gan.parts import nets
from gan.setup.config import RunConfig
from gan.setup.kinds import as_text

PRESET = msg("setting.preset", "preset")

# What a setting does, in a line; those that are not here are explained by their value.
LINES = {
    "data": msg("setting.data.line", "What the forger learns to copy."),
    "learning_rate": msg("setting.learning_rate.line", "How big each learning step is."),
    "latent_size": msg("setting.latent_size.line", "Random numbers behind each picture."),
    "classes": msg("setting.classes.line", "Fewer kinds are easier to copy. Empty means all."),
    "pictures": msg(
        "setting.pictures.line",
        "With few, the detective learns them by heart. 0 means all, but for those that are kept aside to test it: "
        "{aside} of each set that comes with this program.",
        aside=HELD_OUT,
    ),
    "drawing": msg("setting.drawing.line", "The dots that you have drawn."),
    "picture_size": msg("setting.picture_size.line", "Pixels on each side. More pixels take much longer."),
    "family": msg("setting.family.line", "What kind of model learns to draw."),
    "task": msg("setting.task.line", "Which pictures go in, and which shall come out."),
    "architecture": msg("setting.architecture.line", "How the forger and the detective are built."),
    "options": msg("setting.options.line", "What can be changed in these networks."),
    "loss": msg("setting.loss.line", "What each of them tries to make small."),
    "stabilisers": msg("setting.stabilisers.line", "Tricks that keep the game fair."),
    "noise": msg("setting.noise.line", "How the random numbers are drawn: mostly small ones, or all alike often."),
    "d_learning_rate": msg("setting.d_learning_rate.line", "Its own step size, if it should differ from the forger's."),
    "learning_rate_decay": msg(
        "setting.learning_rate_decay.line", "The share of both step sizes that is gone at the end."
    ),
    "batch_size": msg("setting.batch_size.line", "How many pictures they see before each learning step."),
    "batch_parts": msg(
        "setting.batch_parts.line",
        "More than 1 takes less memory: they look at a batch part by part, and learn from all parts in one step.",
    ),
    "epochs": msg("setting.epochs.line", "How many times they go through all the pictures."),
    "optimizer": msg("setting.optimizer.line", "The rule that turns mistakes into changes."),
    "beta1": msg("setting.beta1.line", "How much of the last steps is carried on into the next."),
    "beta2": msg("setting.beta2.line", "How long the optimiser remembers how bumpy the way was."),
    "learners": msg("setting.learners.line", "The other one stands still."),
    "d_steps": msg("setting.d_steps.line", "More than 1 lets the detective practise more."),
    "g_steps": msg("setting.g_steps.line", "More than 1 lets the forger practise more."),
    "label_smoothing": msg(
        "setting.label_smoothing.line", "Stops the detective from being too sure about real pictures."
    ),
    "ema": msg("setting.ema.line", "Shows the average of recent forgers: calmer pictures. 0 is off."),
    "fresh_fakes": msg("setting.fresh_fakes.line", "The forger learns from new fakes, not the ones just judged."),
    "pixel_range": msg("setting.pixel_range.line", "The numbers for black and white. Tanh networks draw from -1 to 1."),
    "drop_last": msg("setting.drop_last.line", "Leaves out the few pictures that do not fill a batch."),
    "seed": msg("setting.seed.line", "The start of all random numbers. Same seed and settings, same pictures."),
    "device": msg("setting.device.line", "Auto takes the graphics card if there is one."),
}

# What an option of the networks does, in a line; what it is called stands with the networks.
OPTION_LINES = {
    "depth": msg("option.depth.line", "Hidden layers in each network. More can do more, but learn more slowly."),
    "width": msg("option.width.line", "How many numbers or channels a layer has. Wider can do more, but is slower."),
    "extra_layers": msg(
        "option.extra_layers.line",
        "More layers where the picture is smallest. More can do more, but learn more slowly.",
    ),
    "activation": msg("option.activation.line", "How each number is bent on its way to the next layer."),
    "norm": msg("option.norm.line", "Keeps the numbers between the forger's layers at a good size."),
    "d_norm": msg("option.d_norm.line", "Keeps the numbers between the detective's layers at a good size."),
    "init": msg("option.init.line", "How the networks' numbers are drawn before the first step."),
    "class_weight": msg("option.class_weight.line", "How much it counts to name the right kind of picture."),
    "dropout": msg("option.dropout.line", "The share of its numbers that the detective forgets in each step."),
    "likeness": msg("option.likeness.line", "How much it counts that pictures come back as the detective sees them."),
    "beta": msg("option.beta.line", "How much it counts that the codes look like noise. 0 forgets about it."),
    "warm_up": msg("option.warm_up.line", "The share of the run in which that weight grows from 0."),
    "likelihood": msg("option.likelihood.line", "How the difference between two pictures is counted."),
    "draws_from": msg("option.draws_from.line", "Where the random numbers come from that new pictures are drawn of."),
    "process": msg("option.process.line", "How pictures are turned into noise: the way back is what is learned."),
    "predicts": msg("option.predicts.line", "What the network says about a noisy picture."),
    "guidance": msg(
        "option.guidance.line", "How closely it keeps to the kind that it is asked for. 1 is without help."
    ),
    "sampler_steps": msg("option.sampler_steps.line", "How often it looks until a picture stands. More takes longer."),
    "patches": msg("option.patches.line", "The more, the larger is the part of a picture that is judged at once."),
    "blocks": msg("option.blocks.line", "Layers in the middle of each forger. More can do more, but are slower."),
    "l1_weight": msg(
        "option.l1_weight.line", "How much it counts to come out as it should. 0 leaves it to the detective."
    ),
    "cycle_weight": msg(
        "option.cycle_weight.line", "How much it counts that a picture comes back as it was. 0 forgets about it."
    ),
    "identity_weight": msg(
        "option.identity_weight.line", "How much it counts, beside that, to leave alone what is right already."
    ),
    "mapping": msg("option.mapping.line", "Layers that turn random numbers into a style."),
    "mixing": msg("option.mixing.line", "How often a fake gets its styles from two sets of random numbers."),
    "truncation": msg(
        "option.truncation.line", "Below 1 the fakes stay closer to the average: cleaner, but more alike."
    ),
}

# The choices of a setting or an option, by how a link writes them.
VALUES = {
    "both": msg("value.both", "Both"),
    "generator": msg("value.generator", "Only the forger"),
    "discriminator": msg("value.discriminator", "Only the detective"),
    "normal": msg("value.normal", "Normal: mostly near 0"),
    "uniform": msg("value.uniform", "Uniform: from -1 to 1"),
    "adam": msg("value.adam", "Adam"),
    "rmsprop": msg("value.rmsprop", "RMSprop"),
    "sgd": msg("value.sgd", "SGD"),
    "auto": msg("value.auto", "Choose for me"),
    "cpu": msg("value.cpu", "Processor (CPU)"),
    "cuda": msg("value.cuda", "NVIDIA graphics card (CUDA)"),
    "mps": msg("value.mps", "Apple graphics (MPS)"),
    "own": msg("value.own", "As they are"),
    "torch": msg("value.torch", "As PyTorch draws them"),
    "paper": msg("value.paper", "As in the paper"),
    "leaky_relu": msg("value.leaky_relu", "Leaky ReLU"),
    "relu": msg("value.relu", "ReLU"),
    "tanh": msg("value.tanh", "Tanh"),
    "sigmoid": msg("value.sigmoid", "Sigmoid"),
    "none": msg("value.none", "None"),
    "batch": msg("value.batch", "Batch norm"),
    "layer": msg("value.layer", "Layer norm"),
    "bernoulli": msg("value.bernoulli", "Bernoulli: each pixel black or white"),
    "gaussian": msg("value.gaussian", "Gaussian: squares"),
    "fitted": msg("value.fitted", "Fitted to the codes of real pictures"),
    "prior": msg("value.prior", "As they come"),
    "flow": msg("value.flow", "Straight lines (rectified flow)"),
    "ddpm": msg("value.ddpm", "Cosine schedule (DDPM)"),
    "picture": msg("value.picture", "The clean picture"),
    "velocity": msg("value.velocity", "Which way to go"),
    "noise": msg("value.noise", "The noise"),
    "outline": msg("value.outline", "Fill an outline"),
    "sharpen": msg("value.sharpen", "Sharpen: a quarter of the pixels each way"),
    "repair": msg("value.repair", "Repair: holes and scratches"),
    "thicken": msg("value.thicken", "Thin to thick"),
    "kinds": msg("value.kinds", "One kind into another"),
    "-1..1": msg("value.from_minus_1", "-1 to 1"),
    "0..1": msg("value.from_0", "0 to 1"),
    "same": msg("value.as_the_other", "same"),
}


def label(name: str) -> Message:
    """What a setting, or an option by its own name, is called, here and where the engine refuses it."""
    is_option = name not in RunConfig.__dataclass_fields__ and any(name in each for each in _options())
    return nets.option_title(name) if is_option else Message(f"setting.{name}", name)


def _options() -> list[dict[str, tuple]]:
    """The options of every family and of every architecture."""
    return [*map(families.options, families.names()), *map(nets.options, nets.names())]


def line(name: str) -> Message | str:
    """What a setting does; nothing for one that is explained by its value."""
    return LINES.get(name, "")


def value(raw: Any) -> Message | str:
    """A value of a setting: a choice in words, a number as the language writes it."""
    text = as_text(raw)
    if text in VALUES or not isinstance(raw, float):
        return VALUES.get(text, text)
    return Message("", "{number:g}" if float(f"{raw:g}") == raw else "{number}", {"number": raw})
