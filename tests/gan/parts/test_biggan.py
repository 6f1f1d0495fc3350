"""BigGAN: what its layers are told, by hand; which piece of the noise reaches what; its levels and first weights."""

from itertools import pairwise

import pytest
import torch
from torch import nn, tensor

from gan.export.onnx_file import onnx_file
from gan.learn.build import build
from gan.learn.preview import preview
from gan.learn.trainer import Trainer
from gan.parts.nets import biggan
from gan.setup.config import RunConfig
from tests.gan.export.test_onnx_file import drawn

CONFIG = RunConfig(architecture="biggan", latent_size=9, batch_size=4, options="width=4", device="cpu")
SHAPES = [(1, 28, 28), (3, 32, 32), (3, 64, 64)]
LEVELS = {28: 2, 32: 3, 64: 4}  # in which a picture doubles its side


def networks(shape=SHAPES[0], **settings):
    return tuple(build(CONFIG.but(**settings), shape).values())


def heard(generator, noise, labels):
    """What the first layer and each level are told by noise (1, z) and labels (1,)."""
    told = []
    hooks = [generator.start.register_forward_pre_hook(lambda layer, given: told.append(given[0]))]
    hooks += [level.register_forward_pre_hook(lambda level, given: told.append(given[1])) for level in generator.levels]
    with torch.no_grad():
        picture = generator.eval()(noise, labels)
    for hook in hooks:
        hook.remove()
    return told, picture


class TestToldBatchNorm:
    """Pictures of two pixels and one map: 1 and 3, 5 and 7. Their mean is 4, their variance 5."""

    x = tensor([[[[1.0, 3.0]]], [[[5.0, 7.0]]]])
    told = tensor([[2.0, 0.0], [1.0, -1.0]])

    def layer(self):
        layer = biggan.ToldBatchNorm(1, 2)
        layer.to_gains.data = tensor([[0.5, 3.0]])  # gains 1 + 1 and 1 + 0.5 - 3
        layer.to_biases.data = tensor([[10.0, 4.0]])  # biases 20 and 10 - 4
        return layer

    def test_gain_and_bias_are_each_pictures_own(self):
        found = self.layer()(self.x, self.told)
        deviation = (5 + 1e-5) ** 0.5
        first = [20 + 2 * (x - 4) / deviation for x in (1, 3)]
        second = [6 - 1.5 * (x - 4) / deviation for x in (5, 7)]
        assert found.flatten().tolist() == pytest.approx([*first, *second])

    def test_at_rest_it_goes_by_what_it_has_seen(self):
        layer = self.layer().eval()
        layer.running_mean.fill_(3), layer.running_var.fill_(4)
        # Halves of what lies beyond 3: -1, 0, 1 and 2
        assert layer(self.x, self.told).flatten().tolist() == pytest.approx([18, 20, 4.5, 3], abs=1e-3)

    def test_it_has_no_gain_or_bias_beside(self):
        assert {name for name, _ in self.layer().named_parameters()} == {"to_gains", "to_biases"}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_there_is_a_piece_of_the_noise_for_the_first_layer_and_for_each_level(shape):
    generator, discriminator = networks(shape)
    assert len(generator.levels) == LEVELS[shape[-1]]
    assert sum(generator.pieces) == 9 and len(generator.pieces) == 1 + len(generator.levels)
    assert max(generator.pieces) - min(generator.pieces) <= 1
    halving = [block.halves for block in discriminator if isinstance(block, biggan.Shrinking)]
    assert halving == [True] * len(generator.levels) + [False]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_each_piece_reaches_its_own_level_alone_and_changes_the_picture(shape):
    generator, _ = networks(shape)
    noise, label = torch.randn(1, 9), tensor([3])
    before, picture = heard(generator, noise, label)
    ends = torch.tensor([0, *generator.pieces]).cumsum(0).tolist()
    for number, (begin, end) in enumerate(pairwise(ends)):
        other = noise.clone()
        other[:, begin:end] += 1
        after, changed = heard(generator, other, label)
        differ = [not torch.equal(*pair) for pair in zip(before, after, strict=True)]
        assert differ == [place == number for place in range(len(before))]
        assert (changed - picture).abs().max() > 1e-3


def test_the_class_reaches_every_level_by_the_same_numbers_and_changes_the_picture():
    generator, _ = networks()
    noise = torch.randn(1, 9)
    (start, *told), picture = heard(generator, noise, tensor([3]))
    (same, *others), changed = heard(generator, noise, tensor([4]))
    assert torch.equal(start, same) and torch.equal(start, noise[:, : generator.pieces[0]])
    size = generator.shared.SIZE
    for one, other in zip(told, others, strict=True):
        assert torch.equal(one[0, -size:], generator.shared.weight[3])
        assert torch.equal(other[0, -size:], generator.shared.weight[4])
        assert torch.equal(one[:, :-size], other[:, :-size])
    assert (changed - picture).abs().max() > 1e-3


def test_half_of_one_class_and_half_of_another_is_what_lies_between_their_numbers():
    generator, noise = networks()[0], torch.randn(1, 9)
    (_, *told), _ = heard(generator, noise, tensor([[0, 0.5, 0, 0, 0, 0, 0, 0.5, 0, 0]]))
    expected = (generator.shared.weight[1] + generator.shared.weight[7]) / 2
    assert all(torch.allclose(each[0, -generator.shared.SIZE :], expected) for each in told)
    (_, *whole), picture = heard(generator, noise, nn.functional.one_hot(tensor([7]), 10).float())
    (_, *asked), same = heard(generator, noise, tensor([7]))
    assert torch.allclose(whole[0], asked[0]) and torch.allclose(picture, same, atol=1e-6)


