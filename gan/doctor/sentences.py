"""What the evidence says: whole sentences, with the run's numbers and classes in them."""

import math
from collections.abc import Sequence

from gan import data
from gan.messages import Message, msg, msgs
from gan.setup.config import RunConfig

NAMED_SHARE = 0.7  # classes are named until they are this share of the fakes, three at most
MOST = 1e9  # beyond a billion the digits say nothing


def figure(value: float) -> Message:
    """1,234, 54, 1.4, 0.0031."""
    if value >= MOST:
        return msg("doctor.billion", "over a billion")
    if value <= -MOST:
        return msg("doctor.minus_billion", "less than minus a billion")
    return Message("", "{number:,.0f}" if abs(value) >= 10 else "{number:.2g}", {"number": value})


def points(share: float) -> Message:
    """A share as points of 100."""
    return Message("", "{points:.0f}", {"points": 100 * share})


# What the fakes show


def most_frequent(shares: Sequence[float], config: RunConfig) -> Message | None:
    """Such as "9 of 10 fakes are a 1 or a 7."; None where the shares are not of the set's classes."""
    found = data.get(config.data)
    numbers = range(config.class_count) if len(shares) == config.class_count else config.learned_classes
    if not shares or len(shares) != len(numbers) or not all(map(math.isfinite, shares)):
        return None
    order = sorted(range(len(shares)), key=lambda place: -shares[place])
    count = next((n for n in (1, 2) if sum(shares[place] for place in order[:n]) >= NAMED_SHARE), 3)
    kinds = tuple(found.one(numbers[place]) for place in order[:count])
    tenths = math.floor(10 * sum(shares[place] for place in order[:count]) + 1e-6)
    if tenths >= 10:
        return msg("doctor.all_are", "All fakes are {kinds:or}.", kinds=kinds)
    return msg("doctor.tenths_are", "{tenths} of 10 fakes are {kinds:or}.", tenths=tenths, kinds=kinds)


def few_kinds(variety: float, floor: float) -> Message:
    return msg(
        "doctor.few_kinds", "The fakes are of about {variety:.1f} kinds; the real pictures are of {floor:.0f}.",
        variety=variety, floor=floor,
    )  # fmt: skip


def few_blobs(found: int, all_: int) -> Message:
    return msgs(
        "doctor.few_blobs",
        "The fakes find only {count} of {all} blobs.",
        "The fakes find only {count} of {all} blobs.",
        found,
        all=all_,
    )


def low_recall(recall: float) -> Message:
    if round(100 * recall) == 0:
        return msg("doctor.no_recall", "There is hardly a real picture that any fake looks like.")
    return msg(
        "doctor.low_recall", "For only {recall} of 100 real pictures there is a fake that looks like it.",
        recall=points(recall),
    )  # fmt: skip


# What the numbers show


def few_steps(steps: int) -> Message:
    if not steps:
        return msg("doctor.no_steps", "There are no training steps yet.")
    return msgs(
        "doctor.few_steps", "Only {count:,} training step so far.", "Only {count:,} training steps so far.", steps
    )


def stands_still(learners: str) -> Message:
    """Of a run in which only the generator, or only the discriminator, is set to learn."""
    if learners == "generator":
        return msg("doctor.d_stands_still", "The discriminator stands still: only the generator is set to learn.")
    return msg("doctor.g_stands_still", "The generator stands still: only the discriminator is set to learn.")


def not_numbers(epoch: int) -> Message:
    return msg("doctor.not_numbers", "In epoch {epoch} the losses grew until they were no longer numbers.", epoch=epoch)


def far_from_guessing(loss: float, guessing: float) -> Message:
    return msg(
        "doctor.far_from_guessing", "The discriminator's loss is {loss}: just guessing would give {guessing}.",
        loss=figure(loss), guessing=figure(guessing),
    )  # fmt: skip


def grown(network: str, loss: float, times: float) -> Message:
    here = {"loss": figure(loss), "times": figure(times)}
    if network == "generator":
        return msg("doctor.g_grown", "The generator's loss has grown to {loss}, {times} times what it was.", **here)
    return msg("doctor.d_grown", "The discriminator's loss has grown to {loss}, {times} times what it was.", **here)


def known_by_heart(seen: float, unseen: float) -> Message:
    return msg(
        "doctor.known_by_heart",
        "The discriminator gives {seen} of 100 points to real pictures that it knows, "
        "but only {unseen} to real ones that it has never seen.",
        seen=points(seen), unseen=points(unseen),
    )  # fmt: skip


def vanished(left: float, stuck: bool) -> Message:
    if stuck:
        return msg(
            "doctor.vanished_stuck",
            "The generator's gradients have shrunk to {left:.1%} of what they were, "
            "and the pictures do not get better.",
            left=left,
        )
    return msg("doctor.vanished", "The generator's gradients have shrunk to {left:.1%} of what they were.", left=left)


