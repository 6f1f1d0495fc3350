"""What CONTRIBUTING.md promises: who adds a room touches what it says and nothing else, and it works everywhere."""

import math
import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.promises.house import ROOT, RULES, House

LITTLE = ["data=digits", "classes=3", "batch_size=219", "latent_size=4", "device=cpu", "epochs=2", "ema=0"]

ODD_NET = '''\
"""Odd layers: what few networks have, in the generator and the discriminator.

Convolutions without bias, in groups, with reflected edges, and one that is told its size.
"""

from torch import nn

from gan.parts.blocks import Discriminator, Generator, Logit, Pictures

OPTIONS = {"odd_width": (8, 4, 16), "edge": ("reflect", "zeros")}


def generator(config, shape):
    channels, height, breadth = shape
    width, start = config.option("odd_width"), (height // 4, breadth // 4)
    return Generator(
        nn.Linear(config.latent_size, width * start[0] * start[1]),
        Pictures((width, *start)),
        nn.ConvTranspose2d(width, width, 3, stride=2, padding=1, output_padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(width, width, 4, stride=2, padding=1, groups=2),
        nn.ReLU(inplace=True),
        nn.Conv2d(width, channels, 3, padding=1, padding_mode="reflect"),
        nn.Tanh(),
    )


def discriminator(config, shape):
    channels, height, breadth = shape
    width = config.option("odd_width")
    return Discriminator(
        nn.Conv2d(channels, width, 4, stride=2, padding=1, padding_mode=config.option("edge"), bias=False),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(width, width, 4, stride=2, padding=1, groups=2),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Flatten(),
        Logit(width * (height // 4) * (breadth // 4)),
    )
'''

DRIFT = '''\
"""Drift penalty: the discriminator may not exaggerate.

Karras et al. 2018, appendix A.1: D's loss grows by epsilon * E D(x)^2 over real pictures x. The strength is epsilon.
"""

from torch import Tensor

from gan.parts.hooks import Base, Batch, Judge

STRENGTH = (0.001, 0.0001, 1.0)
REFUSES = {"weight_clipping": "clipped weights cannot exaggerate"}


class Stabiliser(Base):
    def d_penalty(self, judge: Judge, real: Batch, fake: Batch) -> Tensor:
        return self.strength * judge(real).logits.square().mean()
'''

KINDS = tuple("abcdefghijkl")
A_SET = 'DataSet("shapes", "Shapes", tuple("abcdefghijkl"), 480, source="a test"),'

A_PAGE = '''\
"""A page of one sentence."""

import streamlit as st

from pages.shared.words import say

st.title(say("hello.title", "Hello from a new page"))
'''


