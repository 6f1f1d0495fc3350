"""A run's script in sections: the template, settled for the run, with our own definitions put in."""

import ast
import json
import re
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from gan import data, families
from gan.export.script.edits import without_config, without_parameter
from gan.export.script.facts import COMMENTS, OPTION, at_work, configs_of, facts, hooks_of, settings
from gan.export.script.pieces import composed, own
from gan.export.script.settle import settled
from gan.export.script.sources import Module, Sources
from gan.messages import Refusal
from gan.parts import choices, losses, nets, stabilisers
from gan.records import Change
from gan.setup.config import RunConfig

SECTION = "# %% "
WIDTH = 116  # characters in a line of text
PIXELS = {"-1..1": "from -1 to 1", "0..1": "from 0 to 1"}
KEPT = {False: "pictures as bytes, 0 black and 255 white", True: "dots, each an x and a y from -1 to 1"}
DRAWN = {False: "pictures", True: "dots"}
ABOUT = """\
{about}
This is the whole code in plain PyTorch, without an import of Forger & Detective, which wrote it (MIT licence)."""
HOW = """\
It needs torch, numpy and pictures.npz beside it:

    python train.py

After each epoch it prints how far it has come and draws 64 pictures into the folder drawn. On the same computer it
makes the same generator as the app does with these settings; but convolutions are rounded otherwise in the app, which
has faster ones, so that networks with convolutions come out a little different."""


class Section(NamedTuple):
    """A part of a script, or a cell of a notebook with the text above it."""

    title: str
    about: str
    code: str


def sections(config: RunConfig, changes: Sequence[Change], trainer, notebook: bool = False) -> list[Section]:
    """The script of a config's run, with changes on the way; `trainer` is a new one of that config.

    The first section is the beginning, with the imports. Raises ValueError with a sentence for what cannot be told.
    """
    from gan.parts.hooks import Base

    configs = configs_of(config, changes)
    values = [settings(config) for config in configs]
    known = values[0] | facts(trainer, configs) | {"NOTEBOOK": notebook}
    for name in [name for name in values[0] if any(value[name] != values[0][name] for value in values)]:
        del known[name]  # it is decided while the script runs

    template = settled(composed(config.family), known)
    if "opponent" not in known["HOOKS"]:
        template = without_parameter(template, "judge", "total_d_loss")
    names = at_work(configs)
    template = template.replace("STABILISERS", _stabilisers(config, names))
    template = re.sub(
        r"^( *)CHANGES\n",
        lambda found: textwrap.indent(_changes(changes, configs, values, template, names), found[1]),
        template,
        flags=re.MULTILINE,
    )
    sources = Sources(
        Module("template", _imports(config, names) + template),
        prepare=lambda text: settled(without_config(text, values[0]), known),
        unwanted=hooks_of(Base).keys() - known["HOOKS"],
    )
    parts = _split(template, sources, _words(config, names, len(trainer.learner.images)))
    used = _names("\n".join(part.code for part in parts))
    if "config" in used:
        raise Refusal("script.more_than_settings", "A script cannot hold what asks its config for more than settings.")
    mine = own(config.family)
    lines = _settings({name: value for name, value in values[0].items() if name in used}, mine.comments)
    parts = [part._replace(code=part.code.replace("SETTINGS", lines)) for part in parts]
    title, about = mine.title.format(data=data.get(config.data).title), ABOUT.format(about=mine.about)
    return [Section(title, about if notebook else f"{about}\n\n{HOW}", "\n".join(sources.import_lines())), *parts]


def _split(template: str, sources: Sources, words: dict[str, str]) -> list[Section]:
    """The template's sections with the definitions where they belong; those without code are left out."""
    found = []
    for part in re.split(rf"^{SECTION}", template, flags=re.MULTILINE)[1:]:
        head, _, code = part.partition("\n\n")
        title, *about = head.splitlines()
        code = re.sub(r'^insert\("(.*)"\)$', lambda here: sources.take(here[1]), code, flags=re.MULTILINE)
        if code.strip():
            about = " ".join(line.removeprefix("# ") for line in about).format(**words)
            filled = (textwrap.fill(text, WIDTH) for text in about.split("\n\n"))
            found.append(Section(title.format(**words), "\n\n".join(filled), _tidied(code)))
    return found


