"""A generator's space for every architecture, its directions against eigenvectors and numpy, its groups."""

import numpy as np
import pytest
import torch

from gan import data, export, families
from gan.inside.latent import directions, groups, traits
from gan.inside.latent.space import Space
from gan.learn.build import build
from gan.look import referee
from gan.look.networks import draw
from gan.parts import nets
from gan.setup.config import RunConfig

ARCHITECTURES = [name for name in nets.names() if families.has_latent_space(nets.family_of(name))]


def space(architecture: str = "dcgan", name: str = "digits", **settings) -> Space:
    family = nets.family_of(architecture)
    told = {"family": family, "architecture": architecture, "data": name, **settings}
    config = RunConfig.from_dict(told if families.facts(family).get("NOISE") else told | {"latent_size": 16})
    generator = build(config, data.shape_of(name))["generator"]
    return Space(generator.eval().requires_grad_(False), config)


@pytest.mark.parametrize("name", ("digits", "critters"))
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_draws_what_it_draws_elsewhere_and_has_directions(architecture, name):
    own = space(architecture, name)
    noise = own.noise(5, 6)
    kinds = np.arange(6) if nets.is_conditional(architecture) else None
    expected = draw(own.generator, torch.from_numpy(noise), kinds if kinds is None else torch.from_numpy(kinds))
    images = own.draw(noise, kinds)
    assert np.abs(images.astype(float) - np.asarray(_bytes(expected, own.config.pixel_range))).max() <= 1
    for found in (directions.by_weights(own, 3), directions.by_answers(own, 3)):
        vectors = np.stack([vector for vector, _ in found])
        assert vectors.shape == (3, own.points(noise).shape[1])
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-4)
        shares = [share for _, share in found]
        assert shares == sorted(shares, reverse=True) and shares[-1] > 0 and sum(shares) <= 1 + 1e-6
    assert len(directions.named(own, directions.by_weights(own, 2), referee.load(name))) == 2


def _bytes(pictures: torch.Tensor, pixel_range: str) -> np.ndarray:
    scaled = pictures.numpy() * 255 if pixel_range == "0..1" else (pictures.numpy() + 1) * 127.5
    return scaled.clip(0, 255)[:, 0] if scaled.shape[1] == 1 else scaled.clip(0, 255).transpose(0, 2, 3, 1)


def test_noise_of_a_seed_is_what_the_command_line_draws_from():
    own = space()
    assert (own.draw(own.noise(3, 70)) == export.sample(own.generator, own.config, 70, seed=3)).all()
    assert (own.noise(3, 10) == own.noise(3, 70)[:10]).all()


def test_directions_by_weights_are_eigenvectors():
    own = space("mlp")
    weight = own.generator[0].weight.double().numpy()
    product = weight.T @ weight
    values = np.linalg.eigvalsh(product)[::-1]
    for (vector, share), value in zip(directions.by_weights(own, 5), values, strict=False):
        np.testing.assert_allclose(product @ vector, value * vector, atol=1e-5)
        assert share == pytest.approx(value / values.sum(), rel=1e-5)


def test_the_matrix_looks_at_the_noise_alone_where_a_class_stands_beside_it():
    own = space("conditional")
    assert torch.equal(own.matrix, own.generator[1].weight[:, :16])


def test_the_matrix_of_codes_looks_at_the_noise_from_which_they_are_drawn():
    own = space("vae_mlp")
    stretch = torch.randn(16, 16)
    own.generator[0].spread[0] = stretch
    assert torch.equal(own.matrix, own.generator[1].weight @ stretch)
    noise = torch.randn(1, 16)
    bias = own.generator[1].bias + own.generator[1].weight @ own.generator[0].mean[0]
    kinds = torch.zeros(1, dtype=torch.long)
    assert torch.allclose(own.generator[1](own.generator[0](noise, kinds)), noise @ own.matrix.T + bias, atol=1e-5)


