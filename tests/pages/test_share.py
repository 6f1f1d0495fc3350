"""Sharing: a link that lets watch, a link that brings the settings, and both as a QR code."""

import base64
import hashlib
import re
import socket
from urllib.parse import parse_qsl, urlsplit

import pytest
import segno
from streamlit.testing.v1 import AppTest

from gan.records import Wish
from gan.runs.live.run import watch_id
from gan.setup import presets
from pages.shared.server import address
from pages.shared.settings import controls, share
from pages.shared.tab import looks, session
from pages.shared.words import states
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, started, texts

LAN = "192.168.7.20"

ONLY_HERE = "Only this computer can open these links: others cannot reach it over the network."
WATCHING = "You are watching."


@pytest.fixture
def open_link(app):
    """open_link(run="...") opens a tab with that in its address."""

    def open_link(**query: str):
        app.run()
        app.switch_page("train.py")
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_link


@pytest.fixture
def run(manager):
    """Somebody else's run, with an epoch behind it."""
    run = manager.starting.new(presets.get("quick").but(latent_size=8), "teacher")
    FakeTrainer.made[-1].go()
    wait_until(lambda: run.snapshot().records)
    return run


def query(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query))


def shared(app) -> str:
    """Press Share; the link that is shown."""
    button(app, "Share").click().run()
    return app.code[0].value


class TestWatchId:
    def test_does_not_tell_the_runs_own_id(self, manager, run):
        assert run.watch_id not in run.run_id and run.run_id not in run.watch_id
        assert len(run.run_id) >= 16  # too many to try them all
        assert run.watch_id == hashlib.sha256(run.run_id.encode()).hexdigest()[:10]
        assert manager.get(run.watch_id) is None and manager.find_watched(run.run_id) is None

    def test_finds_its_run_and_no_other(self, manager, run):
        other = manager.starting.new(presets.get("quick"), "ben")
        assert manager.find_watched(run.watch_id) is run and manager.find_watched(other.watch_id) is other
        assert manager.find_watched("0123456789") is None and manager.find_watched(None) is None

    def test_stays_the_same(self):
        assert watch_id("a") == watch_id("a") != watch_id("b")


