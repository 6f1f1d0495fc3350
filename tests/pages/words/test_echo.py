"""What a link, a file or a visitor says is shown as it is: no image is fetched, nothing is drawn, no link is made."""

import re

import pytest

from tests.fakes import wait_until
from tests.pages.test_train import started, texts

EVIL = "![x](http://evil.example/x.png) :material/home: $x$ [a](http://evil.example) <b>"
MARKS = re.compile(r"(?<!\\)(?:!?\[[^\]]*\]\(|\$|<b>|`)|:material/home:")


def shown(page) -> str:
    kinds = (page.markdown, page.caption, page.error, page.warning, page.info, page.success, page.toast)
    return "\n".join(element.value for kind in kinds for element in kind)


@pytest.mark.parametrize("link", [{"data": EVIL}, {"classes": EVIL}, {"preset": EVIL}, {"loss": EVIL}])
def test_a_bad_link_draws_nothing(app, link):
    app.run()
    app.switch_page("train.py")
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    told = app.warning[0].value
    assert "evil.example" in told and not MARKS.search(told)


@pytest.mark.parametrize("link", [{"loss": "a" * 10_000}, {"classes": "0," * 5_000 + "0"}])
def test_a_value_without_an_end_is_quoted_at_its_beginning(app, link):
    app.run()
    app.switch_page("train.py")
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception and len(app.warning[0].value) < 1000


@pytest.mark.parametrize("name", [EVIL, "a" * 10_000])
def test_a_name_that_nobody_knows_is_not_quoted(app, name):
    app.run()
    app.switch_page("train.py")
    app.query_params[name] = "1"
    app.run()
    assert not app.exception and not app.warning and name not in shown(app)


def test_a_fault_draws_nothing(train_page, manager):
    run, trainer = started(train_page, manager)
    trainer.fail(RuntimeError(EVIL))
    assert run.wait(5)
    train_page.run()
    told = train_page.error[0].value
    assert "evil.example" in told and not MARKS.search(told)


def test_the_name_of_a_run_draws_nothing(app, manager, store):
    app.run()
    app.switch_page("train.py").run()
    run, trainer = started(app, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    run.stop()
    assert run.wait(5)
    store.rename(run.run_id, EVIL[:80])
    page = app.switch_page("library.py").run()
    assert "evil.example" in texts(page) and not page.exception
    named = [line for line in shown(page).splitlines() if "evil" in line]
    assert named and not any(MARKS.search(line.replace(":gray[", "")) for line in named)
