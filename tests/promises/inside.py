"""What the tests ask inside a copy of the house. A question is a line of standard input, `["NAME", {"given": ...}]`,
and so is its answer on standard output, `{"answer": ...}`, or `{"fault": ...}` with how it came to that.
"""

import contextlib
import json
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Any


def learn(settings: list[str], folder: str) -> dict[str, Any]:
    """Train on the command line, write the script, ask the doctor; what came of it."""
    from gan import doctor
    from gan.cli import commands
    from gan.learn.trainer import Trainer
    from gan.runs.state.history import History

    chosen = [f"--set={setting}" for setting in settings]
    records = _printed(["train", *chosen, "--json", "--threads=1", f"--out={folder}/generator"])
    _printed(["sample", f"{folder}/generator", "-n", "12", f"--out={folder}/fakes.npy"])
    _printed(["script", *chosen, f"--out={folder}/script.zip"])

    config, _ = commands._config(commands.parser().parse_args(["train", *chosen]))
    trainer, history, scores = Trainer(config), History(), []
    for reading in trainer.readings():
        history.add(reading)
        scores += [(float(reading.epoch), reading.scores)] if reading.scores else []
    found = doctor.diagnose(config, history.points, scores, trainer.floor)
    return {
        "records": [json.loads(line) for line in records.splitlines()],
        "doctor": found.name.value,
        "evidence": str(found.evidence),
        "scores": len(scores),
    }


def judged(loss: str) -> list[str]:
    """What the doctor calls calm points at several levels, and two losses that swing, under a loss."""
    from gan import doctor
    from gan.records import Point
    from gan.setup.config import RunConfig

    def points(d_real: float, d_fake: float, swing: float = 0.0) -> list[Point]:
        means = {"g_loss": 0.2, "d_real": d_real, "d_fake": d_fake, "weight": 70}
        return [Point(epoch=n / 10, d_loss=0.25 + swing * (n % 4 == 0), **means) for n in range(40)]

    runs = [points(real, fake) for real in (0.5, 0.6, 0.97) for fake in (0.02, 0.4, 0.55, 0.75)]
    runs += [points(0.6, 0.4, swing) for swing in (0.3, 3.0)]
    config = RunConfig(loss=loss)
    return [doctor.diagnose(config, each).name.value for each in runs]


def shown(page: str, choose: dict[str, Any]) -> dict[str, Any]:
    """A page after some of its lists were set: what it says, and by their keys what its lists offer and its toggles
    are called.
    """
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(Path.cwd() / "pages/frame.py", default_timeout=300).run()
    app = app.switch_page(page).run()
    for key, value in choose.items():
        app.selectbox(key=key).set_value(value).run()
    assert not app.exception, [each.value for each in app.exception]
    kinds = ("caption", "markdown", "title", "header", "subheader", "info", "warning")
    texts = [str(each.value) for kind in kinds for each in app.get(kind)]
    lists = [*app.selectbox, *app.multiselect]
    offered = {each.key: each.options for each in lists if each.key}
    return {
        "text": "\n".join(texts),
        "offered": offered,
        "labels": [each.label for each in app.button],
        "toggles": {each.key: each.label for each in app.toggle},
    }


@cache
def messages() -> dict[str, str]:
    """The sentences that a language has to say, by id."""
    from tools import languages

    return {name: message.english for name, message in languages.messages().items()}


def _printed(arguments: list[str]) -> str:
    """What a command prints."""
    import io

    from gan.__main__ import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(arguments)
    assert code == 0, (arguments, code)
    return out.getvalue()


def answered(question: str, given: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"answer": globals()[question](**given)}
    except Exception:
        return {"fault": traceback.format_exc()}


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):  # whatever else is printed
        for line in sys.stdin:
            print(json.dumps(answered(*json.loads(line))), file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    main()
