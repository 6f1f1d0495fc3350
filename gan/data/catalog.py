"""The catalogue of picture sets: what is known of each before it is opened.

Titles and names of classes are messages; a name that is the same in every language is plain text.
"""

from dataclasses import dataclass

from gan.data import dots
from gan.messages import Message, msg

DIGITS = tuple("0123456789")
A_DIGIT = tuple(
    msg("class.digits.an_eight", "an 8") if digit == "8" else msg("class.digits.one", "a {digit}", digit=digit)
    for digit in DIGITS
)
CLOTHES = (
    msg("class.clothes.t_shirt", "T-shirt"), msg("class.clothes.trousers", "trousers"),
    msg("class.clothes.pullover", "pullover"), msg("class.clothes.dress", "dress"),
    msg("class.clothes.coat", "coat"), msg("class.clothes.sandal", "sandal"),
    msg("class.clothes.shirt", "shirt"), msg("class.clothes.trainer", "trainer"),
    msg("class.clothes.bag", "bag"), msg("class.clothes.boot", "ankle boot"),
)  # fmt: skip
A_CLOTHING = (
    msg("class.clothes.one_t_shirt", "a T-shirt"), msg("class.clothes.one_trousers", "trousers"),
    msg("class.clothes.one_pullover", "a pullover"), msg("class.clothes.one_dress", "a dress"),
    msg("class.clothes.one_coat", "a coat"), msg("class.clothes.one_sandal", "a sandal"),
    msg("class.clothes.one_shirt", "a shirt"), msg("class.clothes.one_trainer", "a trainer"),
    msg("class.clothes.one_bag", "a bag"), msg("class.clothes.one_boot", "an ankle boot"),
)  # fmt: skip
KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
A_KANA = tuple(
    msg("class.kana.an_o", "an o") if kana == "o" else msg("class.kana.one", "a {kana}", kana=kana) for kana in KANA
)
THINGS = (
    msg("class.things.plane", "plane"), msg("class.things.car", "car"), msg("class.things.bird", "bird"),
    msg("class.things.cat", "cat"), msg("class.things.deer", "deer"), msg("class.things.dog", "dog"),
    msg("class.things.frog", "frog"), msg("class.things.horse", "horse"), msg("class.things.ship", "ship"),
    msg("class.things.truck", "truck"),
)  # fmt: skip
A_THING = (
    msg("class.things.one_plane", "a plane"), msg("class.things.one_car", "a car"),
    msg("class.things.one_bird", "a bird"), msg("class.things.one_cat", "a cat"),
    msg("class.things.one_deer", "a deer"), msg("class.things.one_dog", "a dog"),
    msg("class.things.one_frog", "a frog"), msg("class.things.one_horse", "a horse"),
    msg("class.things.one_ship", "a ship"), msg("class.things.one_truck", "a truck"),
)  # fmt: skip
DOODLES = (
    msg("class.doodles.house", "house"), msg("class.doodles.tree", "tree"),
    msg("class.doodles.flower", "flower"), msg("class.doodles.sun", "sun"),
    msg("class.doodles.star", "star"), msg("class.doodles.fish", "fish"),
    msg("class.doodles.cat", "cat"), msg("class.doodles.face", "face"),
    msg("class.doodles.boat", "boat"), msg("class.doodles.cup", "cup"),
    msg("class.doodles.butterfly", "butterfly"), msg("class.doodles.snail", "snail"),
)  # fmt: skip
A_DOODLE = (
    msg("class.doodles.one_house", "a house"), msg("class.doodles.one_tree", "a tree"),
    msg("class.doodles.one_flower", "a flower"), msg("class.doodles.one_sun", "a sun"),
    msg("class.doodles.one_star", "a star"), msg("class.doodles.one_fish", "a fish"),
    msg("class.doodles.one_cat", "a cat"), msg("class.doodles.one_face", "a face"),
    msg("class.doodles.one_boat", "a boat"), msg("class.doodles.one_cup", "a cup"),
    msg("class.doodles.one_butterfly", "a butterfly"), msg("class.doodles.one_snail", "a snail"),
)  # fmt: skip
CRITTERS = (
    msg("class.critters.cat", "cat"), msg("class.critters.bear", "bear"),
    msg("class.critters.rabbit", "rabbit"), msg("class.critters.pig", "pig"),
    msg("class.critters.frog", "frog"), msg("class.critters.owl", "owl"),
    msg("class.critters.chick", "chick"), msg("class.critters.fish", "fish"),
    msg("class.critters.octopus", "octopus"), msg("class.critters.ladybird", "ladybird"),
    msg("class.critters.butterfly", "butterfly"), msg("class.critters.monster", "monster"),
)  # fmt: skip
A_CRITTER = (
    msg("class.critters.one_cat", "a cat"), msg("class.critters.one_bear", "a bear"),
    msg("class.critters.one_rabbit", "a rabbit"), msg("class.critters.one_pig", "a pig"),
    msg("class.critters.one_frog", "a frog"), msg("class.critters.one_owl", "an owl"),
    msg("class.critters.one_chick", "a chick"), msg("class.critters.one_fish", "a fish"),
    msg("class.critters.one_octopus", "an octopus"), msg("class.critters.one_ladybird", "a ladybird"),
    msg("class.critters.one_butterfly", "a butterfly"), msg("class.critters.one_monster", "a monster"),
)  # fmt: skip


