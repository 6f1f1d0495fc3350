"""`python -m gan walk` and `map`: what lies between two pictures of a generator, and how it lies among real ones."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan import data, export
from gan.cli.shell import check_writable, fetch_first, write
from gan.export.generator_file import check_asked
from gan.export.map_file import map_csv, map_png
from gan.messages import Refusal, msg
from gan.setup.kinds import Choice, Whole

if TYPE_CHECKING:
    from gan.inside.latent.space import Space

WAYS = ("spherical", "straight")
FRAMES = 25  # of a film
FAKES = Whole(20, 20_000)
WALKS, STEPS = Whole(1, 20), Whole(2, 100)  # all together are held in memory at once, as pictures four times as large


def add(commands: argparse._SubParsersAction) -> None:
    """Add both to the list of commands."""
    walk_ = commands.add_parser("walk", help="draw what lies between pictures of a generator that `train --out` wrote")
    walk_.set_defaults(command=walk)
    walk_.add_argument("folder", type=Path, metavar="DIR")
    walk_.add_argument("--steps", default="9", metavar="N", help="pictures on each walk, both ends too (9)")
    walk_.add_argument("--walks", default="3", metavar="N", help="walks at once, each between two others (3)")
    walk_.add_argument("--way", default=WAYS[0], metavar="NAME", help="spherical or straight (spherical)")
    walk_.add_argument("--class", dest="classes", metavar="NAME", help="of the ends, such as 3 or 3,8 or dress")
    walk_.add_argument("--seed", default="0", metavar="N", help="the same seed, the same walks (0)")
    walk_.add_argument("--out", type=Path, required=True, metavar="FILE", help=".png for strips, .gif for a film")

    map_ = commands.add_parser("map", help="draw where such a generator's pictures lie among the real ones")
    map_.set_defaults(command=map_of)
    map_.add_argument("folder", type=Path, metavar="DIR")
    map_.add_argument("-n", default="2000", metavar="N", help="fakes on the map (2000)")
    map_.add_argument("--out", type=Path, metavar="FILE.png", help="a picture of pictures")
    map_.add_argument("--csv", type=Path, metavar="FILE.csv", help="a row a picture")


def walk(chosen: argparse.Namespace) -> int:
    check_writable(chosen.out)
    is_film = chosen.out.suffix.lower() == ".gif"
    if not is_film and chosen.out.suffix.lower() != ".png":
        raise Refusal("cli.walk.ending", "--out cannot be {file!r}: it must end in .png or .gif.", file=str(chosen.out))
    way = Choice(lambda: WAYS).read("--way", chosen.way)
    count = WALKS.read("--walks", chosen.walks)
    steps = FRAMES if is_film else STEPS.read("--steps", chosen.steps)

    from gan.inside.latent.space import Space

    space = Space(*export.load_generator(chosen.folder))
    noise = space.noise(Whole(0, 2**31 - 1).read("seed", chosen.seed), 2 * count)
    walks = space.walk(noise[::2], noise[1::2], steps, way, _classes(space, chosen.classes, count))
    frames = [*walks.swapaxes(0, 1)]
    if is_film:
        there_and_back = [*frames, *frames[-2:0:-1]]
        write(chosen.out, export.gif(there_and_back, count, 4, 4, milliseconds=80, last_milliseconds=80))
    else:
        write(chosen.out, export.grid_png(np.concatenate(walks), columns=steps))
    return 0


def _classes(space: "Space", named: str | None, count: int) -> np.ndarray | None:
    """The classes (count, 2) at the ends of each walk: the two that are named, or the learned ones in turn."""
    asked = export.classes_named(space.config, named) if named else ()
    check_asked(space.config, asked)
    if not space.is_conditional:
        return None
    if not asked:
        return np.resize(space.config.learned_classes, (count, 2))
    return np.tile([asked[0], asked[-1]], (count, 1))


def map_of(chosen: argparse.Namespace) -> int:
    if not (chosen.out or chosen.csv):
        raise Refusal("cli.map.nothing", "map needs --out FILE.png or --csv FILE.csv: where to write the map.")
    check_writable(chosen.out)
    check_writable(chosen.csv)
    count = FAKES.read(msg("setting.count", "count"), chosen.n)
    generator, config = export.load_generator(chosen.folder)
    if data.get(config.data).is_dots:
        raise Refusal("cli.map.dots", "This generator draws dots, which lie in a plane already: sample them instead.")

    from gan.inside.latent import atlas
    from gan.inside.latent.space import Space
    from gan.learn import past
    from gan.look import referee

    try:
        pictures = past.learned(config)
    except data.NotDownloaded as error:
        raise fetch_first(error, config.data) from error
    space, judge = Space(generator, config), referee.load(config.data)
    reads = judge if judge and judge.channels == pictures.shape[0] else None
    kinds = np.resize(config.learned_classes, count) if space.is_conditional else None
    drawn = atlas.chart(space.draw(space.noise(0, count), kinds), pictures, reads)
    if chosen.out:
        write(chosen.out, map_png(drawn))
    if chosen.csv:
        write(chosen.csv, map_csv(drawn).encode())
    return 0
