"""What can be printed: in every language, without a request to anywhere, and no answers without a ticket."""

import re

import pytest
from starlette.applications import Starlette

from pages.shared.lessons import course
from pages.shared.printed import board, routes
from pages.shared.server import held
from pages.shared.words.catalogues import languages
from tests.fakes import completed

SHEETS = ["game", "certificate", "worksheet?of=first_look", "privacy"]


def ask(path: str, language: str = "en") -> tuple[int, str, dict]:
    path, _, query = path.partition("?")
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"accept-language", f"{language.replace('_', '-')},en;q=0.5".encode())], "root_path": "",
        "server": ("localhost", 8501), "client": ("192.0.2.1", 5), "scheme": "http", "http_version": "1.1",
    }  # fmt: skip
    told: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        told.append(message)

    completed(Starlette(routes=routes.routes())(scope, receive, send))
    start = next(each for each in told if each["type"] == "http.response.start")
    content = b"".join(each.get("body", b"") for each in told if each["type"] == "http.response.body")
    return start["status"], content.decode(), {name.decode(): value.decode() for name, value in start["headers"]}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_is_there_in_every_language_and_fetches_nothing(sheet, language):
    status, page, headers = ask(f"/print/{sheet}", language)
    assert status == 200 and f'lang="{language.replace("_", "-")}"' in page and not re.search(r"\{\w+\}", page)
    assert not re.search(r"https?://|//cdn|@import|src=|url\(", page)
    assert "default-src 'none'" in headers["content-security-policy"] and "set-cookie" not in headers


def test_the_statement_says_the_same_in_every_language():
    shapes = {re.sub(r">[^<]*<", "><", ask("/print/privacy", each)[1].split("<main>")[1]) for each in languages()}
    assert len(shapes) == 1 and "<ul><li>" in shapes.pop()


def test_a_link_chooses_the_language():
    page = ask("/print/game?lang=es")[1]
    assert 'lang="es"' in page and "falsificador" in page.lower()


@pytest.mark.parametrize("ticket", ["", "?ticket=", "?ticket=x", "?ticket=%00"])
def test_there_are_no_answers_without_a_ticket(ticket):
    status, page, _ = ask(f"/print/keys{ticket}")
    assert status == 403 and page == ""


def test_answers_hold_every_question_and_mark_what_is_right():
    page = ask(f"/print/keys?ticket={held.desk().tickets.make()}")[1]
    asked = [step for lesson in course.course("en").lessons.values() for step in lesson.steps if step.ask]
    assert page.count('class="ask"') == len(asked) > 20
    assert (
        '<li class="yes"><i></i>only noise</li>' in page and '<li class="yes"><i></i>in 6 to 9 of 10 pictures (' in page
    )
    assert "&gt;" not in page and "&lt;" not in page  # how a run decides is nothing to read out


def test_a_worksheet_says_no_answer():
    page = ask("/print/worksheet?of=first_look")[1]
    assert page.count('class="ask"') == 3 and "only noise" in page
    assert 'class="yes"' not in page and "accuracy" not in page.split("</style>")[1]


@pytest.mark.parametrize("of", ["", "gone", "../../secret", "first_look.en", "%00", "timeline"])
def test_a_worksheet_of_no_lesson_is_not_found(of):
    assert ask(f"/print/worksheet?of={of}")[0] == 404


def test_the_real_cards_are_digits_that_differ():
    cards = board.written(12)
    assert all(card.shape == (8, 8) and 6 <= card.sum() <= 30 for card in cards)
    assert len({card.tobytes() for card in cards}) == 12
