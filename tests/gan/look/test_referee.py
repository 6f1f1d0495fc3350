"""The referees read as well as they say, and a Scorer's numbers go the way they should for known faults."""

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks.quality.scores import cases, halves, hardly_changed
from gan import data
from gan.data import Pictures
from gan.look import referee
from gan.look.referee import SAMPLES, Scorer
from gan.records import Scores

READ = ("digits", "fashion")
DRAWN = ("doodles", "critters")  # of twelve kinds each


def some(pictures: Pictures, numbers: np.ndarray) -> Pictures:
    return Pictures(pictures.images[numbers], pictures.labels[numbers])


def share_read_rightly(name: str, pictures: Pictures) -> float:
    _, probabilities = referee.load(name).look(pictures.images)
    return (probabilities.argmax(1).numpy() == pictures.labels).mean()


# The referees


def test_the_digits_referee_reads_digits_that_it_never_saw():
    digits = data.load("digits")
    _, test = referee.split(len(digits.images))
    right = share_read_rightly("digits", some(digits, test))
    assert right >= 0.98
    assert right == pytest.approx(referee.load("digits").accuracy, abs=0.0015)


def test_the_fashion_referee_reads_clothes_that_it_never_saw():
    """None of the embedded pictures was trained on; what is written down was measured on the test files."""
    right = share_read_rightly("fashion", data.load("fashion"))
    assert right == pytest.approx(referee.load("fashion").accuracy, abs=0.015)
    assert right > 0.88


@pytest.mark.parametrize("name", DRAWN)
def test_a_referee_reads_all_of_twelve_kinds_in_pictures_that_it_never_saw(name):
    pictures, judge = data.load(name), referee.load(name)
    _, probabilities = judge.look(pictures.images)
    assert judge.classes == probabilities.shape[1] == 12
    read = probabilities.argmax(1).numpy()
    right = [(read[pictures.labels == kind] == kind).mean() for kind in range(12)]
    assert min(right) > 0.98 and np.mean(right) == pytest.approx(judge.accuracy, abs=0.002)
    assert judge.facts["trained_on"] == judge.facts["tested_on"] == str(len(pictures.images)) and judge.facts["split"]
    found = Scorer(pictures, judge).floor
    assert len(found.shares) == 12 and found.variety > 11 and found.precision > 0.8 and found.recall > 0.8


@pytest.mark.parametrize("name", [*READ, "cifar10"])
def test_how_a_referee_was_tested_is_written_in_its_file(name):
    facts = referee.load(name).facts
    assert int(facts["trained_on"]) >= 4_000 and int(facts["tested_on"]) >= 1_000 and facts["split"]


def test_which_sets_have_a_referee():
    published = {"digits", "mnist", "fashion", "fashion_mnist", "cifar10"}
    assert set(referee.names()) == {*published, *DRAWN} <= set(data.names())
    assert referee.load("mnist") is referee.load("digits") is not referee.load("fashion")
    assert referee.load("cifar10").channels == 3 and referee.load("kmnist") is None


def test_loading_and_scoring_leave_the_random_stream_alone():
    """Runs share it: what draws from it while another run is built would change that run."""
    before = torch.get_rng_state()
    judge = referee._load.__wrapped__("digits")
    Scorer(data.load("digits", (3,)), judge)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_look_is_the_same_alone_and_in_a_crowd():
    images = data.load("digits").images[:1_200]
    features, probabilities = referee.load("digits").look(images)
    assert features.shape == (1_200, 64) and features.min() >= 0
    torch.testing.assert_close(probabilities.sum(1), torch.ones(1_200))
    torch.testing.assert_close(features[1_100:], referee.load("digits").look(images[1_100:])[0], rtol=1e-4, atol=1e-4)


def test_features_are_in_their_unit():
    """Variances that add up to about 100 over real pictures: a forger of one picture alone is about that far off."""
    features, _ = referee.load("digits").look(data.load("digits").images)
    assert features.var(0).sum() == pytest.approx(100, rel=0.05)


