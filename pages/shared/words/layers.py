"""The words of networks: what each kind of layer does, what the field calls it, and what comes out of it."""

from typing import NamedTuple

from gan.messages import Message, msg, msgs, verbatim
from gan.records import Walk


class Words(NamedTuple):
    """What a layer does, in a few words and in a sentence, and its proper name."""

    does: Message
    term: Message
    about: Message


MIXES = Words(
    msg("layer.linear.does", "Mixes all numbers"),
    msg("layer.linear", "Linear"),
    msg("layer.linear.about", "Each number that comes out is a mix of all numbers that come in."),
)
ADDS_KIND = Words(
    msg("layer.class_beside.does", "Adds the wanted kind"),
    msg("layer.class_beside", "Class label"),
    msg("layer.class_beside.about", "Some numbers that stand for the wanted kind are put beside the random ones."),
)
KINDS = {
    "Linear": MIXES,
    "SlowLinear": MIXES,
    "Conv2d": Words(
        msg("layer.conv.does", "Looks for patterns"),
        msg("layer.conv", "Convolution"),
        msg("layer.conv.about", "Each map is bright where its small pattern is found: an edge, a corner, a stroke."),
    ),
    "ConvTranspose2d": Words(
        msg("layer.conv_transpose.does", "Makes it larger"),
        msg("layer.conv_transpose", "Transposed convolution"),
        msg("layer.conv_transpose.about", "Each number becomes a small patch, so that the maps grow and get finer."),
    ),
    "StyledConv": Words(
        msg("layer.styled_conv.does", "Draws in a style"),
        msg("layer.styled_conv", "Styled convolution"),
        msg("layer.styled_conv.about", "It draws finer shapes; the style says how much of each pattern to use."),
    ),
    "Start": Words(
        msg("layer.start.does", "Begins to draw"),
        msg("layer.start", "Learned start"),
        msg("layer.start.about", "Every picture begins with these learned maps. The style makes it differ."),
    ),
    "Attention": Words(
        msg("layer.attention.does", "Compares distant places"),
        msg("layer.attention", "Attention"),
        msg("layer.attention.about", "Each place looks at all others, so that parts far apart fit together."),
    ),
    "ClassBeside": ADDS_KIND,
    "SharedClass": ADDS_KIND,
    "Embedding": Words(
        msg("layer.embedding.does", "Knows the wanted kind"),
        msg("layer.embedding", "Embedding"),
        msg("layer.embedding.about", "Learned numbers that stand for the wanted kind."),
    ),
    "ToldBatchNorm": Words(
        msg("layer.told_batch_norm.does", "Tunes each map"),
        msg("layer.told_batch_norm", "Conditional batch norm"),
        msg(
            "layer.told_batch_norm.about",
            "Each map is turned up or down: the wanted kind and some of the random numbers say how much.",
        ),
    ),
    "Shortcut": Words(
        msg("layer.shortcut.does", "Leads past two layers"),
        msg("layer.shortcut", "Shortcut"),
        msg(
            "layer.shortcut.about",
            "The maps as they were before the last two layers, mixed anew. What those layers found is added to them.",
        ),
    ),
    "Total": Words(
        msg("layer.total.does", "Adds up all places"),
        msg("layer.total", "Sum"),
        msg("layer.total.about", "Each map becomes one number: how much of its pattern there is in the whole picture."),
    ),
    "Projection": Words(
        msg("layer.projection.does", "Adds up the clues"),
        msg("layer.projection", "Projection"),
        msg("layer.projection.about", "All clues, and how well they fit the wanted kind, add up to one number."),
    ),
    "Logit": Words(
        msg("layer.logit.does", "Adds up the clues"),
        msg("layer.logit", "Linear to 1"),
        msg("layer.logit.about", "All clues add up to one number: the higher it is, the more real the picture looks."),
    ),
    "LogitAndClass": Words(
        msg("layer.logit_and_class.does", "Adds up the clues"),
        msg("layer.logit_and_class", "Linear to 1 and class"),
        msg("layer.logit_and_class.about", "All clues add up to one number; beside it, the kind is named."),
    ),
    "Pack": Words(
        msg("layer.pack.does", "Puts pictures together"),
        msg("layer.pack", "Packing"),
        msg("layer.pack.about", "The detective sees several pictures at once, and so whether they are all alike."),
    ),
    "Variety": Words(
        msg("layer.variety.does", "Measures variety"),
        msg("layer.variety", "Batch variety"),
        msg("layer.variety.about", "One more map says how much the pictures of a batch differ."),
    ),
    "Closeness": Words(
        msg("layer.closeness.does", "Measures likeness"),
        msg("layer.closeness", "Closeness"),
        msg("layer.closeness.about", "Some more numbers say how close this picture is to the others of the batch."),
    ),
    "Normalise": Words(
        msg("layer.normalise.does", "Evens out"),
        msg("layer.normalise", "norm"),
        msg("layer.normalise.about", "All numbers are brought to about the same size."),
    ),
}
# Layers that only bend the numbers, or bring them to a good size, are named in their neighbour's box.
QUIET = {
    "BatchNorm1d": msg("layer.batch_norm", "Batch norm"),
    "BatchNorm2d": msg("layer.batch_norm", "Batch norm"),
    "LayerNorm": msg("layer.layer_norm", "layer norm"),
    "Normalise": msg("layer.normalise", "norm"),
    "LeakyReLU": msg("layer.leaky_relu", "leaky ReLU"),
    "ReLU": verbatim("ReLU"),
    "Tanh": verbatim("Tanh"),
    "Sigmoid": verbatim("Sigmoid"),
    "Dropout": msg("layer.dropout", "Dropout"),
}
UNSAID = {
    "Flatten",
    "Pictures",
    "Identity",
    "Fitted",
}  # change only the form of the numbers, or nothing where networks are drawn


def words(kind: str) -> Words:
    """What is said of a kind of layer; one that nobody has described goes by its name in the code."""
    name = verbatim(kind)
    return KINDS.get(kind, Words(name, name, msg("layer.other.about", "A layer that nobody has described here yet.")))


def is_quiet(kind: str) -> bool:
    """Whether it stands in the box of the layer before it."""
    return kind in QUIET or kind in UNSAID


def terms(kinds: list[str]) -> Message:
    """The proper names of a layer and of the quiet ones that follow it."""
    first, *rest = kinds
    said = [QUIET[kind] for kind in rest if kind in QUIET]
    named = words(first).term
    return msg("layer.terms", "{names:list}", names=[named, *dict.fromkeys(said)]) if said else named


def size(shape: tuple[int, ...]) -> Message:
    """What comes out of a layer: "16 feature maps of 14 x 14"."""
    if len(shape) == 3:
        count, height, width = shape
        side = {"height": height, "width": width}
        return msgs(
            "layer.maps", "{count} map of {height} x {width}", "{count:,} feature maps of {height} x {width}",
            count, **side,
        )  # fmt: skip
    count = 1
    for side in shape:
        count *= side
    return msgs("layer.numbers", "{count} number", "{count:,} numbers", count)


def parameters(count: int) -> Message:
    return msgs(
        "layer.parameters", "{count} adjustable number", "{count:,} adjustable numbers (parameters)", count
    )  # fmt: skip


def drawn(walk: Walk) -> Message:
    """How the fake came about, in a sentence."""
    return msg(
        "layer.drawn", "The forger turns {numbers:,} random numbers into a fake, through {count} layers.",
        numbers=len(walk.noise), count=len([stage for stage in walk.generator if not is_quiet(stage.kind)]),
    )  # fmt: skip
