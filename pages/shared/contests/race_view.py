"""A race on the page: lanes side by side, charts with shared axes, who leads, and who has won."""

import streamlit as st

from gan import data
from gan.messages import msg
from gan.runs import Contest, Kind, Run, RunState, Snapshot
from gan.runs.server.contest_rules import RULES, Standing, is_over, leaders, standings
from pages.shared.contests import lane
from pages.shared.draw import charts, lines, pictures
from pages.shared.draw.read_out import read_out
from pages.shared.draw.theme import theme
from pages.shared.settings import share
from pages.shared.tab import chosen_runs, contest_tab, session
from pages.shared.words import html, plain, races, say, settings, states, values
from pages.shared.words.races import LETTERS

COLUMNS = {2: 8, 3: 6, 4: 4}  # of pictures in a lane, so that all fit side by side
ROWS = 4
UNMEASURED = ("d_right", "d_real", "d_loss", "g_loss")  # where there is no referee


def show(race: Contest) -> None:
    """The race, redrawn in place while it goes on; one full rerun when it ends."""
    runs = contest_tab.contests().runs(race)
    was_live = not is_over(_snapshots(runs))
    first, others = _numbers(race)
    with st.container(key="contest_head"):
        title, place, *buttons = st.columns([9, 2.6, 1.6, 2.2, 2.2], gap="small", vertical_alignment="center")
    with title:
        setting, rule = settings.label(race.settings[0]), races.rule(race.rule, race.target)
        told = html("race.setting_and_rule", "**{setting}.** {rule}", setting=setting, rule=rule)
        st.html(f'<p class="rule">{told}</p>')
    other = place.selectbox(
        say("race.also_show", "Also show"), others, key="race_other",
        format_func=lambda name: plain(races.series(name).title), label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    _buttons(buttons, race, runs, was_live)

    @st.fragment(run_every=session.every_seconds() if was_live else None)
    def draw() -> None:
        snapshots = _snapshots(runs)
        if session.is_something_asked():
            st.switch_page("train.py")
        if was_live and is_over(snapshots):
            st.rerun()  # there are other buttons now
        contest_tab.show_trouble(snapshots)
        found = standings(RULES[race.rule], snapshots, race.target or 0)
        ahead = leaders(found)
        told = html((races.leading if was_live else races.verdict)(race, found, ahead, snapshots))
        read_out(html(races.ahead(ahead)) if was_live else told)
        st.html(f'<p class="standing">{told}</p>')
        for number, column in enumerate(lane.places(len(runs))):
            with column, st.container(key=f"lane_{number}"):
                _lane(race, number, runs[number], snapshots[number], found[number])
        left, right = st.columns(2, gap="medium")
        with left:
            _chart(race, first, snapshots)
        with right:
            _chart(race, other, snapshots)

    draw()


def _numbers(race: Contest) -> tuple[str, list[str]]:
    """The number that is drawn, and those of which another one is."""
    pictures, family = data.get(race.base.data), race.base.family
    offered = races.offered([pictures], [family])
    if pictures.is_dots:
        first, others = "js", [name for name in ("kinds", "d_fake", *UNMEASURED) if name in offered]
        return first, [*others, *(name for name in offered if name not in races.SERIES)]
    if pictures.referee:
        return "realism", [name for name in offered if name != "realism"]
    return "d_fake", list(UNMEASURED)


def _buttons(places: list, race: Contest, runs: tuple[Run | None, ...], is_live: bool) -> None:
    others, compare, last = places
    with others:
        share.offer_contest(race)
    if is_live:
        contest_tab.offer_to_stop(last, race, runs)
        return
    if compare.button(say("contest.compare", "Compare"), key="compare", width="stretch"):
        chosen_runs.turn_to(run for run in runs if run)
    last.button(
        say("race.new", "New race"), key="new_race", type="primary", width="stretch",
        on_click=contest_tab.leave, args=(Kind.RACE,),
    )  # fmt: skip


def _snapshots(runs: tuple[Run | None, ...]) -> list[Snapshot | None]:
    return [run and run.snapshot() for run in runs]


def _lane(race: Contest, number: int, run: Run | None, snapshot: Snapshot | None, standing: Standing) -> None:
    letter, told = LETTERS[number], values.told(race.settings[0], race.values[number][0])
    how = races.standing(race, standing)
    lane.openable(lane.head(letter, told, None if standing.out else races.progress(snapshot), how), letter, run, race)
    if snapshot is None:
        return
    rows = ROWS
    if snapshot.state is RunState.FAILED:
        st.error(say(snapshot.fault.what), icon=":material/error:")
        rows = ROWS // 2  # so that the lanes stay equally high
    if snapshot.state is RunState.QUEUED:
        st.info(say(states.queued(snapshot)), icon=":material/hourglass_top:")
    if snapshot.reading:
        columns = COLUMNS[len(race.run_ids)]
        alt = plain("race.lane_alt", "Fakes of {lane}, {what}: {how}.", lane=letter, what=told, how=how)
        pictures.bare(snapshot.reading.samples, alt, theme(), f"sheet_{letter}", columns, rows * columns)


def _chart(race: Contest, name: str, snapshots: list[Snapshot | None]) -> None:
    curves = [
        (letter, charts.curve(snapshot, name) if snapshot else ())
        for letter, snapshot in zip(LETTERS, snapshots, strict=False)
    ]
    mark = None
    if race.target and name == "realism":
        mark = race.target, msg("race.mark_line", "mark {target:g}", target=race.target)
    title, look = races.series(name)
    st.markdown(say("race.series", "**{title}.** {look}", title=title, look=look))
    spec = charts.race(curves, name, theme(), race.base.epochs, mark)
    encoded = lines.encode(spec, plain(races.chart_alt(name, curves)), lines.HEIGHT)
    lines.chart(encoded, f"race_{name}")
