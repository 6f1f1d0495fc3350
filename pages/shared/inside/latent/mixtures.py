"""Reckoning with pictures: sums of averages, children of two, blends of kinds, and how ordinary they are."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan.inside import latent
from gan.inside.latent import families
from gan.messages import msg
from gan.runs import Run
from pages.shared.inside.latent import desk, sheet, words
from pages.shared.inside.latent.desk import Desk, Made
from pages.shared.words import plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

SUM, CHILDREN, KINDS, ORDINARY = "sum", "children", "kinds", "ordinary"
WHAT = {
    SUM: msg("latent.mix.sum", "Add and take away"),
    CHILDREN: msg("latent.mix.children", "Children"),
    KINDS: msg("latent.mix.kinds", "Kinds"),
    ORDINARY: msg("latent.mix.ordinary", "How ordinary"),
}
NOTHING = ("nothing", "")
BLENDS = 9
SHEET = 64


def show(run: Run, epoch: int, moment: "Moment", own: Desk) -> None:
    what = st.segmented_control(
        plain("latent.mix.what", "What to do"), WHAT, key="latent_what", default=SUM, required=True,
        format_func=lambda each: plain(WHAT[each]), label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    if own.a is not None:
        {SUM: _sum, CHILDREN: _children, KINDS: _kinds, ORDINARY: _ordinary}[what](moment, own)


def _sum(moment: "Moment", own: Desk) -> None:
    """A, with what sets one group of fakes apart from another."""
    groups = latent.groups_of(moment, own.a.kind)
    names = {NOTHING: plain("latent.sum.nothing", "nothing")} | {
        key: plain(words.group(moment.config, key)) for key in groups
    }
    first, second, much = st.columns([2, 2, 2], gap="medium")
    plus, minus = (
        place.selectbox(say(label), list(names), index=which, format_func=names.get, key=key, persist_state="session")
        for place, label, which, key in (
            (first, msg("latent.sum.plus", "Add the average of what is"), 1, "latent_plus"),
            (second, msg("latent.sum.minus", "Take away the average of what is"), 2, "latent_minus"),
        )
    )
    strength = much.slider(
        say("latent.sum.strength", "How much"), 0.0, 3.0, 1.0, 0.1, key="latent_strength", persist_state="session"
    )
    sides = [groups.get(key, np.zeros((0, len(own.a.noise)), np.float32)) for key in (plus, minus)]
    result = families.sum_of(*sides, own.a.noise, strength)
    averages = [side.mean(0) if len(side) else np.zeros_like(result) for side in sides]
    images = desk.draw(moment, [Made(noise, own.a.kind) for noise in (own.a.noise, *averages, result)])
    captions = [
        msg("latent.sum.a", "A"),
        *(
            msg("latent.sum.average", "average of {count} that are {what}", count=len(side), what=names[key])
            if len(side)
            else msg("latent.sum.middle", "nothing: the middle of the space")
            for key, side in zip((plus, minus), sides, strict=True)
        ),
        msg("latent.sum.result", "what comes out"),
    ]
    parts = [sheet.figure(image, caption, 112) for image, caption in zip(images, captions, strict=True)]
    st.html(f'<div class="sum">{parts[0]}<b>+</b>{parts[1]}<b>−</b>{parts[2]}<b>=</b>{parts[3]}</div>')
    st.button(
        say("latent.pick_it", "Pick it"), key="latent_pick_sum", on_click=lambda: own.take(Made(result, own.a.kind))
    )


def _children(moment: "Moment", own: Desk) -> None:
    """A and B have nine children."""
    if own.b is None:
        st.info(say("latent.children.two", "Pick two pictures: A and B will be the parents."))
        return
    seed = st.session_state.setdefault("latent_litter", 0)
    left, right = st.columns([1, 2], gap="large")
    with left:
        st.markdown(say("latent.children.how", "Each number of a child comes from A or from B, by chance."))
        mutation = st.slider(
            say("latent.children.mutation", "Mutation: how many are new"), 0, 100, 10, 5, format="%d%%",
            key="latent_mutation", persist_state="session",
        )  # fmt: skip
        st.button(
            say("latent.children.more", "Nine others"), key="latent_nine", type="primary", on_click=_others,
            icon=":material/casino:", width="stretch",
        )  # fmt: skip
    fresh = latent.space_of(moment).noise(seed, families.CHILDREN)
    noise = families.children(own.a.noise, own.b.noise, fresh, seed, mutation / 100)
    kinds = [own.a.kind if number % 2 == 0 else own.b.kind for number in range(len(noise))]
    made = [Made(each, kind) for each, kind in zip(noise, kinds, strict=True)]
    with right:
        sheet.show(
            desk.draw(moment, made), "latent_children", plain("latent.children.alt", "Nine children of A and B"),
            [plain("latent.children.name", "Child {number}", number=number + 1) for number in range(len(made))],
            lambda place: own.take(made[place]), pressed=[n for n, each in enumerate(made) if own.has(each)],
            columns=(3,), pixels=112,
        )  # fmt: skip
        st.caption(say("latent.children.tap", "Tap a child: it is picked, and a parent of the next nine."))


def _others() -> None:
    st.session_state["latent_litter"] += 1


def _kinds(moment: "Moment", own: Desk) -> None:
    """The same noise as every kind, and what lies between two of them."""
    if not moment.is_conditional:
        st.info(
            say(
                "latent.kinds.none",
                "This forger was never told what a picture shows, so it cannot be asked for a kind. Train one with the "
                "networks Conditional.",
            )
        )
        return
    config, space = moment.config, latent.space_of(moment)
    learned = list(config.learned_classes)
    names = {kind: plain(words.class_name(config, kind)) for kind in learned}
    st.markdown(say("latent.kinds.all", "**The same noise, asked for every kind**: what stays the same?"))
    noise = np.repeat(own.a.noise[None], len(learned), 0)
    made = [Made(own.a.noise, kind) for kind in learned]
    sheet.show(
        space.draw(noise, np.array(learned)), "latent_kinds", plain("latent.kinds.alt", "The same noise as every kind"),
        [names[kind] for kind in learned], lambda place: own.take(made[place]), columns=(12, 6, 5),
    )  # fmt: skip
    if len(learned) < 2:
        return
    st.markdown(say("latent.kinds.between", "**Half a kind**: nobody ever showed it these."))
    one, other = st.columns(2, gap="medium")
    start, end = (
        place.selectbox(say(label), learned, index=index, format_func=names.get, key=key, persist_state="session")
        for place, label, index, key in (
            (one, msg("latent.kinds.from", "From"), min(3, len(learned) - 2), "latent_kind_from"),
            (other, msg("latent.kinds.to", "To"), min(8, len(learned) - 1), "latent_kind_to"),
        )
    )
    shares = np.linspace(0, 1, BLENDS)
    weights = np.stack([families.blend(start, end, share, config.class_count) for share in shares])
    drawn = space.draw(np.repeat(own.a.noise[None], BLENDS, 0), weights)
    alt = plain(
        "latent.kinds.blend_alt",
        "From {one} to {other} in {count} steps",
        one=names[start],
        other=names[end],
        count=BLENDS,
    )
    st.html(sheet.html(drawn, alt, 84))


def _ordinary(moment: "Moment", own: Desk) -> None:
    """The truncation trick."""
    if latent.space_of(moment).forgets_length:
        st.info(
            say(
                "latent.ordinary.none",
                "This forger brings every noise vector to the same length first: how far it is from the middle means "
                "nothing to it.",
            )
        )
        return
    st.markdown(
        say(
            "latent.ordinary.how",
            "Nearer to the middle of the space, pictures are more ordinary and more alike (truncation). Farther out "
            "they are stranger than anything that it has practised.",
        )
    )
    share = st.slider(
        say("latent.ordinary.share", "Distance from the middle"), 0, 200, 70, 5, format="%d%%", key="latent_truncation",
        persist_state="session",
    )  # fmt: skip
    made = desk.new(moment, st.session_state.get("latent_seed", 0), SHEET)
    drawn = latent.moderated(moment, np.stack([each.noise for each in made]), share / 100, desk.kinds_of(made))
    st.html(
        sheet.html(
            drawn,
            plain("latent.ordinary.alt", "{count} fakes at this distance", count=SHEET),
            56,
            columns=16,
        )
    )
