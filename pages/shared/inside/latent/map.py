"""The map of fakes among real pictures: what the forger has learned, and what it misses."""

import base64
import json
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan import export
from gan.data.remembered import remembered
from gan.export.map_file import map_csv, map_png
from gan.inside import latent
from gan.messages import Message, msg, msgs
from gan.runs import Run
from pages.shared.draw import colours, figures
from pages.shared.draw.theme import ASSETS, theme
from pages.shared.inside import chosen
from pages.shared.inside.latent import words
from pages.shared.inside.latent.desk import Desk
from pages.shared.kept import file_button
from pages.shared.words import html, plain, say

if TYPE_CHECKING:
    from gan.inside.latent.atlas import Atlas
    from gan.inside.moment import Moment

WHOSE, KIND, SURE, BELIEF, EPOCH = "whose", "kind", "sure", "belief", "epoch"
COLOURS = {
    WHOSE: msg("latent.map.whose", "Real or fake"),
    KIND: msg("latent.map.kind", "Kind"),
    SURE: msg("latent.map.sure", "How sure the referee is"),
    BELIEF: msg("latent.map.belief", "What the detective believes"),
    EPOCH: msg("latent.map.epoch", "Epoch"),
}
SCALE = msg("latent.map.scale", "Diamonds are fakes. Yellow: all of it. Dark blue: not at all.")
LEGENDS = {
    WHOSE: msg("latent.map.rings", "Large rings are real pictures that no fake comes near."),
    KIND: msg("latent.map.shapes", "Diamonds are fakes, rings are real pictures."),
    SURE: SCALE,
    BELIEF: SCALE,
    EPOCH: msg("latent.map.epochs", "Dark blue: fakes of epoch {first}. Yellow: fakes of epoch {last}."),
}
BY, EPOCHS = "latent_map_by", 6
HEIGHT = 470  # pixels
COLUMNS = 50  # of the sheet of pictures

_pictures = st.components.v2.component(
    "map_pictures",
    html='<div class="map-pictures"></div>',
    js=(ASSETS / "map.js").read_text(),
    isolate_styles=False,  # the style is in assets/style/latent.css
)


def show(run: Run, epoch: int, moment: "Moment", own: Desk) -> None:
    atlas = latent.chart(moment)
    if atlas is None:
        st.info(say("latent.map.gone", "The real pictures of this run are not on this computer, or too few for a map."))
        return
    chart, beside = st.columns([3.2, 1], gap="medium")
    with beside:
        by = _choose(atlas, len(run.moments.epochs) > 1)
        drawn, epochs = _over_time(run) if by == EPOCH else (atlas, [])
        if drawn is None:  # then it was said why
            drawn, by = atlas, WHOSE
        legend = LEGENDS[by].but(first=epochs[0], last=epochs[-1]) if epochs else LEGENDS[by]
        for sentence in (legend, *_sentences(moment, atlas)):
            st.markdown(say(sentence))
    with chart, st.container(key="latent_map"):
        _draw(moment, drawn, by, epochs)
    with beside:
        _keep(atlas)


def _draw(moment: "Moment", atlas: "Atlas", by: str, epochs: list[int]) -> None:
    figure = figures.chart_of(_dots(moment, atlas, by, epochs), _labels(moment, atlas), theme())
    fakes = len(atlas.places) - atlas.real
    alt = plain("latent.map.alt", "A map of {real:,} real pictures and {fake:,} fakes", real=atlas.real, fake=fakes)
    config = figures.config(plain, wheel=True)
    st.plotly_chart(figure, height=HEIGHT, theme=None, key=f"latent_map_{by}", config=config, alt=alt)
    _pictures(key="latent_map_pictures", data=_sheet(atlas))


def _choose(atlas: "Atlas", has_past: bool) -> str:
    without = {*((KIND, SURE) if atlas.kinds is None else ()), *(() if has_past else (EPOCH,))}
    without |= {BELIEF} if atlas.beliefs is None else set()
    offered = [each for each in COLOURS if each not in without]
    if st.session_state.get(BY) not in offered:
        st.session_state[BY] = WHOSE
    return st.radio(
        say("latent.map.colour", "Coloured by"), offered, key=BY, persist_state="session",
        format_func=lambda each: plain(COLOURS[each]),
    )  # fmt: skip


def _over_time(run: Run) -> tuple["Atlas | None", list[int]]:
    """The map with fakes of at most EPOCHS kept epochs, spread evenly over the run, and which these are; none where
    nothing of the run's past can be seen any more.
    """
    kept = run.moments.epochs
    places = np.linspace(0, len(kept) - 1, min(EPOCHS, len(kept))).round().astype(int)
    moments = [(kept[place], chosen.open_moment(run, kept[place])) for place in places]
    there = {when: moment for when, moment in moments if moment}
    drawn = latent.history(tuple(there.values())) if there else None
    return drawn, list(there) if drawn else []


