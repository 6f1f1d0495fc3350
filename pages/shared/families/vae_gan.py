"""An autoencoder with a detective: real pictures, and what comes back of each, as the detective sees it."""

from collections.abc import Mapping

import numpy as np

from gan.messages import msg
from gan.runs import Run
from pages.shared.families import vae

VIEW = vae.VIEW
LOOK = msg("vae_gan.look", "How differently the detective sees what came back, and how far codes are from noise.")


def show(run: Run, views: Mapping[str, np.ndarray], theme: str) -> None:
    """Pictures before and after."""
    vae.show(run, views, theme)
