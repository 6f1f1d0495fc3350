"""Several viewers of one run, each in a language of their own."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gan.setup import presets
from pages.shared.tab import session
from pages.shared.words import LANGUAGE
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import texts

ROOT = Path(__file__).parents[3]
SPOTTED = (
    "Bar: how real it looks. The detective spots {spotted} of {count}.",
    "Barra. El detective ve {spotted} de {count}.",
)


@pytest.fixture
def run(manager):
    run = manager.starting.new(presets.get("quick"), "teacher")
    FakeTrainer.made[-1].go()
    wait_until(lambda: run.snapshot().records)
    return run


@pytest.fixture
def watch(run):
    """`watch(language)` is a tab that looks at the run."""

    def watch(language: str) -> AppTest:
        page = AppTest.from_file(ROOT / "pages/frame.py", default_timeout=60).run()
        page.switch_page("train.py")
        page.query_params[session.WATCH], page.query_params[LANGUAGE] = run.watch_id, language
        return page.run()

    return watch


def alts(page) -> str:
    """What the pictures and charts say to somebody who cannot see them."""
    drawn = (getattr(node, "proto", None) for node in page._tree)
    return "\n".join(json.loads(each.bytes).get("alt", "") for each in drawn if getattr(each, "bytes", b"")[:1] == b"{")


def test_what_is_worked_out_once_is_worked_out_in_each_language(folder, watch):
    folder("en", {})
    folder("es", {
        "seen.spotted": SPOTTED,
        "stage.reals_alt": ("{count} real pictures", "{count} imágenes reales"),
        "score.told": ("**{title}** {told}", "**{title}** {told}"),
        "doctor.says": ("**Doctor: {condition}.** {evidence}", "**Médico: {condition}.** {evidence}"),
        "strip.epoch": ("epoch", "época"),
    })  # fmt: skip
    english, spanish, again = watch("en"), watch("es"), watch("en")
    for page in (english, again):
        assert "The detective spots 18 of 24" in texts(page) and "Doctor: " in texts(page)
        assert "<small>epoch</small>" in texts(page) and "24 real pictures" in alts(page)
    assert "El detective ve 18 de 24" in texts(spanish) and "Médico: " in texts(spanish)
    assert "<small>época</small>" in texts(spanish) and "24 imágenes reales" in alts(spanish)
    assert not any(page.exception for page in (english, spanish, again))
