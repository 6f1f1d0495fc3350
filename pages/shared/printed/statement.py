"""What is kept of whom, as a page: the text is in `docs/privacy.LANGUAGE.md`, which this turns into HTML."""

from functools import lru_cache
from pathlib import Path

from pages.shared.printed.page import Sheet, marked

FOLDER = Path(__file__).parents[3] / "docs"


@lru_cache(8)
def sheet(language: str) -> Sheet:
    """The statement in a language. Its Markdown: headings, paragraphs of one line, lists, bold."""
    title, body, is_list = "", [], False
    for line in (FOLDER / f"privacy.{language}.md").read_text("utf-8").splitlines():
        mark, _, text = line.partition(" ")
        if is_list != (mark == "-"):
            body.append("</ul>" if is_list else "<ul>")
            is_list = not is_list
        if mark == "#":
            title = marked(text)
            body.append(f"<h1>{title}</h1>")
        elif line:
            tag = {"##": "h2", "-": "li"}.get(mark, "p")
            body.append(f"<{tag}>{marked(line if tag == 'p' else text)}</{tag}>")
    body += ["</ul>"] * is_list
    return Sheet(title, f"<section>{''.join(body)}</section>")
