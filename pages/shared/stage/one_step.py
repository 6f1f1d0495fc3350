"""One training step as its numbered parts, with the numbers of that very step."""

import numpy as np

from gan import export
from gan.records import Story
from pages.shared.draw import pictures
from pages.shared.words import html as told
from pages.shared.words import plain, values


def html(story: Story) -> str:
    """The detective's turn above, the forger's below."""
    detective = _detective(story)
    above = told("step.number", "Step {step:,}", step=story.step)
    rows = _row("detective", above, told("step.detective", "Detective's turn"), detective, 0)
    rows += _row("forger", "", told("step.forger", "Forger's turn"), _forger(story), len(detective))
    return f'<div class="step">{rows}</div>'


def _detective(story: Story) -> list[str]:
    real_alt = plain("step.reals_alt", "{count} real pictures of this step", count=len(story.reals))
    shown = _sheet(story.reals, real_alt, "real") + _sheet(story.fakes, _fakes_alt(story.fakes), "fake")
    real = told("step.real_belief", "**{belief:.2f}** the real ones", belief=_mean(story.real_beliefs))
    fake = told("step.fake_belief", "**{belief:.2f}** the fakes", belief=_mean(story.fake_beliefs))
    return [
        _part(told("step.in", "Real pictures and fakes in"), shown),
        _part(told("step.beliefs", "How real, it says"), f"{real}<br>{fake}"),
        _part(told("step.loss", "Its loss"), _loss(story.d_loss)),
        _part(told("step.update", "Its update"), _update(story.d_change)),
    ]


def _forger(story: Story) -> list[str]:
    if story.drawn is None:
        return [_part(told("step.no_turn", "No turn in this step"), told("step.waits", "The forger waits."))]
    noise = " ".join(told(values.number(number, ".1f")) for number in story.noise[:6])
    says = told("step.says", "**{belief:.2f}** how real", belief=_mean(story.drawn_beliefs))
    return [
        _part(told("step.noise", "Random numbers in"), f"<span class='numbers'>{noise} ...</span>"),
        _part(told("step.draws", "It draws"), _sheet(story.drawn, _fakes_alt(story.drawn), "fake")),
        _part(told("step.detective_says", "The detective says"), says),
        _part(told("step.loss", "Its loss"), _loss(story.g_loss)),
        _part(told("step.update", "Its update"), _update(story.g_change)),
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