def test_its_first_weights_are_orthogonal():
    for net in networks(options="width=16", stabilisers="spectral_norm=0"):
        for weight in (weight.detach().flatten(1) for weight in net.parameters() if weight.dim() > 1):
            few = weight @ weight.T if len(weight) <= weight.shape[1] else weight.T @ weight
            torch.testing.assert_close(few, torch.eye(len(few)), atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("side", "expected"), [(28, [32, 32, 16]), (32, [64, 64, 32, 16]), (64, [128, 128, 64, 32, 16])]
)
def test_channels_double_where_the_side_is_half_but_at_the_last(side, expected):
    shape = (1, side, side)
    assert biggan.level_widths(shape, 16) == expected
    generator, discriminator = networks(shape, options="width=16")
    assert [level.refine.out_channels for level in generator.levels] == expected[1:]
    blocks = [block for block in discriminator if isinstance(block, biggan.Shrinking)]
    assert [block.shortcut.out_channels for block in blocks] == expected[::-1]


def test_a_side_that_cannot_be_halved_has_no_levels():
    generator, discriminator = networks((1, 9, 9))
    pictures = generator(torch.randn(3, 9), tensor([1, 2, 3]))
    assert pictures.shape == (3, 1, 9, 9) and discriminator(pictures, tensor([1, 2, 3])).shape == (3,)


def test_the_discriminators_first_block_sees_pictures_as_they_are_and_the_last_one_ends_in_sums():
    _, discriminator = networks()
    first, second, *_ = discriminator
    assert isinstance(first.change[0], nn.Conv2d) and isinstance(second.change[0], nn.ReLU)
    maps = torch.arange(12.0).view(1, 2, 2, 3)
    assert biggan.Total()(maps).tolist() == [[15, 51]]


def test_a_block_adds_what_its_layers_find_to_the_shortcut():
    _, discriminator = networks(stabilisers="spectral_norm=0")
    block, x = discriminator[1], torch.randn(2, 4, 14, 14)
    before = x.clone()
    whole = block(x)
    assert torch.equal(x, before)
    nn.init.zeros_(block.change[-1].weight), nn.init.zeros_(block.change[-1].bias)
    means = x.unflatten(2, (7, 2)).unflatten(4, (7, 2)).mean((3, 5))
    by_hand = (
        torch.einsum("oi,nihw->nohw", block.shortcut.weight[..., 0, 0], means) + block.shortcut.bias[:, None, None]
    )
    torch.testing.assert_close(block(x), by_hand, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(whole, by_hand, atol=1e-2)


def test_its_matrix_says_how_the_first_layer_and_all_levels_see_the_noise():
    generator, _ = networks(SHAPES[1])
    one, other = torch.randn(2, 1, 9)
    (a_start, *a_told), _ = heard(generator, one, tensor([1]))
    (b_start, *b_told), _ = heard(generator, other, tensor([1]))
    seen = [generator.start.weight @ (a_start - b_start)[0]]
    for level, a, b in zip(generator.levels, a_told, b_told, strict=True):
        for norm in level.norms:
            seen += [norm.to_gains @ (a - b)[0], norm.to_biases @ (a - b)[0]]
    torch.testing.assert_close(generator.looks() @ (one - other)[0], torch.cat(seen), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("latent_size", [1, 3])
def test_less_noise_than_levels_is_enough(latent_size):
    config = CONFIG.but(latent_size=latent_size)
    generator = build(config, SHAPES[2])["generator"].eval()
    noise, labels = torch.randn(2, latent_size), tensor([1, 2])
    with torch.no_grad():
        expected = generator(noise, labels).numpy()
    assert expected.shape == (2, 3, 64, 64)
    assert drawn(onnx_file(generator, config), noise, labels) == pytest.approx(expected, abs=1e-4)


def test_spectral_norm_comes_along_and_bounds_every_layer_of_the_discriminator(make_pictures):
    assert CONFIG.strengths == {"spectral_norm": 1} and CONFIG.but(stabilisers="spectral_norm=0").strengths == {}
    assert CONFIG.but(architecture="conditional").strengths == {}
    trainer = Trainer(CONFIG.but(loss="hinge", epochs=1), make_pictures(24))
    list(trainer.epochs())
    net = trainer.learner.discriminator
    for _ in range(50):  # each look brings the norm closer
        net(torch.zeros(1, *SHAPES[0]))
    net.eval()
    matrices = [layer.weight.flatten(1) for layer in net.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    assert len(matrices) == 3 * 3 + 1
    assert all(torch.linalg.matrix_norm(matrix, 2) < 1.02 for matrix in matrices)


def test_a_preview_counts_every_number_and_names_its_layers():
    found = preview(CONFIG)
    for net in (found.generator, found.discriminator):
        assert sum(layer.parameters for layer in net.layers) == net.parameters
    kinds = [layer.kind for layer in found.generator.layers]
    assert kinds.count("ToldBatchNorm") == 4 and kinds.count("Shortcut") == 2 and kinds[0] == "SharedClass"
    assert [layer.kind for layer in found.discriminator.layers][-3:] == ["Total", "Embedding", "Projection"]
