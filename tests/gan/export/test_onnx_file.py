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


def sampled(content: bytes, noise: torch.Tensor, steps: int, **more: np.ndarray) -> np.ndarray:
    """What a program draws that takes the steps of the file by itself, as the file says."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    x = noise.numpy()
    for k in range(steps):
        times = {"now": np.array(k / steps, np.float32), "then": np.array((k + 1) / steps, np.float32)}
        x, picture = session.run(["x_then", "picture"], {"x": x, **times, **more})
    return picture


@pytest.mark.parametrize("architecture", nets.of_family("diffusion"))
@pytest.mark.parametrize("process", ["flow", "ddpm"])
@pytest.mark.parametrize("predicts", ["picture", "velocity", "noise"])
def test_all_steps_of_a_sampler_draw_the_same_pictures(architecture, process, predicts):
    options = {"width": 16, "process": process, "predicts": predicts, "sampler_steps": 7, "guidance": 2.5}
    config = RunConfig.from_dict({"architecture": architecture, "options": options})
    net = build(config, (1, 28, 28))["generator"]
    content = onnx_file(net, config)
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    for count in (1, 5):
        noise, labels = torch.randn(count, 784), torch.arange(count) % 10
        more = (
            {"label": labels.numpy(), "guidance": np.array(2.5, np.float32)}
            if nets.is_conditional(architecture)
            else {}
        )
        found = sampled(content, noise.view(-1, 1, 28, 28), 7, **more)
        np.testing.assert_allclose(found, draw(net, noise, labels if more else None), rtol=1e-3, atol=1e-3)


def test_guidance_and_steps_are_up_to_the_program():
    options = {"width": 8, "sampler_steps": 3, "guidance": 1.0}
    config = RunConfig.from_dict({"architecture": "denoiser_class", "options": options})
    net = build(config, (1, 28, 28))["generator"]
    content, noise, labels = onnx_file(net, config), torch.randn(2, 784), torch.tensor([3, 8])
    found = {}
    for steps, guidance in ((3, 1.0), (5, 4.0)):
        net.steps, net.guidance = steps, guidance
        more = {"label": labels.numpy(), "guidance": np.array(guidance, np.float32)}
        found[steps] = sampled(content, noise.view(-1, 1, 28, 28), steps, **more)
        np.testing.assert_allclose(found[steps], draw(net, noise, labels), rtol=1e-3, atol=1e-3)
    assert np.abs(found[3] - found[5]).max() > 1e-3


def test_a_file_of_one_step_says_how_they_follow_each_other():
    config = RunConfig.from_dict({"architecture": "denoiser_class", "options": {"width": 8}})
    model = onnx.load_from_string(onnx_file(build(config, (1, 28, 28))["generator"], config))
    shapes = {
        each.name: [side.dim_param or side.dim_value for side in each.type.tensor_type.shape.dim]
        for each in (*model.graph.input, *model.graph.output)
    }
    picture = ["n", 1, 28, 28]
    assert shapes == {"x": picture, "now": [], "then": [], "label": ["n"], "guidance": [],
                      "x_then": picture, "picture": picture}  # fmt: skip
    told = {each.key: each.value for each in model.metadata_props}
    assert "now = k / K and then = (k + 1) / K" in told["steps"] and told["steps"] in model.doc_string
    assert json.loads(told["settings"])["options"] == {"width": 8}


@pytest.mark.parametrize("architecture", [*nets.of_family("vae"), *nets.of_family("vae_gan")])
def test_the_generator_of_an_autoencoder_draws_the_same_pictures(architecture):
    config = RunConfig.from_dict({"architecture": architecture, "latent_size": 5})
    net = generator(config)
    noise, labels = torch.randn(3, 5), torch.tensor([1, 4, 7]) if nets.is_conditional(architecture) else None
    found = drawn(onnx_file(net, config), noise, labels)
    np.testing.assert_allclose(found, draw(net, noise, labels), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("architecture", nets.of_family("translation"))
def test_a_translator_makes_the_same_of_pictures(architecture):
    config = RunConfig.from_dict({"architecture": architecture})
    net = build(config, (1, 28, 28))["generator"]
    given = torch.rand(3, 784) * 2 - 1
    np.testing.assert_allclose(drawn(onnx_file(net, config), given), draw(net, given), rtol=1e-4, atol=1e-4)


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