# What is compared with what


@pytest.mark.parametrize(("count", "held"), [(60_000, 1_000), (5_000, 1_000), (2_001, 1_000), (500, 250), (3, 1)])
def test_a_split_is_fixed_complete_and_at_most_half(count, held):
    reference, out = referee.split(count)
    assert len(out) == held
    assert sorted([*reference, *out]) == list(range(count))
    np.testing.assert_array_equal(referee.split(count)[1], out)


def test_the_split_of_the_digits_is_the_one_that_the_referee_was_trained_with():
    assert referee.split(5_000)[1][:5].tolist() == [3573, 4347, 4615, 1306, 4863]


# Known faults


@pytest.fixture(scope="module", params=READ)
def measured(request) -> dict[str, Scores]:
    """The scores of every set of known faults, and of the floor."""
    seen, others = halves(request.param)
    scorer = Scorer(seen, referee.load(request.param))
    return {"floor": scorer.floor} | {name: scorer.score(images) for name, images in cases(seen, others).items()}


def test_every_score_is_there_and_in_its_range(measured):
    for scores in measured.values():
        assert scores.samples == SAMPLES
        assert scores.realism >= 0 and 1 <= scores.variety <= 10 and scores.copying >= 0
        assert 0 <= scores.precision <= 1 and 0 <= scores.recall <= 1
        assert len(scores.shares) == 10 and sum(scores.shares) == pytest.approx(1)


def assert_as_good(scores: Scores, floor: Scores) -> None:
    """As far apart as two fair draws of 1,000 real pictures may be."""
    assert scores.realism < 2.5 * floor.realism and floor.realism < 2.5 * scores.realism
    assert scores.variety == pytest.approx(floor.variety, abs=0.15)
    assert scores.precision == pytest.approx(floor.precision, abs=0.06)
    assert scores.recall == pytest.approx(floor.recall, abs=0.06)
    assert scores.copying == pytest.approx(floor.copying, abs=0.1)


def test_new_real_pictures_score_the_floor(measured):
    assert_as_good(measured["new real pictures"], measured["floor"])
    assert measured["floor"].copying == pytest.approx(1, abs=0.08)
    assert measured["floor"].realism < 2 and measured["floor"].precision > 0.8 and measured["floor"].recall > 0.8


@pytest.mark.parametrize("seed", range(3))
def test_new_real_pictures_score_the_floor_however_they_are_split(seed):
    digits = data.load("digits")
    order = np.random.default_rng(seed).permutation(len(digits.images))
    scorer = Scorer(some(digits, order[SAMPLES:]), referee.load("digits"))
    assert_as_good(scorer.score(digits.images[order[:SAMPLES]]), scorer.floor)


def test_half_the_classes(measured):
    half, floor = measured["half the classes"], measured["floor"]
    assert half.variety == pytest.approx(5, abs=0.6)
    assert half.realism > 10 * floor.realism
    assert half.recall < 0.7 * floor.recall
    assert half.precision > floor.precision - 0.06
    assert sum(half.shares[:5]) > 0.9
    assert half.copying == pytest.approx(1, abs=0.1)


UNSEEN = {
    "digits": tuple(hardly_changed(np.zeros((1, 28, 28), np.uint8))),
    "fashion": ("a background of 2", "noise of 5", "3 % less contrast"),
}


@pytest.mark.parametrize(
    ("measured", "case"), [(name, case) for name in UNSEEN for case in UNSEEN[name]], indirect=["measured"]
)
def test_what_nobody_sees_costs_far_less_than_what_everybody_sees(measured, case):
    same, real, floor = measured[case], measured["new real pictures"], measured["floor"]
    seen = [measured[loss].realism for loss in ("half the classes", "noisy", "blurred", "10 pictures, 100 times each")]
    assert same.realism < min(seen) / 10
    assert same.realism < 2.5 * max(real.realism, floor.realism)
    assert same.variety == pytest.approx(real.variety, abs=0.15)
    assert same.precision == pytest.approx(real.precision, abs=0.06)
    assert same.recall == pytest.approx(real.recall, abs=0.08)


