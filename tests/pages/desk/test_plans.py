"""Lesson plans: read from files, shown on the desk with a clock."""

from pathlib import Path

import pytest

from gan.desk.clock import Clock
from pages.shared.desk import plan, planned
from pages.shared.desk.plan import Way, plans, read
from pages.shared.desk.standards import MEANING
from pages.shared.lessons import course
from pages.shared.lessons.lesson import Broken
from pages.shared.server import held
from pages.shared.words.catalogues import languages
from tests.pages.desk.walk import texts

HEAD = "---\ntitle: A plan\nabout: It.\nminutes: 12\norder: 1\n---\n"


def test_there_are_plans_of_45_and_90_minutes_with_tags():
    there, broken = plans("en")
    assert not broken and [each.minutes for each in there.values()] == [45, 90]
    assert all("AI4K12" in each.tags and "CSTA" in each.tags for each in there.values())


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_plans(language):
    english, there = plans("en").plans, plans(language)
    assert not there.broken and there.plans.keys() == english.keys()
    for name, each in there.plans.items():
        assert each.skeleton == english[name].skeleton, name
        assert (each.minutes, each.tags) == (english[name].minutes, english[name].tags)
        assert language == "en" or each.title != english[name].title


def test_a_plan_is_read():
    told = read(
        "a", f"{HEAD}## One\nminutes: 5\nopen: home\nopen: lesson first_look\n\nSay *it*.\n## Two\nminutes: 7\n"
    )
    assert [part.minutes for part in told.parts] == [5, 7]
    assert told.parts[0].ways == [Way("home"), Way("lesson", "first_look")] and told.parts[0].notes == "Say *it*."


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("## One\nminutes: 5\n", 1), ("## One\nminutes: much\n", 8), ("## One\nminutes: 12\nopen: nowhere\n", 9),
        ("## One\nminutes: 12\nopen: lesson gone\n", 9), ("## One\nminutes: 12\nopen: print money\n", 9),
        ("## One\nminutes: 12\nopen: print worksheet\n", 9), ("text\n", 7), ("## One\nminutes: 12\n\n![x](y)\n", 10),
    ],
)  # fmt: skip
def test_a_broken_plan_names_its_line(body, line):
    with pytest.raises(Broken) as error:
        read("a", f"{HEAD}{body}")
    assert error.value.message.values["line"] == line


def test_a_plan_has_a_part():
    with pytest.raises(Broken, match=r"Line 6: .* below a heading"):
        read("a", HEAD.replace("minutes: 12", "minutes: 0"))


def test_a_broken_file_harms_no_other(tmp_path, monkeypatch, desk):
    (tmp_path / "good.en.md").write_text(f"{HEAD}## One\nminutes: 12\n\nHello there.")
    (tmp_path / "bad.en.md").write_text("nothing")
    monkeypatch.setattr(plan, "FOLDER", tmp_path)
    desk.run()
    assert not desk.exception and "Hello there." in texts(desk) and "bad.en.md: Line 1" in texts(desk)


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """The file of a lesson, which the one plan there opens."""
    for part, folder in (("lessons", course), ("plans", plan)):
        (tmp_path / part).mkdir()
        monkeypatch.setattr(folder, "FOLDER", tmp_path / part)
    (tmp_path / "plans" / "a.en.md").write_text(f"{HEAD}## One\nminutes: 12\nopen: lesson first\n")
    file = tmp_path / "lessons" / "first.en.md"
    file.write_text(f"{HEAD}## Look\n")
    return file


@pytest.mark.parametrize("harm", [Path.unlink, lambda file: file.write_text("nothing")])
def test_a_plan_stands_and_falls_with_the_lessons_that_it_opens(lesson, desk, harm):
    desk.run()
    assert [each.proto.label.split(" *")[0] for each in desk.get("link_button")] == ["Lesson: A plan"]
    whole = lesson.read_text()
    harm(lesson)
    desk.run()
    assert not desk.exception and "a.en.md: Line 9: 'lesson first' cannot be opened" in texts(desk)
    lesson.write_text(whole)
    desk.run()
    assert "cannot be opened" not in texts(desk) and desk.get("link_button")


def test_a_worksheet_that_a_plan_prints_is_asked_for_anew(lesson):
    file = plan.FOLDER / "a.en.md"
    file.write_text(file.read_text().replace("lesson first", "print worksheet first"))
    assert not plans("en").plans  # the lesson asks nothing
    lesson.write_text(f"{HEAD}## Look\nask: How?\n- well\n- badly\n")
    assert plans("en").plans and not plans("en").broken


def test_a_lesson_that_goes_while_the_desk_is_drawn_is_left_out(lesson, desk, monkeypatch):
    before = plans("en")
    monkeypatch.setattr(planned, "plans", lambda: before)
    lesson.unlink()
    desk.run()
    assert not desk.exception and not desk.get("link_button")


@pytest.fixture
def seconds(desk):
    """The time; the desk's clock goes by it."""
    now = [0.0]
    held.desk().clock = Clock(lambda: now[0])
    desk.run()
    return now


def clock(page) -> str:
    found = [each.proto.body for each in page.get("html")]
    return next((body for body in found if body.startswith('<p class="plan_clock"')), "")


