"""Recorded steps against steps taken one by one: on a graphics card where there is one, else on the CPU."""

import gc
import weakref

import pytest
import torch

from gan.fast import program, recorder, tape
from gan.learn.trainer import Trainer
from gan.parts import losses, nets, stabilisers
from gan.records import Wish, Word
from gan.setup.config import RunConfig

TINY = RunConfig(
    architecture="pocket", latent_size=6, batch_size=8, epochs=4, ema=0.9, drop_last=False,
    device="cuda" if torch.cuda.is_available() else "cpu",
)  # fmt: skip


def train(trainer, one_by_one=False, ask=lambda: Word.GO):
    """The trainer after its last epoch, and the last record."""
    if one_by_one:
        trainer.recorder = None
    *_, last = trainer.epochs(ask)
    return trainer, last


def assert_same(recorded, taken):
    (one, last), (other, expected) = recorded, taken
    assert len(one.recorder._recordings) and not one.recorder.fault
    for part in ("generator", "discriminator", "best_generator"):
        states = getattr(one, part).state_dict(), getattr(other, part).state_dict()
        for key in states[0]:
            assert torch.equal(states[0][key], states[1][key]), f"{part}.{key}"
    assert torch.equal(one.random.get_state(), other.random.get_state())
    assert torch.equal(one.midpoint, other.midpoint)
    assert (last.samples == expected.samples).all()
    ours, theirs = last.numbers(), expected.numbers()
    for key in ("step", "d_loss", "g_loss", "d_real", "d_fake", "d_gradient", "g_gradient"):
        assert ours[key] == theirs[key], key


def both(config, pictures):
    return train(Trainer(config, pictures)), train(Trainer(config, pictures), one_by_one=True)


STEADY = [name for name in nets.names() if name != "progressive"]
STEADY_STABILISERS = [name for name in stabilisers.names() if name != "instance_noise"]


@pytest.mark.parametrize("architecture", STEADY)
def test_recorded_steps_are_the_same_steps_for_every_network(architecture, make_pictures):
    config = TINY.but(architecture=architecture, latent_size=8)
    assert_same(*both(config, make_pictures(60)))


@pytest.mark.parametrize("loss", losses.names())
def test_recorded_steps_are_the_same_steps_for_every_loss(loss, make_pictures):
    assert_same(*both(TINY.but(loss=loss), make_pictures(60)))


@pytest.mark.parametrize("name", STEADY_STABILISERS)
def test_recorded_steps_are_the_same_steps_for_every_stabiliser(name, make_pictures):
    config = TINY.but(architecture="dcgan", stabilisers={name: stabilisers.facts(name)["STRENGTH"][0]})
    assert_same(*both(config, make_pictures(60)))


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "rmsprop"},
        {"optimizer": "rmsprop", "learning_rate_decay": 0.8},
        {"optimizer": "sgd", "learning_rate_decay": 0.8},
        {"optimizer": "sgd", "beta1": 0.9},
        {"d_steps": 3},
        {"g_steps": 2},
        {"fresh_fakes": False},
        {"ema": 0},
        {"drop_last": True},
        {"learners": "discriminator"},
        {"learners": "generator"},
        {"label_smoothing": 0.1},
        {"learning_rate_decay": 0.8},
        {"pixel_range": "0..1"},
    ],
    ids=str,
)
def test_recorded_steps_are_the_same_steps_for_every_setting(settings, make_pictures):
    assert_same(*both(TINY.but(**settings), make_pictures(60)))


def test_a_change_in_the_middle_is_recorded_anew(make_pictures):
    def asker():
        steps = iter(range(1000))

        def ask():
            if next(steps) == 12:
                trainer.change(label_smoothing=0.2, learning_rate=1e-4)
            return Word.GO

        return ask

    pair = []
    for one_by_one in (False, True):
        trainer = Trainer(TINY, make_pictures(60))
        if one_by_one:
            trainer.recorder = None
            keep_without(trainer)
        pair.append(train(trainer, ask=asker()))
    assert pair[0][0].changes == pair[1][0].changes
    assert_same(*pair)


def keep_without(trainer):
    """Have the trainer take its steps one by one, whatever is changed."""
    begin = trainer._begin

    def without():
        begin()
        trainer.recorder = None

    trainer._begin = without