def _words(config: RunConfig, used: Sequence[str], count: int) -> dict[str, str]:
    """What the template's texts leave open; there are the stabilisers `used`, and `count` pictures are learned from."""
    kinds = {"architecture": (nets.__name__, [config.architecture])}
    if families.judges(config.family):
        kinds |= {"loss": (losses.__name__, [config.loss]), "stabilisers": (stabilisers.__name__, used)}
    is_dots = data.get(config.data).is_dots
    words = {
        "count": f"{count:,}",
        "pixels": PIXELS[config.pixel_range],
        "kept": KEPT[is_dots],
        "drawn": DRAWN[is_dots],
    }
    for kind, (package, names) in kinds.items():
        words[kind] = ", ".join(str(choices.title(package, name)) for name in names)
        words[f"about_{kind}"] = "\n\n".join(text for name in names for text in choices.paragraphs(package, name))
    return words


def _imports(config: RunConfig, used: Sequence[str]) -> str:
    """Lines that bring in the chosen networks, loss and stabilisers under the names that the template uses."""
    built, judged = nets.module(config.architecture), losses.module(config.loss)
    lines = [f"from {built} import {net} as make_{net}" for net in families.parts(config.family)]
    if families.judges(config.family):
        lines += [f"from {judged} import {net} as {net}_loss" for net in ("generator", "discriminator")]
    lines += [f"from {stabilisers.module(name)} import Stabiliser as {_class_name(name)}" for name in used]
    return "".join(f"{line}\n" for line in lines)


def _stabilisers(config: RunConfig, used: Sequence[str]) -> str:
    """Those of the config's stabilisers that are `used`, as the code of a list."""
    made = stabilisers.make({name: strength for name, strength in config.strengths.items() if name in used})
    names = {type(each).__module__.split(".")[-1]: each.strength for each in made}
    items = [f"{_class_name(name)}({strength!r}, random)" for name, strength in names.items()]
    return "[\n" + "".join(f"    {item},\n" for item in items) + "]" if len(items) > 1 else f"[{''.join(items)}]"


def _class_name(stabiliser: str) -> str:
    return "".join(word.capitalize() for word in stabiliser.split("_"))


def _changes(
    changes, configs: Sequence[RunConfig], values: Sequence[dict[str, Any]], template: str, working: Sequence[str]
) -> str:
    """Code that changes settings at the steps at which a run was steered; `values` are those of its configs."""
    used, code = _names(template), ""
    for change, before, after, old, new in zip(changes, configs, configs[1:], values, values[1:], strict=False):
        lines = [f"{name} = {_literal(new[name])}" for name in new if new[name] != old[name] and name in used]
        was, now = _stabilisers(before, working), _stabilisers(after, working)
        if was != now:
            lines += f"stabilisers = {now}".splitlines()
        if lines:
            code += f"if step == {change.step}:  # changed while the run went on\n"
            code += "".join(f"    {line}\n" for line in lines)
    return code


def _settings(values: dict[str, Any], comments: dict[str, str]) -> str:
    """The lines that give the settings their values, with what they mean; `comments` are the family's own."""
    comments = COMMENTS | comments
    return "\n".join(f"{name} = {_literal(value)}  # {comments.get(name, OPTION)}" for name, value in values.items())


def _literal(value: Any) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _names(code: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


def _tidied(code: str) -> str:
    """With at most two empty lines in a row, and with two above a class or a function at its beginning."""
    code = re.sub(r"\n{4,}", "\n\n\n", code.strip())
    return f"\n{code}" if code.startswith(("def ", "class ", "@")) else code