def test_the_clock_says_what_is_left_and_what_is_due(desk, seconds):
    assert "Before the class comes" in texts(desk) and not clock(desk)
    desk.button(key="plan_start").click().run()
    seconds[0] = 60
    desk.run()
    assert "3 min 00 s left" in clock(desk) and "1 min 00 s of 45 minutes" in clock(desk)
    seconds[0] = 300
    desk.run()
    assert "1 min 00 s over" in clock(desk) and "time for: The game on paper" in clock(desk)
    desk.button(key="plan_next").click().run()
    assert "Groups of three" in texts(desk) and "11 min 00 s left" in clock(desk) and "time for" not in clock(desk)
    desk.button(key="plan_pause").click().run()
    seconds[0] = 9000
    desk.run()
    assert "11 min 00 s left" in clock(desk)


def test_a_part_is_looked_at_and_what_it_opens_leaves_the_desk_where_it_is(desk, seconds):
    desk.button(key="plan_part_2").click().run()
    assert "vote by hands" in texts(desk) and not held.desk().clock.time().runs
    (lesson,) = [link.proto for link in desk.get("link_button")]
    assert lesson.url == "./lessons?lang=en&begin=first_look" and "opens in a tab of its own" in lesson.label
    desk.switch_page("lessons.py")
    desk.query_params["begin"] = "first_look"  # as that tab is opened
    desk.run()
    assert desk.session_state["lesson_progress"].lesson == "first_look" and "begin" not in desk.query_params


def test_two_desks_with_two_plans_leave_the_clock_to_the_one_that_started_it(desk, seconds):
    ours = held.desk().clock
    ours.start("double_lesson", 4)  # at another desk; this one has the first plan on screen
    desk.button(key="plan_part_5").click().run()
    assert not desk.exception and not clock(desk) and "The clock is on another plan: " in texts(desk)
    assert (ours.time().plan, ours.time().part, ours.time().runs) == ("double_lesson", 4, True)
    assert desk.button(key="plan_part_5").proto.type == "primary"  # it is only looked at
    desk.button(key="plan_start").click().run()  # on purpose
    assert clock(desk) and "on another plan" not in texts(desk)
    assert (ours.time().plan, ours.time().part, ours.time().spent) == ("first_meeting", 5, 0)
    for stale in (("double_lesson", 6), ("double_lesson", 99)):
        ours.turn(*stale)  # the other desk's buttons, before it is drawn anew
    ours.pause("double_lesson")
    assert (ours.time().plan, ours.time().part, ours.time().runs) == ("first_meeting", 5, True)


def test_the_next_class_begins_with_the_first_part(desk, seconds):
    desk.button(key="plan_start").click().run()
    for _ in range(3):
        desk.button(key="plan_next").click().run()
    held.desk().clock.reset()  # as making all ready for the next class does
    desk.run()
    assert desk.button(key="plan_part_0").proto.type == "primary"
    desk.button(key="plan_start").click().run()
    assert (held.desk().clock.time().part, held.desk().clock.time().runs) == (0, True)


def test_what_was_looked_at_is_where_the_plan_was_last(desk, seconds):
    """Not a part that was pressed here long before another desk went on."""
    desk.button(key="plan_start").click().run()
    desk.button(key="plan_part_1").click().run()
    held.desk().clock.turn("first_meeting", 4)
    desk.run()
    held.desk().clock.start("double_lesson")
    desk.run()
    assert desk.button(key="plan_part_4").proto.type == "primary"


def test_a_desk_is_drawn_anew_once_another_one_has_moved_the_clock(desk, seconds, monkeypatch):
    ours, drawn = held.desk().clock, []
    monkeypatch.setattr(planned.st, "rerun", lambda: drawn.append(True))
    first = plans("en").plans["first_meeting"]
    for move in (
        lambda: ours.start("first_meeting"), lambda: ours.turn("first_meeting", 2), lambda: ours.pause("first_meeting"),
        lambda: ours.start("double_lesson"), ours.reset,
    ):  # fmt: skip
        before = ours.time()
        planned._clock(first, before)
        assert not drawn
        seconds[0] += 10
        move()
        planned._clock(first, before)
        assert drawn == [True]
        drawn.clear()


def test_a_plan_that_loses_parts_while_its_clock_runs_goes_on_with_the_last(lesson, desk, seconds):
    file = plan.FOLDER / "a.en.md"
    file.write_text(f"{HEAD}## One\nminutes: 5\n## Two\nminutes: 7\n")
    held.desk().clock.start("a", 1)
    desk.run()
    assert "7 min 00 s left" in clock(desk)
    file.write_text(f"{HEAD}## One\nminutes: 12\n")
    desk.run()
    assert not desk.exception and "12 min 00 s left" in clock(desk)


def test_every_page_that_a_plan_opens_has_its_name(desk):
    for number in range(6):
        desk.button(key=f"plan_part_{number}").click().run()
        assert not desk.exception and all(link.proto.label.split(" *")[0] for link in desk.get("link_button"))


def test_a_plan_says_in_plain_words_what_it_serves(desk):
    assert "- how machines learn otherwise than people do (AI4K12 3-A-i)" in texts(desk)
    used = {tag.strip() for each in plans("en").plans.values() for tag in each.tags.split(",")}
    assert used <= MEANING.keys()
