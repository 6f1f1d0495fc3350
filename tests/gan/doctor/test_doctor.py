"""The doctor names each illness of made-up runs, leaves healthy ones alone, and prescribes what can be taken."""

import copy
import json
import math
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from gan import data
from gan.doctor import Condition, Diagnosis, diagnose, rules
from gan.doctor.case import Case
from gan.doctor.cures import MOST_CURES
from gan.parts import losses, stabilisers
from gan.records import Point, Scores
from gan.setup.config import RunConfig

EVEN = (0.1,) * 10
FLOOR = Scores(samples=1000, realism=4.7, variety=9.98, shares=EVEN, precision=0.87, recall=0.89)
QUICK = RunConfig()
CRITICS = ("relativistic_average", "relativistic_pairing", "wasserstein", "wgan_gp")


def run(seed=1, count=40, weight=70, noise=0.01, **levels) -> list[Point]:
    """Points with noise. A level is a number, or a function of the share of the run that is done, 0..1."""
    rng = random.Random(seed)
    levels = {"d_loss": 1.2, "g_loss": 1.3, "d_real": 0.6, "d_fake": 0.4, "g_gradient": 3.0} | levels

    def at(level, done: float) -> float:
        value = level(done) if callable(level) else level
        return value * (1 + noise * rng.gauss(0, 1))

    return [
        Point(epoch=(i + 1) / 10, weight=weight, **{name: at(level, (i + 1) / count) for name, level in levels.items()})
        for i in range(count)
    ]


def judged(realism, variety=9.3, top=None, precision=0.5, recall=0.5, last=4.0) -> list[tuple[float, Scores]]:
    """Scores at even distances up to epoch `last`, one for each realism; `top` is the share of ones."""
    shares = EVEN if top is None else tuple(top if i == 1 else (1 - top) / 9 for i in range(10))
    return [
        (0.0, Scores(samples=1000, realism=2000.0, variety=1.0, shares=(1.0, *[0.0] * 9), precision=0, recall=0))
    ] + [
        (
            last * (i + 1) / len(realism),
            Scores(
                samples=1000,
                realism=value,
                variety=variety,
                shares=shares,
                precision=precision,
                recall=recall,
                copying=1,
            ),
        )
        for i, value in enumerate(realism)
    ]


def moving_on(scores, varieties, precisions) -> list[tuple[float, Scores]]:
    """The same scores with these varieties and precisions, one after the other."""
    return [
        (epoch, replace(each, variety=variety, precision=precision))
        for (epoch, each), variety, precision in zip(scores, varieties, precisions, strict=True)
    ]


GETS_BETTER = judged((213, 161, 115, 101, 93, 81))
STUCK = judged((1850, 1866, 1843, 1833, 1880, 1843), variety=1.0, top=1.0, precision=0.05, recall=0.0)
GOOD = judged((66, 64, 67, 63, 66, 65))


def say(points, scores=(), config=QUICK, floor=FLOOR, **more) -> Diagnosis:
    return diagnose(config, points, scores, floor, **more)


# Each illness, as (config, points, scores)

SPIKES = run(count=40, d_loss=lambda t: 20 if round(40 * t) % 4 == 0 else 1.8, noise=0.1)
SWINGS = run(d_fake=lambda t: 0.25 + 0.2 * math.sin(40 * t))
BY_HEART = run(d_real=0.9, d_fake=0.1, d_loss=0.25, g_loss=4, d_seen=0.92, d_unseen=0.15, noise=0.05)
WON = run(d_real=0.99, d_fake=0.008, d_loss=0.02, g_loss=5, noise=0.005)
COLLAPSED = judged((1500,) * 6, variety=1.3, top=0.93, precision=0.9, recall=0.0)

