"""The lesson beside the page: one step at a time, what the class says of it, the run, and what it showed."""

import re
from collections.abc import Mapping, Sequence
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from gan.doctor import Condition
from gan.messages import Message, msg, msgs
from gan.runs import Run, RunState, Snapshot
from gan.setup.config import RunConfig
from pages.shared.draw import film
from pages.shared.lessons import asking, course, experiment, mark, progress, truths
from pages.shared.lessons.lesson import PLACE, SETTINGS, TOUR, Lesson, LessonStep, Option, Paragraph
from pages.shared.lessons.progress import Progress
from pages.shared.settings import controls, locks
from pages.shared.tab import looks, session
from pages.shared.words import choose_level, depth, plain, say, states

LIST = "lessons"  # the page on which none is beside it
BEGIN = "begin"  # in that page's address: the lesson to begin with at once
UNKNOWN = "\N{HORIZONTAL ELLIPSIS}"  # stands for what a run cannot tell
TOO_EARLY = msg("lesson.cannot_tell", "This run ended too early to tell.")
LOCKED = msg("lesson.locked", "Your teacher has locked what this experiment begins with. Go on without it.")
ALONE = msg("lesson.not_trained", "**A run to compare it with was not trained.** Go back and train it.")


def beside(page: StreamlitPage) -> None:
    """Run the page, with the lesson beside it where one is on."""
    now = progress.now()
    lesson = course.course().lessons.get(now.lesson) if now else None
    if lesson is None:
        progress.keep(None)
    if lesson is None or page.url_path == LIST:
        progress.write_link()
        page.run()
        return
    now = now.at(min(now.step, len(lesson.steps) - 1))
    with st.container(key="classroom"):
        panel, stage = st.container(key="lesson"), st.container(key="beside")
    with panel:
        _show(lesson, now, page)
    progress.write_link()
    progress.keep_bookmark()
    with stage:
        page.run()


def _show(lesson: Lesson, now: Progress, page: StreamlitPage) -> None:
    step, run, runs = lesson.steps[now.step], session.manager().get(now.ran.get(now.step)), _runs(lesson, now)
    is_said = not step.ask or now.step in now.said
    has_run = not step.trains or (run is not None and not run.is_live)
    is_known = is_said and has_run
    _head(lesson, now)
    st.subheader(step.title, anchor=False)
    text(step.before, runs)
    if step.film:
        film.play(step.film)
    if step.mark:
        mark.show(step.mark)
    if step.ask and not step.asks_afterwards:
        with st.container(key=f"hides_{step.hide}" if step.hide and not is_said else "asks"):  # by the style
            _ask(step, now, is_known)
    if step.trains:
        _train(lesson, now, run, is_said or step.asks_afterwards)
    if step.ask and step.asks_afterwards and run is not None:
        with st.container(key="asks" if is_said else "riddle"):  # the style hides what would tell it
            _ask(step, now, is_known)
    if is_known:
        if step.ask:
            _verdict(step, now, runs)
        if step.is_own:
            told = experiment.difference(lesson.first_run, run.config)
            st.markdown(say("lesson.changed", "You changed: **{change}**.", change=told))
        text(step.after, runs)
    _elsewhere(step, page)
    _foot(lesson, now, is_known)


def _ask(step: LessonStep, now: Progress, is_known: bool) -> None:
    """The question, and its answers or the one that was given."""
    st.markdown(f"**{step.ask}**")
    if now.step not in now.said:
        asking.offer(step, lambda number: progress.keep(now.answered(number)))
        _answer(step, now)
    elif not is_known:
        _you_said(_said(step, now))


def _head(lesson: Lesson, now: Progress) -> None:
    with st.container(key="lesson_head", horizontal=True, vertical_alignment="center", gap="small"):
        told = say("lesson.at", "{step} of {steps}", step=now.step + 1, steps=len(lesson.steps))
        st.caption(f"{lesson.title} \N{MIDDLE DOT} {told}")
        st.button(
            say("lesson.leave", "Leave the lesson"), key="leave_lesson", icon=":material/close:", type="tertiary",
            on_click=progress.leave,
        )  # fmt: skip


