"""The words of recipes, and what a run is called after its own."""

from collections.abc import Mapping
from typing import Any

from gan.messages import Message, msg
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.words import values

TOLD = 2  # settings that a run's title names

# What a recipe is called, and a line about it.
RECIPES = {
    "quick": (msg("recipe.quick", "Quick"), msg("recipe.quick.line", "Small networks. You say what to draw.")),
    "best": (msg("recipe.best", "Patient"), msg("recipe.best.line", "Ten minutes, without learning by heart.")),
    "best_clothes": (
        msg("recipe.best_clothes", "Patient: clothes"),
        msg("recipe.best_clothes.line", "Ten minutes of clothes, seen with holes."),
    ),
    "best_critters": (
        msg("recipe.best_critters", "Patient: critters"),
        msg("recipe.best_critters.line", "Small animals in many colours. They take patience."),
    ),
    "best_photos": (
        msg("recipe.best_photos", "Patient: photos"),
        msg("recipe.best_photos.line", "Ten minutes of colour photos. They are hard."),
    ),
    "few_pictures": (
        msg("recipe.few_pictures", "Few pictures"),
        msg("recipe.few_pictures.line", "For 60 drawings of your own: the detective sees each one changed every time."),
    ),
    "dcgan": (
        msg("recipe.dcgan", "Plain DCGAN"),
        msg("recipe.dcgan.line", "Like Quick, but nobody says what to draw."),
    ),
    "biggan": (
        msg("recipe.biggan", "Small BigGAN"),
        msg("recipe.biggan.line", "Deeper networks: every level is told what to draw. Each step takes longer."),
    ),
    "vae": (
        msg("recipe.vae", "Autoencoder (VAE)"),
        msg("recipe.vae.line", "No detective: squeeze a picture into a few numbers, and draw it again."),
    ),
    "vae_plane": (
        msg("recipe.vae_plane", "Autoencoder of two numbers"),
        msg("recipe.vae_plane.line", "All that it can draw fits on one sheet."),
    ),
    "vae_gan": (
        msg("recipe.vae_gan", "Autoencoder with a detective (VAE-GAN)"),
        msg("recipe.vae_gan.line", "The detective says whether a picture came back well, and whether it looks real."),
    ),
    "diffusion": (
        msg("recipe.diffusion", "Diffusion"),
        msg("recipe.diffusion.line", "No detective: it learns to see pictures in noise."),
    ),
    "outlines": (
        msg("recipe.outlines", "Fill an outline (pix2pix)"),
        msg("recipe.outlines.line", "A picture goes in instead of noise. Draw an outline yourself."),
    ),
    "boots": (
        msg("recipe.boots", "Shoes into boots (CycleGAN)"),
        msg("recipe.boots.line", "No one says which boot belongs to which shoe: there and back must match."),
    ),
    "dots": (
        msg("recipe.dots", "Two clouds of dots"),
        msg("recipe.dots.line", "The fakes find both clouds. Watch the arrows shrink as they arrive."),
    ),
    "dots_collapse": (
        msg("recipe.dots_collapse", "Failure: all on one blob"),
        msg(
            "recipe.dots_collapse.line",
            "Nine blobs, but the forger's steps are five times the detective's: all fakes rush to one of them.",
        ),
    ),
    "dots_collapse_cured": (
        msg("recipe.dots_collapse_cured", "Cure: all on one blob"),
        msg(
            "recipe.dots_collapse_cured.line", "The detective looks at two dots at once, and sees that they are alike."
        ),
    ),
    "dots_chase": (
        msg("recipe.dots_chase", "Failure: round and round"),
        msg(
            "recipe.dots_chase.line",
            "The forger's steps are five times the detective's: it runs round the ring, and the detective after it.",
        ),
    ),
    "dots_chase_cured": (
        msg("recipe.dots_chase_cured", "Cure: round and round"),
        msg("recipe.dots_chase_cured.line", "Both take equally small steps: the fakes spread over the whole ring."),
    ),
    "dots_strong": (
        msg("recipe.dots_strong", "Failure: the arrows die"),
        msg(
            "recipe.dots_strong.line",
            "The detective has five turns to the forger's one, in far larger steps: sure of every fake, it shows none "
            "of them the way.",
        ),
    ),
    "dots_strong_cured": (
        msg("recipe.dots_strong_cured", "Cure: the arrows die"),
        msg(
            "recipe.dots_strong_cured.line",
            "Both take turns, with equally large steps: the fakes find all three blobs.",
        ),
    ),
    "dots_nowhere": (
        msg("recipe.dots_nowhere", "Failure: a loss that points nowhere"),
        msg(
            "recipe.dots_nowhere.line",
            "The detective is far ahead, and this loss (minimax) then has no arrows to give: the fakes stay in the "
            "middle.",
        ),
    ),
    "dots_nowhere_cured": (
        msg("recipe.dots_nowhere_cured", "Cure: a loss that points nowhere"),
        msg(
            "recipe.dots_nowhere_cured.line",
            "The detective has as many turns and as large steps, but this loss (Wasserstein) still points the way: "
            "the fakes reach the ring.",
        ),
    ),
    "deep_mlp_vs_conv": (
        msg("recipe.deep_mlp_vs_conv", "Deep forger, looking detective"),
        msg("recipe.deep_mlp_vs_conv.line", "A big forger against a detective that sees shapes."),
    ),
    "first_gan": (
        msg("recipe.first_gan", "My first GAN"),
        msg("recipe.first_gan.line", "The shortest recipe. Its pixel ranges do not match: can you see it?"),
    ),
    "workshop": (msg("recipe.workshop", "Workshop"), msg("recipe.workshop.line", "Plain layers and patience.")),
    "pocket": (msg("recipe.pocket", "Pocket"), msg("recipe.pocket.line", "The smallest networks that can draw.")),
    "fundamentals": (
        msg("recipe.fundamentals", "Fundamentals"),
        msg("recipe.fundamentals.line", "The textbook recipe, with all the tricks of its time."),
    ),
    "collapse": (
        msg("recipe.collapse", "Failure: mode collapse"),
        msg(
            "recipe.collapse.line",
            "The forger has five turns to the detective's one, in larger steps: it rushes from digit to digit.",
        ),
    ),
    "collapse_cured": (
        msg("recipe.collapse_cured", "Cure: mode collapse"),
        msg("recipe.collapse_cured.line", "Both take turns, with equally large steps."),
    ),
    "strong_discriminator": (
        msg("recipe.strong_discriminator", "Failure: detective too strong"),
        msg("recipe.strong_discriminator.line", "It practises far more, and the loss saturates."),
    ),
    "strong_discriminator_cured": (
        msg("recipe.strong_discriminator_cured", "Cure: detective too strong"),
        msg("recipe.strong_discriminator_cured.line", "Equal turns, and a loss that does not saturate."),
    ),
    "weak_discriminator": (
        msg("recipe.weak_discriminator", "Failure: forger too strong"),
        msg(
            "recipe.weak_discriminator.line",
            "The detective learns 200 times more slowly, so one picture is enough: mode collapse comes along.",
        ),
    ),
    "weak_discriminator_cured": (
        msg("recipe.weak_discriminator_cured", "Cure: forger too strong"),
        msg("recipe.weak_discriminator_cured.line", "Both learn equally fast."),
    ),
    "swings": (
        msg("recipe.swings", "Failure: oscillation"),
        msg("recipe.swings.line", "The detective's steps are ten times as big as the forger's."),
    ),
    "swings_cured": (
        msg("recipe.swings_cured", "Cure: oscillation"),
        msg("recipe.swings_cured.line", "Both take small steps."),
    ),
    "explosion": (
        msg("recipe.explosion", "Failure: divergence"),
        msg("recipe.explosion.line", "Steps that are 250 times too big: the numbers blow up."),
    ),
    "explosion_cured": (
        msg("recipe.explosion_cured", "Cure: divergence"),
        msg("recipe.explosion_cured.line", "Steps of the usual size."),
    ),
    "by_heart": (
        msg("recipe.by_heart", "Failure: learning by heart"),
        msg("recipe.by_heart.line", "Only 50 pictures: the detective remembers each one."),
    ),
    "by_heart_cured": (
        msg("recipe.by_heart_cured", "Cure: learning by heart"),
        msg("recipe.by_heart_cured.line", "All the pictures, and equal turns."),
    ),
}


def title(name: str) -> Message | str:
    return RECIPES[name][0] if name in RECIPES else name


def line(name: str) -> Message | str:
    """What a recipe does; a new one has no line yet."""
    return RECIPES[name][1] if name in RECIPES else ""


def told(name: str, changed: Mapping[str, Any]) -> Message | str:
    """What the settings on the page are: the recipe, or what differs from it."""
    if not changed:
        return line(name)
    return msg(
        "recipe.changed", "Not quite this recipe: {changes}.", changes=values.pairs([*changed], [*changed.values()])
    )


def run_title(config: RunConfig) -> Message:
    """What a run is, in a few words: its recipe, and what differs from it."""
    name = presets.nearest_in_any_world(config)
    recipe = presets.get(name)
    changed = presets.with_same_world(config, recipe).changes_from(recipe)
    told = [values.pair(*each) for each in changed.items() if each[0] != "epochs"]  # how far it came is said elsewhere
    pictures = [] if config.data == recipe.data else [values.told("data", config.data)]
    return values.listed([title(name), *pictures, *told[:TOLD], *(["..."] if len(told) > TOLD else [])])
