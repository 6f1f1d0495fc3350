"""Our convolutions against torch's own, and with them whole networks."""

import copy

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from gan.fast import convolutions
from gan.fast.convolutions import quicken
from gan.fast.winograd import transforms
from gan.parts import losses, nets
from gan.setup.config import RunConfig

SMALL, LARGE = (1, 28, 28), (1, 64, 64)


def pair(layer: nn.Module, shape=SMALL) -> tuple[nn.Module, nn.Module]:
    """A layer as it is, and one with the same weights that was quickened."""
    ours = copy.deepcopy(layer)
    quicken(nn.Sequential(ours), shape)
    return layer, ours


def is_quick(layer: nn.Module) -> bool:
    return type(layer).__module__ == convolutions.__name__


def all_of(net: nn.Module, x: Tensor) -> list[Tensor]:
    """What it makes of x, its slopes, and the slopes of its slopes."""
    output = torch.tanh(net(x))
    slopes = torch.autograd.grad(output.square().sum(), [x, *net.parameters()], create_graph=True)
    again = torch.autograd.grad(slopes[0].square().sum(), [x, *net.parameters()], allow_unused=True)
    return [output, *slopes, *(slope for slope in again if slope is not None)]


def assert_close(one: nn.Module, other: nn.Module, x: Tensor) -> None:
    for found, expected in zip(all_of(other, x), all_of(one, x), strict=True):
        torch.testing.assert_close(found, expected)


SPECIAL = (
    {"bias": False}, {"groups": 2}, {"dilation": 2}, {"dilation": (1, 2)}, {"kernel_size": (4, 3)}, {"stride": (2, 1)},
    {"padding": (1, 2)}, {"padding": 0},
)  # fmt: skip
KINDS = pytest.mark.parametrize("kind", [nn.Conv2d, nn.ConvTranspose2d])