def _answer(step: LessonStep, now: Progress) -> None:
    """The answers; the first that is chosen counts, since what comes next tells the truth."""
    key = f"said_{now.lesson}_{now.step}"
    st.radio(
        step.ask, range(len(step.options)), format_func=lambda number: step.options[number].text, index=None,
        key=key, on_change=lambda: progress.keep(now.answered(st.session_state[key])), label_visibility="collapsed",
    )  # fmt: skip


def _train(lesson: Lesson, now: Progress, run: Run | None, may: bool) -> None:
    """The run of this step: to be trained, under way, or, where it was cut short, to be trained once more."""
    step = lesson.steps[now.step]
    if run and run.is_live:
        st.markdown(say("lesson.runs", "**It trains.** Watch the pictures; here it goes on when the run has ended."))
        return
    if run and run.snapshot().state in (RunState.FINISHED, RunState.FAILED):
        return
    config = step.run or experiment.chosen(lesson.first_run)
    if step.is_own:
        lacks = LOCKED if locks.why_not(lesson.first_run) else experiment.why_not(lesson.first_run, config)
        st.markdown(say(lacks) if lacks else f"**{say(experiment.difference(lesson.first_run, config))}**")
        may = may and not lacks
    label = say("lesson.again", "Train it once more") if run else say("lesson.train", "Train it now")
    kind = "primary" if may and not run else "secondary"
    if st.button(label, key="lesson_train", type=kind, disabled=not may, width="stretch") and may:
        _begin(step, now, config)


def _begin(step: LessonStep, now: Progress, config: RunConfig) -> NoReturn:
    """Start the run here, so that its id is known before the page is turned to. It is as the lesson says; what is
    locked stays on the page as it was.
    """
    controls.take_over(config, step.preset)
    st.session_state[looks.VIEW] = step.view
    run = session.start(config)
    progress.keep(now.trained(run.run_id))
    st.switch_page(session.page_of(config))


def _verdict(step: LessonStep, now: Progress, runs: Mapping[int, Snapshot]) -> None:
    """What was said, and whether it came so; of an opinion, nothing more."""
    said = _said(step, now)
    with st.container(key="verdict"):
        if not any(option.truth for option in step.options):
            _you_said(said)
        elif (right := _right(step.options, runs)) is None:
            _you_said(said)
            st.markdown(say(ALONE if _lacks_a_run(step.options, runs) else TOO_EARLY))
        elif right is said:
            st.markdown(say("lesson.right", "**You were right:** {answer}", answer=said.text))
        else:
            _you_said(said)
            st.markdown(say("lesson.otherwise", "**It came otherwise:** {truth}", truth=right.text))


def _said(step: LessonStep, now: Progress) -> Option:
    return step.options[min(now.said[now.step], len(step.options) - 1)]


def _you_said(said: Option) -> None:
    st.markdown(say("lesson.said", "You said: {answer}", answer=said.text))


def _right(options: Sequence[Option], runs: Mapping[int, Snapshot]) -> Option | None:
    """The first answer that holds; None where the runs cannot tell."""
    held = [option.truth.holds(runs) if option.truth else False for option in options]
    if None in held:
        return None
    rest = next((option for option in options if option.truth and option.truth.told == truths.OTHERWISE), None)
    return next((option for option, holds in zip(options, held, strict=True) if holds), rest)


def _lacks_a_run(options: Sequence[Option], runs: Mapping[int, Snapshot]) -> bool:
    """Whether an answer compares with a run that was not trained."""
    asked = {operand.run for option in options if option.truth for operand in option.truth.operands if operand.run}
    return not asked <= runs.keys()


def _runs(lesson: Lesson, now: Progress) -> dict[int, Snapshot]:
    """The lesson's runs so far, numbered from 1 as the steps that train; where such a step was passed there is none."""
    steps = [at for at, step in enumerate(lesson.steps) if step.trains]
    found = {number: now.ran.get(at) for number, at in enumerate(steps, start=1) if at <= now.step}
    return {number: run.snapshot() for number, name in found.items() if (run := session.manager().get(name))}


