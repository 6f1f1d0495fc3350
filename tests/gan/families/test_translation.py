"""Translators against what is known of them: what a patch sees, what is lost on a way back, and both distances."""

import numpy as np
import pytest
import torch

from gan import export, inside
from gan.data import Pictures, tasks
from gan.families import translation
from gan.families.translation import equations
from gan.inside.latent.space import Space
from gan.learn import past
from gan.learn.build import build
from gan.learn.trainer import Trainer
from gan.parts.translators import PatchGAN, receptive_field
from gan.records import Wish
from gan.runs.server.contest import versus_configs
from gan.setup.config import RunConfig

PAIRS = RunConfig.from_dict(
    {"family": "translation", "options": {"width": 4}, "batch_size": 8, "epochs": 2, "device": "cpu"}
)
CYCLE = PAIRS.but(architecture="cycle_gan", options={"width": 4, "blocks": 1})
BOTH = pytest.mark.parametrize("config", [PAIRS, CYCLE], ids=["pix2pix", "cycle_gan"])


@pytest.mark.parametrize(("halvings", "field"), [(1, 16), (2, 34), (3, 70)])
def test_a_patch_sees_as_much_as_the_paper_says_and_no_pixel_more(halvings, field):
    """Isola et al. 2017, appendix 6.1.2; here by the slope of one logit by all pixels. Norms see all of a picture, and
    are left out; all weights are one, so that nothing cancels.
    """
    net = PatchGAN(1, 1, halvings)
    layers = torch.nn.Sequential(*(layer for layer in net if isinstance(layer, torch.nn.Conv2d)))
    for weight in layers.parameters():
        torch.nn.init.ones_(weight)
    picture = torch.zeros(1, 1, 160, 160, dtype=torch.double, requires_grad=True)
    logits = layers.double()(picture)[0, 0]
    (slope,) = torch.autograd.grad(logits[len(logits) // 2, len(logits) // 2], picture)
    rows, columns = slope[0, 0].nonzero().unbind(1)
    assert receptive_field(halvings) == field
    assert (rows.max() - rows.min() + 1, columns.max() - columns.min() + 1) == (field, field)


def test_each_logit_of_the_smallest_patches_is_of_pixels_near_it():
    torch.manual_seed(0)
    net = torch.nn.Sequential(*(layer for layer in PatchGAN(2, 8, 1) if not isinstance(layer, torch.nn.GroupNorm)))
    pair = torch.randn(1, 2, 28, 28)
    changed = pair.clone()
    changed[0, 1, 3, 4] += 1
    moved = (net(changed) - net(pair)).abs()[0, 0] > 0
    rows, columns = moved.nonzero().unbind(1)
    assert moved.any() and max(rows.max(), columns.max()) <= (4 + 16) / 2 and not moved[-2:].any()


def test_differences_are_those_of_numpy():
    random = np.random.default_rng(5)
    some, others = random.uniform(-1, 1, (2, 6, 1, 5, 5)).astype(np.float32)
    expected = np.abs((some + 1) / 2 - (others + 1) / 2).mean()
    assert equations.l1(torch.tensor(some), torch.tensor(others)).item() == pytest.approx(expected, rel=1e-5)
    darker = equations.identity(torch.tensor(others) * 0.5, torch.tensor(others))
    assert darker.item() == pytest.approx(np.abs(others).mean() / 4, rel=1e-5)


def test_nothing_is_lost_where_the_way_back_undoes_the_way_there():
    pictures = torch.rand(4, 1, 6, 6) * 2 - 1
    ways = ((lambda x: -x, lambda x: -x), (lambda x: x.flip(3), lambda x: x.flip(3)), (torch.atanh, torch.tanh))
    for there, back in ways:
        lost = equations.cycle(back, there(pictures * 0.9), pictures * 0.9)
        assert lost.item() == pytest.approx(0, abs=1e-6)
    assert equations.cycle(lambda x: x + 0.5, pictures, pictures).item() == pytest.approx(0.25)


def test_what_is_learned_of_pairs_is_the_papers_sum(make_pictures):
    """Eq. 4 with the loss of section 3.3, by numbers worked out beside it; what judges learns half as fast."""
    learner = Trainer(PAIRS.but(ema=0.0), make_pictures(24)).learner
    aims, sources = learner.real(torch.arange(8))
    judge, drawn = learner.nets["judge"], learner.generator(sources).detach()
    real = torch.sigmoid(judge(torch.cat([sources, aims], 1))).detach().numpy()
    fake = torch.sigmoid(judge(torch.cat([sources, drawn], 1))).detach().numpy()
    learner.step(aims, sources)
    read = learner.sums.take()
    assert read["judging"] == pytest.approx(-(np.log(real).mean() + np.log(1 - fake).mean()) / 2, rel=1e-4)
    assert read["l1"] == pytest.approx(np.abs(drawn.numpy() - aims.numpy()).mean() / 2, rel=1e-4)
    assert np.isnan(read["cycle"]) and np.isnan(read["identity"])


def test_what_is_learned_without_pairs_is_the_papers_sum_of_both_ways(make_pictures):
    learner = Trainer(CYCLE.but(ema=0.0), make_pictures(48)).learner
    aims, sources = learner.real(torch.arange(8))
    there, back = learner.generator
    with torch.no_grad():
        out, home = there(sources), back(aims)
        lost = (back(out) - sources).abs().mean() / 2 + (there(home) - aims).abs().mean() / 2
        same = (there(aims) - aims).abs().mean() / 2 + (back(sources) - sources).abs().mean() / 2
        first, second = learner.nets["judge"]
        judged = [(first(aims) - 1, first(out)), (second(sources) - 1, second(home))]
        judging = sum((real.square().mean() + fake.square().mean()) / 2 for real, fake in judged)
    learner.step(aims, sources)
    read = learner.sums.take()
    assert read["cycle"] == pytest.approx(lost.item(), rel=1e-4)
    assert read["identity"] == pytest.approx(same.item(), rel=1e-4)
    assert read["judging"] == pytest.approx(judging.item(), rel=1e-4)
    assert np.isnan(read["l1"])


def test_halves_that_are_smaller_than_a_batch_are_refused(make_pictures):
    with pytest.raises(ValueError, match="batch_size cannot be 8: it must be at most 7, the number of pictures"):
        CYCLE.but(pictures=14)
    with pytest.raises(ValueError, match="it must be at most 7"):  # of pictures that nobody could count before
        Trainer(CYCLE, make_pictures(14))
    record = next(Trainer(CYCLE.but(pictures=16), make_pictures(16)).epochs())
    assert record.epoch == 1 and record.step == 1
    assert CYCLE.but(task="kinds", data="fashion", classes=(7, 9), pictures=14).lesson_size == 14


def test_without_pairs_no_picture_is_learned_from_on_both_sides(make_pictures):
    pictures = make_pictures(48)
    learner = Trainer(CYCLE.but(task="sharpen"), pictures).learner
    sources = {one.tobytes() for one in tasks.coarse(learner.images[:, 0].numpy())}
    assert len(learner.images) + len(learner.sources) == 48
    assert not sources & {one.tobytes() for one in learner.sources[:, 0].numpy()}


@pytest.mark.parametrize("architecture", ["pix2pix", "cycle_gan"])
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 64)], ids=str)
def test_every_architecture_translates_every_shape(architecture, shape):
    nets = build(RunConfig.from_dict({"architecture": architecture, "options": {"width": 8}}), shape)
    pictures = torch.rand(3, *shape) * 2 - 1
    drawn = nets["generator"].eval()(pictures.flatten(1))
    assert drawn.shape == (3, *shape) and drawn.abs().max() <= 1
    assert torch.equal(drawn, nets["generator"](pictures))


