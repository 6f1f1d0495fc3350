"""What is found inside a moment, for every network, loss and stabiliser that changes how a picture is judged."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch

from gan import inside
from gan.cli import sources
from gan.data.framing import framed
from gan.inside import Subject, judging
from gan.inside import moment as moments
from gan.learn.trainer import Trainer
from gan.parts import nets
from gan.setup.config import RunConfig

SMALL = RunConfig(architecture="pocket", latent_size=6, epochs=1, batch_size=8, pictures=200, device="cpu")
JUDGES = {
    **{name: SMALL.but(architecture=name) for name in nets.of_family("gan")},
    **{
        name: RunConfig.from_dict(
            {
                "family": "vae_gan",
                "architecture": name,
                "latent_size": 6,
                "epochs": 1,
                "batch_size": 8,
                "pictures": 200,
                "device": "cpu",
            }
        )
        for name in nets.of_family("vae_gan")
    },
    "colour": SMALL.but(data="critters", architecture="dcgan"),
    "large": SMALL.but(picture_size="64", architecture="dcgan", options={"width": 4}),
    "0..1": SMALL.but(pixel_range="0..1"),
    "critic": SMALL.but(architecture="dcgan", loss="wgan_gp"),
    "linear": SMALL.but(loss="least_squares"),
    "relativistic": SMALL.but(loss="relativistic_average"),
    "saturating": SMALL.but(loss="minimax"),
    "packing": SMALL.but(stabilisers={"packing": 4}),
    "variety": SMALL.but(stabilisers={"minibatch_std": 1}),
    "closeness": SMALL.but(stabilisers={"minibatch_discrimination": 5}),
    "all": SMALL.but(stabilisers={"packing": 2, "minibatch_std": 1, "minibatch_discrimination": 5, "spectral_norm": 1}),
    "told and compared": SMALL.but(architecture="conditional", stabilisers={"minibatch_std": 1}),
}


@pytest.fixture(scope="module", params=JUDGES, ids=str)
def moment(request):
    """A moment with some learning behind it, so that no network is symmetric."""
    config = JUDGES[request.param]
    trainer = Trainer(config)
    trainer.observer.floor = None
    for _ in range(3):
        trainer.learner.step(*trainer.learner.real(torch.arange(8)))
    return moments.read(config, trainer.checkpoint())


def fake(moment, place=0):
    sheet = inside.fakes(moment, 4)
    return Subject(sheet.pictures[place], False, sheet.labels[place])


def real(moment, place=0):
    sheet = inside.reals(moment, 4)
    return Subject(sheet.pictures[place], True, sheet.labels[place])


def test_a_sheet_says_what_each_of_its_pictures_alone_gets(moment):
    for sheet, is_real in ((inside.fakes(moment, 5), False), (inside.reals(moment, 5), True)):
        alone = [
            inside.judge(moment, Subject(picture, is_real, label)).belief
            for picture, label in zip(sheet.pictures, sheet.labels, strict=True)
        ]
        assert list(sheet.beliefs) == alone and all(0 <= belief <= 1 for belief in alone)
        assert sheet.pictures.dtype == np.uint8 and sheet.pictures.shape[1:3] == moment.shape[1:]


def test_an_answer_does_not_hang_on_what_else_is_asked(moment):
    pictures = judging.as_input(moment, *inside.fakes(moment, 3).pictures)
    together = judging.answers(moment, pictures, is_real=False)
    alone = torch.cat([judging.answers(moment, each[None], is_real=False) for each in pictures])
    assert torch.allclose(together, alone, atol=1e-5) and together.shape == (3,)


@pytest.mark.parametrize("method", inside.METHODS)
def test_every_detective_has_a_signed_map(moment, method):
    for subject in (fake(moment), real(moment)):
        found = inside.heat(moment, subject, method)
        assert found.values.shape == moment.shape[1:] and np.isfinite(found.values).all() and found.values.any()
        assert found.verdict == inside.judge(moment, subject)


def test_the_gradient_map_adds_up_to_what_the_picture_has_more_than_an_empty_one(moment):
    found = inside.heat(moment, fake(moment), inside.GRADIENT)
    gained = found.verdict.answer - found.blank.answer
    assert found.values.sum() == pytest.approx(gained, abs=0.05 * float(np.abs(found.values).sum()) + 1e-4)


def test_the_forgers_step_begins_with_the_fake_of_the_sheet(moment):
    before = {name: weight.clone() for name, weight in moment.generator.state_dict().items()}
    subject = fake(moment, 2)
    found = inside.forger_step(moment, 2, steps=3)
    assert np.array_equal(found.before, subject.picture) and found.change.any()
    assert found.verdicts[0] == inside.judge(moment, subject)
    for name, weight in moment.generator.state_dict().items():
        assert torch.equal(weight, before[name]), name


@pytest.mark.parametrize("steps", [1, 3])
def test_the_forgers_step_is_one_down_its_loss(steps):
    """Against plain gradient descent by hand."""
    config = SMALL.but(optimizer="sgd", beta1=0, learning_rate=0.5, batch_size=4, ema=0)
    moment = moments.read(config, _trained(config))
    net = copy.deepcopy(moment.generator).requires_grad_()
    noise = moment.noise()
    for _ in range(steps):
        loss = torch.nn.functional.softplus(-moment.discriminator(net(noise[5:9]))).mean()
        slopes = torch.autograd.grad(loss, list(net.parameters()))
        with torch.no_grad():
            for weight, slope in zip(net.parameters(), slopes, strict=True):
                weight -= 0.5 * slope
    expected = judging.as_picture(moment, net(noise)[5])
    found = inside.forger_step(moment, 5, steps)
    assert np.abs(found.after.astype(int) - expected).max() <= 1 and not np.array_equal(found.after, found.before)


@pytest.mark.parametrize("name", ["feature_matching", "orthogonal"])
def test_the_forgers_step_goes_down_what_its_stabilisers_ask_for_too(name):
    strength = {"feature_matching": 1.0, "orthogonal": 0.1}[name]
    config = SMALL.but(
        optimizer="sgd", beta1=0, learning_rate=0.5, batch_size=4, ema=0, stabilisers={name: strength}
    )  # fmt: skip
    moment = moments.read(config, _trained(config))
    net, judge = copy.deepcopy(moment.generator).requires_grad_(), moment.discriminator
    fakes = net(moment.noise()[5:9])
    if name == "feature_matching":  # it takes all of the loss
        reals = judge.look(judging.as_input(moment, *moment.pictures.images[:16])).features.mean(0)
        loss = ((reals - judge.look(fakes).features.mean(0)) ** 2).sum()
    else:
        matrices = [weight for weight in net.parameters() if weight.dim() == 2]
        alike = [(weight @ weight.T) * (1 - torch.eye(len(weight))) for weight in matrices]
        loss = torch.nn.functional.softplus(-judge(fakes)).mean() + 0.1 * sum((each**2).sum() for each in alike)
    slopes = torch.autograd.grad(loss, list(net.parameters()))
    with torch.no_grad():
        for weight, slope in zip(net.parameters(), slopes, strict=True):
            weight -= 0.5 * slope
    expected = judging.as_picture(moment, net(moment.noise())[5])
    found = inside.forger_step(moment, 5)
    assert np.abs(found.after.astype(int) - expected).max() <= 1 and not np.array_equal(found.after, found.before)


def test_a_step_of_the_pixels_looks_more_real(moment):
    for subject in (fake(moment), real(moment)):
        found = inside.pixel_step(moment, subject)
        before, after = found.verdicts
        assert np.array_equal(found.before, subject.picture) and np.abs(found.change).max() <= 0.21
        aim = 1 if moment.config.loss == "least_squares" else np.inf  # which finds more than real not real either
        assert after.answer >= before.answer or abs(aim - after.answer) < abs(aim - before.answer)


def test_each_layer_shows_its_most_excited_features(moment):
    layers = inside.look_at_layers(moment, fake(moment))
    assert layers
    height, width = moment.shape[1:]
    for layer in layers:
        strengths = [unit.strength for unit in layer.units]
        assert 0 < len(strengths) <= 6 and strengths == sorted(strengths, reverse=True)
        for unit in layer.units:
            top, left, bottom, right = unit.box
            assert 0 <= top < bottom <= height and 0 <= left < right <= width
            assert unit.pattern.shape == (height, width) and np.abs(unit.pattern).max() <= 1
            assert (unit.map is None) == (len(layer.shape) == 1)
            assert unit.map is None or unit.map.shape == layer.shape[1:]


def test_looking_leaves_nothing_behind(moment):
    inside.look_at_layers(moment, real(moment))
    assert not any(part._forward_hooks for part in moment.discriminator.modules())
    assert not any(weight.requires_grad for weight in moment.discriminator.parameters())


def test_a_drawing_lies_in_its_frame_as_the_real_ones_do(moment):
    paper = moment.framing.paper(64, 64)
    paper[10:40, 20:30] = 255 - np.array(moment.framing.blank)
    found = inside.into_frame(moment, paper)
    assert found.shape == inside.reals(moment, 1).pictures[0].shape
    assert np.array_equal(found, framed(paper, moment.framing, *moment.shape[1:]))


def test_the_first_layers_feel_a_part_of_the_picture_and_later_ones_more():
    moment = moments.read(JUDGES["dcgan"], Trainer(JUDGES["dcgan"]).checkpoint())
    first, second, *_ = inside.look_at_layers(moment, real(moment))

    def side(layer):
        return max(max(bottom - top, right - left) for top, left, bottom, right in (u.box for u in layer.units))

    assert side(first) <= 4 < side(second) <= 10  # windows of 4 every 2, of windows of 4 every 2


def test_other_weights_give_another_map():
    """The sanity check of Adebayo et al. 2018, on a whole discriminator of the product."""
    one, other = (Trainer(SMALL.but(architecture="dcgan", seed=seed)).checkpoint() for seed in (1, 2))
    one, other = (moments.read(SMALL.but(architecture="dcgan"), content) for content in (one, other))
    subject = real(one)
    for method in inside.METHODS:
        maps = [inside.heat(moment, subject, method).values.ravel() for moment in (one, other)]
        assert abs(np.corrcoef(maps)[0, 1]) < 0.5, method


@pytest.mark.parametrize("method", inside.METHODS)
def test_a_trained_detective_whose_weights_are_made_random_gives_another_map(method):
    """As the paper has it: what was learned against the same network without it."""
    kept = sources.find(str(Path(__file__).parents[3] / "assets" / "exhibits" / "quick.ganrun"))
    learned = kept.open(kept.chosen(None))
    random = copy.deepcopy(learned)
    torch.manual_seed(3)
    for layer in random.discriminator.modules():
        getattr(layer, "reset_parameters", lambda: None)()
    reals, alike = inside.reals(learned, 6), []
    for subject in (Subject(picture, True, label) for picture, label in zip(reals.pictures, reals.labels, strict=True)):
        maps = [inside.heat(moment, subject, method).values.ravel() for moment in (learned, random)]
        alike.append(abs(np.corrcoef(maps)[0, 1]))
    assert np.median(alike) < 0.5, alike


def test_while_pictures_grow_real_ones_are_judged_as_coarse_as_fakes():
    config = JUDGES["progressive"]
    trainer = Trainer(config)
    trainer.learner.tell(0.1)  # the second of three resolutions is being blended in
    growing = moments.read(config, trainer.checkpoint())
    picture = inside.reals(growing, 1).pictures[0]
    shown = judging.as_input(growing, picture)
    coarse = growing.discriminator(growing.discriminator.reals(shown))
    assert growing.is_coarse and inside.judge(growing, Subject(picture, True)).answer == coarse.item()
    trainer.learner.tell(1.0)
    assert not moments.read(config, trainer.checkpoint()).is_coarse


def test_a_told_class_counts():
    moment = moments.read(JUDGES["conditional"], _trained(JUDGES["conditional"]))
    picture = inside.reals(moment, 1).pictures[0]
    assert len({inside.judge(moment, Subject(picture, True, label)).answer for label in range(10)}) == 10


def test_the_referee_reads_what_is_there():
    moment = moments.read(SMALL, Trainer(SMALL).checkpoint())
    shown, labels = moment.pictures.images[:20], moment.pictures.labels[:20].tolist()
    right = [inside.read(moment, picture).label == label for picture, label in zip(shown, labels, strict=True)]
    assert sum(right) >= 19 and inside.read(moment, shown[0]).share > 0.5


def test_without_its_real_pictures_there_are_fakes_alone(monkeypatch):
    config = JUDGES["all"]
    content = Trainer(config).checkpoint()
    monkeypatch.setattr(moments.data, "is_here", lambda name: False)
    moment = moments.read(config, content)
    assert len(inside.reals(moment, 4).pictures) == 0 and len(inside.fakes(moment, 4).pictures) == 4
    assert inside.heat(moment, fake(moment), inside.OCCLUSION).values.shape == (28, 28)


def test_numbers_that_ran_away_are_no_error():
    trainer = Trainer(SMALL)
    with torch.no_grad():
        next(trainer.learner.discriminator.parameters()).fill_(float("nan"))
    moment = moments.read(SMALL, trainer.checkpoint())
    assert np.isnan(inside.judge(moment, fake(moment)).belief) and inside.pixel_step(moment, fake(moment)) is None
    assert inside.look_at_layers(moment, fake(moment))


def _trained(config):
    trainer = Trainer(config)
    for _ in range(3):
        trainer.learner.step(*trainer.learner.real(torch.arange(8)))
    return trainer.checkpoint()
