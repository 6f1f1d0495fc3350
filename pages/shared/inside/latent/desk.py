"""The desk of one tab: the pictures that were picked of a run, and the two that all views work with, A and B.

What is kept is the noise that a picture was drawn from, so that at another epoch the same noise shows what the
forger made of it then.
"""

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan import export
from gan.inside import latent
from gan.runs import Run
from pages.shared.inside.chosen import PICKS_QUERY
from pages.shared.words import plain

if TYPE_CHECKING:
    from gan.inside.moment import Moment

MOST = 12  # picks
SHEET = 64  # new ones at once
LONGEST = 6  # digits of a number in it
BEGIN = 4  # pictures that lie there before anything was picked


@dataclass(frozen=True, eq=False)
class Made:
    """What a picture was made from."""

    noise: np.ndarray  # float32 (latent_size,)
    kind: int | None = None  # the class that was asked for, of networks that are told one
    seed: int | None = None  # where it was drawn by chance: the seed, and its place among those drawn from that
    number: int | None = None

    @property
    def key(self) -> tuple:
        """Equal for the same picture."""
        return self.noise.tobytes(), self.kind

    @property
    def name(self) -> str:
        """What it is called: "seed 7, number 12"."""
        if self.seed is None:
            return plain("latent.made_here", "made here")
        return plain("latent.seed_number", "seed {seed}, number {number}", seed=self.seed, number=self.number)


@dataclass
class Desk:
    """Picks, the newest last, and which two of them are A and B."""

    picks: list[Made] = field(default_factory=list)
    a: Made | None = None
    b: Made | None = None

    def take(self, made: Made) -> None:
        """Make this A, and what was A before B; pick it if it is not picked yet."""
        known = next((pick for pick in self.picks if pick.key == made.key), None)
        if known is None:
            self.picks = [*self.picks, made][-MOST:]
            known = made
        if known is not self.a:
            self.a, self.b = known, self.a
        self._settle()

    def drop(self, made: Made) -> None:
        """Put this one back."""
        self.picks = [pick for pick in self.picks if pick.key != made.key]
        self._settle()

    def has(self, made: Made) -> bool:
        return any(pick.key == made.key for pick in self.picks)

    def _settle(self) -> None:
        """A and B are two different ones of the picks, as far as there are two."""
        there = [pick for pick in (self.a, self.b) if pick in self.picks]
        others = [pick for pick in reversed(self.picks) if pick not in there]
        self.a, self.b, *_ = [*there, *others, None, None]

    @property
    def marks(self) -> dict[int, str]:
        """The letters of A and B, by their places among the picks."""
        return {
            place: "A" if pick is self.a else "B" for place, pick in enumerate(self.picks) if pick in (self.a, self.b)
        }


def of(run: Run, moment: "Moment") -> Desk:
    """This tab's desk of a run; at first with what the link names on it, or with the first pictures of seed 0."""
    desks = st.session_state.setdefault("latent_desks", {})
    if run.watch_id not in desks:
        desks[run.watch_id] = desk = Desk()
        for made in _from_link(moment) or reversed(new(moment, 0, BEGIN)):
            desk.take(made)
    return desks[run.watch_id]


def keep_in_link(own: Desk) -> None:
    """Have the address hold those picks that came by chance, A last and B before it: it finds them again after F5."""
    ordered = sorted(own.picks, key=lambda pick: (pick is own.b) + 2 * (pick is own.a))
    told = [(pick.seed, pick.number, pick.kind) for pick in ordered if pick.seed is not None]
    text = "_".join(".".join(str(part) for part in parts if part is not None) for parts in told)
    if st.query_params.get(PICKS_QUERY, "") != text:
        st.query_params[PICKS_QUERY] = text


def _from_link(moment: "Moment") -> list[Made]:
    """The picks that the address holds, as far as they can be."""
    found = []
    for text in st.query_params.get(PICKS_QUERY, "").split("_")[:MOST]:
        parts = [int(part) for part in text.split(".") if part.isdecimal() and len(part) <= LONGEST]
        kind = parts[2:3] == [] or parts[2] in moment.config.learned_classes
        if len(parts) == 2 + moment.is_conditional and parts[1] < SHEET and kind:
            found.append(new(moment, parts[0], parts[1] + 1, parts[2] if moment.is_conditional else None)[-1])
    return found


def new(moment: "Moment", seed: int, count: int, kind: int | None = None) -> list[Made]:
    """What the first `count` pictures of a seed are made from; of all kinds in turn, where none is asked for."""
    noise = latent.space_of(moment).noise(seed, count)
    learned = moment.config.learned_classes
    kinds = [None] * count
    if moment.is_conditional:
        kinds = [kind if kind is not None else learned[number % len(learned)] for number in range(count)]
    return [Made(each, of_kind, seed, number) for number, (each, of_kind) in enumerate(zip(noise, kinds, strict=True))]


def draw(moment: "Moment", made: list[Made]) -> np.ndarray:
    """The pictures at this moment, uint8 (n, h, w) or (n, h, w, 3)."""
    noise = np.stack([each.noise for each in made])
    return latent.space_of(moment).draw(noise, kinds_of(made))


def kinds_of(made: list[Made]) -> np.ndarray | None:
    return None if made[0].kind is None else np.array([each.kind for each in made])


def png(moment: "Moment", made: list[Made]) -> bytes:
    """The picks as one PNG sheet."""
    return export.grid_png(draw(moment, made), columns=4, scale=4)


def numbers(made: list[Made]) -> str:
    """Where each pick comes from, and its noise, as CSV: with it and the generator anybody can draw it again."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["seed", "number", "class", *(f"z{place}" for place in range(len(made[0].noise)))])
    for each in made:
        told = ["" if value is None else value for value in (each.seed, each.number, each.kind)]
        rows.writerow([*told, *(f"{value:.6g}" for value in each.noise)])
    return text.getvalue()
