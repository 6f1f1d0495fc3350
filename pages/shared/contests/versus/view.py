"""A comparison of recipes on the page: lanes with pictures, realism against time, and at the end the table."""

import streamlit as st

from gan.messages import Message
from gan.runs import Contest, Kind
from gan.runs.server.contest_rules import is_over
from gan.runs.state.comparison import Comparison, Course
from pages.shared.contests import lane
from pages.shared.contests.versus import claims, words
from pages.shared.contests.versus.table import SIGNS, table
from pages.shared.draw import charts, colours, lines, pictures
from pages.shared.draw.read_out import read_out
from pages.shared.draw.theme import theme
from pages.shared.settings import hidden, share
from pages.shared.tab import contest_tab, session
from pages.shared.words import html, plain, say, values
from pages.shared.words.races import LETTERS

COLUMNS = {2: 8, 3: 6, 4: 4}  # of pictures in a lane
ROWS = {True: 2, False: 4}  # once it is over the table needs the room
MORE_SEEDS = (2, 3)


def show(contest: Contest) -> None:
    """The comparison, redrawn in place while it goes on; one full rerun when it ends."""
    contests = contest_tab.contests()
    more = contests.more_of(contest)
    was_live = _is_live(contest)
    trains_more = any(map(_is_live, more))
    with st.container(key="contest_head"):
        title, *buttons = st.columns([11, 2, 3.4, 2.4], gap="small", vertical_alignment="center")
    title.html(f'<p class="rule">{html(words.about(comparison_of(contest)))}</p>')
    _buttons(buttons, contest, [contest, *more], was_live or trains_more, bool(more))

    @st.fragment(run_every=session.every_seconds() if was_live or trains_more else None)
    def draw_again() -> None:
        if session.is_something_asked():
            st.switch_page("train.py")
        if (was_live and not _is_live(contest)) or (trains_more and not any(map(_is_live, more))):
            st.rerun()  # there are other buttons now, and the clock may rest
        contest_tab.show_trouble([run and run.snapshot() for run in contests.runs(contest)])
        found = comparison_of(contest, *more)
        told = words.ahead(found.firsts)
        if was_live:
            read_out(html(told))
            st.html(f'<p class="standing">{html(told)}</p>')
        for each in filter(_is_live, more):
            st.html(f'<p class="rule">{html(words.more_progress(comparison_of(each)))}</p>')
        draw(found, not was_live, contest)

    draw_again()


def comparison_of(contest: Contest, *more: Contest) -> Comparison:
    """What all its runs have shown by now, and those of the same recipes with other seeds."""
    courses = []
    for each in (contest, *more):
        runs = contest_tab.contests().runs(each)
        for (name, seed), run in zip(each.values, runs, strict=True):
            courses.append(Course.of(name, seed, words.family(name), run and run.snapshot()))
    return Comparison(contest.base.data, contest.seconds, tuple(courses))


def draw(comparison: Comparison, is_over: bool, contest: Contest | None = None) -> None:
    """All there is to see of it; with its `contest`, the runs can be opened."""
    courses = comparison.firsts
    for number, column in enumerate(lane.places(len(courses))):
        with column, st.container(key=f"lane_{number}"):
            _lane(comparison, number, is_over, contest)
    if not is_over:
        _chart(comparison, words.CURVES)
        return
    with st.container(key="versus_end"):
        left, right = st.columns([5, 7], gap="medium")
    with left:
        for told in claims.told(comparison):
            st.markdown(say(told))
        _chart(comparison, words.CURVES_END)
    with right:
        st.html(table(comparison))
        st.caption(say(values.in_a_row(SIGNS, words.MEASURED_HOW)))


def _lane(comparison: Comparison, number: int, is_over: bool, contest: Contest | None) -> None:
    course, letter = comparison.firsts[number], LETTERS[number]
    title = words.title(course)
    is_whole = course.measures and not course.is_changed
    far = None if is_over and is_whole else words.progress(course, comparison.seconds)
    head = lane.head(letter, title, far, None if is_over else words.realism(course))
    if contest:
        lane.openable(head, letter, contest_tab.contests().runs(contest)[number], contest)
    else:
        st.html(head)
    if course.samples is not None:
        columns = COLUMNS[len(comparison.firsts)]
        alt = plain("versus.lane_alt", "Fakes of {lane}, {what}", lane=letter, what=title)
        count = ROWS[is_over] * columns
        pictures.bare(course.samples, alt, theme(), f"versus_{letter}", columns, count)


def _chart(comparison: Comparison, look: Message) -> None:
    curves = [(letter, each.curve) for letter, each in zip(LETTERS, comparison.firsts, strict=False)]
    floor = next((each.measures.real.realism for each in comparison.firsts if each.measures), None)
    mark = (floor, words.real_line(floor)) if floor else None
    st.markdown(say(look))
    axis = {"x_label": words.AXIS, "x_max": comparison.seconds, "guide_colour": colours.REAL[theme()]}
    spec = charts.race(curves, "realism", theme(), round(comparison.seconds), mark) | axis
    lines.chart(lines.encode(spec, plain(words.chart_alt(curves)), lines.HEIGHT), "versus_realism")


def _buttons(places: list, contest: Contest, all_of_it: list[Contest], is_live: bool, has_more: bool) -> None:
    others, more, last = places
    with others:
        share.offer_contest(contest)
    if is_live:
        contest_tab.offer_to_stop(
            last, contest, [run for each in all_of_it for run in contest_tab.contests().runs(each)]
        )
        return
    can_have_more = not has_more and contest_tab.steers(contest) and not hidden.is_locked("seed")
    if can_have_more and more.button(say(words.MORE), key="more_seeds", width="stretch"):
        contest_tab.begin_more(contest, MORE_SEEDS)
    last.button(
        say("versus.new", "New comparison"), key="new_versus", type="primary", width="stretch",
        on_click=contest_tab.leave, args=(Kind.VERSUS,),
    )  # fmt: skip


def _is_live(contest: Contest) -> bool:
    return not is_over([run and run.snapshot() for run in contest_tab.contests().runs(contest)])
