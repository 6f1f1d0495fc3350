"""Servers that a shared library needs, started for the tests: PostgreSQL, and one that speaks S3."""

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

USER = "postgres"  # of the system, where the tests run as root, which PostgreSQL refuses


class Postgres:
    """A server in a folder of its own, reached by a socket there alone."""

    def __init__(self) -> None:
        self._programs = _programs()
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # in /tmp: the path of a socket must be short
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)
        self._run("initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """As a power cut does."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def address(self) -> str:
        """Of an empty library."""
        import psycopg

        schema = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}")
        return f"{self._address()}&options={quote(f'-c search_path={schema}')}"

    def _address(self) -> str:
        return f"postgresql://{USER}@/postgres?host={quote(str(self.folder), safe='')}"

    def _run(self, program: str, *arguments: str) -> None:
        as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
        command = [*as_user, str(self._programs / program), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if not (found or on_path):
        assert not os.environ.get("CI"), "PostgreSQL is missing"
        pytest.skip("the tests of a shared library need PostgreSQL")
    return found[-1] if found else Path(on_path).resolve().parent


class ObjectStore:
    """A server that speaks S3 and keeps all in its memory."""

    def __init__(self) -> None:
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.start()

    def start(self) -> None:
        self._server.start()
        host, self._server._port = self._server.get_host_and_port()  # the same when it starts again
        self.endpoint = f"http://{host}:{self._server._port}"
        urlopen(Request(f"{self.endpoint}/studio", method="PUT")).close()

    def stop(self) -> None:
        self._server.stop()
        self._server._server.server_close()

    def address(self) -> str:
        """Of an empty place."""
        return f"s3://studio/{secrets.token_hex(6)}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests",
        }
