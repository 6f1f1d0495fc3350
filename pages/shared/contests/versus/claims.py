"""What a comparison showed, in sentences; and what courses say of these families, held against it."""

from gan.messages import Message, msg
from gan.runs.state.comparison import Comparison, Course
from pages.shared.contests.versus import words

CLEARLY = 1.1  # times another's number, to be called better or worse


def told(comparison: Comparison) -> list[Message]:
    """The sentences beside the table; each holds for these very numbers."""
    measured = [each for each in comparison.firsts if each.measures]
    if not measured:
        return [msg("versus.nothing", "None of them trained to the end, so there is nothing to compare.")]
    done = [each for each in measured if not each.is_changed]
    if not done:
        return [msg("versus.all_changed", "All that trained to the end are out: their settings were changed.")]
    best = min(done, key=lambda each: each.measures.scores.realism)
    numbers = {"realism": best.measures.scores.realism, "floor": best.measures.real.realism}
    first = msg(
        "versus.best",
        "**{name} came nearest to the real pictures** in {seconds:.0f} seconds: {realism:.1f}. Real pictures "
        "themselves have {floor:.1f}.",
        name=words.title(best), seconds=comparison.seconds, **numbers,
    )  # fmt: skip
    claims = (_blurry(done), _sharper(done), _slow_and_good(done, best), _leaves_out(done))
    return [first, *filter(None, claims)]


def _of(done: list[Course], family: str) -> Course | None:
    return next((each for each in done if each.family == family), None)


def _blurry(done: list[Course]) -> Message | None:
    """A VAE is blurry."""
    vae = _of(done, "vae")
    if vae is None or len(done) < 2:
        return None
    blurriest = min(done, key=lambda each: each.measures.sharpness)
    values = {"name": words.title(vae), "sharpness": vae.measures.sharpness, "real": vae.measures.real_sharpness}
    if blurriest is vae:
        return msg(
            "versus.blurry",
            "Courses say that a VAE is blurry. So it is here: sharpness {sharpness:.2f}, real pictures {real:.2f}.",
            **values,
        )  # fmt: skip
    return msg(
        "versus.not_blurriest",
        "Courses say that a VAE is blurry. Here {other} is blurrier still: {lowest:.2f} against {sharpness:.2f}.",
        other=words.title(blurriest), lowest=blurriest.measures.sharpness, **values,
    )  # fmt: skip


def _sharper(done: list[Course]) -> Message | None:
    """A VAE-GAN is sharper than a VAE."""
    vae, both = _of(done, "vae"), _of(done, "vae_gan")
    if vae is None or both is None:
        return None
    values = {"name": words.title(both), "sharpness": both.measures.sharpness, "vae": vae.measures.sharpness}
    if both.measures.sharpness > vae.measures.sharpness:
        return msg(
            "versus.sharper",
            "A detective beside it helps: {name} is sharper, {sharpness:.2f} against {vae:.2f}.",
            **values,
        )
    return msg(
        "versus.not_sharper",
        "A detective beside it should make a VAE sharper. **Not here:** {name} has {sharpness:.2f} against {vae:.2f}.",
        **values,
    )


def _slow_and_good(done: list[Course], best: Course) -> Message | None:
    """Diffusion draws best, and slowly."""
    diffusion = _of(done, "diffusion")
    others = [each for each in done if each.family != "diffusion"]
    if diffusion is None or not others:
        return None
    fastest = min(others, key=lambda each: each.measures.draw_seconds)
    times = diffusion.measures.draw_seconds / fastest.measures.draw_seconds
    values = {"times": times, "other": words.title(fastest)}
    if best is diffusion:
        return msg(
            "versus.diffusion_best",
            "Courses say that diffusion draws best and slowly. So it does here: it takes {times:,.0f} times as long as "
            "{other}.", **values,
        )  # fmt: skip
    return msg(
        "versus.diffusion_not_best",
        "Courses give diffusion the best pictures. **Not in so short a time:** its realism is {realism:.1f} here. It "
        "is slow, as they say: {times:,.0f} times as long as {other} for 64 pictures.",
        realism=diffusion.measures.scores.realism, **values,
    )  # fmt: skip


def _leaves_out(done: list[Course]) -> Message | None:
    """A GAN leaves things out."""
    gan = _of(done, "gan")
    others = [each for each in done if each.family != "gan"]
    if gan is None or not others:
        return None
    most = max(others, key=lambda each: each.measures.scores.recall)
    values = {"gan": gan.measures.scores.recall, "most": most.measures.scores.recall, "other": words.title(most)}
    if values["most"] > CLEARLY * values["gan"]:
        return msg(
            "versus.leaves_out",
            "Courses warn that a GAN leaves things out. So it does here: recall {gan:.0%}, {other} {most:.0%}.",
            **values,
        )
    return msg(
        "versus.leaves_nothing_out",
        "Courses warn that a GAN leaves things out. **Not more than the others here:** recall {gan:.0%}, {other} "
        "{most:.0%}.", **values,
    )  # fmt: skip
