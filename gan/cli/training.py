"""`python -m gan train`: a line an epoch, and what is left behind, however the training ends.

What was trained for minutes is worth more than the lines about it: a reader who goes, a full disk, Ctrl-C, numbers that
blow up or a full memory never cost the generator. It is written first, beside an older one, which it then replaces.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gan import export
from gan.cli.course import Course
from gan.cli.shell import asked_to_stop, drop_output, say, write
from gan.cli.sources import MOMENT
from gan.records import Change, EpochRecord, Scores, Word
from gan.runs.state.faults import explain
from gan.setup.config import RunConfig


def train(
    config: RunConfig,
    changes: Sequence[Change],
    as_json: bool,
    out: Path | None = None,
    samples: Path | None = None,
    threads: int | None = None,
) -> int:
    """Train, print, and write the networks to the folder `out` and the generator's pictures to the file `samples`.

    `threads` are torch's, which go into the generator's settings file.
    The exit code: 0, 2 after a sentence about what went wrong, 130 after Ctrl-C. Raises what Trainer raises.
    """
    from gan.learn import memory
    from gan.learn.trainer import NotFinite, Trainer

    memory.check(config)
    course = Course(Trainer, config, changes)
    last, lines = LastFinite(course), Lines(as_json, needed=not (out or samples))
    problems, done = [], 0
    with asked_to_stop() as stop:
        try:
            for record in course.epochs(lambda: Word.STOP if stop.is_set() else Word.GO):
                done = record.epoch
                last.note(done)
                lines.show(record)
        except NotFinite as error:
            problems.append(f"{error}.")
        except (MemoryError, RuntimeError) as error:  # torch says the one by the other
            problems.append(str(explain(error).what))
    wanted = course.trainer.config.epochs  # by now
    was_stopped = done < wanted and not problems
    if out or samples:
        is_whole = not problems
        problems += last.settle(is_broken=not is_whole)
        problems += _leave(course, config, out, samples, threads, is_whole) if last.is_usable else []
    problems += lines.problems

    for sentence in filter(None, [course.trainer.remark, *problems]):
        say(str(sentence))
    if was_stopped:
        say(f"stopped after {done:,} of {wanted:,} epochs.")
    return 2 if problems else 130 if was_stopped else 0


def _leave(
    course: Course, config: RunConfig, out: Path | None, samples: Path | None, threads: int | None, is_whole: bool
) -> list[str]:
    """Write what was asked for, the generator first; a sentence for what could not be written.

    Its settings are those that the run began with, `config`, and what was changed on the way.
    Both networks go beside the generator if the run `is_whole`; those of a broken one are worth nothing.
    """
    trainer, problems = course.trainer, []
    if out:
        net = trainer.learner.best_generator
        problems += _tried(lambda: export.save_generator(net, config, out, threads, course.changes))
        problems = problems or _tried(lambda: _leave_networks(trainer, out / MOMENT, is_whole))
    if samples:
        problems += _tried(lambda: write(samples, export.grid_png(trainer.observer.samples()[0])))
    return problems


def _leave_networks(trainer: Any, path: Path, is_whole: bool) -> None:
    if is_whole:
        write(path, trainer.checkpoint())
    else:
        path.unlink(missing_ok=True)  # those of another run, if any


def _tried(work: Callable[[], None]) -> list[str]:
    try:
        work()
    except OSError as error:
        return [f"{error.filename or 'a file'} cannot be written: {error.strerror or error}."]
    except MemoryError as error:
        return [str(explain(error).what)]
    return []


class LastFinite:
    """The weights that a course's generator had at the end of the last epoch that left them finite."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.epoch = 0  # the one that `weights` are from
        self.weights: dict[str, Any] = {}
        self.is_usable = True  # the generator is worth writing

    def note(self, epoch: int) -> None:
        if self._is_finite():
            self.weights = {name: value.clone() for name, value in self._generator.state_dict().items()}
            self.epoch = epoch

    def settle(self, is_broken: bool) -> list[str]:
        """Put the generator back to them if it `is_broken` or not finite; the sentence that says so."""
        if not is_broken and self._is_finite():
            return []
        self.is_usable = bool(self.weights)
        if not self.is_usable:
            return ["no epoch ended with finite numbers, so there is no generator to write."]
        self._generator.load_state_dict(self.weights)
        return [f"the generator is that of epoch {self.epoch}, the last with finite numbers."]

    def _is_finite(self) -> bool:
        return all(bool(value.isfinite().all()) for value in self._generator.state_dict().values())

    @property
    def _generator(self) -> Any:
        return self.course.trainer.learner.best_generator


class Lines:
    """A line an epoch on stdout. Unless they are all that is `needed`, their end does not end the training."""

    def __init__(self, as_json: bool, needed: bool) -> None:
        self.as_json, self.needed = as_json, needed
        self.problems: list[str] = []  # why nothing is printed any more; none where the reader left, as `head` does
        self._over = False

    def show(self, record: EpochRecord) -> None:
        if self._over:
            return
        try:
            print(json.dumps(record.numbers()) if self.as_json else line(record), flush=True)
        except OSError as error:
            if self.needed:
                raise
            self._over = True
            if not isinstance(error, BrokenPipeError):
                self.problems = [f"the lines could not be printed: {error.strerror or error}."]
            drop_output(sys.stdout)


def line(record: EpochRecord) -> str:
    told = "   ".join(f"{name} {value:9.4f}" for name, value in record.own.items()) or (
        f"D {record.d_loss:7.4f}   G {record.g_loss:7.4f}   D(real) {record.d_real:.3f}   D(fake) {record.d_fake:.3f}"
    )
    return (
        f"epoch {record.epoch:>4}   {told}   "
        f"{record.seconds:6.1f} s   {record.steps_per_second:6.1f} steps/s{_of_dots(record.scores)}"
    )


def _of_dots(scores: Scores | None) -> str:
    """What dots are measured by, where they were."""
    if not scores or scores.js is None:
        return ""
    found = f"   {scores.kinds} blobs" if scores.kinds is not None else ""
    return f"   KL {scores.kl:.3f}   JS {scores.js:.3f}{found}"
