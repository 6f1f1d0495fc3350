"""What is said to people stands in the catalogues: outside of the calls that make messages there is no sentence, and no
word that Streamlit would show.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan import families

ROOT = Path(__file__).parents[1]
MESSAGE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")  # the id that a call which makes one begins with
SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:.!?]? +[A-Za-z(]")
UNSEEN = re.compile(
    r"<style>.*?</style>|<[^>]*(>|$)|&\w+;|:material/\w+:|:\w+\["
)  # styles, tags, letters by name, icons
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA|BEGIN|FROM|WHERE|VALUES|AND)\b")
CODE = re.compile(r"export default|^@container|/\*|; ?\w+=|^\w+(, \w+)+$")  # JavaScript, CSS, a cookie, columns
SHOWN = {  # what shows its first argument
    "button", "caption", "checkbox", "dialog", "download_button", "error", "expander", "file_uploader", "header",
    "html", "info", "link_button", "markdown", "metric", "multiselect", "number_input", "page_link", "popover",
    "progress",
    "radio", "segmented_control", "select_slider", "selectbox", "slider", "spinner", "subheader", "success", "tabs",
    "text", "text_area", "text_input", "title", "toast", "toggle", "warning", "write",
}  # fmt: skip
SAID_BY = {"help", "placeholder", "label", "alt", "text", "body", "title"}  # arguments that are shown
NOT_FOR_PEOPLE = {  # constants: formulas, what others say or are called, what `tools.languages.spoken` knows
    "REFUSES", "NO_MEMORY", "MNIST", "FASHION", "KMNIST", "CIFAR", "OURS", "FORMULA",
}  # fmt: skip
IN_ENGLISH = (  # the command line, a script to read, what a file says to other programs, words of Plotly's
    "gan/cli", "gan/export/script", *(f"gan/families/{family}/template.py" for family in families.names()),
    "gan/export/onnx_file.py", "gan/messages.py", "pages/shared/draw/figures.py",
)  # fmt: skip


def texts(code: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The texts in a piece of code, an f-string as a whole, but for docstrings, types, comparisons, logs and
    messages.
    """
    if isinstance(code, ast.Compare) or (isinstance(code, ast.Raise) and "TypeError" in ast.unparse(code)):
        return
    if isinstance(code, ast.Assign) and getattr(code.targets[0], "id", "") in NOT_FOR_PEOPLE:
        return
    if isinstance(code, ast.Expr) and isinstance(code.value, ast.Constant):
        return
    types = [getattr(code, "annotation", None), getattr(code, "returns", None)]
    children = [child for child in ast.iter_child_nodes(code) if child not in types]
    if isinstance(code, ast.JoinedStr):
        yield code, "".join(part.value if isinstance(part, ast.Constant) else "0" for part in code.values)
        children = [part for part in children if not isinstance(part, ast.Constant)]
    elif isinstance(code, ast.Constant) and isinstance(code.value, str):
        yield code, code.value
    elif isinstance(code, ast.Call):
        first = code.args[0] if code.args else None
        if isinstance(first, ast.Constant) and MESSAGE.fullmatch(str(first.value)):
            children = [child for child in children if not isinstance(child, ast.Constant)]
        elif "getLogger" in ast.unparse(code.func):
            return
    for child in children:
        yield from texts(child)


def shown(tree: ast.AST) -> set[ast.AST]:
    """Where Streamlit shows what stands there."""
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and getattr(each.func, "attr", "") in SHOWN]
    places = [place for call in calls for place in call.args[:1]]
    places += [keyword.value for call in calls for keyword in call.keywords if keyword.arg in SAID_BY]
    for place in places:  # the list grows while it is read
        if isinstance(place, ast.IfExp | ast.BoolOp | ast.List | ast.Tuple):
            places += ast.iter_child_nodes(place)
    return set(places)


def strays(code: str) -> list[str]:
    """The texts for people in some code that no catalogue knows."""
    tree = ast.parse(code)
    on_screen, found = shown(tree), []
    for node, text in texts(tree):
        seen = UNSEEN.sub("", text)
        is_shown = node in on_screen or "</" in text  # there a single word counts
        is_stray = SENTENCE.search(seen) or (is_shown and re.search("[A-Za-z]{2}", seen))
        if is_stray and not SQL.search(text) and not CODE.search(text):
            found.append(f"{node.lineno}: {text}")
    return found


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FILES = [path for top in ("gan", "pages") for path in sorted((ROOT / top).rglob("*.py"))]


@pytest.mark.parametrize("path", [path for path in FILES if not name(path).startswith(IN_ENGLISH)], ids=name)
def test_no_text_for_people_stands_outside_the_catalogues(path):
    assert not strays(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "code",
    [
        'st.button("Stop")',
        'left.markdown(f"**{name}** is gone")',
        'st.html(f"<b>forger</b> {x}")',
        'x = "No fakes yet."',
        'st.text_input(say("a.b", "Name"), placeholder="Search")',
        'raise ValueError(f"{x} is no")',
        'say("a.b", f"It is {x} now")',
        'x = f"<p class={a}>fakes</p>"',
        'st.info("no" if x else y)',
    ],
)
def test_a_stray_text_is_found(code):
    assert strays(code)


@pytest.mark.parametrize(
    "code",
    [
        'st.button(say("a.b", "Stop now"), key="stop_now", icon=":material/stop:")',
        'raise Refusal("a.b", "{x} is no.")',
        'x = "SELECT a FROM runs WHERE b = ?"',
        """st.html(f'<p class="a b">{html("a.b", "It is.")}</p>')""",
        'def f():\n    "It does this and that."',
        'def f(x: "dict[str, Moment]") -> "tuple[Moment, int]": ...',
        'raise TypeError("do not do that")',
        'x == "no such thing"',
    ],
)
def test_what_nobody_reads_is_no_stray_text(code):
    assert not strays(code)