@BOTH
def test_a_run_reads_its_losses_and_what_differs_falls(config, make_pictures):
    records = list(Trainer(config.but(epochs=12), make_pictures(48)).epochs())
    name = "l1" if config is PAIRS else "cycle"
    assert set(records[0].own) <= set(translation.READS) and name in records[0].own
    assert records[-1].own[name] < records[0].own[name]


@BOTH
def test_its_views_are_the_pictures_on_their_way(config, make_pictures):
    trainer = Trainer(config.but(task="repair"), make_pictures(24))
    trainer.wish = Wish(views=True)
    views = next(trainer.readings()).views
    both = {"in", "out", "truth"}
    assert views.keys() == (both if config is PAIRS else both | {"again", "other_in", "other_out", "other_again"})
    assert all(each.shape == (8, 28, 28) and each.dtype == np.uint8 for each in views.values())
    assert not np.array_equal(views["in"], views["truth"])


@BOTH
def test_a_run_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(config, make_pictures):
    whole = Trainer(config, make_pictures(48))
    _, content = next(records := whole.epochs()), whole.checkpoint()
    last = next(records)
    again = Trainer(config, make_pictures(48), start=content)
    assert next(again.epochs()).own == last.own


def test_a_moment_of_the_past_shows_what_the_run_showed():
    config = PAIRS.but(pictures=64, task="sharpen", epochs=1)
    trainer = Trainer(config)
    record = next(trainer.epochs())
    samples, beliefs = past.look_back(config, trainer.checkpoint())
    assert np.array_equal(samples, record.samples) and beliefs == ()


