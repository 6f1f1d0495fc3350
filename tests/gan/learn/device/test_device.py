"""Where a run computes: what is tried before it is taken, and how it is shared."""

import threading

import pytest
import torch

from gan.learn import device
from gan.learn.device import ahead, tried
from gan.learn.trainer import Trainer
from gan.records import Word
from tests.gan.learn.tiny import TINY

HERE = {"cuda": "torch.cuda.is_available", "mps": "torch.backends.mps.is_available"}


@pytest.fixture(autouse=True)
def nothing_is_known():
    tried.forget()
    yield
    tried.forget()


@pytest.fixture
def has(monkeypatch):
    """has("mps", works=(), faster=()): a computer that says it has these devices, of which some work or are faster."""

    def make(*kinds, works=("cuda", "mps"), faster=("mps",)):
        for kind, question in HERE.items():
            monkeypatch.setattr(question, lambda kind=kind: kind in kinds)
        monkeypatch.setattr(tried, "works", lambda kind: kind in works)
        monkeypatch.setattr(tried, "is_faster", lambda kind: kind in faster)

    return make


@pytest.mark.parametrize(
    ("kinds", "works", "faster", "taken"),
    [
        (("cuda", "mps"), ("cuda", "mps"), ("mps",), "cuda"),
        (("cuda",), ("cuda",), (), "cuda"),
        (("cuda",), (), (), "cpu"),  # an old card
        (("mps",), ("mps",), ("mps",), "mps"),
        (("mps",), ("mps",), (), "cpu"),
        (("mps",), (), ("mps",), "cpu"),
        ((), ("cuda", "mps"), ("mps",), "cpu"),
    ],
)
def test_auto_takes_the_fastest_that_works(kinds, works, faster, taken, has, cards):
    has(*kinds, works=works, faster=faster)
    assert device.choose("auto") == torch.device(taken)


@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_one_that_does_not_work_is_refused_in_a_sentence(kind, has):
    has(kind, works=())
    with pytest.raises(ValueError, match=f"device cannot be '{kind}' .* none that this PyTorch can use"):
        device.choose(kind)


def test_a_slow_one_may_still_be_asked_for(has):
    has("mps", faster=())
    assert device.choose("mps") == torch.device("mps")


def test_a_graphics_card_takes_products_in_mixed_precision_and_the_same_each_time(has, cards):
    has("cuda")
    cards.cuda.matmul.fp32_precision = "ieee"
    device.choose("cpu")
    assert cards.cuda.matmul.fp32_precision == "ieee"
    device.choose("cuda")
    assert cards.cuda.matmul.fp32_precision == cards.cudnn.conv.fp32_precision == "tf32"
    assert cards.cudnn.deterministic