@pytest.mark.parametrize("measured", ["fashion"], indirect=True)
def test_a_pixels_move_costs_little_of_the_clothes_but_for_recall(measured):
    moved, real = measured["moved by a pixel"], measured["new real pictures"]
    assert moved.realism < 2.5 * real.realism and moved.realism < measured["one class missing"].realism / 3
    assert moved.precision == pytest.approx(real.precision, abs=0.06)


def test_a_missing_class_costs_and_more_missing_cost_more(measured):
    one, half, real = measured["one class missing"], measured["half the classes"], measured["new real pictures"]
    assert real.realism < one.realism < half.realism and one.variety == pytest.approx(9, abs=0.4)


@pytest.mark.parametrize("case", ["slightly blurred", "blurred", "noisy"])
def test_spoiled_pictures(measured, case):
    spoiled, floor = measured[case], measured["floor"]
    assert spoiled.realism > 3 * floor.realism
    assert spoiled.precision < floor.precision - 0.04
    assert spoiled.recall < 0.8 * floor.recall


def test_more_blur_is_worse(measured):
    little, much = measured["slightly blurred"], measured["blurred"]
    assert much.realism > 1.5 * little.realism
    assert much.precision <= little.precision and much.recall <= little.recall


def test_the_same_pictures_again_and_again(measured):
    again, floor = measured["10 pictures, 100 times each"], measured["floor"]
    assert again.variety < floor.variety - 1
    assert again.recall < 0.05
    assert again.realism > 10 * floor.realism


def test_copies(measured):
    copies, floor = measured["copies"], measured["floor"]
    assert copies.copying < 0.01
    assert copies.precision >= floor.precision - 0.05 and copies.recall >= floor.recall - 0.05  # they see no copying
    assert measured["copies, blurred"].copying < 0.9 < measured["blurred"].copying
    assert measured["copies, one in ten"].copying == pytest.approx(0.9 * floor.copying, abs=0.04)


def test_pure_noise(measured):
    noise, floor = measured["pure noise"], measured["floor"]
    assert noise.realism > 50 * floor.realism
    assert noise.precision < 0.25 and noise.recall < 0.05 and noise.copying > 1.5


# The Scorer


@pytest.fixture(scope="module")
def digits_scorer() -> Scorer:
    return Scorer(data.load("digits"), referee.load("digits"))


def test_held_out_pictures_as_fakes_give_the_floor_but_they_are_copies(digits_scorer):
    """The forger learns from them too, so copies of them are copies."""
    digits = data.load("digits")
    scores = digits_scorer.score(digits.images[referee.split(5_000)[1]])
    assert replace(scores, copying=digits_scorer.floor.copying) == digits_scorer.floor
    assert scores.copying < 0.01


def test_the_same_fakes_get_the_same_scores_from_another_scorer_in_another_thread(digits_scorer):
    fakes = data.load("fashion").images[:SAMPLES]
    found = []

    def measure() -> None:
        found.append(Scorer(data.load("digits"), referee.load("digits")).score(fakes))

    thread = threading.Thread(target=measure)
    thread.start()
    thread.join()
    assert found == [digits_scorer.score(fakes)]


def test_only_the_promised_number_is_measured_and_fewer_are_refused(digits_scorer):
    images = data.load("digits").images
    assert digits_scorer.score(images) == digits_scorer.score(images[:SAMPLES])
    with pytest.raises(ValueError, match="1,000 fakes to score, not 999"):
        digits_scorer.score(images[:999])


def test_one_class_alone_has_its_own_floor(digits_scorer):
    scorer = Scorer(data.load("digits", (7,)), referee.load("digits"))
    assert scorer.samples == 250
    assert scorer.floor.variety == pytest.approx(1, abs=0.3)
    assert digits_scorer.floor.realism < scorer.floor.realism < 20  # fewer samples; in the referee's own unit
    assert scorer.floor.copying == pytest.approx(1, abs=0.15)
    assert scorer.score(data.load("digits", (1,)).images).precision < 0.2


