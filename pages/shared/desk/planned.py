"""The lesson plan on the desk: its parts, the one that is on with the teacher's notes, and the clock."""

import streamlit as st

from gan.desk.clock import Time
from gan.messages import msg, verbatim
from pages.shared.desk import apart, prints, standards
from pages.shared.desk.plan import LESSON, PRINT, Part, Plan, Way, plans
from pages.shared.lessons import course, panel
from pages.shared.server import address, held
from pages.shared.settings import hidden
from pages.shared.settings.share import qr_code
from pages.shared.words import html, plain, say

CHOSEN = "desk_plan"  # the widget's key
LOOKED = "desk_plan_part"  # in session state: the plan and the part that were turned to here last
EVERY_SECONDS = 1.0


def show() -> None:
    there, broken = plans()
    for complaint in broken:
        st.warning(say(complaint), icon=":material/edit_document:")
    time = held.desk().clock.time()
    if not there:
        return
    if st.session_state.get(CHOSEN) not in there:
        st.session_state[CHOSEN] = time.plan if time.plan in there else next(iter(there))
    with st.container(key="plan_head", horizontal=True, vertical_alignment="center", gap="small"):
        name = st.selectbox(
            plain("plan.which", "Lesson plan"), list(there), key=CHOSEN, label_visibility="collapsed",
            format_func=lambda each: plain("plan.title", "{title}, {minutes} minutes", title=there[each].title,
                minutes=there[each].minutes),
        )  # fmt: skip
        now = _part_of(there[name], time)
        _buttons(there[name], time, now)
        _on_a_phone()
    with st.container(key="plan_about", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(there[name].about)
        standards.show(there[name].tags)
    if time.has_begun and time.plan != name:
        title = there[time.plan].title if time.plan in there else time.plan
        st.caption(
            say("plan.elsewhere", "The clock is on another plan: {title}. Started here, it begins anew.", title=title)
        )
    with st.container(key="plan"):
        parts, stage = st.container(key="plan_parts"), st.container(key="plan_part")
    with parts:
        for number, part in enumerate(there[name].parts):
            st.button(
                say("plan.part", "{number}. {title} ({minutes} min)", number=number + 1, title=part.title,
                    minutes=part.minutes),
                key=f"plan_part_{number}", type="primary" if number == now else "tertiary", width="stretch",
                on_click=_turn, args=(name, number),
            )  # fmt: skip
    with stage:
        st.fragment(run_every=EVERY_SECONDS)(_clock)(there[name], time)
        _part(there[name].parts[now])


def _part_of(plan: Plan, time: Time) -> int:
    """The part that the clock is in, the first where it is on no plan, or the one that is looked at here while it is on
    another.
    """
    if time.plan in (plan.name, ""):
        st.session_state[LOOKED] = plan.name, time.part
    looked, part = st.session_state.get(LOOKED, ("", 0))
    return min(part, len(plan.parts) - 1) if looked == plan.name else 0


def _buttons(plan: Plan, time: Time, now: int) -> None:
    """Start, pause, next."""
    clock, is_on = held.desk().clock, time.plan == plan.name
    if is_on and time.runs:
        st.button(
            say("plan.pause", "Pause"), key="plan_pause", icon=":material/pause:", on_click=clock.pause,
            args=(plan.name,),
        )  # fmt: skip
    else:
        label = say("plan.go_on", "Go on") if is_on and time.spent else say("plan.start", "Start the clock")
        st.button(
            label, key="plan_start", type="primary", icon=":material/play_arrow:", on_click=clock.start,
            args=(plan.name, now),
        )  # fmt: skip
    if is_on and now + 1 < len(plan.parts):
        st.button(
            say("plan.next", "Next part"), key="plan_next", icon=":material/skip_next:", on_click=_turn,
            args=(plan.name, now + 1),
        )  # fmt: skip


def _on_a_phone() -> None:
    """The way to this desk for the teacher's own device, where others can reach the server."""
    if base := address.for_others():
        with st.popover(say("desk.on_a_phone", "On a phone"), icon=":material/qr_code:"):
            st.html(qr_code(f"{base}/desk"))
            st.code(f"{base}/desk", language=None, wrap_lines=True)
            st.caption(
                say("desk.asks_there", "It asks for the PIN there too. Then the projector can show other pages.")
            )


def _turn(name: str, number: int) -> None:
    """To a part, whether or not the clock runs; while it is on another plan, only here."""
    st.session_state[LOOKED] = name, number
    held.desk().clock.turn(name, number)


def _clock(plan: Plan, drawn: Time) -> None:
    """What is left of the part and of the lesson; and what the plan would be at, where that is another part. Where
    another desk has moved the clock since this one was `drawn`, it is drawn anew.
    """
    time, minutes = held.desk().clock.time(), [part.minutes for part in plan.parts]
    if (time.plan, time.part, time.runs) != (drawn.plan, drawn.part, drawn.runs):
        st.rerun()
    if time.plan != plan.name or not time.has_begun:
        return
    left = time.left(minutes)
    told = html("plan.left", "{time:duration} left", time=left)
    if left < 0:
        told = html("plan.over", "{time:duration} over", time=-left)
    lesson = html("plan.of", "{spent:duration} of {minutes} minutes", spent=time.spent, minutes=plan.minutes)
    late = ""
    if (due := time.due(minutes)) > time.part:
        late = html("plan.due", "By the plan it is time for: {part}", part=plan.parts[due].title)
    over = ' class="over"' if left < 0 else ""
    st.html(f'<p class="plan_clock"><b{over}>{told}</b> <span>{lesson}</span> <span class="late">{late}</span></p>')


def _part(part: Part) -> None:
    st.header(part.title, anchor=False)
    with st.container(key="plan_ways", horizontal=True, gap="small"):
        for way in part.ways:
            _way(way)
    st.markdown(part.notes)


def _way(way: Way) -> None:
    if way.to == PRINT:
        sheet, _, of = way.what.partition(" ")
        prints.offer(sheet, of)
    elif way.to == LESSON:
        if lesson := course.course().lessons.get(way.what):  # it may have gone since the plan was looked at
            label = msg("plan.lesson", "Lesson: {title}", title=lesson.title)
            apart.link(label, "lessons", ":material/school:", **{panel.BEGIN: lesson.name})
    else:
        page = "" if way.to == "home" else way.to
        apart.link(verbatim(hidden.title_of(page)), page, ":material/open_in_new:")
