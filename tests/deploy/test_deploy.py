"""What lies in deploy/ names files, settings and commands that there are, and holds no secret."""

import os
import re
import shlex
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import yaml  # comes with ray

from gan.runs.cluster.wire import SETTINGS, TOKEN
from gan.runs.state.limits import Limits

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy"
CONTAINERFILE = re.sub(r"\\\n\s*", " ", (FOLDER / "Containerfile").read_text())
COMPOSE = (FOLDER / "compose.yaml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
NOTES = (FOLDER / "kubernetes.md").read_text()
APPS, NODES = ("app1", "app2"), ("head", "worker")


def lines(instruction: str) -> list[str]:
    return re.findall(rf"^{instruction} (.*)$", CONTAINERFILE, re.MULTILINE)


def of_container() -> dict[str, str]:
    return dict(each.split("=", 1) for line in lines("ENV") for each in shlex.split(line))


def test_the_image_holds_all_that_an_installed_app_has():
    """The package's own list of what runs."""
    copied = {name for line in lines("COPY") for name in line.split()[:-1]}
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    for pattern in wanted["forger_and_detective"]:
        top = pattern.split("/")[0]
        assert top in copied or pattern in copied, pattern
    assert "streamlit_app.py" in copied
    for name in copied:
        assert list(ROOT.glob(name)), name


def test_the_image_is_nobodys_root_and_asks_how_it_is():
    assert lines("USER") == ["10001:10001"] and not re.search(r"^(ADD|VOLUME) ", CONTAINERFILE, re.MULTILINE)
    (check,) = lines("HEALTHCHECK")
    assert (
        f":{of_container()['STREAMLIT_SERVER_PORT']}/healthz" in check and of_container()["GAN_STUDIO_METRICS"] == "on"
    )
    assert {of_container()[name].split("/")[1] for name in ("HOME", "GAN_STUDIO_LIBRARY", "GAN_STUDIO_DATA")} == {
        "data"
    }


def test_the_proxy_knows_the_app_servers():
    (upstreams,) = re.findall(r"reverse_proxy (app.*) {", (FOLDER / "Caddyfile").read_text())
    assert upstreams.split() == [f"{name}:8501" for name in APPS]
    assert {SERVICES[name]["environment"]["GAN_STUDIO_ADDRESS"] for name in APPS} == {
        f"http://{each}" for each in upstreams.split()
    }


def test_nobody_says_for_themselves_who_they_are():
    """Within `route` all is done in the order in which it is written; Caddy's own has sign-on before this line."""
    order = [
        (FOLDER / "Caddyfile").read_text().index(each) for each in ("route {", "-X-Forwarded-User", "reverse_proxy")
    ]
    assert order == sorted(order)


@pytest.mark.parametrize("said", (CONTAINERFILE, COMPOSE, NOTES), ids=("Containerfile", "compose", "kubernetes"))
def test_each_setting_is_one_that_is_read(said):
    code = "\n".join(path.read_text() for top in ("gan", "pages") for path in (ROOT / top).rglob("*.py"))
    limits = {f"GAN_STUDIO_{field.name.upper()}" for field in fields(Limits)}
    for name in set(re.findall(r"GAN_STUDIO_[A-Z_]+", said)):
        assert f'"{name}"' in code or name in limits, name


@pytest.mark.parametrize("name", [*APPS, *NODES])
def test_ray_has_the_same_settings_everywhere(name):
    environment = SERVICES[name]["environment"]
    assert environment.items() >= SETTINGS.items() and TOKEN in environment
    for variable, value in SETTINGS.items():
        assert re.search(rf'{{name: {variable}, value: "?{value}"?}}', NOTES), variable


def test_services_are_as_closed_as_they_can_be():
    for name, service in SERVICES.items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"] and "privileged" not in service, name
        assert bool(service.get("ports")) == (name == "proxy"), name
        assert "healthcheck" in service or name in ("proxy", *APPS), name  # the image has the app's
        assert ("front" in service["networks"]) == (name in ("proxy", *APPS)), name
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in yaml.safe_load(COMPOSE)["volumes"] or (FOLDER / source).is_file(), volume
    assert yaml.safe_load(COMPOSE)["networks"]["inner"]["internal"] is True


def test_no_secret_has_a_value_before_it_is_made(tmp_path):
    script = tmp_path / "secrets.sh"
    script.write_bytes((FOLDER / "secrets.sh").read_bytes())
    command = ["sh", str(script), "gan.school.example"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    made = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())
    assert set(re.findall(r"\$\{(\w+)", COMPOSE)) == made.keys() and not re.search(r"\$\{\w+(?!:\?\}|\w)", COMPOSE)
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("KEY|SECRET|PASSWORD|TOKEN|PIN", variable):
                assert re.fullmatch(r"\$\{\w+:\?\}", value), (name, variable)
    assert re.fullmatch("[0-9a-f]{64}", made[TOKEN]) and len(made["GAN_STUDIO_KEY"]) >= 32
    assert re.fullmatch("[0-9]{8}", made["GAN_STUDIO_PIN"]) and len(set(made.values())) == len(made)
    if os.name == "posix":
        assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    again = subprocess.run(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    assert (
        again.returncode and dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines()) == made
    )
    assert not subprocess.run(["git", "check-ignore", "-q", "deploy/.env"], cwd=ROOT).returncode