@dataclass(frozen=True)
class DataSet:
    """What is known of a picture set before it is opened."""

    name: str
    title: Message | str
    class_names: tuple[Message | str, ...]
    count: int  # pictures to learn from
    shape: tuple[int, int, int] = (1, 28, 28)  # (channels, height, width), as the networks see a picture
    download_mb: int = 0  # 0 = embedded in assets/
    referee: str | None = None  # the one that can read these pictures
    source: str = ""  # who made the pictures, and their licence
    one_of_each: tuple[Message | str, ...] = ()  # a class in a sentence: "an 8"; () = as in `class_names`
    class_counts: tuple[int, ...] = ()  # pictures of each class; () = nobody knows before it is opened

    @property
    def is_a_part(self) -> bool:
        """Whether it is our own choice from a larger set, as the embedded ones are; no recipe counts on its size."""
        return not self.download_mb

    @property
    def is_dots(self) -> bool:
        """Whether its pictures are points in a plane."""
        return self.shape == dots.SHAPE

    def one(self, number: int) -> Message | str:
        """One picture of a class, as a sentence has it: "an ankle boot"."""
        return (self.one_of_each or self.class_names)[number]

    def count_of(self, classes: tuple[int, ...]) -> int | None:
        """Pictures of these classes (() = all) to learn from; None where nobody knows before the set is opened."""
        if not classes:
            return self.count
        return sum(self.class_counts[number] for number in classes) if self.class_counts else None


MNIST = "MNIST by Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0"
FASHION = "Fashion-MNIST by Zalando SE, MIT"
KMNIST = "KMNIST by the Center for Open Data in the Humanities, CC BY-SA 4.0"
OURS = "Forger & Detective, CC0"  # drawn by chance: tools/drawn
CIFAR = "CIFAR-10 by A. Krizhevsky, V. Nair and G. Hinton, no licence given"

DOTS = {
    "dots_line": msg("data.dots_line.title", "Dots: a line"),
    "dots_two_gaussians": msg("data.dots_two_gaussians.title", "Dots: two clouds"),
    "dots_ring": msg("data.dots_ring.title", "Dots: a ring"),
    "dots_three_blobs": msg("data.dots_three_blobs.title", "Dots: three blobs"),
    "dots_grid_9": msg("data.dots_grid_9.title", "Dots: nine blobs"),
    "dots_grid_25": msg("data.dots_grid_25.title", "Dots: 25 blobs"),
    "dots_spiral": msg("data.dots_spiral.title", "Dots: a spiral"),
    "dots_moons": msg("data.dots_moons.title", "Dots: two moons"),
    "dots_drawn": msg("data.dots_drawn.title", "Dots: your own drawing"),
}


def _dots(name: str, title: Message) -> DataSet:
    counts = dots.count_of(name)
    kinds = tuple(msg("class.dots.blob", "blob {number}", number=number) for number in range(1, len(counts) + 1))
    return DataSet(
        name, title, kinds if len(kinds) > 1 else (msg("class.dots.dot", "dot"),), dots.COUNT,
        shape=dots.SHAPE, source=OURS, class_counts=counts,
    )  # fmt: skip


SETS = {
    item.name: item
    for item in (
        DataSet(
            "digits", msg("data.digits.title", "Handwritten digits"), DIGITS, 5_000,
            referee="digits", source=MNIST, one_of_each=A_DIGIT, class_counts=(500,) * 10,
        ),
        DataSet(
            "fashion", msg("data.fashion.title", "Clothes"), CLOTHES, 10_000,
            referee="fashion", source=FASHION, one_of_each=A_CLOTHING, class_counts=(1_000,) * 10,
        ),
        DataSet(
            "doodles", msg("data.doodles.title", "Doodles"), DOODLES, 5_040,
            referee="doodles", source=OURS, one_of_each=A_DOODLE, class_counts=(420,) * 12,
        ),
        DataSet(
            "critters", msg("data.critters.title", "Critters in colour"), CRITTERS, 3_600,
            shape=(3, 32, 32), referee="critters", source=OURS, one_of_each=A_CRITTER, class_counts=(300,) * 12,
        ),
        DataSet(
            "mnist", msg("data.mnist.title", "Digits, all 60,000 (MNIST)"), DIGITS, 60_000,
            download_mb=12, referee="digits", source=MNIST, one_of_each=A_DIGIT,
            class_counts=(5_923, 6_742, 5_958, 6_131, 5_842, 5_421, 5_918, 6_265, 5_851, 5_949),
        ),
        DataSet(
            "fashion_mnist", msg("data.fashion_mnist.title", "Clothes, all 60,000 (Fashion-MNIST)"), CLOTHES, 60_000,
            download_mb=31, referee="fashion", source=FASHION, one_of_each=A_CLOTHING, class_counts=(6_000,) * 10,
        ),
        DataSet(
            "kmnist", msg("data.kmnist.title", "Old Japanese letters (KMNIST)"), KANA, 60_000,
            download_mb=21, source=KMNIST, one_of_each=A_KANA, class_counts=(6_000,) * 10,
        ),
        DataSet(
            "cifar10", msg("data.cifar10.title", "Colour photos (CIFAR-10)"), THINGS, 50_000,
            shape=(3, 32, 32), download_mb=170, referee="photos", source=CIFAR,
            one_of_each=A_THING, class_counts=(5_000,) * 10,
        ),
        *(_dots(name, title) for name, title in DOTS.items()),
    )
}  # fmt: skip
