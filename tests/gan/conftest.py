"""Tiny made-up pictures, and one thread: these networks are smaller than the cost of sharing them."""

import numpy as np
import pytest
import torch

from gan.data import Pictures


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def same_noise_every_time():
    torch.manual_seed(1)


@pytest.fixture
def make_pictures():
    """make_pictures(24) or make_pictures(24, 32, 3): so many random pictures of that size, grey or in colour."""

    def make(count: int, size: int = 28, *colours: int) -> Pictures:
        random = np.random.default_rng(count)
        images = random.integers(0, 256, (count, size, size, *colours), dtype=np.uint8)
        return Pictures(images, (np.arange(count) % 10).astype(np.uint8))

    return make


@pytest.fixture
def cards():
    """What is set for graphics cards; put back afterwards."""
    cudnn, products = torch.backends.cudnn, torch.backends.cuda.matmul
    before = cudnn.deterministic, products.fp32_precision
    yield torch.backends
    cudnn.deterministic, products.fp32_precision = before
