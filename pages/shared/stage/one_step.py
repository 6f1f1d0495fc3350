"""One training step as its numbered parts, with the numbers of that very step."""

from html import escape

import numpy as np

from gan import export
from gan.records import Story
from pages.shared.draw import pictures


def html(story: Story) -> str:
    """The detective's turn above, the forger's below."""
    real, fake = _mean(story.real_beliefs), _mean(story.fake_beliefs)
    detective = [
        _part("Real pictures and fakes in", _sheet(story.reals, "real") + _sheet(story.fakes, "fake")),
        _part("How real, it says", f"<b>{real:.2f}</b> the real ones<br><b>{fake:.2f}</b> the fakes"),
        _part("Its loss", f"<b>{story.d_loss:.3g}</b>"),
        _part("Its update", _update(story.d_change)),
    ]
    noise = " ".join(f"{number:.1f}" for number in story.noise[:6]) + " ..."
    if story.drawn is None:
        forger = [_part("No turn in this step", "The forger waits.")]
    else:
        forger = [
            _part("Random numbers in", f"<span class='numbers'>{noise}</span>"),
            _part("It draws", _sheet(story.drawn, "fake")),
            _part("The detective says", f"<b>{_mean(story.drawn_beliefs):.2f}</b> how real"),
            _part("Its loss", f"<b>{story.g_loss:.3g}</b>"),
            _part("Its update", _update(story.g_change)),
        ]
    rows = _row("detective", f"Step {story.step:,}", detective, 0) + _row("forger", "", forger, len(detective))
    return f'<div class="step">{rows}</div>'


def _row(role: str, above: str, parts: list[str], before: int) -> str:
    return (
        f'<div class="turn"><p>{above}<b>{role.capitalize()}\'s turn</b></p>'
        f'<ol class="{role}" style="counter-reset: part {before}">{"".join(parts)}</ol></div>'
    )


def _part(title: str, content: str) -> str:
    return f"<li><span>{escape(title)}</span><div>{content}</div></li>"


def _update(change: float) -> str:
    return f"weights move<br><b>{change:.2%}</b>" if change else "It stands still."


def _mean(beliefs: tuple[float, ...]) -> float:
    return sum(beliefs) / len(beliefs)


def _sheet(images: np.ndarray, kind: str) -> str:
    png = export.grid_png(images, columns=8, scale=1, gap=1)
    return pictures.html(png, f"{len(images)} {kind} pictures of this step", kind)
