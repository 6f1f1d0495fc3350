"""Pages that look inside runs which were really trained, for a moment."""

import base64

import pytest

from gan.runs import RunManager
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig
from pages.shared.server import held
from pages.shared.tab import session

TINY = RunConfig(architecture="pocket", latent_size=6, epochs=2, batch_size=16, pictures=200, device="cpu")
KINDS = {
    "plain": TINY,
    "conditional": TINY.but(architecture="conditional", options={"width": 4}),
    "critic": TINY.but(loss="wasserstein"),
    "packing": TINY.but(stabilisers={"packing": 2}),
    "clothes": TINY.but(data="fashion"),
    "acgan": TINY.but(architecture="acgan", options={"width": 4}),
    "vae_gan": RunConfig.from_dict(
        {"family": "vae_gan", "latent_size": 6, "epochs": 2, "batch_size": 16, "pictures": 200, "device": "cpu"}
    ),
    "colour": TINY.but(data="critters", architecture="dcgan", options={"width": 4}),
    **{name: TINY.but(architecture=name) for name in ("progressive", "biggan", "style", "self_attention")},
}


@pytest.fixture(scope="session")
def parcels():
    """A trained run of each kind, as the content of a file."""
    manager = RunManager(limits=Limits(grace_seconds=60))
    found = {}
    for name, config in KINDS.items():
        run = manager.starting.new(config, "tests", None)
        assert run.wait(120) and run.snapshot().fault is None
        found[name] = manager.wrap(run)
    manager.stop_all()
    return found


@pytest.fixture(autouse=True)
def manager(monkeypatch, manager):
    """The server's run manager with the real engine, instead of the fake one."""
    real = RunManager(limits=Limits(grace_seconds=60))
    monkeypatch.setattr(held, "RunManager", lambda **_: real)
    monkeypatch.setattr(session, "visitor", lambda: None)
    yield real
    real.stop_all()


@pytest.fixture
def run(manager, parcels):
    """One kept run, of the plain kind."""
    return manager.unwrap(parcels["plain"])


@pytest.fixture
def open_page(app):
    """`open_page(run, eye="draw")` is a tab on the detective's page with such a link."""

    def open_page(run=None, **link):
        app.run()
        app.query_params.update({"inside": run.watch_id} if run else {}, **link)
        return app.switch_page("detective.py").run()

    return open_page


def sent(pixels, paper_id, number=1):
    """What the browser sends of a pad."""
    return {"id": paper_id, "n": number, "pixels": base64.b64encode(pixels.tobytes()).decode()}