class TestTried:
    def test_what_works_does(self):
        assert tried.works("cpu")

    @pytest.mark.skipif(torch.cuda.is_available(), reason="a card is here, and works")
    def test_one_that_is_said_to_be_there_and_cannot_compute_does_not(self):
        assert not tried.works("cuda")

    @pytest.mark.parametrize(
        ("error", "works"),
        [
            (RuntimeError("CUDA error: no kernel image is available for execution on the device"), False),
            (torch.OutOfMemoryError("CUDA out of memory."), True),
        ],
        ids=["no kernels", "full"],
    )
    def test_by_what_it_says(self, error, works, monkeypatch):
        def conv2d(*_):
            raise error

        monkeypatch.setattr(tried, "conv2d", conv2d)
        assert tried.works("cpu") is works

    def test_by_what_comes_out(self, monkeypatch):
        monkeypatch.setattr(tried, "conv2d", lambda picture, weight: 2 * (picture * weight).sum((2, 3), keepdim=True))
        assert not tried.works("cpu")

    def test_once(self, monkeypatch):
        asked = []
        monkeypatch.setattr(tried, "seconds", lambda kind: asked.append(kind) or {"mps": 1, "cpu": 2}[kind])
        threads = [threading.Thread(target=tried.is_faster, args=("mps",)) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert tried.is_faster("mps") and sorted(asked) == ["cpu", "mps"]

    def test_the_short_trial_leaves_chance_alone(self):
        before = torch.get_rng_state()
        assert tried.seconds("cpu") > 0
        assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(("gigabytes", "at_once"), [(0.3, 1), (7.9, 1), (9, 2), (23, 5), (140, 16)])
def test_a_card_has_places_for_what_is_free_of_it(gigabytes, at_once, has, cards, monkeypatch):
    has("cuda")
    monkeypatch.setattr("torch.cuda.mem_get_info", lambda: (int(gigabytes * device.GIB), 140 * device.GIB))
    assert device.runs_at_once() == at_once


def test_mps_has_one_place(has):
    has("mps")
    assert device.runs_at_once() == 1


class TestAlone:
    """On MPS a single thread of the process may compute."""

    @pytest.fixture
    def lock(self, monkeypatch):
        found = threading.RLock()
        monkeypatch.setattr(device, "_lock", lambda _: found)
        return found

    def test_a_trainer_is_while_it_computes_and_not_while_it_asks(self, lock, make_pictures, monkeypatch):
        seen = []

        def watch(thing, name):
            call = getattr(thing, name)
            monkeypatch.setattr(
                thing, name, lambda *given, **more: seen.append(lock._is_owned()) or call(*given, **more)
            )

        watch(torch.Tensor, "to")
        trainer = Trainer(TINY, make_pictures(24))
        trainer.recorder = None
        for thing, name in ((trainer.learner, "learn"), (trainer.observer, "look"), (trainer.learner.sums, "take")):
            watch(thing, name)
        watch(trainer.learner, "obey")

        def ask():
            assert not lock._is_owned()
            if trainer.steps == 2:
                trainer.change(learning_rate=1e-4)
            return Word.GO

        for _ in trainer.readings(ask):
            assert not lock._is_owned()
        assert len(seen) > 20 and all(seen)

    def test_only_mps_needs_it(self):
        assert device.alone(torch.device("mps")) is tried.one_at_a_time
        for kind in ("cpu", "cuda"):
            with device.alone(torch.device(kind)), device.let_go(torch.device(kind)):
                assert not tried.one_at_a_time._is_owned()

    def test_what_was_kept_is_looked_at_elsewhere(self, has, cards):
        has("mps")
        assert device.to_look("auto") == device.to_look("mps") == torch.device("cpu")
        has("cuda")
        assert device.to_look("auto") == torch.device("cuda")


class Card:
    """A card on which each step takes so many seconds, and a clock that goes on while somebody waits for it."""

    def __init__(self, seconds):
        self.seconds, self.told, self.done, self.now = seconds, 0, 0, 100.0

    def step(self):
        self.told += 1
        self.now += 0.0001

    def Event(self, blocking):
        assert blocking
        return Mark(self)


class Mark:
    def __init__(self, card):
        self.card = card

    def record(self):
        self.at = self.card.told

    def synchronize(self):
        self.card.now += max(0, self.at - self.card.done) * self.card.seconds
        self.card.done = max(self.card.done, self.at)


class TestAhead:
    @pytest.mark.parametrize(("seconds", "most"), [(0.001, ahead.STEPS), (0.09, ahead.STEPS), (0.2, 0), (3.0, 0)])
    def test_python_is_but_a_few_steps_ahead_of_a_card(self, seconds, most, monkeypatch):
        card, left = Card(seconds), []
        monkeypatch.setattr("torch.cuda.Event", card.Event)
        monkeypatch.setattr(ahead, "perf_counter", lambda: card.now)
        steps = ahead.Ahead(torch.device("cuda"))
        for _ in range(50):
            card.step()
            steps.stepped()
            left.append(card.told - card.done)
        assert set(left[10:]) == {most} and max(left) <= ahead.STEPS
        assert most * seconds < 0.5

    def test_and_never_of_mps(self, monkeypatch):
        waited = []
        monkeypatch.setattr("torch.mps.synchronize", lambda: waited.append(1))
        steps = ahead.Ahead(torch.device("mps"))
        for _ in range(3):
            steps.stepped()
        assert len(waited) == 3

    def test_a_trainer_tells_of_each_step(self, make_pictures, monkeypatch):
        trainer, told = Trainer(TINY, make_pictures(24)), []
        monkeypatch.setattr(trainer.ahead, "stepped", lambda: told.append(trainer.steps))
        list(trainer.epochs())
        assert told == list(range(1, trainer.steps + 1))