ILL = {
    "too early": (Condition.TOO_EARLY, QUICK, run(count=5), ()),
    "mode collapse": (Condition.MODE_COLLAPSE, QUICK, run(), COLLAPSED),
    "mode collapse, detective winning": (Condition.MODE_COLLAPSE, QUICK, WON, COLLAPSED),
    "mode collapse, one class": (
        Condition.MODE_COLLAPSE,
        RunConfig(classes=(3,)),
        run(),
        judged((300,) * 6, variety=1.0, precision=0.9, recall=0.01),
    ),
    "mode collapse that moves on": (
        Condition.MODE_COLLAPSE,
        QUICK,
        WON,
        [
            (epoch, replace(each, precision=precision))
            for (epoch, each), precision in zip(COLLAPSED, (0, 0.3, 0.84, 0.0, 0.01, 0.6, 0.02), strict=True)
        ],
    ),
    "mode collapse that moves on to more kinds and no better pictures": (
        Condition.MODE_COLLAPSE,
        QUICK,
        run(d_real=0.5, d_fake=0.5, noise=0),
        moving_on(
            judged((94, 95, 127, 112, 112, 114)),
            (1.0, 2.7, 1.5, 1.3, 1.9, 1.1, 3.3),
            (0.0, 0.02, 0.5, 0.94, 0.06, 0.99, 0.98),
        ),
    ),
    "mode collapse that goes from kind to kind, better and worse by turns": (
        Condition.MODE_COLLAPSE,
        QUICK,
        run(d_real=0.5, d_fake=0.5, noise=0),
        moving_on(
            judged((124, 103, 127, 89, 130, 105)),
            (1.0, 5.1, 1.1, 2.2, 3.9, 1.2, 3.2),
            (0.0, 0.87, 0.74, 0.0, 0.18, 0.0, 0.32),
        ),
    ),
    "mode collapse in which kinds seem to be discovered": (
        Condition.MODE_COLLAPSE,
        QUICK,
        run(d_real=0.5, d_fake=0.5, noise=0),
        moving_on(
            judged((111, 129, 132, 78, 112, 105), recall=0.0),
            (1.0, 1.3, 1.2, 1.0, 1.9, 1.0, 1.6),
            (0.0, 0.16, 0.2, 0.0, 0.24, 0.94, 0.82),
        ),
    ),
    "mode collapse caught on its way from one kind to the next": (
        Condition.MODE_COLLAPSE,
        QUICK,
        run(d_real=0.5, d_fake=0.5, noise=0),
        moving_on(
            judged((106, 122, 111, 98, 97, 135), recall=0.0),
            (1.0, 3.3, 3.0, 1.0, 1.6, 1.4, 5.1),
            (0.0, 0.05, 0.08, 0.04, 1.0, 0.99, 0.81),
        ),
    ),
    "mode collapse of two kinds, of which the fakes are now and then in between": (
        Condition.MODE_COLLAPSE,
        RunConfig(classes=(0, 1)),
        run(d_real=0.6, d_fake=0.4),
        moving_on(
            judged((70, 98, 100, 109, 73, 89), recall=0.0),
            (1.0, 1.5, 1.0, 1.94, 1.01, 1.01, 1.97),
            (0.0, 0.0, 0.86, 0.96, 0.49, 0.39, 0.46),
        ),
    ),
    "by heart": (Condition.OVERFITTING, QUICK, BY_HEART, judged((201, 235, 242, 297, 286, 290))),
    "by heart, no scores": (Condition.OVERFITTING, RunConfig(data="cifar10", classes=(1, 2)), BY_HEART, ()),
    "discriminator won": (Condition.DISCRIMINATOR_TOO_STRONG, QUICK, WON, STUCK),
    "discriminator won, no scores": (Condition.DISCRIMINATOR_TOO_STRONG, QUICK.but(d_steps=5), WON, ()),
    "discriminator won, smoothed labels": (
        Condition.DISCRIMINATOR_TOO_STRONG,
        QUICK.but(label_smoothing=0.1),
        run(d_real=0.89, d_fake=0.01, d_loss=0.35, noise=0.005),
        STUCK,
    ),
    "discriminator won, hinge": (
        Condition.DISCRIMINATOR_TOO_STRONG,
        QUICK.but(loss="hinge"),
        run(d_real=0.8, d_fake=0.2, d_loss=0.03, g_loss=2),
        STUCK,
    ),
    "vanishing gradients": (
        Condition.DISCRIMINATOR_TOO_STRONG,
        QUICK.but(loss="minimax"),
        run(d_real=0.93, d_fake=0.06, d_loss=0.1, g_loss=-0.05, g_gradient=lambda t: 0.5 * math.exp(-6 * t)),
        STUCK,
    ),
    "discriminator fooled": (Condition.GENERATOR_TOO_STRONG, QUICK, run(d_real=0.5, d_fake=0.5), STUCK),
    "discriminator fooled, no scores": (Condition.GENERATOR_TOO_STRONG, QUICK, run(d_real=0.6, d_fake=0.75), ()),
    "generator stands still": (Condition.ONE_SIDED, QUICK.but(learners="discriminator"), WON, STUCK),
    "generator stands still, good": (Condition.ONE_SIDED, QUICK.but(learners="discriminator"), run(), GOOD),
    "discriminator stands still": (Condition.ONE_SIDED, QUICK.but(learners="generator"), run(d_fake=0.9), STUCK),
    "discriminator stands still, collapse": (Condition.ONE_SIDED, QUICK.but(learners="generator"), run(), COLLAPSED),
    "discriminator stands still, numbers run away": (
        Condition.DIVERGENCE,
        QUICK.but(learners="generator"),
        run(d_loss=120, g_loss=500, noise=0.5),
        (),
    ),
    "belief swings": (Condition.OSCILLATION, QUICK, SWINGS, ()),
    "belief swings, critic": (Condition.OSCILLATION, QUICK.but(loss="wasserstein"), SWINGS, ()),
    "loss spikes": (Condition.OSCILLATION, QUICK.but(beta1=0.9), SPIKES, judged((399, 360, 350, 340, 330, 320))),
    "pictures were better": (Condition.WORSENING, QUICK, run(), judged((90, 30, 19, 18, 19, 35, 44, 54))),
    "pictures were better long ago": (Condition.WORSENING, QUICK, run(), judged((20, 20, 20, *[50] * 12))),
    "loss of hundreds": (Condition.DIVERGENCE, QUICK, run(d_loss=120, g_loss=500, noise=0.5), ()),
    "critic without limits": (
        Condition.DIVERGENCE,
        QUICK.but(loss="wasserstein", stabilisers={"weight_clipping": 0}),
        run(d_loss=lambda t: -math.exp(20 * t), g_loss=lambda t: math.exp(25 * t), d_real=0.5, d_fake=0.5),
        (),
    ),
}