def printed_loss() -> str:
    """The loss that CONTRIBUTING.md prints."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return textwrap.dedent(re.search(r"^ *```python\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)[1])


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    """A house with a new room of every kind."""
    folder = tmp_path_factory.mktemp("promises")
    house = House(folder / "house", folder / "outside")
    house.add("gan/parts/losses/cubic.py", printed_loss())
    house.add("gan/parts/stabilisers/drift.py", DRIFT)
    house.add("gan/parts/nets/odd.py", ODD_NET)
    house.add_line("gan/data/catalog.py", "for item in (", A_SET)
    draw_shapes(house.root / "assets/data/shapes.npz")
    house.add("pages/hello.py", A_PAGE)
    house.add_line("pages/frame.py", 'st.Page("library.py"', 'st.Page("hello.py", title=plain("page.hello", "Hello")),')
    house.run("-m", "tools.languages", "pseudo", "assets/languages/fr.po")
    yield house
    house.close()


def draw_shapes(path: Path) -> None:
    random, labels = np.random.default_rng(0), np.arange(480, dtype=np.uint8) % len(KINDS)
    np.savez(path, images=random.integers(0, 256, (480, 28, 28), np.uint8), labels=labels)


def assert_it_learned(house, tmp_path, settings: list[str], close: float, scores: tuple[str, ...]) -> dict:
    """Trained, scored, diagnosed and drawn with, and its script makes the same generator without us."""
    found = house.ask("learn", settings=[*LITTLE, *settings], folder=str(tmp_path))
    assert [record["epoch"] for record in found["records"]] == [1, 2]
    assert all(math.isfinite(record[name]) for record in found["records"] for name in ("d_loss", "g_loss", "d_fake"))
    assert all(math.isfinite(found["records"][-1][name]) for name in scores)
    assert found["doctor"] and found["evidence"] and found["scores"]
    assert np.load(tmp_path / "fakes.npy").shape == (12, 28, 28)
    script = house.runs_as_a_script(tmp_path / "script.zip")
    ours = load_file(tmp_path / "generator" / "generator.safetensors")
    theirs = torch.load(script / "generator.pt", weights_only=True)
    assert ours.keys() == theirs.keys()
    for name, weight in ours.items():
        torch.testing.assert_close(theirs[name], weight, rtol=0, atol=close)
    return found


ALL_SCORES = ("realism", "variety", "precision", "recall", "copying")


def test_the_loss_that_is_printed_works_everywhere(house, tmp_path):
    assert_it_learned(house, tmp_path, ["architecture=pocket", "loss=cubic"], 1e-5, ALL_SCORES)

    judged = {loss: house.ask("judged", loss=loss) for loss in ("cubic", "least_squares")}
    assert judged["cubic"] == judged["least_squares"]
    assert {"healthy", "generator_too_strong", "discriminator_too_strong", "oscillation"} <= {*judged["cubic"]}

    train = house.ask("shown", page="train.py", choose={"loss": "cubic"})
    assert "Cubic loss" in train["offered"]["loss"]
    assert "is punished most for its worst mistakes." in train["text"]
    assert "Cubic loss does not go with Label smoothing: its labels are part of the equation." in train["text"]

    messages = house.ask("messages")
    assert messages["loss.cubic.title"] == "Cubic loss"
    assert messages["loss.cubic.refuses.label_smoothing"] == "its labels are part of the equation"


def test_a_stabiliser_is_a_file_and_works_everywhere(house, tmp_path):
    settings = ["architecture=pocket", "stabilisers=drift=0.5"]
    assert_it_learned(house, tmp_path, settings, 1e-5, ALL_SCORES)
    (script,) = (tmp_path / "script").rglob("train.py")
    assert "self.strength * judge(real).logits.square().mean()" in script.read_text("utf-8")

    train = house.ask("shown", page="train.py", choose={})
    assert "Drift penalty" in train["toggles"].values()
    assert "may not exaggerate" in train["text"]

    messages = house.ask("messages")
    assert messages["stabiliser.drift.title"] == "Drift penalty"
    assert messages["stabiliser.drift.refuses.weight_clipping"] == "clipped weights cannot exaggerate"


def test_an_architecture_with_unusual_convolutions_works_everywhere(house, tmp_path):
    settings = ["architecture=odd", "options=odd_width=4"]
    assert_it_learned(house, tmp_path, settings, 1e-3, ALL_SCORES)

    train = house.ask("shown", page="train.py", choose={"architecture": "odd"})
    assert "Odd layers" in train["offered"]["architecture"]
    assert len(train["offered"]["option_edge"]) == 2

    messages = house.ask("messages")
    assert messages["net.odd.title"] == "Odd layers" and messages["option.odd_width"] == "Odd width"
    assert messages["option.edge.reflect"] == "Reflect"


def test_a_picture_set_of_twelve_kinds_works_everywhere(house, tmp_path):
    settings = ["data=shapes", "classes=2,11", "architecture=conditional", "options=width=4"]
    settings += ["batch_size=8", "learning_rate=1e-4"]  # with larger steps, batch norm makes much of what is rounded
    found = assert_it_learned(house, tmp_path, settings, 5e-4, ("copying",))
    assert found["records"][-1]["realism"] is None  # no referee reads shapes

    train = house.ask("shown", page="train.py", choose={"data": "shapes"})
    assert "Shapes" in train["offered"]["data"]
    assert train["offered"]["classes"] == list(KINDS)


def test_a_page_is_a_file_and_a_line(house):
    hello = house.ask("shown", page="hello.py", choose={})
    assert "Hello from a new page" in hello["text"]
    assert house.ask("messages")["hello.title"] == "Hello from a new page"


def test_a_language_is_a_file(house):
    home = house.ask("shown", page="train.py", choose={"language_menu": "fr"})
    assert "Français" in home["offered"]["language_menu"]
    assert "~~~" in home["text"] and any(label.startswith("[") for label in home["labels"])


def test_all_of_them_keep_the_rules_of_the_house(house):
    """No folder has become too full, no arrow points up, and every choice says what it is."""
    house.run("-m", "pytest", "-q", "-c", os.devnull, RULES[0], "-k", "folder or arrows or choice")
