"""`python -m gan walk` and `directions`: what lies between pictures of a generator, and how they change most."""

import argparse
import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan import data, export, families
from gan.cli import sources
from gan.cli.shell import check_writable, write
from gan.export.generator_file import check_asked
from gan.inside import latent
from gan.messages import Refusal
from gan.parts.nets import is_conditional
from gan.setup.config import RunConfig
from gan.setup.kinds import Choice, Whole

if TYPE_CHECKING:
    from gan.inside.latent.directions import Direction

WAYS = ("spherical", "straight")
PICTURES, FRAMES = 9, 25  # of a walk unless told, in strips and in a film
WALKS, STEPS = Whole(1, 20), Whole(2, 100)  # all together are held in memory at once, as pictures four times as large
HOW = (latent.WEIGHTS, latent.ANSWERS)
FARTHEST, STRIP = 3.0, 7  # standard deviations from the middle of a strip to its ends; its pictures
SEED = Whole(0, 2**31 - 1)


def add(commands: argparse._SubParsersAction) -> None:
    """Add both to the list of commands."""
    walk_ = commands.add_parser("walk", help="draw what lies between pictures of a generator")
    walk_.set_defaults(command=walk)
    sources.add(walk_)
    walk_.add_argument(
        "--steps", metavar="N", help=f"pictures on each walk, both ends too ({PICTURES}; in a film {FRAMES})"
    )
    walk_.add_argument("--walks", default="3", metavar="N", help="walks at once, each between two others (3)")
    walk_.add_argument("--way", default=WAYS[0], metavar="NAME", help="spherical or straight (spherical)")
    walk_.add_argument("--class", dest="classes", metavar="NAME", help="of the ends, such as 3 or 3,8 or dress")
    walk_.add_argument("--seed", default="0", metavar="N", help="the same seed, the same walks (0)")
    walk_.add_argument("--out", type=Path, required=True, metavar="FILE", help=".png for strips, .gif for a film")

    directions_ = commands.add_parser("directions", help="find the ways along which a generator's pictures change most")
    directions_.set_defaults(command=directions)
    sources.add(directions_)
    directions_.add_argument(
        "--how", default=HOW[0], metavar="NAME", help="found from weights (SeFa) or from answers (GANSpace) (weights)"
    )
    directions_.add_argument("--class", dest="classes", metavar="NAME", help="of the picture that is moved")
    directions_.add_argument("--seed", default="0", metavar="N", help="the same seed, the same picture is moved (0)")
    directions_.add_argument("--out", type=Path, metavar="FILE.png", help="a strip along each, the strongest first")
    directions_.add_argument("--csv", type=Path, metavar="FILE.csv", help="how strong each is, what grows, its vector")


def walk(chosen: argparse.Namespace) -> int:
    check_writable(chosen.out)
    is_film = chosen.out.suffix.lower() == ".gif"
    if not is_film and chosen.out.suffix.lower() != ".png":
        raise Refusal("cli.walk.ending", "--out cannot be {file!r}: it must end in .png or .gif.", file=str(chosen.out))
    way = Choice(lambda: WAYS).read("--way", chosen.way)
    count = WALKS.read("--walks", chosen.walks)
    steps = STEPS.read("--steps", chosen.steps or (FRAMES if is_film else PICTURES))
    seed = SEED.read("seed", chosen.seed)

    moment = sources.moment(chosen)
    kinds, space = classes(moment.config, chosen.classes), latent.space_of(moment)
    pairs = (kinds[0], kinds[-1]) if chosen.classes else kinds  # from one to the other, or the learned ones in turn
    ends = np.resize(pairs, (count, 2)) if kinds else None
    noise = space.noise(seed, 2 * count)
    walks = space.walk(noise[::2], noise[1::2], steps, way, ends)
    frames = [*walks.swapaxes(0, 1)]
    if is_film:
        there_and_back = [*frames, *frames[-2:0:-1]]
        write(chosen.out, export.gif(there_and_back, count, 4, 4, milliseconds=80, last_milliseconds=80))
    else:
        write(chosen.out, export.grid_png(np.concatenate(walks), columns=steps))
    return 0


def directions(chosen: argparse.Namespace) -> int:
    check_outputs(chosen)
    how = Choice(lambda: HOW).read("--how", chosen.how)
    seed = SEED.read("seed", chosen.seed)
    moment = sources.moment(chosen)
    refuse_dots(moment.config.data)
    if not families.has_latent_space(moment.config.family):
        raise Refusal(
            "cli.no_space", "This generator's pictures are not made of a few random numbers: it has no directions."
        )
    kinds, space = classes(moment.config, chosen.classes), latent.space_of(moment)
    found = latent.directions_of(moment, how)
    if chosen.out:
        noise, kind = space.noise(seed, 1)[0], kinds[0] if kinds else None
        shares = np.linspace(-FARTHEST, FARTHEST, STRIP, dtype=np.float32)[:, None]
        strips = [latent.moved(moment, noise, shares * each.spread * each.vector, kind) for each in found]
        write(chosen.out, export.grid_png(np.concatenate(strips), columns=STRIP))
    if chosen.csv:
        write(chosen.csv, _table(found).encode())
    return 0


def _table(found: "list[Direction]") -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(
        ["direction", "share", "spread", "trait", "class", *(f"v{n + 1}" for n in range(len(found[0].vector)))]
    )
    for number, each in enumerate(found, start=1):
        grows = [each.trait or "", "" if each.kind is None else each.kind]
        rows.writerow([number, f"{each.share:.6f}", f"{each.spread:.6g}", *grows, *(f"{v:.6g}" for v in each.vector)])
    return text.getvalue()


# What the commands that look into a generator share


def check_outputs(chosen: argparse.Namespace) -> None:
    """Refuse before the work begins what has nowhere to go."""
    if not (chosen.out or chosen.csv):
        raise Refusal("cli.nowhere", "Say where to write it: --out FILE.png, --csv FILE.csv or both.")
    check_writable(chosen.out)
    check_writable(chosen.csv)


def refuse_dots(name: str) -> None:
    """Refuse a set of dots, where only pictures have something to show."""
    if data.get(name).is_dots:
        raise Refusal("cli.map.dots", "This generator draws dots, which lie in a plane already: sample them instead.")


def classes(config: RunConfig, named: str | None) -> tuple[int, ...]:
    """The classes that are named, or all that were learned; none for networks that are told none."""
    asked = export.classes_named(config, named) if named else ()
    check_asked(config, asked)
    return (asked or config.learned_classes) if is_conditional(config.architecture) else ()