@pytest.mark.parametrize("case", ILL)
def test_each_illness_has_its_name(case):
    expected, config, points, scores = ILL[case]
    assert say(points, scores, config).name == expected


@pytest.mark.parametrize("case", ILL)
def test_words_are_short_sentences_that_survive_other_names(case):
    _, config, points, scores = ILL[case]
    found = say(points, scores, config)
    for text in map(str, (found.evidence, found.cause, *(cure.why for cure in found.cures))):
        assert text.endswith(".") and not text[0].islower() and len(text) < 150, text
        assert "nan" not in text and "inf" not in text.split()
        for name in ("discriminator", "generator"):
            assert text.lower().count(name) == text.lower().count(f"the {name}")


@pytest.mark.parametrize("case", ILL)
def test_cures_can_be_taken_and_change_something(case):
    _, config, points, scores = ILL[case]
    found = say(points, scores, config)
    assert len(found.cures) <= MOST_CURES
    assert found.cures or found.name == Condition.TOO_EARLY
    for cure in found.cures:
        after = config.but(**json.loads(json.dumps(cure.changes)))
        assert cure.changes
        assert all(getattr(after, name) != getattr(config, name) for name in cure.changes)


@pytest.mark.parametrize("loss", losses.names())
@pytest.mark.parametrize("case", ILL)
def test_cures_can_be_taken_with_every_loss(case, loss):
    _, config, points, scores = ILL[case]
    config = config.but(loss=loss, label_smoothing=0, stabilisers={"spectral_norm": 1, "weight_clipping": 0})
    found = say(points, scores, config, diverged="loss of" in case)
    for cure in found.cures:
        assert config.but(**cure.changes) != config
        if cure.changes.get("stabilisers"):
            assert cure.changes["stabilisers"]["spectral_norm"] == 1