class TestTheLayers:
    @KINDS
    @pytest.mark.parametrize("shape", [SMALL, LARGE], ids=["small", "large"])
    @pytest.mark.parametrize("channels", [(1, 5), (3, 16), (16, 3), (8, 9), (20, 12)], ids=str)
    @pytest.mark.parametrize("sides", [(14, 14), (8, 8), (6, 10), (2, 4), (16, 16)], ids=str)
    def test_are_torchs(self, kind, channels, shape, sides):
        layer, ours = pair(kind(*channels, 4, stride=2, padding=1).double(), shape)
        assert is_quick(ours) == (shape == SMALL or min(channels) < 8)
        x = torch.randn(5, channels[0], *sides, dtype=torch.float64, requires_grad=True)
        assert_close(layer, ours, x)
        last = x.detach().permute(2, 3, 0, 1).contiguous().permute(2, 3, 0, 1).requires_grad_()  # as ours leave them
        assert_close(layer, ours, last)

    @KINDS
    def test_are_theirs_in_single_precision_but_for_rounding(self, kind):
        layer, ours = pair(kind(64, 64, 4, stride=2, padding=1))
        x = torch.randn(32, 64, 14, 14)
        found, exact = ours(x), copy.deepcopy(layer).double()(x.double())
        assert float((found - exact).detach().std() / exact.detach().std()) < 3e-5
        assert not torch.equal(found, layer(x))

    @KINDS
    @pytest.mark.parametrize("sizes", [(3, 1, 1), (4, 2, 0), (5, 2, 1), (1, 1, 0)], ids=str)
    def test_of_other_sizes_stay(self, kind, sizes):
        size, stride, padding = sizes
        assert not is_quick(pair(kind(1, 4, size, stride=stride, padding=padding))[1])

    @pytest.mark.parametrize(
        ("kind", "special"),
        [
            *((kind, special) for kind in (nn.Conv2d, nn.ConvTranspose2d) for special in SPECIAL),
            (nn.Conv2d, {"padding_mode": "reflect"}),
            (nn.Conv2d, {"padding_mode": "circular"}),
            (nn.Conv2d, {"padding": "valid"}),
            (nn.Conv2d, {"padding": "same", "stride": 1, "kernel_size": 3}),
            (nn.ConvTranspose2d, {"output_padding": 1}),
            (nn.ConvTranspose2d, {"output_padding": (0, 1)}),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("shape", [SMALL, LARGE], ids=["small", "large"])
    @pytest.mark.parametrize("channels", [(2, 16), (8, 16)], ids=str)
    def test_that_are_special_are_torchs(self, kind, special, shape, channels):
        layer, ours = pair(kind(*channels, **{"kernel_size": 4, "stride": 2, "padding": 1, **special}), shape)
        x = torch.randn(8, channels[0], 14, 14, requires_grad=True)
        for found, expected in zip(all_of(ours, x), all_of(layer, x), strict=True):
            assert torch.equal(found, expected)

    def test_of_a_kind_of_ones_own_stay(self):
        class Own(nn.Conv2d):
            def forward(self, x):
                return 2 * super().forward(x)

        class OwnNorm(nn.BatchNorm2d):
            def forward(self, x):
                return 3 * super().forward(x)

        conv = nn.Conv2d(1, 8, 4, stride=2, padding=1)
        net = nn.Sequential(conv, OwnNorm(8), nn.Conv2d(8, 16, 4, stride=2, padding=1), Own(16, 1, 4, padding=1))
        ours = copy.deepcopy(net)
        quicken(ours, SMALL)
        assert isinstance(ours[1], OwnNorm) and isinstance(ours[3], Own)
        torch.testing.assert_close(ours(x := torch.randn(8, 1, 28, 28)), net(x), rtol=1e-4, atol=1e-5)

    @KINDS
    def test_beside_a_layer_that_depends_on_the_order_in_memory_leave_the_usual_one(self, kind):
        class Flat(nn.Module):
            def forward(self, x):
                return x.view(len(x), -1)

        net = nn.Sequential(kind(1, 8, 4, stride=2, padding=1), Flat())
        ours = copy.deepcopy(net)
        quicken(ours, SMALL)
        x = torch.randn(8, 1, 28, 28)
        torch.testing.assert_close(ours(x), net(x), rtol=1e-4, atol=1e-5)

    @KINDS
    def test_take_a_single_picture_without_a_batch(self, kind):
        layer, ours = pair(kind(2, 3, 4, stride=2, padding=1))
        x = torch.randn(2, 14, 14)
        assert torch.equal(ours(x), layer(x))

    def test_take_a_size_that_is_wanted(self):
        layer, ours = pair(nn.ConvTranspose2d(2, 3, 4, stride=2, padding=1))
        x = torch.randn(8, 2, 14, 14)
        assert torch.equal(ours(x, output_size=[29, 29]), layer(x, output_size=[29, 29]))

    @KINDS
    def test_are_torchs_to_the_last_bit_at_rest(self, kind):
        layer, ours = pair(kind(8, 8, 4, stride=2, padding=1))
        x = torch.randn(8, 8, 14, 14)
        assert torch.equal(ours.eval()(x), layer(x))

    @KINDS
    def test_with_more_weights_than_work_are_torchs(self, kind):
        layer, ours = pair(kind(16, 16, 4, stride=2, padding=1))
        few, many = torch.randn(3, 16, 14, 14), torch.randn(4, 16, 14, 14)
        assert torch.equal(ours(few), layer(few))
        assert not torch.equal(ours(many), layer(many))

    def test_of_odd_sides_are_torchs(self):
        layer, ours = pair(nn.Conv2d(1, 8, 4, stride=2, padding=1))
        x = torch.randn(4, 1, 9, 7)
        assert torch.equal(ours(x), layer(x))

    def test_beside_one_of_another_size_only_those_next_to_pictures_change(self):
        net = nn.Sequential(
            *(nn.Conv2d(c, k, 4, stride=2, padding=1) for c, k in ((1, 8), (8, 16))), nn.Conv2d(16, 1, 1)
        )
        quicken(net, SMALL)
        assert [is_quick(layer) for layer in net] == [True, False, False]

    def test_batch_norm_is_torchs_where_channels_come_last(self):
        net = nn.Sequential(nn.Conv2d(1, 16, 4, stride=2, padding=1), nn.BatchNorm2d(16, momentum=0.8)).double()
        ours = copy.deepcopy(net)
        quicken(ours, SMALL)
        x = torch.randn(4, 1, 28, 28, dtype=torch.float64, requires_grad=True)
        assert_close(net, ours, x)
        for name, value in net.state_dict().items():
            torch.testing.assert_close(ours.state_dict()[name], value)


class TestTheTransforms:
    @pytest.mark.parametrize("height", [1, 2, 4, 7, 8, 16])
    @pytest.mark.parametrize("width", [3, 7, 8])
    def test_make_a_convolution_with_windows_of_two(self, height, width):
        sums, weigh, take = transforms(height, width, torch.float64)
        places, weights = torch.randn(height + 1, width + 1).double(), torch.randn(2, 2).double()
        whole = torch.zeros(4, 4, dtype=torch.float64)
        whole[::2, ::2] = weights  # of four such windows, only that of the even rows and columns
        factors = (weigh @ whole.flatten()).view(-1, 4)
        assert torch.equal(factors[:, 1:], torch.zeros_like(factors[:, 1:]))
        found = sums @ (factors[:, 0] * (take @ places.flatten()))
        expected = conv2d(places[None, None], weights[None, None])[0, 0]
        torch.testing.assert_close(found.view(height, width), expected)

    def test_need_few_multiplications(self):
        for side, products in ((4, 5), (7, 8), (8, 10)):
            assert transforms(side, side, torch.float32)[0].shape == (side**2, products**2)


@pytest.mark.parametrize("name", nets.of_family("gan"))
@pytest.mark.parametrize("shape", [SMALL, (3, 32, 32), LARGE], ids=str)
def test_networks_learn_the_same_with_them(name, shape):
    config = RunConfig(architecture=name, latent_size=8, batch_size=8)
    torch.manual_seed(0)
    plain = [make(config, shape).double() for make in (nets.get(name).generator, nets.get(name).discriminator)]
    quick = copy.deepcopy(plain)
    for net in quick:
        quicken(net, shape)
    noise, labels = torch.randn(8, 8, dtype=torch.float64), torch.arange(8) % 10

    def slopes(generator, discriminator):
        torch.manual_seed(1)
        logits = discriminator(generator(noise, labels), labels)
        weights = [*generator.parameters(), *discriminator.parameters()]
        found = torch.autograd.grad(losses.get("non_saturating").generator(logits), weights, allow_unused=True)
        return [logits, *(slope for slope in found if slope is not None)]

    for found, expected in zip(slopes(*quick), slopes(*plain), strict=True):
        torch.testing.assert_close(found, expected)
    for one, other in zip(plain, quick, strict=True):
        for key, value in one.state_dict().items():
            torch.testing.assert_close(other.state_dict()[key], value)
