"""Numbers and classes as the evidence says them."""

import math
from collections.abc import Sequence

from gan import data
from gan.data.catalog import with_article
from gan.setup.config import RunConfig

NAMED_SHARE = 0.7  # classes are named until they are this share of the fakes, three at most


def most_frequent(shares: Sequence[float], config: RunConfig) -> str | None:
    """Such as "9 of 10 fakes are a 1 or a 7."; None where the shares are not of the set's classes."""
    names = data.get(config.data).class_names
    if len(shares) != len(names):
        names = tuple(names[number] for number in config.classes)
    if not shares or len(shares) != len(names) or not all(map(math.isfinite, shares)):
        return None
    order = sorted(range(len(shares)), key=lambda number: -shares[number])
    count = next((n for n in (1, 2) if sum(shares[i] for i in order[:n]) >= NAMED_SHARE), 3)
    chosen = [with_article(names[number]) for number in order[:count]]
    tenths = math.floor(10 * sum(shares[number] for number in order[:count]) + 1e-6)
    which = " or ".join([", ".join(chosen[:-1]), chosen[-1]] if chosen[1:] else chosen)
    return f"All fakes are {which}." if tenths >= 10 else f"{tenths} of 10 fakes are {which}."


def percent(share: float) -> str:
    return f"{100 * share:.0f}"


def figure(value: float) -> str:
    """1,234, 54, 1.4, 0.0031; beyond a billion the digits say nothing."""
    if abs(value) >= 1e9:
        return "over a billion" if value > 0 else "less than minus a billion"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"
