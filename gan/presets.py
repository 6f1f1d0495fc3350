"""Named configs: `quick`, made for a school laptop, and the five published classroom recipes."""

from gan.config import RunConfig

_PUBLISHED = RunConfig(
    architecture="fundamentals",
    latent_size=100,
    learning_rate=2e-4,
    batch_size=128,
    beta1=0.9,
    beta2=0.999,
    ema=0.0,
    drop_last=False,
)

PRESETS: dict[str, RunConfig] = {
    "quick": RunConfig(),
    "deep_mlp_vs_conv": _PUBLISHED.but(architecture="deep_mlp_vs_conv", beta1=0.5, epochs=50),
    "first_gan": _PUBLISHED.but(architecture="first_gan", pixel_range="0..1", fresh_fakes=True, epochs=3),
    "workshop": _PUBLISHED.but(architecture="workshop", pixel_range="0..1", batch_size=64, epochs=100),
    "pocket": _PUBLISHED.but(architecture="pocket", batch_size=64, fresh_fakes=True, epochs=10),
    "fundamentals": _PUBLISHED.but(beta1=0.5, drop_last=True, epochs=20),
}


def get(name: str) -> RunConfig:
    """The preset called `name`; raises ValueError with the names there are."""
    if name not in PRESETS:
        raise ValueError(f"preset cannot be {name!r}: it must be one of {', '.join(PRESETS)}.")
    return PRESETS[name]