def test_of_two_kinds_no_third_is_counted():
    judge = referee.load("digits")
    eights = data.load("digits", (8,)).images
    for kinds in ((0, 1), (4, 7)):
        scorer = Scorer(data.load("digits", kinds), judge)
        found = scorer.score(np.resize(eights, (scorer.samples, 28, 28)))
        assert sum(found.shares[kind] for kind in kinds) == pytest.approx(1) and found.variety <= 2
        assert scorer.floor.variety == pytest.approx(2, abs=0.02)
    alone = Scorer(data.load("digits", (3,)), judge)  # where there is no choice, what else they look like is told
    assert alone.score(np.resize(eights, (alone.samples, 28, 28))).shares[8] > 0.9


@pytest.mark.parametrize("size", ["32", "64"])
def test_larger_pictures_are_read_nearly_as_well(size):
    digits = data.load("digits", size=size)
    numbers = referee.split(5_000)[1][:400]
    assert share_read_rightly("digits", some(digits, numbers)) > 0.97


@pytest.mark.parametrize("count", [20, 21, 50, 200])
def test_few_pictures_have_every_score(count):
    digits = data.load("digits")
    scorer = Scorer(some(digits, np.arange(count)), referee.load("digits"))
    assert scorer.samples == count // 2
    for scores in (scorer.floor, scorer.score(digits.images[-1_000:])):
        assert scores.samples == scorer.samples
        assert None not in (scores.realism, scores.variety, scores.precision, scores.recall, scores.copying)


@pytest.mark.parametrize("count", [2, 5, 19])
def test_very_few_pictures_have_copying_alone(count):
    digits = data.load("digits")
    scorer = Scorer(some(digits, np.arange(count)), referee.load("digits"))
    assert scorer.floor == Scores(samples=count // 2, copying=scorer.floor.copying)
    assert scorer.score(digits.images[: scorer.samples]).copying < 0.01
    assert scorer.score(digits.images[-1_000:]).copying > 0.3


def test_one_picture_has_no_score():
    images = data.load("digits").images
    scorer = Scorer(Pictures(images[:1], np.zeros(1, np.uint8)), referee.load("digits"))
    assert scorer.score(images) == scorer.floor == Scores(samples=1)


def test_photos_have_every_score(make_pictures):
    """The photos themselves do not come with the project; noise of two kinds must not look alike."""
    noise, other = make_pictures(300, 32, 3), make_pictures(200, 32, 3)
    scorer = Scorer(noise, referee.load("cifar10"))
    again, flat = scorer.score(other.images), scorer.score(np.full_like(other.images, 128))
    assert None not in (again.realism, again.variety, again.precision, again.recall, again.shares)
    assert again.realism < 3 * scorer.floor.realism < flat.realism and flat.precision == flat.recall == 0


@pytest.mark.parametrize(("name", "colours"), [("digits", (3,)), ("cifar10", ())])
def test_a_referee_of_other_colours_says_nothing(name, colours, make_pictures):
    pictures = make_pictures(300, 28, *colours)
    assert Scorer(pictures, referee.load(name)).score(pictures.images).realism is None


def test_pictures_that_no_referee_reads_have_copying_alone(make_pictures):
    pictures = make_pictures(300, 32, 3)
    scorer = Scorer(pictures, referee.load("digits"))
    scores = scorer.score(pictures.images)
    assert scores == Scores(samples=150, copying=scores.copying) and scores.copying < 0.01
    assert scorer.score(make_pictures(200, 32, 3).images).copying == pytest.approx(1, abs=0.05)
    assert scorer.floor == Scores(samples=150, copying=scorer.floor.copying)
    assert scorer.floor.copying == pytest.approx(1, abs=0.05)