@pytest.mark.parametrize(("variety", "is_collapsed"), [(1.2, True), (1.8, False)])
def test_of_two_kinds_one_is_missed_too(variety, is_collapsed):
    found = say(run(), judged((90,) * 6, variety=variety), RunConfig(classes=(0, 1)), replace(FLOOR, variety=2.0))
    assert (found.name == Condition.MODE_COLLAPSE) == is_collapsed


def test_every_prescribed_stabiliser_exists():
    prescribed = set(re.findall(r'add\(config, "(\w+)"\)', Path(rules.__file__).read_text()))
    assert prescribed and prescribed <= set(stabilisers.names())


# Evidence


def test_collapse_names_the_class():
    assert str(say(run(), COLLAPSED).evidence) == "9 of 10 fakes are a 1."
    bags = [
        (
            epoch,
            Scores(
                samples=100, realism=500.0, variety=2, shares=(0, 0.42, 0, 0, 0, 0, 0, 0, 0.03, 0.55), precision=0.8
            ),
        )
        for epoch in (1.0, 2.0, 3.0)
    ]
    assert str(say(run(), bags, RunConfig(data="fashion")).evidence) == "9 of 10 fakes are an ankle boot or trousers."
    alone = [
        (epoch, Scores(samples=9, realism=9.0, variety=1, shares=(0, 0, 1.0), precision=1)) for epoch in (1.0, 2, 3)
    ]
    assert str(say(run(), alone, RunConfig(classes=(1, 5, 8))).evidence) == "All fakes are an 8."


def test_evidence_has_the_numbers_of_the_run():
    assert str(say(WON, STUCK).evidence) == (
        "The discriminator gives 99 of 100 points to real pictures and 1 to fakes, and the pictures do not get better."
    )
    assert "gives 40 of 100 points to fakes" in str(say(run(noise=0), GETS_BETTER).evidence)
    assert "from 213 to 81" in str(say(run(), GETS_BETTER).evidence)
    assert str(say(run(count=1, weight=1)).evidence) == "Only 1 training step so far."
    assert "gives 92 of 100" in str(say(run(noise=0, d_seen=0.92, d_unseen=0.2, d_fake=0.1)).evidence)


def test_what_got_worse_says_from_when_to_what():
    *_, points, scores = ILL["pictures were better"]
    found = say(points, scores)
    assert str(found.evidence) == "Realism was 19 in epoch 2 and is 44 now (0 is perfect)."
    assert found.cures[0].changes == {"learning_rate": 1e-3}


def test_fakes_that_fool_and_are_all_alike_are_told_as_both():
    found = say(run(d_real=0.5, d_fake=0.75, noise=0), STUCK)
    assert found.name == Condition.GENERATOR_TOO_STRONG
    assert str(found.evidence) == (
        "The discriminator gives 75 of 100 points to fakes and 50 to real pictures, "
        "although the fakes are nearly all alike."
    )
    assert "collapses" in str(found.cause)
    varied = say(run(d_real=0.5, d_fake=0.75, noise=0), judged((1800,) * 6, variety=9))
    assert "alike" not in str(varied.evidence) and "collapses" not in str(varied.cause)


def test_each_cure_is_relative_to_the_config():
    strong = say(WON, STUCK, QUICK.but(d_learning_rate=8e-3)).cures[0]
    assert strong.changes == {"d_learning_rate": None}
    assert say(WON, STUCK, QUICK).cures[0].changes == {"d_learning_rate": 1e-3}
    weak = say(run(d_real=0.5, d_fake=0.5), STUCK, QUICK.but(d_learning_rate=1e-4, g_steps=3)).cures
    assert [cure.changes for cure in weak[:2]] == [{"g_steps": 1}, {"d_learning_rate": None}]
    assert say((), diverged=True).cures[0].changes == {"learning_rate": 2e-4}
    far_too_fast = QUICK.but(optimizer="sgd", learning_rate=1.0, beta1=0.9)  # a tenth of that would diverge as well
    assert say((), config=far_too_fast, diverged=True).cures[0].changes == {"learning_rate": 2e-3}
    _, unclipped, points, scores = ILL["critic without limits"]
    assert say(points, scores, unclipped).cures[0].changes == {"stabilisers": {}}
    _, minimax, points, scores = ILL["vanishing gradients"]
    assert say(points, scores, minimax).cures[0].changes == {"loss": "non_saturating"}


