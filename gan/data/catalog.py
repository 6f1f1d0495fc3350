"""The catalogue of picture sets: what is known of each before it is opened."""

from dataclasses import dataclass

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "trainer", "bag", "ankle boot",
)  # fmt: skip
KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
THINGS = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@dataclass(frozen=True)
class DataSet:
    """What is known of a picture set before it is opened."""

    name: str
    title: str
    class_names: tuple[str, ...]
    count: int  # pictures to learn from
    size: int = 28  # pixels, both ways
    channels: int = 1  # 1 grey, 3 colour
    download_mb: int = 0  # 0 = embedded in assets/
    referee: str | None = None  # the one that can read these pictures
    source: str = ""  # who made the pictures, and their licence

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width), as the networks see a picture."""
        return self.channels, self.size, self.size


MNIST = "MNIST by Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0"
FASHION = "Fashion-MNIST by Zalando SE, MIT"
KMNIST = "KMNIST by the Center for Open Data in the Humanities, CC BY-SA 4.0"
CIFAR = "CIFAR-10 by A. Krizhevsky, V. Nair and G. Hinton, no licence given"

SETS = {
    item.name: item
    for item in (
        DataSet("digits", "Handwritten digits", DIGITS, 5_000, referee="digits", source=MNIST),
        DataSet("fashion", "Clothes", CLOTHES, 10_000, referee="fashion", source=FASHION),
        DataSet(
            "mnist", "Digits, all 60,000 (MNIST)", DIGITS, 60_000, download_mb=12, referee="digits", source=MNIST
        ),
        DataSet(
            "fashion_mnist", "Clothes, all 60,000 (Fashion-MNIST)", CLOTHES, 60_000,
            download_mb=31, referee="fashion", source=FASHION,
        ),
        DataSet("kmnist", "Old Japanese letters (KMNIST)", KANA, 60_000, download_mb=21, source=KMNIST),
        DataSet(
            "cifar10", "Colour photos (CIFAR-10)", THINGS, 50_000,
            size=32, channels=3, download_mb=170, referee="photos", source=CIFAR,
        ),
    )
}  # fmt: skip


def with_article(name: str) -> str:
    """Such as "an 8", "a bag", "trousers"."""
    if name.endswith("s") and not name.endswith("ss"):
        return name
    return f"{'an' if name[0] in 'aeiou8' else 'a'} {name}"