def test_a_run_goes_on_from_a_recorded_moment(make_pictures):
    whole, last = train(Trainer(TINY, make_pictures(60)), one_by_one=True)
    first = Trainer(TINY, make_pictures(60))
    records = first.epochs()
    next(records), next(records)
    assert first.recorder._recordings
    second, again = train(Trainer(TINY, make_pictures(60), start=first.checkpoint()))
    assert_same((second, again), (whole, last))


def test_a_step_told_part_by_part_is_taken_by_itself(make_pictures):
    def words():
        asked = iter(range(1000))

        def ask():
            trainer.wish = Wish(story=10 <= next(asked) < 14)
            return Word.GO

        return ask

    trainer = Trainer(TINY, make_pictures(60))
    recorded = train(trainer, ask=words())
    assert trainer.teller.story().step == 14
    assert_same(recorded, train(Trainer(TINY, make_pictures(60)), one_by_one=True))


@pytest.mark.parametrize(
    "settings", [{"architecture": "progressive"}, {"stabilisers": {"instance_noise": 0.1}}], ids=str
)
def test_what_changes_with_time_is_not_recorded(settings, make_pictures):
    trainer = Trainer(TINY.but(latent_size=8, **settings), make_pictures(60))
    assert trainer.recorder is None
    assert train(trainer)[1].epoch == TINY.epochs


def test_a_step_that_cannot_be_recorded_is_taken_one_by_one(make_pictures, monkeypatch):
    expected = train(Trainer(TINY, make_pictures(60)), one_by_one=True)
    trainer = Trainer(TINY, make_pictures(60))
    learn = trainer.learn

    def wait(*args):
        step = learn(*args)
        step.d_loss.item()
        return step

    monkeypatch.setattr(trainer, "learn", wait)
    found = train(trainer)
    assert not trainer.recorder._recordings and trainer.recorder.fault and "\n" not in trainer.recorder.fault
    assert found[1].step == expected[1].step
    assert (found[1].samples == expected[1].samples).all()


def test_where_a_graphics_card_takes_steps_one_by_one_a_line_says_why(make_pictures):
    trainer = Trainer(TINY, make_pictures(60))
    assert trainer.remark is None
    trainer.recorder.fault = "operation not permitted when stream is capturing"
    trainer.device = torch.device("cpu")
    assert trainer.remark is None  # there it hardly matters
    trainer.device = torch.device("cuda")
    assert trainer.remark == (
        "The steps are taken one by one, which is slower, because they cannot be recorded: "
        "operation not permitted when stream is capturing."
    )
    trainer.recorder = None
    assert trainer.remark.endswith("because they cannot be recorded: something in them changes with time.")


def test_other_devices_take_their_steps_one_by_one():
    assert not recorder.is_possible(torch.device("mps"))


def test_a_trainer_with_recordings_goes_as_soon_as_nobody_needs_it(make_pictures):
    trainer, _ = train(Trainer(TINY, make_pictures(60)))
    held = [weakref.ref(each) for each in (trainer.generator, trainer.generator[0].weight, trainer.images)]
    gc.disable()
    try:
        del trainer, _
        assert [each() for each in held] == [None, None, None]
    finally:
        gc.enable()


