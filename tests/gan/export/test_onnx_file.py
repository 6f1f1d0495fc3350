"""A generator as ONNX draws what torch draws, and making the file disturbs nobody."""

import builtins
import json
import threading
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from gan.export.onnx_file import onnx_file
from gan.learn.build import build, timed
from gan.learn.trainer import Trainer
from gan.look.observer import draw
from gan.parts import nets
from gan.parts.blocks import Generator
from gan.setup.config import RunConfig


def generator(config: RunConfig, shape=(1, 28, 28)) -> nn.Module:
    """An untrained one, past its first batches, so that nothing in it is as it began."""
    net = build(config, shape)["generator"]
    for part in timed(net):
        part.progress = 0.3
    labels = torch.arange(16) % 10 if nets.is_conditional(config.architecture) else None
    with torch.no_grad():
        net(torch.randn(16, config.latent_size), labels)
    return net


def drawn(content: bytes, noise: torch.Tensor, labels: torch.Tensor | None = None) -> np.ndarray:
    inputs = {"noise": noise.numpy()} | ({} if labels is None else {"label": labels.numpy()})
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (pictures,) = session.run(["pictures"], inputs)
    return pictures


@pytest.mark.parametrize("name", nets.of_family("gan"))
def test_every_architecture_draws_the_same_pictures(name, capfd):
    config = RunConfig(architecture=name, latent_size=5)
    net, conditional = generator(config), nets.is_conditional(name)
    content = onnx_file(net, config)
    assert capfd.readouterr() == ("", "")
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    for count in (1, 7):
        noise = torch.randn(count, 5)
        labels = torch.randint(10, (count,)) if conditional else None
        pictures = drawn(content, noise, labels)
        assert (pictures.shape, pictures.dtype) == ((count, 1, 28, 28), np.float32)
        np.testing.assert_allclose(pictures, draw(net, noise, labels), rtol=1e-4, atol=1e-4)
    assert net.training


@pytest.mark.parametrize(
    ("architecture", "options", "size", "channels"),
    [
        ("style", {"truncation": 0.5, "mapping": 1}, 64, 3),
        ("progressive", {}, 64, 3),
        ("self_attention", {"width": 4}, 32, 3),
        ("mlp", {"norm": "layer", "activation": "tanh", "depth": 1}, 28, 1),
    ],
)
def test_options_sizes_and_colours_too(architecture, options, size, channels):
    config = RunConfig(architecture=architecture, options=options, pixel_range="0..1")
    net = generator(config, (channels, size, size))
    noise = torch.randn(3, config.latent_size)
    np.testing.assert_allclose(drawn(onnx_file(net, config), noise), draw(net, noise), rtol=1e-4, atol=1e-4)


def test_the_file_says_what_goes_in_and_what_comes_out():
    config = RunConfig(architecture="conditional", data="fashion", latent_size=7, pixel_range="0..1")
    model = onnx.load_from_string(onnx_file(generator(config), config))
    shapes = {
        each.name: [side.dim_param or side.dim_value for side in each.type.tensor_type.shape.dim]
        for each in (*model.graph.input, *model.graph.output)
    }
    assert shapes == {"noise": ["n", 7], "label": ["n"], "pictures": ["n", 1, 28, 28]}
    assert "noise (n, 7)" in model.doc_string and "9 ankle boot" in model.doc_string
    assert "0 is black, 1 is white" in model.doc_string
    told = {each.key: each.value for each in model.metadata_props}
    assert json.loads(told["class_names"])[9] == "ankle boot" and told["latent_size"] == "7"
    assert RunConfig.from_dict(json.loads(told["settings"])) == config


def test_only_classes_that_were_learned_are_named():
    config = RunConfig(architecture="conditional", data="fashion", classes=(3, 7))
    model = onnx.load_from_string(onnx_file(generator(config), config))
    told = {each.key: json.loads(each.value) for each in model.metadata_props if each.key.startswith("class")}
    assert told == {"classes": [3, 7], "class_names": ["dress", "trainer"]}
    assert model.doc_string.endswith("Classes: 3 dress, 7 trainer.")


def test_what_it_holds_does_not_change_with_the_generator():
    config = RunConfig(architecture="pocket")
    net = generator(config)
    content, noise = onnx_file(net, config), torch.randn(2, config.latent_size)
    before = draw(net, noise)
    for weight in net.parameters():
        weight.data.zero_()
    np.testing.assert_allclose(drawn(content, noise), before, rtol=1e-4, atol=1e-4)


def test_a_run_that_trains_beside_it_gives_the_same_pictures(make_pictures):
    config = RunConfig(architecture="conditional", batch_size=8, device="cpu")
    real, labels = torch.rand(8, 1, 28, 28), torch.arange(8)
    net, done = generator(config), threading.Event()
    written = [onnx_file(net, config)]

    def write() -> None:
        while not done.is_set():
            written.append(onnx_file(net, config))

    def trained(enough: Callable[[Trainer], bool]) -> Trainer:
        trainer = Trainer(config, make_pictures(40))
        while not enough(trainer):
            trainer.learner.step(real, labels)
        return trainer

    thread = threading.Thread(target=write)
    thread.start()
    together = trained(lambda trainer: trainer.steps >= 20 and len(written) >= 3)
    done.set()
    thread.join()
    alone = trained(lambda trainer: trainer.steps == together.steps)
    for ours, theirs in zip(alone.learner.generator.parameters(), together.learner.generator.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    assert len(set(written)) == 1


def test_without_the_package_a_sentence_says_so(monkeypatch):
    real = builtins.__import__

    def importing(name, *rest):
        if name == "onnx":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", importing)
    config = RunConfig(architecture="pocket")
    with pytest.raises(ValueError, match=r"The package onnx is missing\. Install it with: pip install onnx"):
        onnx_file(generator(config), config)


class Counting(Generator):
    """Draws another picture when it draws more of them."""

    def forward(self, noise, labels=None):
        return super().forward(noise) * len(noise)


class Unknown(Generator):
    """Does what ONNX has no word for."""

    def forward(self, noise, labels=None):
        return torch.linalg.eigvals(super().forward(noise)).real


@pytest.mark.parametrize(("kind", "reason"), [(Counting, "how many pictures are drawn at once"), (Unknown, "eig")])
def test_networks_that_cannot_be_written_are_refused(kind, reason):
    config = RunConfig(architecture="pocket")
    net = kind(*generator(config))
    with pytest.raises(ValueError, match=f"The networks of pocket cannot be written as an ONNX file: .*{reason}"):
        onnx_file(net, config)
