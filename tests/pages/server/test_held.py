"""What the server holds is made once and stays, and its key is for nobody else to read."""

import os
import sys
import threading

import pytest
import streamlit as st

from gan.runs.server.held import Held
from pages.shared.server import held, key
from pages.shared.tab import contest_tab, session


def test_what_is_held_outlives_all_caches(manager):
    before = session.manager(), contest_tab.contests(), held.downloads()
    st.cache_resource.clear()
    st.cache_data.clear()
    after = session.manager(), contest_tab.contests(), held.downloads()
    assert all(one is other for one, other in zip(before, after, strict=True)) and after[0] is manager


def test_it_is_made_once_whoever_asks_at_the_same_time():
    begun, go_on, made, got = threading.Event(), threading.Event(), [], []

    @Held
    def thing():
        begun.set()
        assert go_on.wait(10)
        made.append(object())
        return made[-1]

    threads = [threading.Thread(target=lambda: got.append(thing())) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(made) == 1 and got == made * 4
    thing.let_go()
    assert thing() is not made[0]


class TestKey:
    def test_stays_the_same_and_is_long(self, tmp_path):
        made = key.read_or_make(tmp_path / "library")
        assert len(made) >= key.SHORTEST and key.read_or_make(tmp_path / "library") == made
        assert key.read_or_make(tmp_path) != made

    def test_is_the_one_that_is_set_for_several_servers(self, tmp_path):
        asked = "k" * key.SHORTEST
        assert key.read_or_make(tmp_path, {key.VARIABLE: f" {asked}\n"}) == asked and not list(tmp_path.iterdir())
        kept = key.read_or_make(tmp_path, {key.VARIABLE: asked[1:]})
        assert kept != asked[1:] and key.read_or_make(tmp_path, {}) == kept

    @pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
    def test_is_for_nobody_else_to_read(self, tmp_path):
        key.read_or_make(tmp_path)
        file = tmp_path / key.NAME
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o644)
        key.read_or_make(tmp_path)
        assert file.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 60, b"a\x00" * 40, "\u00e4".encode() * 40])
    def test_a_damaged_one_is_made_anew(self, tmp_path, content):
        (tmp_path / key.NAME).write_bytes(content)
        made = key.read_or_make(tmp_path)
        assert len(made) >= key.SHORTEST and made.encode() != content
        assert key.read_or_make(tmp_path) == made

    def test_one_that_cannot_be_kept_opens_the_server_all_the_same(self, tmp_path):
        (tmp_path / "a file").write_text("where a folder should be")
        made = {key.read_or_make(tmp_path / "a file") for _ in range(2)}
        assert len(made) == 2 and min(map(len, made)) >= key.SHORTEST
        assert os.listdir(tmp_path) == ["a file"]
