"""The maps of what made a discriminator say what it said, against values worked out in other ways."""

import pytest
import torch
from torch import nn

from gan.look.attribution import integrated_gradients, occlusion, slopes, uphill


@pytest.fixture
def net():
    """A small smooth discriminator in double precision."""
    torch.manual_seed(3)
    layers = nn.Conv2d(1, 4, 3, padding=1), nn.Softplus(), nn.Conv2d(4, 2, 3, stride=2), nn.Tanh(), nn.Flatten()
    return nn.Sequential(*layers, nn.LazyLinear(1), nn.Flatten(0)).double()


def finite_differences(score, picture, step=1e-6):
    found = torch.zeros_like(picture)
    for place in range(picture.numel()):
        move = torch.zeros_like(picture)
        move.view(-1)[place] = step
        found.view(-1)[place] = (score((picture + move)[None]) - score((picture - move)[None]))[0] / (2 * step)
    return found


def a_picture(side=8, channels=1):
    return torch.rand(channels, side, side, dtype=torch.float64) * 2 - 1


def test_slopes_are_those_of_finite_differences(net):
    picture = a_picture()
    assert torch.allclose(slopes(net, picture[None])[0], finite_differences(net, picture).detach(), atol=1e-7)


def test_each_picture_of_several_gets_its_own_slope(net):
    pictures = torch.stack([a_picture(), a_picture()])
    alone = torch.cat([slopes(net, each[None]) for each in pictures])
    assert torch.allclose(slopes(net, pictures), alone)


def test_integrated_gradients_are_the_mean_of_finite_differences_on_the_way(net):
    picture, blank = a_picture(), torch.full((1, 8, 8), -1.0, dtype=torch.float64)
    way = [blank + (picture - blank) * (n + 0.5) / 5 for n in range(5)]
    mean = sum(finite_differences(net, each) for each in way) / 5
    found = integrated_gradients(net, picture, blank, steps=5)
    assert torch.allclose(found, ((picture - blank) * mean).detach(), atol=1e-7)


def test_integrated_gradients_add_up_to_what_the_picture_gained(net):
    picture, blank = a_picture(), torch.zeros(1, 8, 8, dtype=torch.float64)
    gained = (net(picture[None]) - net(blank[None]))[0].item()
    assert integrated_gradients(net, picture, blank, steps=200).sum().item() == pytest.approx(gained, abs=1e-5)


def test_a_blank_pixel_adds_nothing(net):
    picture = a_picture()
    picture[0, 2, 3] = -1
    assert integrated_gradients(net, picture, torch.full_like(picture, -1))[0, 2, 3] == 0


def of_one_patch(pictures):
    """A discriminator that adds up the pixels of rows 4 to 7 and columns 8 to 11, and sees nothing else."""
    return pictures[:, :, 4:8, 8:12].sum((1, 2, 3))


@pytest.mark.parametrize("channels", [1, 3])
def test_occlusion_finds_the_one_patch_that_is_looked_at(channels):
    picture, blank = torch.ones(channels, 16, 16), torch.zeros(channels, 1, 1)
    found = occlusion(of_one_patch, picture, blank, patch=4, stride=4)
    expected = torch.zeros(16, 16)
    expected[4:8, 8:12] = 16 * channels  # that square alone takes all of the score away
    assert torch.equal(found, expected)


def test_occlusion_is_signed():
    found = occlusion(lambda pictures: -of_one_patch(pictures), torch.ones(1, 16, 16), torch.zeros(1, 16, 16), 4, 4)
    assert found.min() == -16 and found.max() == 0


def test_squares_that_overlap_give_their_mean():
    found = occlusion(lambda pictures: pictures[:, 0, 0, 0], torch.ones(1, 4, 6), torch.zeros(1, 4, 6), 2, 1)
    # The corner lies under one square, which takes everything; its neighbour under two, one of which does; and so on.
    assert found[0, :3].tolist() == [1, 0.5, 0] and found[1, :3].tolist() == [0.5, 0.25, 0]


def test_squares_reach_the_far_edges():
    found = occlusion(lambda pictures: pictures[:, 0, -1, -1], torch.ones(1, 9, 10), torch.zeros(1, 9, 10), 4, 3)
    assert found[-1, -1] == 1 and torch.isfinite(found).all()


def test_a_patch_larger_than_the_picture_covers_it_whole():
    found = occlusion(lambda pictures: pictures.sum((1, 2, 3)), torch.ones(1, 2, 2), torch.zeros(1, 2, 2), 4, 2)
    assert torch.equal(found, torch.full((2, 2), 4.0))


@pytest.mark.parametrize("by", ["gradient", "occlusion"])
def test_other_weights_give_another_map(net, by):
    """The sanity check of Adebayo et al. 2018: a map that stays when the weights go says nothing of the network."""
    picture, blank = a_picture(), torch.full((1, 8, 8), -1.0, dtype=torch.float64)
    find = integrated_gradients if by == "gradient" else lambda *three: occlusion(*three, patch=2, stride=1)
    before = find(net, picture, blank).flatten()
    torch.manual_seed(4)
    for layer in net:
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    after = find(net, picture, blank).flatten()
    assert abs(torch.corrcoef(torch.stack([before, after]))[0, 1]) < 0.5


def test_uphill_goes_along_the_slope_by_so_much_at_most():
    picture, slope = torch.zeros(1, 1, 3), torch.tensor([[[2.0, -4.0, 0.0]]])
    assert uphill(picture, slope, 0.5).tolist() == [[[0.25, -0.5, 0.0]]]


@pytest.mark.parametrize("slope", [0.0, float("nan"), float("inf")])
def test_without_a_slope_there_is_no_way(slope):
    assert uphill(torch.zeros(1, 2, 2), torch.full((1, 2, 2), slope), 0.5) is None