@BOTH
def test_a_run_that_is_over_shows_its_views_again_and_fills_a_drawing(config):
    config = config.but(pictures=64, epochs=1)
    trainer = Trainer(config)
    record, content = next(trainer.epochs()), trainer.checkpoint()
    again = past.look_again(config, content, Wish(views=True), record)
    trainer.wish = Wish(views=True)
    now = trainer.observer.wished()["views"]
    assert again.views.keys() == now.keys()
    assert all(np.array_equal(again.views[name], now[name]) for name in now)
    moment = inside.open_moment(config, content)
    alone, among = inside.translate(moment, now["in"][2]), now["out"][2]  # the last digits depend on the batch
    assert np.abs(alone.astype(int) - among).max() <= 1


def test_weights_of_its_losses_can_be_changed_on_the_way(make_pictures):
    trainer = Trainer(PAIRS, make_pictures(24))
    trainer.change(options={"width": 4, "l1_weight": 7.0})
    assert trainer.learner.weights == [7.0]
    with pytest.raises(ValueError, match="task cannot change while a run goes on"):
        trainer.change(task="repair")


def test_pairs_are_refused_where_there_are_none():
    with pytest.raises(ValueError, match="pix2pix does not go with the task 'kinds': it learns from pairs"):
        PAIRS.but(task="kinds")
    assert CYCLE.but(task="kinds").task == "kinds"
    with pytest.raises(ValueError, match="task cannot be set: a gan has no use for it"):
        RunConfig(task="repair")


def test_one_kind_becomes_another_and_is_compared_with_that_one():
    config = CYCLE.but(task="kinds", data="fashion", classes=(7, 9), pictures=200)
    trainer = Trainer(config)
    assert set(trainer.observer.pictures.labels) == {9} and set(trainer.learner.labels.tolist()) == {9}
    assert isinstance(trainer.observer.pictures, Pictures)
    labels = np.concatenate([trainer.observer.learned.labels, trainer.observer.held_out.labels])
    assert {7, 9} == set(labels)


def test_new_pictures_are_made_of_those_that_go_in_and_never_of_noise():
    net = build(PAIRS, (1, 28, 28))["generator"]
    found = export.sample(net, PAIRS, 300)
    given = tasks.going_in(PAIRS, 300)
    with torch.no_grad():
        expected = net.eval()(torch.tensor(given[[0, 299]]).float()[:, None] / 127.5 - 1)[:, 0].numpy()
    assert np.abs(found[[0, 299]] - (expected + 1) * 127.5).max() <= 0.51
    with pytest.raises(ValueError, match="There is no noise to truncate"):
        export.sample(net, PAIRS, 4, truncation=0.5)


def test_what_needs_noise_is_refused_in_a_sentence():
    net = build(PAIRS, (1, 28, 28))["generator"]
    with pytest.raises(ValueError, match="given pictures, not noise"):
        Space(net, PAIRS)
    with pytest.raises(ValueError, match="outlines cannot be compared with others"):
        versus_configs(["quick", "outlines"], "digits")
