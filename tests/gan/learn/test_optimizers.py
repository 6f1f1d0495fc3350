"""A step down a loss, against torch's own optimisers."""

import pytest
import torch
from torch import nn

from gan.learn import optimizers
from gan.setup.config import RunConfig


class Net(nn.Module):
    """Two weights, of which the second is used when it is asked for; the first one's slope lies transposed."""

    def __init__(self) -> None:
        super().__init__()
        random = torch.Generator().manual_seed(0)
        self.one = nn.Parameter(torch.randn(3, 2, generator=random))
        self.other = nn.Parameter(torch.randn(2, generator=random))

    def loss(self, x, with_other=True):
        made = torch.bmm(self.one.t().expand(len(x), -1, -1), x).squeeze(2)
        return (made * self.other if with_other else made).square().sum()


def followed(step, turns):
    """The weights after each turn; a turn says whether the second weight is used."""
    net, random = Net(), torch.Generator().manual_seed(1)
    for with_other in turns:
        step(net, net.loss(torch.randn(4, 3, 1, generator=random), with_other))
        yield [weight.detach().clone() for weight in net.parameters()]


@pytest.mark.parametrize("turns", [[True] * 5, [False, False, True, True]], ids=["all at once", "one begins later"])
@pytest.mark.parametrize("kind", ["adam", "rmsprop", "sgd"])
def test_the_weights_take_torchs_steps(kind, turns):
    config = RunConfig(optimizer=kind, beta1=0.5, beta2=0.9, learning_rate=0.05)
    own = {
        "adam": lambda weights: torch.optim.Adam(weights, 0.05, (0.5, 0.9), foreach=False),
        "rmsprop": lambda weights: torch.optim.RMSprop(weights, 0.05, 0.9, foreach=False),
        "sgd": lambda weights: torch.optim.SGD(weights, 0.05, momentum=0.5, foreach=False),
    }[kind]
    made = {}

    def ours(net, loss):
        optimizers.descend(loss, made.setdefault("ours", optimizers.make(config, net, 0.05)))

    def theirs(net, loss):
        optimizer = made.setdefault("theirs", own(net.parameters()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    for found, expected in zip(followed(ours, turns), followed(theirs, turns), strict=True):
        for one, other in zip(found, expected, strict=True):
            torch.testing.assert_close(one, other)


@pytest.mark.parametrize("kind", ["adam", "rmsprop", "sgd"])
def test_a_weight_of_a_single_number_takes_torchs_steps_to_the_last_digit(kind):
    config = RunConfig(optimizer=kind, beta1=0.5, beta2=0.9)
    ours, theirs = (nn.Module() for _ in range(2))
    for net in (ours, theirs):
        net.gamma = nn.Parameter(torch.tensor(0.3))
    mine, own = (optimizers.make(config, net, 0.05) for net in (ours, theirs))
    own.param_groups[0]["lr"] = 0.05
    for target in torch.randn(60, generator=torch.Generator().manual_seed(1)):
        optimizers.descend((ours.gamma - target).pow(2), mine)
        own.zero_grad()
        (theirs.gamma - target).pow(2).backward()
        own.step()
        assert ours.gamma.dtype == torch.float32 and ours.gamma.item() == theirs.gamma.item()


def test_weights_that_begin_together_share_their_count():
    net = Net()
    optimizer = optimizers.make(RunConfig(optimizer="adam"), net, 0.1)
    for _ in range(3):
        optimizers.descend(net.loss(torch.randn(4, 3, 1)), optimizer)
    one, other = (optimizer.state[weight]["step"] for weight in net.parameters())
    assert one is other and one.item() == 3


@pytest.mark.parametrize("turns", [(True, True), (False, True), (True, False), (False, False)], ids=str)
@pytest.mark.parametrize("kind", ["adam", "rmsprop", "sgd"])
def test_several_losses_are_one_step_down_their_sum(kind, turns):
    config = RunConfig(optimizer=kind, beta1=0.5, beta2=0.9)
    batches = torch.randn(2, 4, 3, 1, generator=torch.Generator().manual_seed(1))
    one_by_one, together = Net(), Net()
    first, second = (optimizers.make(config, net, 0.05) for net in (one_by_one, together))
    for _ in range(3):
        optimizers.descend((one_by_one.loss(*each) for each in zip(batches, turns, strict=True)), first)
        optimizers.descend(sum(together.loss(*each) for each in zip(batches, turns, strict=True)), second)
    for found, expected in zip(one_by_one.parameters(), together.parameters(), strict=True):
        torch.testing.assert_close(found, expected)
        assert (found.grad is None) == (expected.grad is None)