class TestProgram:
    """Programs written down from made-up steps, played with other numbers."""

    def record(self, work):
        return program.record(work, torch.tensor([0, 1]), [])

    def test_takes_what_is_there_and_makes_the_rest_anew(self):
        weights = torch.tensor([1.0, 2.0, 4.0])

        def work(indices):
            chosen = weights[indices]
            weights.add_(1)
            return [chosen * 10, None]

        again = self.record(work)
        doubled, nothing = again(torch.tensor([2, 2]))
        assert doubled.tolist() == [50, 50] and nothing is None
        assert weights.tolist() == [3, 4, 6]

    def test_sees_through_views_of_both_kinds(self):
        table = torch.arange(6.0).reshape(2, 3)

        def work(indices):
            made = table.t()[indices] + 1  # a view of what stays
            made.view(-1)[0] = 100  # a view of what is made, changed in place
            return [made, made.split(1, dim=1)[1].sum()]

        again = self.record(work)
        table.mul_(2)
        made, total = again(torch.tensor([1, 2]))
        assert made.tolist() == [[100, 9], [5, 11]] and total == 20

    def test_does_without_autograd_what_autograd_did(self):
        weight = torch.tensor([0.5, -0.5], requires_grad=True)

        def work(indices):
            loss = (weight[indices].sigmoid() ** 2).sum()
            (slope,) = torch.autograd.grad(loss, weight)
            with torch.no_grad():
                weight.sub_(slope)
            return [slope]

        again, after = self.record(work), weight.detach().clone()
        (slope,) = again(torch.tensor([1, 1]))
        share = after[1].sigmoid()
        assert slope.tolist() == pytest.approx([0, (4 * share**2 * (1 - share)).item()])
        assert torch.equal(weight.detach(), after - slope) and not slope.requires_grad

    def test_has_other_luck_each_time(self):
        random = torch.Generator().manual_seed(1)
        again = self.record(lambda indices: [torch.rand(3, generator=random)])
        (first,), (second,) = again(torch.tensor([0, 1])), again(torch.tensor([0, 1]))
        random.manual_seed(1)
        torch.rand(3, generator=random)
        assert torch.equal(first, torch.rand(3, generator=random))
        assert torch.equal(second, torch.rand(3, generator=random))

    def played(self, again, indices):
        """What a program gives, and the operations that it asks torch for."""
        indices = torch.tensor(indices)
        with tape.Tape() as seen:
            results = again(indices)
        return results, seen.operations

    def test_makes_views_and_what_is_the_same_each_time_once(self):
        def work(indices):
            scale = torch.ones_like(indices, dtype=torch.float32).expand(2) / 4
            return [((indices + 1.5) * scale).view(2, 1).t()]

        (result,), operations = self.played(self.record(work), [2, 6])
        assert result.tolist() == [[0.875, 1.875]]
        assert [operation.name for operation in operations] == ["add", "mul"]

    def test_makes_anew_what_the_step_changes(self):
        def work(indices):
            total, ones = torch.zeros(2), torch.ones(2)
            total += indices
            torch.add(total, total, out=ones)
            return [total, ones]

        again = self.record(work)
        for _ in range(2):
            total, twice = again(torch.tensor([3, 4]))
            assert total.tolist() == [3, 4] and twice.tolist() == [6, 8]

    def test_uses_memory_again_that_nobody_looks_at_any_more(self):
        def work(indices):
            first = made = indices.float() * 1.5
            for _ in range(20):
                made = made.sin()
            return [first + made]

        (result,), operations = self.played(self.record(work), [1, 3])
        expected = work(torch.tensor([1, 3]))[0]
        assert torch.equal(result, expected)
        places = {operation.kwargs["out"].data_ptr() for operation in operations if operation.name == "sin"}
        assert len(places) == 2

    def test_two_recordings_share_memory_but_not_results(self):
        def work(factor):
            def made(indices):
                first = indices * factor
                return [(first.exp().sum() + first).sin()]

            return made

        spare, indices = [], torch.tensor([1, 3])
        one = program.record(work(1.5), indices, spare)
        size = len(spare)
        other = program.record(work(2.5), indices, spare)
        assert len(spare) == size > 0
        (first,), (second,) = one(indices), other(indices)
        assert torch.equal(first, work(1.5)(indices)[0]) and torch.equal(second, work(2.5)(indices)[0])

    def test_keeps_apart_what_is_looked_at_through_a_view_later(self):
        def work(indices):
            made = indices + 0.5
            view = made.view(2, 1)
            other = (made * 2).exp()
            return [view + other.view(2, 1)]

        again = self.record(work)
        assert torch.equal(again(torch.tensor([1, 2]))[0], work(torch.tensor([1, 2]))[0])

    @pytest.mark.parametrize(
        "work",
        [
            lambda indices: [torch.arange(2.0).mul(indices).t_()],
            lambda indices: [indices * indices.sum().item()],
            lambda indices: [torch.tensor([1.0, 2.0])[indices]],
            lambda indices: [indices.nonzero()],
        ],
    )
    def test_refuses_what_may_differ_each_time_after_doing_it(self, work):
        done = []
        with pytest.raises(tape.NotRecorded, match="may give something else each time"):
            self.record(lambda indices: done.append(1) or work(indices))
        assert done == [1]
