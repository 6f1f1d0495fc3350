"""Comparison: what several recipes have shown in the same seconds of training, as plain data and as a file."""

import io
import json
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np

from gan.records import Measures
from gan.runs.state.snapshot import RunState, Snapshot

SHOWN = 32  # samples in a file


@dataclass(frozen=True, eq=False)
class Course:
    """One run of a comparison, so far."""

    recipe: str  # by `presets`
    seed: int
    family: str
    state: RunState | None = None  # None = not kept any more
    is_changed: bool = False  # somebody steered it on the way
    seconds: float = 0.0  # of training
    steps: int = 0
    curve: tuple[tuple[float, float], ...] = ()  # (seconds of training, realism)
    samples: np.ndarray | None = None  # uint8 (n, h, w) or (n, h, w, 3)
    measures: Measures | None = None

    @classmethod
    def of(cls, recipe: str, seed: int, family: str, snapshot: Snapshot | None) -> Self:
        """What a run has shown by now."""
        if snapshot is None:
            return cls(recipe, seed, family)
        reading = snapshot.reading
        known = [(each.seconds, each.realism) for _, each in snapshot.scores]
        return cls(
            recipe,
            seed,
            family,
            snapshot.state,
            bool(snapshot.changes),
            snapshot.seconds,
            reading.step if reading else 0,
            tuple((at, realism) for at, realism in known if at is not None and realism is not None),
            reading.samples if reading else None,
            snapshot.measures,
        )

    @property
    def realism(self) -> float | None:
        """As it was measured at the end, or last; None before."""
        if self.measures:
            return self.measures.scores.realism
        return self.curve[-1][1] if self.curve else None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Several recipes on one picture set, each with as many `seconds` of training; of some several seeds."""

    pictures: str
    seconds: float
    courses: tuple[Course, ...]

    @property
    def firsts(self) -> tuple[Course, ...]:
        """The first course of each recipe, in their order."""
        found = {}
        for course in self.courses:
            found.setdefault(course.recipe, course)
        return tuple(found.values())

    def realisms(self, recipe: str) -> list[float]:
        """The realism at the end of each seed that has one, but of runs that somebody steered."""
        counted = [each for each in self.courses if each.recipe == recipe and not each.is_changed]
        ends = [each.measures.scores.realism for each in counted if each.measures]
        return [realism for realism in ends if realism is not None]

    def to_bytes(self) -> bytes:
        """As the content of an .npz file."""
        samples = {f"samples_{n}": each.samples[:SHOWN] for n, each in enumerate(self.courses) if each in self.firsts}
        numbers = {
            "pictures": self.pictures,
            "seconds": self.seconds,
            "courses": [asdict(each) | {"samples": None} for each in self.courses],
        }
        file = io.BytesIO()
        np.savez_compressed(file, numbers=np.frombuffer(json.dumps(numbers).encode(), np.uint8), **samples)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        with np.load(io.BytesIO(content)) as file:
            numbers = json.loads(file["numbers"].tobytes())
            courses = tuple(
                _course(each | {"samples": file.get(f"samples_{n}")}) for n, each in enumerate(numbers["courses"])
            )
        return cls(numbers["pictures"], numbers["seconds"], courses)


def _course(values: dict) -> Course:
    return Course(
        **values
        | {
            "state": RunState(values["state"]),
            "curve": tuple(map(tuple, values["curve"])),
            "measures": Measures.from_dict(values["measures"]) if values["measures"] else None,
        }
    )