@pytest.mark.parametrize("find", (directions.by_weights, directions.by_answers))
@pytest.mark.parametrize(("architecture", "stretches"), [("vae_conv", [0]), ("vae_mlp", [0]), ("vae_class", [3, 7])])
def test_a_decoder_that_learned_some_classes_alone_has_directions_too(architecture, stretches, find):
    own = space(architecture, classes=(3, 7))
    spread = next(own.generator.children()).spread
    spread.copy_(torch.randn(spread.shape))
    assert all(torch.equal(*pair) for pair in zip(own._stretches(), spread[stretches], strict=True))
    assert len(find(own, 3)) == 3


@pytest.mark.parametrize("layer", (torch.nn.ConvTranspose2d(4, 3, 2), torch.nn.Conv2d(4, 3, 2)))
def test_the_matrix_of_a_convolution_says_how_it_sees_a_point(layer):
    own = Space(torch.nn.Sequential(layer), RunConfig(latent_size=4))
    assert own.matrix.shape == (12, 4)
    point = torch.randn(4)
    taps = torch.einsum(
        "iokl,i->okl" if isinstance(layer, torch.nn.ConvTranspose2d) else "oikl,i->okl", layer.weight, point
    )
    assert torch.allclose((own.matrix @ point).sort().values, taps.flatten().sort().values, atol=1e-6)


@pytest.mark.parametrize("shape", ((40, 7), (12, 30)))
def test_principal_components_are_those_of_numpy(shape):
    rows = np.random.RandomState(1).randn(*shape) * np.linspace(1, 3, shape[1])
    components, variances, coordinates = directions.principal(torch.from_numpy(rows), 4)
    centred = rows - rows.mean(0)
    _, singular, expected = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(variances, singular[:4] ** 2 / (shape[0] - 1), rtol=1e-8)
    np.testing.assert_allclose(np.abs((components.numpy() * expected[:4]).sum(1)), 1, rtol=1e-8)
    np.testing.assert_allclose(coordinates, centred @ components.numpy().T, atol=1e-9)


class Brighter(torch.nn.Module):
    """A generator whose pictures depend on two of its numbers: the first, strongly, is light; the second is slant."""

    def __init__(self) -> None:
        super().__init__()
        weight = torch.zeros(2, 16)
        weight[0, 3], weight[1, 5] = 3.0, 1.0
        self.first = torch.nn.Linear(16, 2, bias=False)
        self.first.weight = torch.nn.Parameter(weight, requires_grad=False)
        self.bend = torch.nn.Tanh()

    def forward(self, noise, labels=None):
        light, lean = self.bend(self.first(noise) / 4).T[:, :, None, None]
        y, x = torch.meshgrid(torch.linspace(-1, 1, 28), torch.linspace(-1, 1, 28), indexing="ij")
        stroke = torch.exp(-((x + 0.6 * lean * y) ** 2) / 0.02) * torch.exp(-(y**2) / 0.3)
        return ((1.2 + light) * stroke - 1)[:, None].clamp(-1, 1)


@pytest.mark.parametrize("find", (directions.by_weights, directions.by_answers))
def test_directions_are_found_in_order_and_named_by_what_they_change(find):
    own = Space(Brighter(), RunConfig(latent_size=16))
    first, second = directions.named(own, find(own, 2), None)
    assert abs(first.vector[3]) > 0.9 and abs(second.vector[5]) > 0.9
    assert first.trait == "brightness" and first.vector[3] > 0
    assert second.trait == "slant" and second.vector[5] > 0
    assert first.spread == pytest.approx(1, abs=0.15)


class LeaningEights:
    """A referee that finds an 8 in what leans to one side (1 = right, -1 = left), and otherwise has no idea."""

    def __init__(self, side: int) -> None:
        self.side = side

    def look(self, images: np.ndarray) -> tuple[None, torch.Tensor]:
        shares = torch.full((len(images), 10), 0.1)
        shares[torch.from_numpy(self.side * traits.slant(images) > 0.05)] = torch.eye(10)[8]
        return None, shares