class TestWatching:
    def test_shows_the_run_and_nothing_that_would_change_it(self, open_link, run):
        app = open_link(watch=run.watch_id)
        assert "The detective spots 18 of 24" in texts(app) and WATCHING in texts(app)
        assert labels(app).count("Start training") == 1
        assert not {"Stop", "Pause", "Use now", "1 step", "1 epoch"} & set(labels(app))
        app.segmented_control(key="view").set_value(states.NETWORKS).run()
        assert not [box for box in (*app.selectbox, *app.number_input) if box.key in ("draw_me", "follow_seed")]
        assert run.wished == Wish(seed=0)  # one vector, for the small drawing
        assert app.session_state[session.WATCH] == run.watch_id and not app.exception

    @pytest.mark.parametrize("view", states.VIEWS)
    def test_has_every_view(self, open_link, run, view):
        app = open_link(watch=run.watch_id)
        app.segmented_control(key="view").set_value(view).run()
        assert not app.exception and "Fakes" in texts(app)
        assert ("A step is shown here while those who steer this run look at one." in texts(app)) == (
            view == states.STEP
        )

    def test_says_when_the_run_rests(self, open_link, run):
        run.control.pause()
        app = open_link(watch=run.watch_id)
        assert f"It is paused. {WATCHING}" in texts(app) and "Go on" not in labels(app)

    def test_begins_with_the_settings_of_the_run(self, open_link, run):
        app = open_link(watch=run.watch_id)
        assert app.select_slider(key="latent_size").value == 8
        assert dict(app.query_params) == {"preset": "quick", "latent_size": "8", "watch": run.watch_id}

    def test_stays_in_the_address_and_in_the_tab(self, open_link, run):
        app = open_link(watch=run.watch_id)
        app.switch_page("home.py").run()
        assert app.query_params["watch"] == run.watch_id and "run" not in app.query_params
        button(app, "Watch the run").click().run()
        assert app.query_params["watch"] == run.watch_id and "Stop" not in labels(app)

    def test_leads_to_a_run_of_ones_own(self, open_link, manager, run):
        app = open_link(watch=run.watch_id)
        button(app, "Start training").click().run()
        own = manager.runs()[-1]
        assert own is not run and own.config == run.config and run.is_live
        assert "Stop" in labels(app) and WATCHING not in texts(app)
        assert app.query_params["run"] == own.run_id and "watch" not in app.query_params
        button(app, "Stop").click().run()
        assert own.wait(5) and run.is_live

    def test_is_led_on_when_who_started_it_starts_another(self, train_page, manager):
        teacher, (first, _) = train_page, started(train_page, manager)
        pupil = AppTest.from_file(teacher._script_path, default_timeout=60).run()
        pupil.query_params["watch"] = first.watch_id
        pupil.switch_page("train.py").run()
        assert pupil.session_state[session.WATCH] == first.watch_id
        teacher.select_slider(key="latent_size").set_value(8).run()
        button(teacher, "Start training").click().run()
        second = manager.runs()[-1]
        assert second is not first and first.wait(5)
        pupil.run()
        assert pupil.session_state[session.WATCH] == second.watch_id == pupil.query_params["watch"]
        assert WATCHING in texts(pupil) and not pupil.exception
        second.stop()
        assert second.wait(5)
        teacher.run()
        button(teacher, "Start training").click().run()  # after the end too
        pupil.run()
        assert pupil.session_state[session.WATCH] == manager.runs()[-1].watch_id

    def test_comes_back_to_a_run_that_goes_on(self, manager, run):
        other = manager.starting.new(presets.get("quick"), "teacher")
        manager.lead_on(run, other)
        assert manager.newest(run) is manager.newest(other) is other
        manager.lead_on(other, run)  # it was resumed
        assert manager.newest(other) is manager.newest(run) is run
        assert manager.newest(None) is None

    def test_stays_while_another_tab_that_was_opened_by_the_link_starts_its_own(self, open_link, app, manager, run):
        watching = open_link(watch=run.watch_id)
        other = AppTest.from_file(app._script_path, default_timeout=60).run()
        other.query_params["run"] = run.run_id
        other.switch_page("train.py").run()
        other.select_slider(key="latent_size").set_value(16).run()
        button(other, "Start training").click().run()
        assert len(manager.runs()) == 2 and run.is_live
        assert watching.run().session_state[session.WATCH] == run.watch_id

    def test_sees_the_end(self, open_link, run):
        app = open_link(watch=run.watch_id)
        run.stop()
        assert run.wait(5)
        app.run()
        assert "Stopped after 1 epoch" in texts(app) and WATCHING not in texts(app)
        app.segmented_control(key="view").set_value(states.NETWORKS).run()
        assert "Follow random vector" not in [box.label for box in app.number_input]

    def test_of_a_run_that_is_gone_is_told(self, open_link):
        assert "The run in this link is not on this computer any more. Start a new one." in [
            info.value for info in open_link(watch="0123456789").info
        ]

    def test_is_not_for_who_has_the_runs_own_link(self, open_link, run):
        app = open_link(run=run.run_id)
        assert "Stop" in labels(app) and WATCHING not in texts(app)
        assert app.query_params["run"] == run.run_id and "watch" not in app.query_params


class TestShare:
    def test_offers_the_settings_before_there_is_a_run(self, train_page, manager):
        train_page.selectbox(key="preset").set_value("pocket").run()
        train_page.select_slider(key="learning_rate").set_value(5e-4).run()
        link = shared(train_page)
        assert controls.from_link(query(link)) == presets.get("pocket").but(learning_rate=5e-4)
        assert "Watch this run" not in train_page.segmented_control(key="what").options

    def test_offers_to_watch_the_run_without_its_own_id(self, train_page, manager):
        run, _ = started(train_page, manager)
        link = shared(train_page)
        assert query(link) == {"watch": run.watch_id} and run.run_id not in link
        assert urlsplit(link).path == "/train"
        train_page.segmented_control(key="what").set_value(share.SETTINGS).run()
        assert query(train_page.code[0].value) == {"preset": "quick"}

    def test_who_watches_finds_the_view_and_the_epoch_that_were_chosen(self, train_page, manager):
        run, trainer = started(train_page, manager)
        trainer.go(3)
        wait_until(lambda: len(run.snapshot().kept) >= 3)
        train_page.run().segmented_control(key=looks.VIEW).set_value(states.PAST).run()
        train_page.select_slider(key=looks.past_key(run)).set_value(1).run()
        train_page.selectbox(key=looks.DRAW_ME).set_value(7).run()
        told = query(shared(train_page))
        assert told == {"watch": run.watch_id, "view": states.PAST, "past": "1"}, "what is asked of it is not theirs"
        watcher = AppTest.from_file(train_page._script_path, default_timeout=60).run().switch_page("train.py")
        for name, value in told.items():
            watcher.query_params[name] = value
        watcher.run()
        assert watcher.segmented_control(key=looks.VIEW).value == states.PAST and WATCHING in texts(watcher)
        assert watcher.select_slider(key=looks.past_key(run)).value == 1 and not watcher.exception

    @pytest.mark.parametrize(
        "config",
        [
            *presets.PRESETS.values(),
            presets.get("dcgan").but(classes="0,9", stabilisers="spectral_norm,r1=0.5", d_learning_rate=1e-4, seed=7),
            presets.get("quick").but(architecture="mlp", options="depth=4,width=128", data="fashion"),
        ],
    )
    def test_a_link_of_settings_says_all_of_them(self, config):
        link = address.link(controls.to_link("quick", config))
        assert controls.from_link(query(link)) == config

    def test_the_code_on_screen_is_the_link(self, train_page):
        link = shared(train_page)
        (code,) = [element.proto.body for element in train_page.get("html") if 'class="qr"' in element.proto.body]
        assert code == share.qr_code(link)
        assert modules(code) == [list(row) for row in segno.make(link, micro=False).matrix_iter(border=4)]

    def test_codes_of_two_links_differ(self):
        assert share.qr_code("http://a/train?watch=1") != share.qr_code("http://a/train?watch=2")