def text(paragraphs: Sequence[Paragraph], runs: Mapping[int, Snapshot]) -> None:
    for paragraph in paragraphs:
        if paragraph.level <= depth():
            st.markdown(filled(paragraph.text, runs))


def filled(text: str, runs: Mapping[int, Snapshot]) -> str:
    """The text with what its places name, as the visitor's language writes numbers."""

    def put(place: re.Match) -> str:
        if place["name"] not in truths.MEASURES:
            return place[0]  # braces of a formula
        value = truths.operand(place["name"] + (place["run"] or "")).of(runs)
        if value is None:
            return UNKNOWN
        if isinstance(value, Message):
            return say(value)
        if isinstance(value, str):
            return say(states.CONDITIONS[Condition(value)])
        return plain(Message("", f"{{value{place['spec'] or ':.2f'}}}", {"value": value}))

    return PLACE.sub(put, text)


def _elsewhere(step: LessonStep, page: StreamlitPage) -> None:
    """Where the step belongs beside another page: the way there."""
    if page.url_path != ("" if step.page == "home" else step.page):
        st.page_link(
            session.script_of(step.page),
            label=say("lesson.there", "This step is about another page: open it"),
            icon=":material/arrow_forward:",
        )


def _foot(lesson: Lesson, now: Progress, is_known: bool) -> None:
    with st.container(key="lesson_foot", horizontal=True, gap="small"):
        st.button(
            say("lesson.back", "Back"), key="lesson_back", disabled=not now.step,
            on_click=progress.keep, args=(now.at(now.step - 1),),
        )  # fmt: skip
        if now.step + 1 < len(lesson.steps):
            if st.button(say("lesson.next", "Next"), key="lesson_next", type="primary" if is_known else "secondary"):
                turn(lesson, now.at(now.step + 1))
        elif st.button(say("lesson.done", "Done"), key="lesson_done", type="primary" if is_known else "secondary"):
            progress.finish()
            st.switch_page(f"{LIST}.py")
    choose_level()


def turn(lesson: Lesson, now: Progress) -> None:
    """Go to a step, and to the page that it stands beside; what is to be seen before it is asked for begins at once."""
    progress.keep(now)
    step = lesson.steps[now.step]
    if step.run and step.asks_afterwards and now.step not in now.ran:
        _begin(step, now, step.run)
    if step.is_own and now.step not in now.ran:
        experiment.begin_with(lesson.first_run)
    if step.is_own or step.mark == SETTINGS:
        st.session_state[controls.OPEN] = True
    st.session_state[looks.VIEW] = step.view
    st.switch_page(session.script_of(step.page))


def begin_asked() -> None:
    """On the page of lessons: begin the one that its link asks for."""
    if lesson := course.course().lessons.get(st.query_params.pop(BEGIN, "")):
        turn(lesson, Progress(lesson.name))


def offer(lesson: Lesson, numbered: str) -> None:
    """A lesson in the list: to begin, or to go on with where one was in it."""
    now = progress.now() or progress.left()
    is_on = now is not None and now.lesson == lesson.name and now.step < len(lesson.steps)
    label = numbered + lesson.title
    if st.button(label, key=f"open_{lesson.name}", type="primary" if is_on else "secondary", width="stretch"):
        if not is_on:
            session.look_away()  # the first steps are about a forger that has not learned anything
        turn(lesson, now if is_on else Progress(lesson.name))
    told = [lesson.about, say(msgs("lesson.lasts", "{count} minute", "{count} minutes", lesson.minutes))]
    if is_on:
        told.append(say("lesson.goes_on", "goes on at {step} of {steps}", step=now.step + 1, steps=len(lesson.steps)))
    st.caption(" \N{MIDDLE DOT} ".join(told))


def offer_tour() -> None:
    """The Train page in a minute, for who is on it and in no lesson."""
    tour = next((each for each in course.course().lessons.values() if each.shelf == TOUR), None)
    if tour and progress.now() is None:
        label = say("lesson.tour", "This page in a minute: a tour")
        if st.button(label, key="tour", icon=":material/explore:"):
            turn(tour, Progress(tour.name))
