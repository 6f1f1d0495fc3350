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

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width), as the networks see a picture."""
        return self.channels, self.size, self.size


SETS = {
    item.name: item
    for item in (
        DataSet("digits", "Handwritten digits", DIGITS, 5_000, referee="digits"),
        DataSet("fashion", "Clothes", CLOTHES, 10_000, referee="fashion"),
        DataSet("mnist", "Digits, all 60,000 (MNIST)", DIGITS, 60_000, download_mb=12, referee="digits"),
        DataSet(
            "fashion_mnist", "Clothes, all 60,000 (Fashion-MNIST)", CLOTHES, 60_000, download_mb=31, referee="fashion"
        ),
        DataSet("kmnist", "Old Japanese letters (KMNIST)", KANA, 60_000, download_mb=21),
        DataSet("cifar10", "Colour photos (CIFAR-10)", THINGS, 50_000, size=32, channels=3, download_mb=170),
    )
}


def with_article(name: str) -> str:
    """Such as "an 8", "a bag", "trousers"."""
    if name.endswith("s") and not name.endswith("ss"):
        return name
    return f"{'an' if name[0] in 'aeiou8' else 'a'} {name}"
