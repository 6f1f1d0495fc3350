"""Pictures that are not here yet: what is said before, while and after they are fetched, and where they lie."""

import threading

import pytest

from gan import data
from gan.data import downloads, embedded
from pages.shared.server import held
from pages.shared.tab import session
from tests.fakes import wait_until
from tests.pages.test_train import button, labels, texts


@pytest.fixture
def network(monkeypatch):
    """What the network does is a function that the test gives: `network(fetch)`."""
    monkeypatch.setattr(downloads, "is_here", lambda name: False)
    return lambda fetch: monkeypatch.setattr(downloads, "fetch", fetch)


@pytest.fixture
def page(train_page, network):
    """The Train page with a picture set that must be fetched."""
    train_page.selectbox(key="data").set_value("mnist").run()
    return train_page


def ended(name: str) -> None:
    assert held.downloads().get(name).wait(5)


def test_what_is_missing_and_where_it_belongs_is_told_to_the_teacher(page, monkeypatch):
    assert "These 60,000 pictures are not on this computer yet." in texts(page)
    assert "train-images-idx3-ubyte.gz" in texts(page) and str(downloads.folder()) in texts(page).replace("\\", "")
    monkeypatch.setattr(session, "visitor", lambda: "10.0.0.7")
    page.run()
    assert "Download 12 MB" in labels(page) and not page.exception
    assert "ubyte" not in texts(page) and str(downloads.folder()) not in texts(page).replace("\\", "")


def test_the_list_says_what_has_to_be_downloaded_first(page, monkeypatch):
    offered = page.selectbox(key="data").options
    assert "Download of 31 MB: Clothes, all 60,000 (Fashion-MNIST)" in offered
    assert "Digits, all 60,000 (MNIST)" in offered  # of the chosen one the page speaks itself
    assert {"Handwritten digits", "Clothes", "Doodles", "Critters in colour"} <= set(offered)
    monkeypatch.setattr(downloads, "is_here", lambda name: name == "mnist")
    monkeypatch.setattr(data, "_load_all", lambda *_: data.Pictures(*embedded.load("digits")))
    offered = page.run().selectbox(key="data").options
    assert "Digits, all 60,000 (MNIST)" in offered and page.selectbox(key="data").value == "mnist"
    assert "Download of 21 MB: Old Japanese letters (KMNIST)" in offered and not page.exception


def test_how_far_it_is_and_that_it_failed_and_that_one_can_try_again(page, network):
    go_on = threading.Event()

    def fetch(name, progress, is_cancelled):
        progress(0.86)
        assert go_on.wait(5)
        raise downloads.DownloadFailed("test.filter", "A filter took {what}.", what="[it](away)")

    network(fetch)
    button(page, "Download 12 MB").click().run()
    wait_until(lambda: held.downloads().get("mnist").snapshot().fraction)
    page.run()
    assert "Cancel" in labels(page) and not page.exception
    go_on.set()
    ended("mnist")
    page.run()
    assert [error.value for error in page.error] == [r"A filter took \[it\](away)."]
    assert "Download 12 MB" in labels(page) and not page.exception


def test_where_it_cannot_be_stored_is_told_to_the_teacher(train_page, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path / "file" / "data"))
    monkeypatch.setattr(downloads, "_torchvision", lambda name: None)
    train_page.selectbox(key="data").set_value("mnist").run()
    button(train_page, "Download 12 MB").click().run()
    ended("mnist")
    assert str(tmp_path) in train_page.run().error[0].value.replace("\\", "")
    monkeypatch.setattr(session, "visitor", lambda: "10.0.0.7")
    train_page.run()
    (error,) = train_page.error
    assert "cannot be stored on this server (" in error.value and not train_page.exception
    assert str(tmp_path) not in texts(train_page).replace("\\", "") and "GAN_STUDIO_DATA" not in texts(train_page)


def test_a_cancelled_one_can_be_begun_again(page, network):
    cancelled = threading.Event()

    def fetch(name, progress, is_cancelled):
        wait_until(is_cancelled)
        cancelled.set()

    network(fetch)
    button(page, "Download 12 MB").click().run()
    button(page, "Cancel").click().run()
    assert cancelled.wait(5)
    ended("mnist")
    page.run()
    assert "Download 12 MB" in labels(page) and not page.error and not page.exception


def test_what_comes_with_the_app_needs_no_fetching(train_page):
    assert not [label for label in labels(train_page) if label.startswith("Download")]
    assert data.is_here("digits")