def _keep(atlas: "Atlas") -> None:
    file_button.offer(
        say("latent.map.png", "All of them (PNG)"), lambda: map_png(atlas), "map.png", "image/png", "map_png",
        width="stretch",
    )  # fmt: skip
    file_button.offer(
        say("latent.map.csv", "As a table (CSV)"), lambda: map_csv(atlas), "map.csv", "text/csv", "map_csv",
        width="stretch",
    )  # fmt: skip


def _sentences(moment: "Moment", atlas: "Atlas") -> list[Message]:
    found = [
        msg(
            "latent.map.precision",
            "**{share:.0%}** of the fakes lie among real pictures (precision).",
            share=atlas.believable.mean(),
        ),
        msg(
            "latent.map.recall",
            "**{share:.0%}** of the real pictures have fakes around them (recall).",
            share=atlas.reached.mean(),
        ),
    ]
    if atlas.kinds is not None:
        names = [words.class_name(moment.config, kind) for kind in atlas.missing]
        found.append(
            msgs(
                "latent.map.missing",
                "Missing kind: **{names:and}**.",
                "Missing kinds: **{names:and}**.",
                len(names),
                names=names,
            )
            if names
            else msg("latent.map.none_missing", "No kind is missing.")
        )
    if not moment.referee:
        found.append(
            msg("latent.map.no_referee", "There is no referee for these pictures, so their kinds are not told.")
        )
    found.append(
        msg("latent.map.explained", "A map is flat: it shows {share:.0%} of all differences.", share=atlas.explained)
    )
    return found


def _dots(moment: "Moment", atlas: "Atlas", by: str, epochs: list[int]) -> list[figures.Dots]:
    told, real = _told(moment, atlas), np.arange(len(atlas.places)) < atlas.real
    shade = theme()

    def dots(chosen: np.ndarray, colour, symbol: str, size: int = 6) -> figures.Dots:
        numbers = np.flatnonzero(chosen)
        return figures.Dots(atlas.places[chosen], [told[n] for n in numbers], numbers.tolist(), colour, symbol, size)

    if by == KIND:
        wheel = colours.KINDS[shade]
        return [
            dots((atlas.kinds == kind) & (real == is_real), wheel[kind % len(wheel)], symbol)
            for kind in np.unique(atlas.kinds)
            for is_real, symbol in ((True, "circle-open"), (False, "diamond"))
        ]
    if by in (SURE, BELIEF, EPOCH):
        each = (len(real) - atlas.real) // max(1, len(epochs))
        values = {
            SURE: lambda: atlas.sure[atlas.real :],
            BELIEF: lambda: atlas.beliefs,
            EPOCH: lambda: np.repeat(np.linspace(0, 1, len(epochs)), each),
        }[by]()
        return [dots(real, colours.TRACK[shade], "circle", 5), dots(~real, np.round(values, 3).tolist(), "diamond", 7)]
    alone = np.zeros(len(real), bool)
    alone[: atlas.real] = ~atlas.reached
    return [
        dots(real & ~alone, colours.REAL[shade], "circle"),
        dots(~real, colours.FAKE[shade], "diamond"),
        dots(alone, colours.REAL[shade], "circle-open", 11),
    ]


def _told(moment: "Moment", atlas: "Atlas") -> list[str]:
    """What is said of each point, as HTML."""
    whose = (html("latent.map.fake", "fake"), html("latent.map.real", "real"))
    if atlas.kinds is None:
        return [whose[n < atlas.real] for n in range(len(atlas.places))]
    names = {kind: html(words.class_name(moment.config, kind)) for kind in np.unique(atlas.kinds)}
    return [f"{whose[n < atlas.real]}: {names[kind]}" for n, kind in enumerate(atlas.kinds)]


def _labels(moment: "Moment", atlas: "Atlas") -> list[tuple[float, float, str]]:
    """The name of each kind, in the middle of its real pictures."""
    if atlas.kinds is None:
        return []
    places, kinds = atlas.places[: atlas.real], atlas.kinds[: atlas.real]
    middles = {kind: np.median(places[kinds == kind], axis=0) for kind in np.unique(kinds)}
    return [(float(x), float(y), html(words.class_name(moment.config, kind))) for kind, (x, y) in middles.items()]


@remembered(8)
def _sheet(atlas: "Atlas") -> bytes:
    """All pictures of the map on one PNG sheet, for the browser."""
    sheet = base64.b64encode(export.png(export.grid(atlas.images, columns=COLUMNS, scale=1, gap=0))).decode()
    data = {"id": ".st-key-latent_map", "picture": sheet, "size": atlas.images.shape[1], "columns": COLUMNS}
    return json.dumps(data).encode()
