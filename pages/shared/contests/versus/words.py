"""The words of a comparison of recipes: what it is, the rows of its table, and how each was measured."""

from collections.abc import Sequence

from gan import data
from gan.messages import Message, msg, verbatim
from gan.runs import RunState
from gan.runs.server.contest_rules import Out
from gan.runs.state.comparison import Comparison, Course
from gan.setup import presets
from pages.shared.words import races, recipes, values
from pages.shared.words.races import LETTERS
from pages.shared.words.states import STATES

ABOUT = msg("versus.about", "The same pictures, the same seconds: which kind of model draws best?")
FAIR = msg(
    "versus.fair",
    "They take turns on this computer, a second of training each; whoever has had the least goes next. Drawing and "
    "measuring do not count.",
)
LOST = msg("versus.lost", "The comparison in this link is not on this computer any more. Start a new one.")
NO_REFEREE = msg("versus.no_referee", "No referee can read these pictures, so there would be nothing to compare.")
RECORDED = msg(
    "versus.recorded",
    "**Recorded beforehand on a busy computer:** {pictures}, {seconds:.0f} seconds of training for each. "
    "Start your own, and see whether it comes out the same.",
)
MEASURED_HOW = msg("versus.how", "Point at a number, or tap it, to read how it was measured.")
AXIS = msg("versus.axis", "seconds of training")
CURVES = msg("versus.curves", "**Realism.** Which line falls fastest, and which lowest? Lower is better.")
CURVES_END = msg(
    "versus.curves_end",
    "**Realism.** Lower is better. On the way fewer fakes are measured than for the table, so the last numbers differ "
    "a little.",
)
REAL = msg("versus.real", "real pictures")
CANNOT = msg("versus.cannot", "cannot")
NONE = verbatim("–")
ONE_SEED = msg("versus.one_seed", "one seed")
NOT_YET = msg("versus.not_measured", "not measured")
MORE = msg("versus.more", "Train all with two more seeds")


def title(course: Course) -> Message:
    """What a run is called here."""
    return values.shown(recipes.title(course.recipe))


def about(comparison: Comparison) -> Message:
    """What is compared, in a sentence."""
    return msg(
        "versus.what", "**{pictures}.** {seconds:.0f} seconds of training for each.",
        pictures=values.shown(data.get(comparison.pictures).title), seconds=comparison.seconds,
    )  # fmt: skip


def recorded(comparison: Comparison) -> Message:
    pictures = values.shown(data.get(comparison.pictures).title)
    return RECORDED.but(pictures=pictures, seconds=comparison.seconds)


def progress(course: Course, seconds: float) -> Message:
    """How far one of them is."""
    if course.state is None:
        return msg("versus.gone", "not kept any more")
    if course.is_changed:
        return races.OUTS[Out.CHANGED]
    if course.state is not RunState.RUNNING or not course.steps:
        return STATES[course.state]
    if course.seconds >= seconds:
        return msg("versus.measuring", "being measured")
    return msg("versus.progress", "{done:.0f} of {seconds:.0f} s", done=course.seconds, seconds=seconds)


def realism(course: Course) -> Message:
    if course.realism is None:
        return msg("standing.not_measured", "not measured yet")
    return msg("rule.realism.number", "realism {number:.1f}", number=course.realism)


def ahead(courses: Sequence[Course]) -> Message:
    """Who has the best realism at the moment."""
    known = [each for each in courses if each.realism is not None]
    if not known:
        return msg("versus.nobody_ahead", "Nothing is measured yet.")
    in_it = [each for each in known if not each.is_changed]
    if not in_it:
        return races.NOBODY
    best = min(in_it, key=lambda each: each.realism)
    return msg(
        "versus.ahead", "**{lane}, {name}**, is ahead at the moment: {realism}.",
        lane=LETTERS[list(courses).index(best)], name=title(best), realism=realism(best),
    )  # fmt: skip


def more_progress(comparison: Comparison) -> Message:
    """How far the same recipes are with other seeds."""
    done, whole = sum(each.seconds for each in comparison.courses), comparison.seconds * len(comparison.courses)
    return msg(
        "versus.more_progress", "More seeds, one after the other: {share:.0%} done.", share=min(1.0, done / whole)
    )


def family(recipe: str) -> str:
    """The family of a recipe; of one that is no more, none that there is."""
    return presets.PRESETS[recipe].family if recipe in presets.PRESETS else ""


def real_line(floor: float) -> Message:
    return msg("chart.real", "real {value:.3g}", value=floor)


def chart_alt(curves: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> Message:
    """The chart for somebody who cannot see it."""
    newest = [
        msg("chart.lane", "{lane} {value:.3g}", lane=letter, value=curve[-1][1]) for letter, curve in curves if curve
    ]
    if not newest:
        return msg("versus.no_points", "Realism over the seconds of training. No points yet.")
    return msg("versus.newest", "Realism over the seconds of training. Newest: {newest:list}.", newest=newest)
