"""Downloads, against a small server on this computer; every fault is caused for real where that can be done."""

import builtins
import errno
import gzip
import hashlib
import io
import pickle
import socket
import ssl
import struct
import subprocess
import sys
import tarfile
import threading
import urllib.request
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import numpy as np
import pytest
from torchvision import datasets

from gan import data
from gan.data import downloads
from gan.data.catalog import SETS
from gan.runs.server import fetching as background
from gan.runs.server.fetching import Downloads, DownloadState

KINDS = sorted(downloads.IDX_CLASSES)
ALL = [*KINDS, "cifar10"]
PATIENCE = 20  # seconds until a wait counts as a hang


class Server(ThreadingHTTPServer):
    """Serves `files`; `faults` gives a path another ending, `gates` hold its second half back until they open."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, str] = {}
        self.gates: dict[str, threading.Event] = {}
        self.at_gate = threading.Event()
        self.requests: list[str] = []

    def url(self, folder: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{folder}/"

    def handle_error(self, request, client_address):
        """A client that hangs up is part of the tests."""


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # chunks need it; urllib asks to close after each answer

    def do_GET(self):
        server, path = self.server, self.path
        server.requests.append(path)
        fault = server.faults.get(path)
        if path not in server.files or fault == "404":
            return self.send_error(404)
        if fault and fault.isdecimal():
            return self.send_error(int(fault))
        body = server.files[path]
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return self.connection.close()
        if fault == "html":
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", "22")
            self.end_headers()
            return self.wfile.write(b"<p>This is not allowed")
        if fault == "broken":
            body = body[:-9] + bytes(value ^ 255 for value in body[-9:])
        self.send_response(200)
        if fault == "cut chunks":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            return self.wfile.write(b"%x\r\n" % len(body) + body[:99])
        if fault != "no length":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        half = len(body) // 2
        self.wfile.write(body[:half])
        if gate := server.gates.get(path):
            server.at_gate.set()
            gate.wait(PATIENCE)
        if fault != "truncated":
            self.wfile.write(body[half:])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    for gate in server.gates.values():
        gate.set()
    server.shutdown()
    server.server_close()
    thread.join(PATIENCE)


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(downloads, "CHUNK", 64)
    data._load_all.cache_clear()
    yield tmp_path / "data"
    data._load_all.cache_clear()


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


@pytest.fixture
def sets(server, monkeypatch):
    """Small stand-ins for all sets on the server; name -> the (images, labels) to expect."""
    random = np.random.default_rng(5)
    expected = {}
    for name in KINDS:
        kind = getattr(datasets, downloads.IDX_CLASSES[name])
        images = random.integers(0, 256, (7, 28, 28), np.uint8)
        labels = random.integers(0, 10, 7, np.uint8)
        expected[name] = images, labels
        arrays = images, labels, images[:3] + 1, labels[:3]
        resources = []
        for (resource, _), array in zip(kind.resources, arrays, strict=True):
            body = gzip.compress(idx(array))
            server.files[f"/{name}/{resource}"] = body
            resources.append((resource, md5(body)))
        monkeypatch.setattr(kind, "resources", resources)
        monkeypatch.setattr(kind, "mirrors", [server.url(name)])

    monkeypatch.setattr(downloads, "CIFAR_COUNT", 4)
    images = random.integers(0, 256, (20, 32, 32, 3), np.uint8)
    labels = random.integers(0, 10, 20, np.uint8)
    expected["cifar10"] = images, labels
    records = np.concatenate([labels[:, None], images.transpose(0, 3, 1, 2).reshape(20, -1)], axis=1)
    files = {f"data_batch_{number + 1}.bin": records[number * 4 : number * 4 + 4].tobytes() for number in range(5)}
    serve_cifar(server, monkeypatch, {"batches.meta.txt": b"plane", **files, "test_batch.bin": records[:4].tobytes()})
    monkeypatch.setattr(downloads, "CIFAR_MIRRORS", (server.url("cifar10"),))
    return expected


def serve_cifar(server: Server, monkeypatch, files: dict[str, bytes], folder: str = "cifar-10-batches-bin/") -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, body in files.items():
            member = tarfile.TarInfo(folder + name)
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    server.files["/cifar10/cifar-10-binary.tar.gz"] = packed.getvalue()
    monkeypatch.setattr(downloads, "CIFAR_MD5", md5(packed.getvalue()))


def md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def first_file(server: Server, name: str) -> str:
    return next(path for path in server.files if path.startswith(f"/{name}/"))


def set_mirrors(monkeypatch, name: str, mirrors: list[str]) -> None:
    if name == "cifar10":
        monkeypatch.setattr(downloads, "CIFAR_MIRRORS", tuple(mirrors))
    else:
        monkeypatch.setattr(getattr(datasets, downloads.IDX_CLASSES[name]), "mirrors", mirrors)


def dead_url() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"


def leftovers(home: Path) -> list[str]:
    return [path.name for path in home.rglob("*") if path.name.endswith((".part", ".gz"))]


def fails(name: str) -> str:
    """The sentence with which the fetch of a set fails, leaving nothing that looks like a set."""
    with pytest.raises(downloads.DownloadFailed) as caught:
        downloads.fetch(name)
    assert not downloads.is_here(name)
    assert leftovers(downloads.folder()) == []
    return str(caught.value)


def assert_loads(name: str, sets) -> None:
    for actual, expected in zip(downloads.load(name), sets[name], strict=True):
        assert actual.dtype == np.uint8
        np.testing.assert_array_equal(actual, expected)


# What torchvision and the catalogue must agree on


@pytest.mark.parametrize("name", KINDS)
def test_the_installed_torchvision_has_what_we_rely_on(name):
    kind = getattr(datasets, downloads.IDX_CLASSES[name])
    assert [resource for resource, _ in kind.resources] == [f"{file}.gz" for file in downloads.IDX_FILES]
    assert all(len(bytes.fromhex(digest)) == 16 for _, digest in kind.resources)
    assert kind.mirrors and all(urlsplit(mirror).scheme in ("http", "https") for mirror in kind.mirrors)
    assert all(mirror.endswith("/") for mirror in kind.mirrors)
    assert callable(kind._check_legacy_exist)


def test_every_set_of_the_catalogue_that_is_not_embedded_can_be_downloaded():
    assert sorted(ALL) == sorted(name for name, item in SETS.items() if item.download_mb)
    assert sum(downloads.IDX_FILES.values()) == pytest.approx(1)
    assert downloads.CIFAR_COUNT * len(downloads.CIFAR_FILES) == SETS["cifar10"].count


def test_asking_what_is_here_imports_no_torchvision():
    code = (
        "import sys; from gan import data; from gan.runs.server import fetching; "
        "print([n for n in data.names() if not data.is_here(n)], {'torch', 'torchvision'} & set(sys.modules))"
    )
    root = Path(__file__).parents[3]
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert answer.stdout.strip() == "['mnist', 'fashion_mnist', 'kmnist', 'cifar10'] set()"


def test_the_folder_is_the_users_own_unless_the_environment_names_one(monkeypatch, tmp_path):
    assert downloads.folder() == tmp_path / "data"
    own = Path.home() / ".cache" / "forger-and-detective" / "data"
    monkeypatch.setenv("GAN_STUDIO_DATA", "")
    assert downloads.folder() == own
    monkeypatch.delenv("GAN_STUDIO_DATA")
    assert downloads.folder() == own


# When all goes well


@pytest.mark.parametrize("name", ALL)
def test_a_set_is_fetched_and_read_pixel_by_pixel(name, sets, home):
    seen = []
    downloads.fetch(name, on_progress=seen.append)
    assert downloads.is_here(name)
    assert leftovers(home) == []
    assert_loads(name, sets)
    assert seen == sorted(seen) and seen[0] >= 0 and seen[-1] == 1
    assert len(set(seen)) > 20 and seen.count(1) <= 2  # it is full at the end, not when the first file is


def test_colours_are_red_green_blue_and_rows_run_down(sets, server, monkeypatch):
    record = bytes([7]) + bytes([200]) + bytes(1023) + bytes(1024) + bytes(32) + bytes([50]) + bytes(991)
    serve_cifar(server, monkeypatch, {file: record * 4 for file in downloads.CIFAR_FILES})
    downloads.fetch("cifar10")
    images, labels = downloads.load("cifar10")
    assert labels.tolist() == [7] * 20
    assert images[0, 0, 0].tolist() == [200, 0, 0]  # the first red byte: top left
    assert images[0, 1, 0].tolist() == [0, 0, 50]  # blue byte 32: second row, first column
    assert images[0].sum() == 250


@pytest.mark.parametrize("name", ["kmnist", "cifar10"])
def test_a_set_that_is_here_is_not_fetched_again(name, sets, server):
    downloads.fetch(name)
    server.requests.clear()
    seen = []
    downloads.fetch(name, on_progress=seen.append)
    assert server.requests == []
    assert seen == [1.0]


def test_the_engine_says_so_before_and_opens_it_after(sets):
    with pytest.raises(data.NotDownloaded, match="Digits, all 60,000"):
        data.load("mnist")
    downloads.fetch("mnist")
    pictures = data.load("mnist")
    assert pictures.shape == (1, 28, 28)
    np.testing.assert_array_equal(pictures.images, sets["mnist"][0])


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_a_server_that_does_not_tell_the_length_is_good_enough(name, sets, server):
    server.faults = dict.fromkeys(server.files, "no length")
    seen = []
    downloads.fetch(name, on_progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 1
    assert_loads(name, sets)


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_ever_unpickled(name, sets, home, monkeypatch):
    downloads.fetch(name)
    if name in KINDS:  # what an old torchvision leaves, and a new one prefers
        processed = home / downloads.IDX_CLASSES[name] / "processed"
        processed.mkdir()
        for file in ("training.pt", "test.pt"):
            (processed / file).write_bytes(pickle.dumps("not pictures"))

    def refuse(*arguments, **options):
        raise AssertionError("something was unpickled")

    for function in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, function, refuse)
    monkeypatch.setattr("torch.load", refuse)
    assert_loads(name, sets)


# Faults of the network and the server


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("broken", "Broken download"),
        ("truncated", "Broken download"),
        ("cut chunks", "Broken download"),
        ("404", "The server answered with error 404"),
    ],
)
def test_a_bad_answer_is_a_sentence_and_no_set(name, fault, reason, sets, server):
    path = first_file(server, name)
    server.faults[path] = fault
    assert fails(name) == f"{reason}: {SETS[name].title} could not be downloaded from 127.0.0.1. {downloads.ADVICE}"
    del server.faults[path]
    downloads.fetch(name)
    assert_loads(name, sets)


def test_a_truncated_file_of_unknown_length_is_found_by_its_sum(sets, server):
    path = first_file(server, "mnist")
    body = server.files[path]
    server.files[path] = body[:-20]
    server.faults[path] = "no length"
    assert fails("mnist").startswith("Broken download: ")
    server.files[path] = body
    downloads.fetch("mnist")


def test_the_last_file_counts_too(sets, server):
    *_, last = (path for path in server.files if path.startswith("/mnist/"))
    server.faults[last] = "broken"
    fails("mnist")
    del server.faults[last]
    server.requests.clear()
    downloads.fetch("mnist")
    assert server.requests == [last]  # what came whole the first time stays


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_nobody_listens(name, sets, monkeypatch):
    set_mirrors(monkeypatch, name, [dead_url()])
    assert fails(name).startswith(f"No network, or the server is down: {SETS[name].title} could not be downloaded")


def test_an_unknown_host_is_no_network(sets, monkeypatch):
    def unknown(*arguments, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert fails("mnist").startswith("No network")


def test_a_silent_server_is_left_after_the_timeout(sets, server, monkeypatch):
    monkeypatch.setattr(downloads, "TIMEOUT_SECONDS", 0.2)
    server.gates[first_file(server, "mnist")] = threading.Event()
    assert fails("mnist").startswith("No network, or the server is down")


def test_a_failed_handshake_is_not_called_a_missing_network(sets, server, monkeypatch):
    set_mirrors(monkeypatch, "mnist", [server.url("mnist").replace("http:", "https:")])  # speaks no TLS at all
    assert fails("mnist").startswith("No secure connection")


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
@pytest.mark.parametrize("fault", ["403", "451", "511", "reset", "html"])
def test_a_filter_is_not_called_a_missing_network(name, fault, sets, server):
    *_, last = (path for path in server.files if path.startswith(f"/{name}/"))
    server.faults[last] = fault
    sentence = fails(name)
    assert sentence.startswith(f"Something in this network refuses it: {SETS[name].title} could not be downloaded")
    assert sentence.endswith(str(downloads.FILTER_ADVICE)) and "Try again later" not in sentence


def test_a_proxy_that_refuses_is_a_filter(sets, server, monkeypatch):
    """It answers the request for a tunnel with 501, as this server does with all but GET."""
    monkeypatch.setenv("https_proxy", server.url("").rstrip("/"))
    monkeypatch.setattr(urllib.request, "_opener", None)  # urllib looks for proxies once a process
    set_mirrors(monkeypatch, "mnist", ["https://example.org/"])
    assert fails("mnist").startswith("Something in this network refuses it: ")


def test_a_certificate_that_a_filter_made_is_a_filter(sets, monkeypatch):
    def handshake(*arguments, **options):
        raise URLError(ssl.SSLCertVerificationError(1, "self-signed certificate in certificate chain"))

    monkeypatch.setattr(downloads, "urlopen", handshake)
    assert fails("mnist").startswith("Something in this network refuses it: ")


@pytest.mark.parametrize("name", ["kmnist", "cifar10"])
def test_archives_fetched_by_hand_are_taken_and_stay(name, sets, server):
    folder = downloads._home(name)
    folder.mkdir(parents=True)
    for path in [path for path in server.files if path.startswith(f"/{name}/")]:
        file = folder / path.rpartition("/")[2]
        assert file.name in str(downloads.by_hand(name)) and str(folder) in str(downloads.by_hand(name))
        file.write_bytes(server.files[path])
    before = sorted(path.name for path in folder.iterdir())
    seen = []
    downloads.fetch(name, on_progress=seen.append)
    assert server.requests == []
    assert seen == sorted(seen) and seen[-1] == 1
    assert_loads(name, sets)
    assert {path.name for path in folder.iterdir()} >= set(before)


def test_an_archive_fetched_by_hand_that_is_broken_is_fetched_anew(sets, server):
    folder = downloads._home("mnist")
    folder.mkdir(parents=True)
    (folder / "train-images-idx3-ubyte.gz").write_bytes(b"<html>")
    downloads.fetch("mnist")
    assert len(server.requests) == 4
    assert_loads("mnist", sets)


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
@pytest.mark.parametrize("fault", ["dead", "404", "broken", "truncated"])
def test_a_second_mirror_is_tried(name, fault, sets, server, monkeypatch):
    for path, body in list(server.files.items()):
        server.files[f"/bad{path}"] = body
        server.faults[f"/bad{path}"] = fault
    bad = dead_url() if fault == "dead" else server.url(f"bad/{name}")
    set_mirrors(monkeypatch, name, [bad, server.url(name)])
    seen = []
    downloads.fetch(name, on_progress=seen.append)
    assert_loads(name, sets)
    assert seen == sorted(seen) and seen[-1] == 1


def test_the_first_mirrors_failure_is_the_one_told(sets, server, monkeypatch):
    set_mirrors(monkeypatch, "mnist", [server.url("nothing"), dead_url()])
    assert "error 404" in fails("mnist")


# Faults of the files


@pytest.mark.parametrize("change", ["short", "long", "missing", "not a file"])
def test_an_archive_with_other_files_is_no_set(change, sets, server, monkeypatch):
    files = {file: bytes(4 * 3073) for file in downloads.CIFAR_FILES}
    last = downloads.CIFAR_FILES[-1]
    if change == "short":
        files[last] = bytes(4 * 3073 - 1)
    elif change == "long":
        files[last] = bytes(4 * 3073 + 1)
    else:
        del files[last]
    serve_cifar(server, monkeypatch, files | ({last: b""} if change == "not a file" else {}))
    assert fails("cifar10").startswith("Broken download: Colour photos (CIFAR-10) did not have the files")
    assert not (downloads.folder() / "cifar-10-batches-bin" / last).exists()


def test_an_archive_cannot_choose_where_its_files_go(sets, server, monkeypatch, home):
    files = {file: bytes(4 * 3073) for file in downloads.CIFAR_FILES}
    serve_cifar(server, monkeypatch, files | {"evil.bin": b"evil"}, folder="../../../")
    downloads.fetch("cifar10")
    everything = [path for path in home.parent.rglob("*") if path.is_file()]
    assert sorted(everything) == sorted(home / "cifar-10-batches-bin" / file for file in downloads.CIFAR_FILES)


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
@pytest.mark.parametrize("damage", ["cut", "empty", "gone", "zeros"])
def test_a_damaged_file_is_not_a_set_and_is_fetched_again(name, damage, sets, home):
    downloads.fetch(name)
    file = max(path for path in home.rglob("*") if path.is_file())
    body = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes({"cut": body[:-1], "empty": b"", "zeros": bytes(len(body) + 1)}[damage])
    assert not downloads.is_here(name)
    downloads.fetch(name)
    assert_loads(name, sets)


def test_the_leftovers_of_a_killed_process_do_no_harm(sets, home):
    raw = home / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in downloads.IDX_FILES:
        (raw / f"{file}.gz.part").write_bytes(b"half")
        (raw / f"{file}.part").write_bytes(b"half")
    assert not downloads.is_here("mnist")
    downloads.fetch("mnist")
    assert leftovers(home) == []
    assert_loads("mnist", sets)


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_a_folder_that_cannot_be_made(name, sets, server, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path / "file" / "data"))
    sentence = fails(name)
    assert sentence.startswith(f"{SETS[name].title} cannot be stored in {tmp_path / 'file' / 'data'} (")
    assert "set GAN_STUDIO_DATA" in sentence
    assert server.requests == []


class FullDisk(io.FileIO):
    def write(self, content):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("mnist", "train-images-idx3-ubyte.gz.part"),
        ("mnist", "t10k-labels-idx1-ubyte.part"),
        ("cifar10", "cifar-10-binary.tar.gz.part"),
        ("cifar10", "data_batch_3.bin.part"),
    ],
)
def test_the_disk_fills_up(name, full, sets, monkeypatch):
    normal = Path.open

    def open_(path, mode="r", *arguments, **options):
        return FullDisk(path, mode) if path.name == full else normal(path, mode, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", open_)
        assert "(No space left on device). Make room there" in fails(name)
    downloads.fetch(name)
    assert_loads(name, sets)


# torchvision


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("operator torchvision::nms does not exist"),
        ModuleNotFoundError("No module named 'torchvision'"),
        ImportError("DLL load failed"),
        AttributeError("partially initialized module 'torchvision' has no attribute 'extension'"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_torchvision_that_does_not_fit(name, error, sets, server, monkeypatch):
    normal = builtins.__import__

    def import_(module, *arguments, **options):
        if module.split(".")[0] == "torchvision":
            raise error
        return normal(module, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", import_)
        sentence = fails(name)
    assert "torch and torchvision do not fit together" in sentence
    assert "pip install --upgrade --force-reinstall torch torchvision" in sentence
    assert server.requests == []


# Cancelling


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
@pytest.mark.parametrize("after", [0.0, 0.3, 0.9])
def test_cancelling_leaves_nothing_broken_and_a_later_fetch_succeeds(name, after, sets, home):
    seen = []
    downloads.fetch(name, seen.append, should_stop=lambda: bool(seen) and seen[-1] >= after)
    assert after <= seen[-1] < 1
    assert not downloads.is_here(name)
    assert leftovers(home) == []
    downloads.fetch(name)
    assert_loads(name, sets)


def test_a_cancelled_fetch_tries_no_second_mirror(sets, server, monkeypatch):
    set_mirrors(monkeypatch, "mnist", [server.url("nothing"), server.url("mnist")])
    downloads.fetch("mnist", should_stop=lambda: bool(server.requests))
    assert len(server.requests) == 1


# In the background


def test_two_tabs_share_one_download(sets, server, monkeypatch):
    path = first_file(server, "mnist")
    server.gates[path] = threading.Event()
    manager, both, inside = Downloads(), threading.Barrier(2), threading.Barrier(2)
    assert manager.get("mnist") is None
    got = []

    class Meeting(background.Download):
        def __init__(self, name):
            with suppress(threading.BrokenBarrierError):
                inside.wait(0.1)  # both tabs would meet here if `start` let two in
            super().__init__(name)

    monkeypatch.setattr(background, "Download", Meeting)

    def tab():
        both.wait(PATIENCE)
        got.append(manager.start("mnist"))

    tabs = [threading.Thread(target=tab) for _ in range(2)]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join(PATIENCE)
    assert server.at_gate.wait(PATIENCE)
    assert got[0] is got[1] is manager.get("mnist")
    assert sum(thread.name == "download-mnist" for thread in threading.enumerate()) == 1
    assert not got[0].wait(0)
    assert got[0].snapshot().state is DownloadState.RUNNING

    server.gates[path].set()
    assert got[0].wait(PATIENCE)
    snapshot = got[0].snapshot()
    assert (snapshot.name, snapshot.state, snapshot.fraction, snapshot.error) == ("mnist", "done", 1.0, None)
    assert server.requests.count(path) == 1
    assert_loads("mnist", sets)


def test_two_sets_come_side_by_side(sets, server):
    server.gates[first_file(server, "mnist")] = threading.Event()
    manager = Downloads()
    slow, quick = manager.start("mnist"), manager.start("kmnist")
    assert quick.wait(PATIENCE)
    assert (slow.snapshot().state, quick.snapshot().state) == ("running", "done")
    slow.cancel()


def test_a_cancelled_download_can_be_started_again_at_once(sets, server, home):
    path = first_file(server, "mnist")
    server.gates[path] = threading.Event()
    manager = Downloads()
    first = manager.start("mnist")
    assert server.at_gate.wait(PATIENCE)
    first.cancel()
    second = manager.start("mnist")
    assert second is not first and manager.get("mnist") is second
    server.gates[path].set()
    assert first.wait(PATIENCE) and second.wait(PATIENCE)
    assert first.snapshot().state is DownloadState.CANCELLED
    assert first.snapshot().fraction < 1
    assert second.snapshot().state is DownloadState.DONE
    assert leftovers(home) == []
    assert_loads("mnist", sets)


def test_a_failed_download_keeps_its_sentence_and_can_be_tried_again(sets, server):
    path = first_file(server, "mnist")
    server.faults[path] = "404"
    manager = Downloads()
    failed = manager.start("mnist")
    assert failed.wait(PATIENCE)
    assert failed.snapshot().state is DownloadState.FAILED
    assert str(failed.snapshot().error).startswith("The server answered with error 404: Digits, all 60,000")
    del server.faults[path]
    again = manager.start("mnist")
    assert again is not failed
    assert again.wait(PATIENCE) and again.snapshot().state is DownloadState.DONE


def test_cancelled_wins_over_failed(sets, server):
    path = first_file(server, "mnist")
    server.gates[path] = threading.Event()
    server.faults[path] = "truncated"
    download = Downloads().start("mnist")
    assert server.at_gate.wait(PATIENCE)
    download.cancel()
    server.gates[path].set()
    assert download.wait(PATIENCE)
    assert (download.snapshot().state, download.snapshot().error) == ("cancelled", None)


def test_an_unexpected_exception_is_kept_as_a_sentence(monkeypatch, caplog):
    def explode(*arguments):
        raise ZeroDivisionError("secret details")

    monkeypatch.setattr(downloads, "fetch", explode)
    download = Downloads().start("kmnist")
    assert download.wait(PATIENCE)
    snapshot, error = download.snapshot(), str(download.snapshot().error)
    assert snapshot.state is DownloadState.FAILED
    assert error.startswith("Old Japanese letters (KMNIST) could not be downloaded")
    assert "ZeroDivisionError" in error and "secret" not in error
    assert "secret details" in caplog.text