# Health

HEALTHY = {
    "small batches": (QUICK, run(noise=0.04), GETS_BETTER),
    "big batches": (QUICK.but(batch_size=128), run(weight=11, d_real=0.53, d_fake=0.47, d_loss=1.33), GETS_BETTER),
    "fakes still far off": (QUICK, run(d_real=0.9, d_fake=0.1, d_loss=0.3, g_loss=3), GETS_BETTER),
    "detective nearly sure, pictures get better": (QUICK, WON, GETS_BETTER),
    "few steps a point": (QUICK, run(weight=7, count=300, d_real=0.8, d_fake=0.2, noise=0.1), GOOD),
    "as good as real pictures, now above them and now below": (QUICK, run(), judged((9, *[4.3] * 6, *[6.3] * 6))),
    "fooled by good pictures": (QUICK, run(d_real=0.5, d_fake=0.5), GOOD),
    "variety only beginning": (
        QUICK,
        run(),
        [
            (epoch, Scores(samples=100, realism=realism, variety=variety, shares=EVEN, precision=0.4, recall=0.01))
            for epoch, realism, variety in ((1.0, 1700.0, 1.0), (2.0, 1000.0, 1.9), (3.0, 850.0, 3.5))
        ],
    ),
    "colour, no scores": (RunConfig(data="cifar10"), run(d_real=0.85, d_fake=0.15, noise=0.05), ()),
    "one odd score": (QUICK, run(), judged((3.0, 2.0, 1.9, 1.2, 2.0, 1.9, 2.1, 2.0))),
    "knows new pictures as well": (QUICK, run(d_real=0.7, d_fake=0.3, d_seen=0.7, d_unseen=0.66, noise=0.1), GOOD),
}


def test_noise_that_turns_into_other_noise_is_not_healthy():
    changing = judged((2280, 2100, 1950), variety=1.5, precision=0.0, recall=0.0)
    assert Case(QUICK, (), tuple(changing), FLOOR, False).gets_better
    assert say(run(d_real=0.51, d_fake=0.66), changing).name is Condition.GENERATOR_TOO_STRONG
    assert say(run(), changing).name is Condition.TOO_EARLY