def catches_all(real: float, fake: float, stuck: bool) -> Message:
    here = {"real": points(real), "fake": points(fake)}
    if stuck:
        return msg(
            "doctor.catches_all_stuck",
            "The discriminator gives {real} of 100 points to real pictures and {fake} to fakes, "
            "and the pictures do not get better.",
            **here,
        )
    return msg(
        "doctor.catches_all", "The discriminator gives {real} of 100 points to real pictures and {fake} to fakes.",
        **here,
    )  # fmt: skip


def hardly_wrong(loss: float, stuck: bool) -> Message:
    if stuck:
        return msg(
            "doctor.hardly_wrong_stuck",
            "The discriminator is hardly ever wrong (its loss is {loss}), and the pictures do not get better.",
            loss=figure(loss),
        )
    return msg("doctor.hardly_wrong", "The discriminator is hardly ever wrong (its loss is {loss}).", loss=figure(loss))


def fooled(fake: float, real: float, bad: bool, alike: bool) -> Message:
    here = {"real": points(real), "fake": points(fake)}
    if alike:
        return msg(
            "doctor.fooled_alike",
            "The discriminator gives {fake} of 100 points to fakes and {real} to real pictures, "
            "although the fakes are nearly all alike.",
            **here,
        )
    if bad:
        return msg(
            "doctor.fooled_bad",
            "The discriminator gives {fake} of 100 points to fakes and {real} to real pictures, "
            "although the pictures do not look real yet.",
            **here,
        )
    return msg(
        "doctor.fooled", "The discriminator gives {fake} of 100 points to fakes and {real} to real pictures.", **here
    )


def swinging_belief(turns: int, low: float, high: float) -> Message:
    return msg(
        "doctor.swinging_belief",
        "The discriminator's points for fakes have changed direction {turns} times, "
        "between {low} and {high} of 100.",
        turns=turns, low=points(low), high=points(high),
    )  # fmt: skip


def swinging_loss(network: str, turns: int, low: float, high: float) -> Message:
    here = {"turns": turns, "low": figure(low), "high": figure(high)}
    if network == "generator":
        return msg(
            "doctor.swinging_g_loss",
            "The generator's loss has changed direction {turns} times, between {low} and {high}.",
            **here,
        )
    return msg(
        "doctor.swinging_d_loss",
        "The discriminator's loss has changed direction {turns} times, between {low} and {high}.",
        **here,
    )


def not_real_yet(realism: float | None) -> Message:
    if realism is None:
        return msg("doctor.not_real_yet", "The fakes do not look real yet.")
    return msg(
        "doctor.not_real_yet_realism",
        "The fakes do not look real yet: realism is {realism}, and 0 is perfect.",
        realism=figure(realism),
    )


def worse(epoch: float, best: float, now: float) -> Message:
    return msg(
        "doctor.worse", "Realism was {best} in epoch {epoch:.0f} and is {now} now (0 is perfect).",
        best=figure(best), epoch=math.ceil(epoch), now=figure(now),
    )  # fmt: skip


def even_points(fake: float, real: float, realism: Sequence[float], better: bool) -> Message:
    """A healthy run whose D has a level; `realism` is the recent one."""
    if better and realism:
        return msg(
            "doctor.even_better",
            "The discriminator gives {fake} of 100 points to fakes, "
            "and realism has gone from {first} to {last} (0 is perfect).",
            fake=points(fake), first=figure(realism[0]), last=figure(realism[-1]),
        )  # fmt: skip
    if realism:
        return msg(
            "doctor.even_realism",
            "The discriminator gives {fake} of 100 points to fakes, and realism is {last} (0 is perfect).",
            fake=points(fake), last=figure(realism[-1]),
        )  # fmt: skip
    return msg(
        "doctor.even", "The discriminator gives {fake} of 100 points to fakes and {real} to real pictures.",
        fake=points(fake), real=points(real),
    )  # fmt: skip


def steady(low: float, high: float, realism: Sequence[float], better: bool) -> Message:
    """A healthy run whose D has none: its loss lies between `low` and `high`."""
    here = {"low": figure(low), "high": figure(high)}
    if better and realism:
        return msg(
            "doctor.steady_better",
            "The discriminator's loss is steady, between {low} and {high}, "
            "and realism has gone from {first} to {last} (0 is perfect).",
            **here, first=figure(realism[0]), last=figure(realism[-1]),
        )  # fmt: skip
    if realism:
        return msg(
            "doctor.steady_realism",
            "The discriminator's loss is steady, between {low} and {high}, and realism is {last} (0 is perfect).",
            **here, last=figure(realism[-1]),
        )  # fmt: skip
    return msg("doctor.steady", "The discriminator's loss is steady, between {low} and {high}.", **here)
