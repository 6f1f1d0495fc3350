# ruff: noqa: F821
"""A translator learns to make pictures of others: {data}

The generator is given a picture instead of noise, and makes another of it; a second network judges what it draws, patch
by patch.
"""

import torch
from torch import Tensor

from gan.data.pixels import bytes_to_range, channels_first
from gan.families.translation.equations import cycle, identity, l1
from gan.learn.optimizers import make as make_optimizer
from gan.parts.losses.least_squares import discriminator as judging_apart
from gan.parts.losses.least_squares import generator as fooling_apart
from gan.parts.losses.non_saturating import discriminator as judging_pairs
from gan.parts.losses.non_saturating import generator as fooling_pairs

COMMENTS = {
    "LEARNING_RATE": "of what draws",
    "PIXEL_RANGE": "how the networks see pictures",
    "LEARNING_RATE_DECAY": "share of both learning rates that is gone at the end",
    "D_LEARNING_RATE": "of what judges",
    "EMA": "decay of the averaged generator, which draws",
    "L1_WEIGHT": "of the difference from the picture that shall come out",
    "CYCLE_WEIGHT": "of the difference after there and back again",
    "IDENTITY_WEIGHT": "beside it, of the change of what should stay as it is",
}

piece("pictures")

sources = channels_first(file["sources"]).to(device)  # what goes in
shown = channels_first(file["shown"]).to(device)  # of it, what is shown; nothing is learned from these

piece("sections")

# %% The equations
# What the two networks play for, and how far two pictures are from each other.

insert("gan.parts.losses")


insert("gan.families.translation.equations")

piece("build")

generator = make_generator(shape).to(device)
judge = make_judge(shape).to(device)

piece("optimisers")

g_optimizer = make_optimizer(generator, LEARNING_RATE)
d_optimizer = make_optimizer(judge, D_LEARNING_RATE)

piece("learning")

# %% What each of them makes small
# What judges shall tell drawn patches from real ones; what draws shall fool it, and keep to what went in.

if "CYCLE_WEIGHT" in KNOWN_OPTIONS:

    def judging_loss(given: Tensor, aims: Tensor, out: Tensor, home: Tensor) -> Tensor:
        """What the two judges make small, one for each way."""
        shown = (torch.cat([aims, out.detach()]), torch.cat([given, home.detach()]))
        judged = [each(both) for each, both in zip(judge, shown, strict=True)]
        return sum(judging_apart(*answers.chunk(2)) for answers in judged)

else:

    def judging_loss(given: Tensor, aims: Tensor, out: Tensor) -> Tensor:
        """What the judge makes small, which is shown what went in beside what came out; it learns half as fast."""
        real, fake = judge(torch.cat([given, aims], 1)), judge(torch.cat([given, out.detach()], 1))
        return judging_pairs(real, fake) / 2


if "CYCLE_WEIGHT" in KNOWN_OPTIONS:

    def drawing_loss(given: Tensor, aims: Tensor, out: Tensor, home: Tensor, same: Tensor) -> Tensor:
        """What the two translators make small (Zhu et al. 2017, eq. 3 and section 5.2)."""
        there, back = generator
        fooling = sum(fooling_apart(each(fake)) for each, fake in zip(judge, (out, home), strict=True))
        return fooling + CYCLE_WEIGHT * (cycle(back, out, given) + cycle(there, home, aims) + IDENTITY_WEIGHT * same)

else:

    def drawing_loss(given: Tensor, aims: Tensor, out: Tensor) -> Tensor:
        """What the translator makes small (Isola et al. 2017, eq. 4)."""
        return fooling_pairs(judge(torch.cat([given, out], 1))) + L1_WEIGHT * l1(out, aims)


def descend(loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
    """A step that makes the loss smaller."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


piece("starts")

noise = bytes_to_range(shown, PIXEL_RANGE).flatten(1)  # what goes in

piece("training")

# %% The training
# In each step first what judges learns, then what draws. An epoch is once through all the pictures that shall come out.

piece("epoch")

losses = []

piece("step")

aims = bytes_to_range(images[numbers], PIXEL_RANGE)
if "CYCLE_WEIGHT" in KNOWN_OPTIONS:
    # Nobody knows which picture belongs to which: those that go in are any.
    others = torch.randint(len(sources), numbers.shape, generator=random, device=device)
    given = bytes_to_range(sources[others], PIXEL_RANGE)
    there, back = generator
    out, same_aims = there(torch.cat([given, aims])).chunk(2)
    home, same_given = back(torch.cat([aims, given])).chunk(2)
    judging = judging_loss(given, aims, out, home)
    descend(judging, d_optimizer)
    same = identity(same_aims, aims) + identity(same_given, given)
    drawing = drawing_loss(given, aims, out, home, same)
else:
    given = bytes_to_range(sources[numbers], PIXEL_RANGE)
    out = generator(given)
    judging = judging_loss(given, aims, out)
    descend(judging, d_optimizer)
    drawing = drawing_loss(given, aims, out)
descend(drawing, g_optimizer)
if EMA:
    average.update()
losses.append(torch.stack([judging, drawing]).detach())

piece("report")

judging, drawing = torch.stack(losses).mean(0)
print(f"epoch {epoch:>4}   loss of what judges {judging:7.4f}   loss of what draws {drawing:8.4f}", flush=True)
