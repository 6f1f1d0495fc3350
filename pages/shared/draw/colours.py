"""What each colour means, in both themes. Okabe-Ito: told apart by colour-blind eyes."""

REAL = {"light": "#0072B2", "dark": "#56B4E9"}
FAKE = {"light": "#D55E00", "dark": "#F0883E"}  # and the forger
FAKE_INK = {"light": "#B34F00", "dark": "#F0883E"}  # the same for text, dark enough to read
DETECTIVE = {"light": "#00785A", "dark": "#2FC99A"}
TEXT = {"light": "#111827", "dark": "#F3F4F6"}
FAINT = {"light": "#E5E7EB", "dark": "#2B323B"}
MUTED = {"light": "#5B6472", "dark": "#A3ACB8"}
TRACK = {"light": "#D1D5DB", "dark": "#3A424D"}
PAGE = {"light": "#FFFFFF", "dark": "#111418"}
ACCENT = {"light": "#6D28D9", "dark": "#A78BFA"}  # what to press next, and what was changed
SOFT = {"light": "#F3F4F6", "dark": "#1D2229"}  # behind boxes

# The runs of a race, A to D: far from the colours above and from each other, also for colour-blind eyes.
LANES = {
    "light": ("#22223B", "#C4167F", "#857000", "#662A1F"),
    "dark": ("#F5F5F5", "#FF8AD0", "#E8D44D", "#997A6B"),
}
DASHES = ((), (10, 4), (3, 3), (12, 4, 3, 4))  # pixels on and off

# Kinds of pictures on a map, where each also has its name; they come round again where there are more.
KINDS = {
    "light": (
        "#332288", "#0072B2", "#44AA99", "#117733", "#999933", "#B8860B",
        "#CC6677", "#882255", "#AA4499", "#5B6472", "#D55E00", "#222222",
    ),
    "dark": (
        "#9C8CFF", "#56B4E9", "#44C7AE", "#4CC36A", "#CFCF4A", "#E8C34D",
        "#F08A9A", "#D96A9C", "#E08ADF", "#A3ACB8", "#F0883E", "#F5F5F5",
    ),
}  # fmt: skip

# A heat map from bad to good: dark blue to yellow, which grows lighter all the way, for every kind of eyes.
HEAT = ("#00204D", "#414D6B", "#7C7B78", "#BCAF6F", "#FFEA46")
INKS = ("#FFFFFF", "#111827", "#000000")  # of which one can be read on any colour
READABLE = 4.5  # the contrast that WCAG 2.2 asks of text


def contrast(one: str, other: str) -> float:
    """How far two colours (#RRGGBB) are apart, from 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
