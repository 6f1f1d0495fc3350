"""Where a run computes."""

import pytest
import torch

from gan.learn import device

HERE = {"cuda": "torch.cuda.is_available", "mps": "torch.backends.mps.is_available"}


@pytest.mark.parametrize(
    ("has", "taken"), [(("cuda", "mps"), "cuda"), (("cuda",), "cuda"), (("mps",), "mps"), ((), "cpu")]
)
def test_auto_takes_the_fastest_there_is(has, taken, monkeypatch, cards):
    for kind, question in HERE.items():
        monkeypatch.setattr(question, lambda kind=kind: kind in has)
    assert device.choose("auto") == torch.device(taken)


def test_a_graphics_card_takes_products_in_mixed_precision_and_the_same_each_time(monkeypatch, cards):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    cards.cuda.matmul.fp32_precision = "ieee"
    device.choose("cpu")
    assert cards.cuda.matmul.fp32_precision == "ieee"
    device.choose("cuda")
    assert cards.cuda.matmul.fp32_precision == cards.cudnn.conv.fp32_precision == "tf32"
    assert cards.cudnn.deterministic
