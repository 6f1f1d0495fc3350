"""A trial of recorded steps, in a process of its own: `python -m gan.learn.device.recorded CONFIG`.

The same networks learn twice, from recorded steps and from steps taken one by one; afterwards every bit of both has to
be the same, their random streams and what their optimisers remember included. The exit code is 0 where it is, and 3
after a line that says why not: "different", or what a card said.
"""

import faulthandler
import json
import sys
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch

from gan import data, families
from gan.data import Pictures
from gan.data.own import naming
from gan.learn.checkpoint import pack
from gan.learn.learner import Learner
from gan.learn.pace import recorder_for
from gan.records import NotRecorded
from gan.setup.config import RunConfig

STEPS = 40  # of each kind: some come before the recording, at least 20 are done again
SECONDS = 110  # then it ends itself, even where nobody is left who would
ENOUGH = 3_000  # pictures, for the largest batch
BESIDE = (  # what makes no other kind
    "seed", "epochs", "pictures", "classes", "drawing", "learning_rate", "d_learning_rate", "learning_rate_decay",
)  # fmt: skip


def order(learner: Learner) -> list[str]:
    """What Python is to run for a trial of such steps. It says nothing of people's own pictures and drawings."""
    usual = {name: RunConfig.__dataclass_fields__[name].default for name in BESIDE}
    config = learner.config.but(**usual, data=_like(learner.config.data), device=learner.device.type)
    return ["-m", "gan.learn.device.recorded", json.dumps(config.to_dict(), sort_keys=True)]


def _like(name: str) -> str:
    """A set of pictures of the same size and as many kinds, that is nobody's."""
    if naming.is_own(name):
        known = data.get(name)
        kinds = len(known.class_names)
        return naming.name_of(known.shape[-1], (ENOUGH // kinds,) * kinds, "0" * 16)
    return "dots_ring" if name == "dots_drawn" else name


def differs(config: RunConfig) -> str:
    """What speaks against recording the steps of this config, or "". Raises what a full card raises."""
    try:
        recorded, one_by_one = (_learned(config, is_recorded) for is_recorded in (True, False))
    except NotRecorded as error:
        if isinstance(error.__cause__, torch.OutOfMemoryError):
            raise
        return str(error)
    return "" if recorded == one_by_one else "different"


def _learned(config: RunConfig, is_recorded: bool) -> bytes:
    """All that there is after so many steps."""
    learner: Any = families.learner(config.family)(config, _pictures(config))
    recorder = recorder_for(learner.device) if is_recorded else None
    if is_recorded and not recorder:
        raise RuntimeError("unrecorded")
    learner.tell(0.0)
    with recorder.at_work() if recorder else nullcontext():
        for _ in range(STEPS * config.d_steps):
            order = torch.randperm(len(learner.images), generator=learner.random, device=learner.device)
            indices = order[: config.batch_size]
            learner.steps += 1
            if recorder:
                recorder.take(learner, indices)
            else:
                learner.learn(*learner.real(indices), learner.turn)
    return pack(learner, 0.0)


def _pictures(config: RunConfig) -> Pictures:
    """Made up: what is in them does not matter."""
    random, count = np.random.default_rng(1), 2 * config.batch_size
    known, (channels, height, width) = data.get(config.data), data.shape_of(config.data, config.picture_size)
    if known.is_dots:
        images = random.normal(size=(count, height, width)).astype(np.float32)
    else:
        images = random.integers(0, 256, (count, height, width) + (channels,) * (channels > 1), dtype=np.uint8)
    return Pictures(images, (np.arange(count) % 2).astype(np.uint8))


def main() -> None:
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    if why := differs(RunConfig.from_dict(json.loads(sys.argv[1]))):
        print(why)
        sys.exit(3)


if __name__ == "__main__":
    main()
