"""How a run stands: who is winning, and how far it is."""

from gan.runs import Snapshot
from pages.shared.draw import pictures
from pages.shared.stage.once import once
from pages.shared.words import html, values


@once
def strip(snapshot: Snapshot) -> str:
    """Who is winning, and how far the run is."""
    reading = snapshot.reading
    shown = reading.sample_scores[: pictures.SHOWN]
    fooled = sum(score >= 0.5 for score in shown) / max(1, len(shown))
    cells = "".join(f'<div class="cell"><b>{value}</b><span>{name}</span></div>' for value, name in _numbers(snapshot))
    fool = html("strip.alt", "{share:.0%} of the fakes fool the detective", share=fooled)
    return (
        '<div class="strip"><div class="tug">'
        f"<p>{html('strip.fooled', 'Fakes that fool the detective: **{share:.0%}**', share=fooled)}</p>"
        f'<div class="rope" role="img" aria-label="{fool}"><i style="width:{fooled:.0%}"></i></div>'
        f'<div class="ends"><span>{html("strip.forger", "forger")}</span>'
        f"<span>{html('strip.detective', 'detective')}</span></div></div>{cells}</div>"
    )


def _numbers(snapshot: Snapshot) -> list[tuple[str, str]]:
    """What stands beside the rope, as HTML: each number, and what it is."""
    reading, epochs = snapshot.reading, snapshot.config.epochs
    if snapshot.state.is_live:
        epoch, left = min(epochs, int(reading.epoch) + 1), snapshot.seconds_left
        told = "..." if left is None else html(values.number(left, "duration"))
        time = (told, html("strip.left", "left"))
    else:
        epoch = int(reading.epoch)
        told = html(values.number(snapshot.seconds, "duration"))
        time = (told, html("strip.taken", "taken"))
    steps = html(values.number(reading.steps_per_second, ".0f"))
    return [
        (html("strip.epochs", "{epoch} of {epochs}", epoch=epoch, epochs=epochs), html("strip.epoch", "epoch")),
        (steps, html("strip.steps", "steps a second")),
        time,
    ]