@pytest.mark.parametrize("weight", [3, 60])
def test_a_slow_computer_gets_the_same_word_as_a_fast_one(weight):
    """Both have a point every half second, but one does three steps in it and the other sixty."""
    steps = 2400
    losses = [1.4 + 40 * (math.sin(2 * math.pi * step / 400) > 0.9) for step in range(0, steps, weight)]
    points = [
        replace(point, d_loss=loss) for point, loss in zip(run(count=len(losses), weight=weight), losses, strict=True)
    ]
    assert say(points, STUCK).name is Condition.OSCILLATION
    calm = run(count=steps // weight, weight=weight, noise=0.1 / math.sqrt(weight))
    assert say(calm, GOOD).name is Condition.HEALTHY


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("case", HEALTHY)
def test_healthy_runs_are_left_alone(case, seed):
    config, points, scores = HEALTHY[case]
    jitter = random.Random(seed)
    shaken = [replace(p, d_fake=p.d_fake + jitter.gauss(0, 0.002)) for p in points]
    found = say(shaken, scores, config)
    assert found.name == Condition.HEALTHY, found
    assert found.cures == ()


@pytest.mark.parametrize("loss", CRITICS)
def test_a_sure_critic_is_no_illness(loss):
    config = QUICK.but(loss=loss)
    sure = run(d_real=0.999, d_fake=0.001, d_loss=-9.0 if "w" in loss else 0.01, g_loss=30)
    assert say(sure, GOOD, config).name == Condition.HEALTHY
    assert say(sure, (), config).name == Condition.HEALTHY


@pytest.mark.parametrize("loss", losses.names())
def test_a_calm_run_is_healthy_with_every_loss(loss):
    level = losses.facts(loss).get("GUESSING", 8.0)
    for scores in (GETS_BETTER, GOOD, ()):
        assert say(run(d_loss=0.9 * level, noise=0.05), scores, QUICK.but(loss=loss)).name == Condition.HEALTHY


def test_bad_pictures_without_a_symptom_need_time():
    found = say(run(d_real=0.85, d_fake=0.15), STUCK, QUICK.but(learning_rate=2e-5))
    assert found.name == Condition.TOO_EARLY and "1,843" in str(found.evidence)
    assert found.cures[0].changes == {"learning_rate": 4e-5}


# Robustness


def test_one_odd_reading_changes_nothing():
    odd = Point(epoch=3.9, d_loss=90.0, g_loss=400.0, d_real=0.01, d_fake=0.99, weight=70)
    points = run()
    assert say([*points[:-2], odd, points[-1]], GETS_BETTER).name == Condition.HEALTHY
    lonely = [*GOOD[:-2], COLLAPSED[-2], GOOD[-1]]
    assert say(points, lonely).name == Condition.HEALTHY


def test_too_early_comes_before_everything_but_divergence():
    assert say(WON[:6], STUCK).name == Condition.TOO_EARLY
    assert say(run(count=40, weight=5), STUCK).name == Condition.TOO_EARLY
    assert say(WON[:2], diverged=True).name == Condition.DIVERGENCE
    assert "epoch 1 " in str(say((), diverged=True).evidence)
    broken = Point(epoch=4.1, d_loss=math.nan, g_loss=1.0, d_real=0.5, d_fake=0.5)
    assert say([*run(), broken]).name == Condition.DIVERGENCE


def test_a_kind_is_named_only_where_the_fakes_look_real():
    """The referee has to call a smear some digit: the number of kinds is all that can be said of it."""
    moment, last = COLLAPSED[-1]
    smeared = [*COLLAPSED[:-1], (moment, replace(last, precision=0.2))]
    assert "9 of 10 fakes are a 1" in str(say(run(), COLLAPSED).evidence)
    assert say(run(), smeared).name == Condition.MODE_COLLAPSE
    assert str(say(run(), smeared).evidence) == "The fakes are of about 1.3 kinds; the real pictures are of 10."


def test_losses_of_millions_are_told_at_once():
    """A class sees them on the chart from the first second on: "too early to say" would be untrue."""
    blown_up = run(count=4, d_loss=1_700_000, g_loss=1_100_000, noise=0.5)
    assert say(blown_up).name == Condition.DIVERGENCE and "guessing" in str(say(blown_up).evidence)
    assert say(blown_up[:2]).name == Condition.TOO_EARLY
    assert say([*run(count=3), blown_up[0]]).name == Condition.TOO_EARLY  # one spike is none of that


@pytest.mark.parametrize(
    ("learners", "evidence"),
    [
        ("discriminator", "The generator stands still: only the discriminator is set to learn."),
        ("generator", "The discriminator stands still: only the generator is set to learn."),
    ],
)
def test_who_stands_still_is_named_and_not_blamed(learners, evidence):
    for points in (WON, run(d_real=0.5, d_fake=0.7), run(), SWINGS):
        found = say(points, STUCK, QUICK.but(learners=learners))
        assert str(found.evidence) == evidence and [cure.changes for cure in found.cures] == [{"learners": "both"}]
        assert say(points[:3], (), QUICK.but(learners=learners)).name == Condition.TOO_EARLY


def test_a_run_in_which_both_learn_again_is_judged_by_its_last_points():
    alone, together = run(count=30, d_real=0.99, d_fake=0.008, d_loss=0.02, noise=0.005), run(count=12)
    later = [replace(each, epoch=each.epoch + 3) for each in together]
    assert say(alone, GOOD[:1]).name == Condition.DISCRIMINATOR_TOO_STRONG
    assert say([*alone, *later], GOOD).name == Condition.HEALTHY


def test_the_inputs_are_left_as_they_were():
    points, scores = list(WON), list(COLLAPSED)
    before = copy.deepcopy((points, scores, QUICK.to_dict()))
    first = say(points, scores)
    assert say(points, scores) == first
    assert (points, scores, QUICK.to_dict()) == before


@pytest.mark.parametrize("seed", range(60))
def test_anything_gets_an_answer(seed):
    rng = random.Random(seed)
    odd = (math.nan, math.inf, -math.inf, 0.0, 1.0, -1.0, 1e-300, 1e38, -1e38, 0.5)
    names = ("d_loss", "g_loss", "d_real", "d_fake", "d_seen", "d_unseen", "d_gradient", "g_gradient")
    plain = rng.random()

    def number():
        return rng.random() if rng.random() < plain else rng.choice(odd)

    points = [
        Point(epoch=number(), weight=rng.choice((0, 1, 100)), **{name: number() for name in names})
        for _ in range(rng.choice((0, 1, 11, 12, 30, 400)))
    ]
    scores = [
        (
            rng.random(),
            Scores(
                samples=0,
                shares=tuple(number() for _ in range(rng.choice((0, 2, 10, 11)))),
                **{k: rng.choice((None, number())) for k in ("realism", "variety", "precision", "recall", "copying")},
            ),
        )
        for _ in range(rng.choice((0, 1, 2, 8)))
    ]
    config = RunConfig(
        data=rng.choice(("digits", "fashion", "cifar10")),
        classes=rng.choice(((), (3,), (3, 7))),
        loss=rng.choice(losses.names()),
        learning_rate=rng.choice((1e-7, 1.0, 2e-3)),
        d_steps=rng.choice((1, 5)),
    )
    found = diagnose(config, points, scores, rng.choice((None, FLOOR, Scores(samples=0))), diverged=rng.random() < 0.1)
    assert found.name in Condition and str(found.evidence).endswith(".")
    for cure in found.cures:
        assert config.but(**cure.changes) != config


def test_class_names_have_articles():
    clothes, digits = data.get("fashion"), data.get("digits")
    names = [str(each) for each in (*map(clothes.one, range(10)), digits.one(8), digits.one(1))]
    assert names == [
        *("a T-shirt", "trousers", "a pullover", "a dress", "a coat", "a sandal", "a shirt", "a trainer", "a bag"),
        *("an ankle boot", "an 8", "a 1"),
    ]


class TestDotsInBlobs:
    CONFIG = RunConfig(data="dots_grid_9", architecture="mlp")
    FLOOR = Scores(samples=10_000, kl=0.03, js=0.01, kinds=9, high_quality=0.99)

    def scored(self, kinds, high_quality=0.9, js=0.3) -> list[tuple[float, Scores]]:
        return [
            (number + 1.0, Scores(samples=10_000, kl=1.0, js=js, kinds=found, high_quality=high_quality))
            for number, found in enumerate(kinds)
        ]

    def test_that_stay_empty_are_a_collapse(self):
        found = say(run(), self.scored((4, 3, 4, 3, 4, 4)), self.CONFIG, self.FLOOR)
        assert found.name == Condition.MODE_COLLAPSE
        assert str(found.evidence) == "The fakes find only 4 of 9 blobs."
        assert any(cure.changes.get("stabilisers") == {"packing": 2} for cure in found.cures)

    def test_found_now_and_then_by_fakes_that_move_on_together_are_a_collapse(self):
        quality = (0.6, 0.0, 0.0, 0.1, 0.2, 0.7, 0.0, 0.1)
        met = self.scored((1, 0, 0, 2, 1, 3, 0, 1), js=0.6)
        hops = [(epoch, replace(each, high_quality=share)) for (epoch, each), share in zip(met, quality, strict=True)]
        assert say(run(), hops, self.CONFIG, self.FLOOR).name == Condition.MODE_COLLAPSE

    def test_that_are_all_found_are_none(self):
        assert say(run(), self.scored((9,) * 6, js=0.02), self.CONFIG, self.FLOOR).name == Condition.HEALTHY

    def test_are_not_called_a_collapse_while_more_and_more_are_found_or_none_is_hit(self):
        for scores in (self.scored((1, 1, 2, 4, 5, 5)), self.scored((1,) * 6, high_quality=0.05)):
            assert say(run(), scores, self.CONFIG, self.FLOOR).name != Condition.MODE_COLLAPSE

    def test_fakes_that_have_nothing_in_common_with_real_dots_are_bad(self):
        won = say(WON, self.scored((0,) * 6, high_quality=0.0, js=0.69), self.CONFIG, self.FLOOR)
        assert won.name == Condition.DISCRIMINATOR_TOO_STRONG and "do not get better" in str(won.evidence)
