"""One training step as its numbered parts, with the numbers of that very step."""

import numpy as np

from gan import export
from gan.records import StepTrace
from pages.shared.draw import pictures
from pages.shared.words import html as told
from pages.shared.words import plain, values


def html(trace: StepTrace) -> str:
    """The detective's turn above, the forger's below."""
    detective = _detective(trace)
    above = told("step.number", "Step {step:,}", step=trace.step)
    rows = _row("detective", above, told("step.detective", "Detective's turn"), detective, 0)
    rows += _row("forger", "", told("step.forger", "Forger's turn"), _forger(trace), len(detective))
    return f'<div class="step">{rows}</div>'


def _detective(trace: StepTrace) -> list[str]:
    real_alt = plain("step.reals_alt", "{count} real pictures of this step", count=len(trace.reals))
    shown = _sheet(trace.reals, real_alt, "real") + _sheet(trace.fakes, _fakes_alt(trace.fakes), "fake")
    real = told("step.real_belief", "**{belief:.2f}** the real ones", belief=_mean(trace.real_beliefs))
    fake = told("step.fake_belief", "**{belief:.2f}** the fakes", belief=_mean(trace.fake_beliefs))
    return [
        _part(told("step.in", "Real pictures and fakes in"), shown),
        _part(told("step.beliefs", "How real, it says"), f"{real}<br>{fake}"),
        _part(told("step.loss", "Its loss"), _loss(trace.d_loss)),
        _part(told("step.update", "Its update"), _update(trace.d_change)),
    ]


def _forger(trace: StepTrace) -> list[str]:
    if trace.drawn is None:
        return [_part(told("step.no_turn", "No turn in this step"), told("step.waits", "The forger waits."))]
    noise = " ".join(told(values.number(number, ".1f")) for number in trace.noise[:6])
    says = told("step.says", "**{belief:.2f}** how real", belief=_mean(trace.drawn_beliefs))
    return [
        _part(told("step.noise", "Random numbers in"), f"<span class='numbers'>{noise} ...</span>"),
        _part(told("step.draws", "It draws"), _sheet(trace.drawn, _fakes_alt(trace.drawn), "fake")),
        _part(told("step.detective_says", "The detective says"), says),
        _part(told("step.loss", "Its loss"), _loss(trace.g_loss)),
        _part(told("step.update", "Its update"), _update(trace.g_change)),
    ]


def _row(role: str, above: str, name: str, parts: list[str], before: int) -> str:
    return (
        f'<div class="turn"><p>{above}<b>{name}</b></p>'
        f'<ol class="{role}" style="counter-reset: part {before}">{"".join(parts)}</ol></div>'
    )


def _part(title: str, content: str) -> str:
    return f"<li><span>{title}</span><div>{content}</div></li>"


def _loss(loss: float) -> str:
    return f"<b>{told(values.number(loss, '.3g'))}</b>"


def _update(change: float) -> str:
    if not change:
        return told("step.still", "It stands still.")
    return f"{told('step.moves', 'weights move')}<br><b>{told(values.number(change, '.2%'))}</b>"


def _mean(beliefs: tuple[float, ...]) -> float:
    return sum(beliefs) / len(beliefs)


def _fakes_alt(images: np.ndarray) -> str:
    return plain("step.fakes_alt", "{count} fake pictures of this step", count=len(images))


def _sheet(images: np.ndarray, alt: str, kind: str) -> str:
    return pictures.html(export.grid_png(images, columns=8, scale=1, gap=1), alt, kind)