def modules(code: str) -> list[list[int]]:
    """The squares of a QR code's SVG, read from its path of horizontal strokes."""
    svg = base64.b64decode(code.split("base64,")[1].split('"')[0]).decode()
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    squares = [[0] * size for _ in range(size)]
    x = y = 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", svg.split(' d="')[-1]):
        dx, *dy = map(float, re.findall(r"-?[\d.]+", numbers))
        if kind == "h":
            squares[int(y)][int(x) : int(x + dx)] = [1] * int(dx)
        x, y = (dx, *dy) if kind == "M" else (x + dx, y + sum(dy))
    return squares


class TestAddress:
    @pytest.fixture
    def at(self, monkeypatch):
        """at(url) opens the page there."""

        class Context:
            url = None

        monkeypatch.setattr(address.st, "context", Context)
        return lambda url: setattr(Context, "url", url)

    @pytest.fixture(autouse=True)
    def lan(self, monkeypatch):
        monkeypatch.setattr(address, "local_network", lambda: LAN)

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.1.1", "[::1]", "gan.localhost"])
    def test_puts_the_network_address_in_place_of_this_computer(self, at, host):
        at(f"http://{host}:8501/train")
        assert address.link({"watch": "ab"}) == f"http://{LAN}:8501/train?watch=ab"

    @pytest.mark.parametrize(
        "page",
        ["http://192.168.0.5:8501/train", "https://gan.school.example/class/train", "http://[fd00::2]:8501/train"],
    )
    def test_keeps_an_address_that_others_can_open(self, at, page):
        at(page)
        assert address.link({"watch": "ab"}) == f"{page}?watch=ab"
        assert address.is_for_others(address.link({}))

    def test_knows_when_there_is_no_network(self, at, monkeypatch):
        monkeypatch.setattr(address, "local_network", lambda: None)
        at("http://localhost:8501/train")
        link = address.link({"watch": "ab"})
        assert link == "http://localhost:8501/train?watch=ab" and not address.is_for_others(link)

    @pytest.mark.parametrize(("bound", "reachable"), [(None, True), ("0.0.0.0", True), ("127.0.0.1", False)])
    def test_knows_when_the_server_answers_this_computer_alone(self, at, monkeypatch, bound, reachable):
        monkeypatch.setattr(address.st, "get_option", {"server.address": bound}.get)
        at("http://localhost:8501/train")
        assert address.is_for_others(address.link({})) == reachable


def test_the_page_says_when_only_this_computer_can_open_the_links(train_page, monkeypatch):
    monkeypatch.setattr(address, "local_network", lambda: None)
    assert shared(train_page).startswith("http://localhost:")
    assert ONLY_HERE in [info.value for info in train_page.info]


def test_the_network_address_is_found_without_sending_anything(monkeypatch):
    asked = []

    class Probe(socket.socket):
        def connect(self, target):
            asked.append((self.type, target))
            if len(asked) == 1:
                raise OSError("Network is unreachable")

        def getsockname(self):
            return (LAN, 5)

    monkeypatch.setattr(address.socket, "socket", Probe)
    assert address.local_network() == LAN
    assert [kind for kind, _ in asked] == [socket.SOCK_DGRAM] * 2  # connecting such a socket sends nothing


def test_without_a_network_there_is_no_address(monkeypatch):
    def refuse(self, target):
        raise OSError("Network is unreachable")

    monkeypatch.setattr(address.socket, "socket", type("Probe", (socket.socket,), {"connect": refuse}))
    assert address.local_network() is None


class TestThisComputer:
    @pytest.mark.parametrize("own", ["localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1"])
    def test_knows_this_computer_by_all_its_names(self, own):
        assert address.is_this_computer(own)

    @pytest.mark.parametrize("other", [LAN, f"::ffff:{LAN}", "fe80::1", "school.example"])
    def test_takes_no_other_computer_for_it(self, other):
        assert not address.is_this_computer(other)