@pytest.mark.parametrize("side", (1, -1))
@pytest.mark.parametrize("find", (directions.by_weights, directions.by_answers))
def test_a_direction_is_named_by_the_class_that_the_referee_sees_more_of(find, side):
    own = Space(Brighter(), RunConfig(latent_size=16))
    light, lean = directions.named(own, find(own, 2), LeaningEights(side))
    assert lean.kind == 8 and lean.trait is None and side * lean.vector[5] > 0.9
    assert light.kind is None and light.trait == "brightness"  # which says nothing to this referee


def test_traits_of_strokes_that_are_drawn_by_hand():
    images = np.zeros((4, 28, 28), np.uint8)
    images[0, 4:24, 12:15] = 255  # upright, three wide
    images[1, 4:24, 12:18] = 255  # six wide
    for row in range(4, 24):
        images[2, row, 24 - row : 27 - row] = 255  # one to the right for each one up
    images[3] = images[0].T
    assert traits.thickness(images)[:2] == pytest.approx([2 * 60 / 46, 2 * 120 / 52])
    assert traits.slant(images)[[0, 2]] == pytest.approx([0, 1], abs=0.01)
    assert traits.width(images)[0] == pytest.approx(traits.height(images)[3])
    assert traits.height(images)[0] == pytest.approx(np.arange(20).std())
    assert traits.brightness(images)[0] == pytest.approx(60 / 784)
    assert all(np.isfinite(values).all() for values in traits.measures(np.zeros((2, 8, 8), np.uint8)).values())


def test_traits_of_colours():
    red, grey = np.zeros((1, 4, 4, 3), np.uint8), np.full((1, 4, 4, 3), 90, np.uint8)
    red[..., 0] = 255
    assert traits.warmth(red) == 1 and traits.warmth(grey) == 0
    assert traits.colourfulness(red) == 1 and traits.colourfulness(grey) == 0


def test_groups_are_what_they_say():
    own = Space(Brighter(), RunConfig(latent_size=16))
    found = groups.groups(own, None)
    bright, dark = (own.draw(found[side, "brightness"]).mean() for side in ("most", "least"))
    assert bright > 1.5 * dark and len(found["most", "slant"]) == groups.EACH
    assert found["most", "slant"][:, 5].mean() > 0.5 > -0.5 > found["least", "slant"][:, 5].mean()


@pytest.mark.parametrize("architecture", [*filter(nets.is_conditional, nets.names())])
def test_half_a_class_lies_between_two_and_a_whole_one_is_the_class(architecture):
    own = space(architecture)
    _told_apart(own.generator)
    noise = np.repeat(own.noise(1, 1), 3, 0)
    weights = np.zeros((3, 10), np.float32)
    weights[0, 4] = weights[2, 7] = 1
    weights[1, [4, 7]] = 0.5
    images = own.draw(noise, weights)
    whole = own.draw(noise[:2], np.array([4, 7]))
    assert np.abs(images[[0, 2]].astype(int) - whole).max() <= 1  # of 255: sums in another order
    assert (images[1] != images[0]).any() and (images[1] != images[2]).any()


def _told_apart(generator) -> None:
    """Weights at which every class looks different, also to networks that begin deaf to it."""
    random = torch.Generator().manual_seed(2)
    for weight in generator.parameters():
        weight.copy_(torch.randn(weight.shape, generator=random) * 0.2)


def test_a_style_is_moved_not_the_noise():
    own = space("style")
    assert own.has_styles and own.matrix.shape[1] == own.points(own.noise(0, 2)).shape[1] == own.middle.shape[0]
    assert space("progressive").forgets_length and not own.forgets_length and not space().forgets_length


def test_a_generator_that_blew_up_has_no_directions_and_says_so():
    own = space("mlp")
    own.generator[0].weight.data[0, 0] = torch.nan
    for find in (directions.by_weights, directions.by_answers):
        with pytest.raises(ValueError, match="blew up"):
            find(own)
