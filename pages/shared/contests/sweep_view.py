"""A sweep on the page: the table that fills up, the best cell, and how long it takes."""

from collections.abc import Sequence

import streamlit as st

from gan import data, export
from gan.runs import Contest, Kind, Run, Snapshot
from gan.runs.server.contest_rules import RULES, Standing, is_over, leaders, measure_of, standings
from pages.shared.draw import cells, charts
from pages.shared.draw.read_out import read_out
from pages.shared.settings import share
from pages.shared.tab import chosen_runs, contest_tab, session
from pages.shared.words import html, plain, races, say, sweeps, values

PICTURES = {2: (8, 3), 3: (5, 2), 4: (3, 2)}  # columns and rows of fakes in a cell, by how many cells lie in a row


def show(sweep: Contest) -> None:
    """The table, redrawn in place while it goes on; one full rerun when it ends."""
    runs = contest_tab.contests().runs(sweep)
    was_live = not is_over(_snapshots(runs))
    with st.container(key="contest_head"):
        text, *buttons = st.columns([11, 1.5, 2, 2], gap="small", vertical_alignment="center")
    text.markdown(say(sweeps.LOOK))
    _buttons(buttons, sweep, runs, was_live)

    @st.fragment(run_every=2 * session.every_seconds() if was_live else None)
    def draw() -> None:
        snapshots = _snapshots(runs)
        if was_live and is_over(snapshots):
            st.rerun()  # there are other buttons now
        contest_tab.show_trouble(snapshots)
        found = standings(RULES[_rule(sweep)], [each if _has_ended(each) else None for each in snapshots])
        best = leaders(found)
        read_out(html(sweeps.told(sweep, found, best, snapshots, timed=False)))
        told = html(sweeps.told(sweep, found, best, snapshots))
        st.html(f'<p class="standing">{told}{_legend() if best else ""}</p>')
        opened = _table(sweep, runs, snapshots, found)
        if opened:
            session.ask_to_show(opened, contest_tab.link(sweep))
            st.switch_page("train.py")

    draw()


def _legend() -> str:
    """What the colours mean."""
    far, near = html("sweep.legend_far", "far from real"), html("sweep.legend_near", "near")
    return f' <span class="legend">{far}<i></i>{near}</span>'


def _snapshots(runs: Sequence[Run | None]) -> list[Snapshot | None]:
    return [run and run.snapshot() for run in runs]


def _rule(sweep: Contest) -> str:
    return measure_of(data.get(sweep.base.data))


def _has_ended(snapshot: Snapshot | None) -> bool:
    return snapshot is not None and not snapshot.state.is_live


def _buttons(places: list, sweep: Contest, runs: Sequence[Run | None], is_live: bool) -> None:
    others, compare, last = places
    with others:
        share.offer_contest(sweep)
    if is_live:
        contest_tab.offer_to_stop(last, sweep, runs)
        return
    found = standings(RULES[_rule(sweep)], _snapshots(runs))
    placed = [(each.place, number) for number, each in enumerate(found) if each.place]
    ranked = [runs[number] for _, number in sorted(placed)]
    help = say("sweep.compare", "The two best and the worst, side by side.")
    label, is_shut = say("contest.compare", "Compare"), len(ranked) < 2
    if compare.button(label, key="compare", width="stretch", help=help, disabled=is_shut):
        chosen_runs.turn_to((*ranked[:2], *ranked[2:][-1:]))
    last.button(
        say("sweep.new", "New sweep"), key="new_sweep", type="primary", width="stretch",
        on_click=contest_tab.leave, args=(Kind.SWEEP,),
    )  # fmt: skip


def _table(
    sweep: Contest,
    runs: Sequence[Run | None],
    snapshots: Sequence[Snapshot | None],
    found: Sequence[Standing],
) -> Run | None:
    """Draw the table; returns the run whose cell was clicked just now."""
    rows, columns = (list(dict.fromkeys(axis)) for axis in zip(*sweep.values, strict=True))
    heads = [
        [plain(values.told(name, each)) for each in axis]
        for name, axis in zip(sweep.settings, (rows, columns), strict=True)
    ]
    numbers = [each.number if each.place else None for each in found]
    across, down = PICTURES[len(columns)]
    drawn = []
    for number, snapshot in enumerate(snapshots):
        background, ink = charts.heat(numbers[number], numbers)
        note = sweeps.note(snapshot, found[number])
        reading = snapshot and snapshot.reading
        drawn.append(
            cells.Cell(
                id=runs[number] and runs[number].watch_id,
                picture=export.grid_png(reading.samples[: across * down], across, scale=1, gap=1) if reading else None,
                number="" if numbers[number] is None else plain(races.bare(_rule(sweep), numbers[number])),
                note=plain(note),
                background=background,
                ink=ink,
                best=found[number].place == 1,
                alt=plain(sweeps.cell_alt(sweep, number, note, numbers[number])),
            )
        )
    about, opens = plain(sweeps.ABOUT), plain("sweep.opens", "Open this run")
    opened = cells.table(plain(sweeps.CORNER), heads[1], heads[0], drawn, "sweep_cells", about, opens)
    return next((run for run in runs if run and run.watch_id == opened), None)
