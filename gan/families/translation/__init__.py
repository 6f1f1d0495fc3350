"""Translation: the generator is given a picture instead of noise, and makes another of it.

Of pairs (pix2pix; Isola et al. 2017), or of two sets in which no picture belongs to another (CycleGAN; Zhu et al.
2017). What is learned is the setting `task` (`gan/data/tasks.py`).
"""

OPTIMISERS = {"g_optimizer": ("generator",), "d_optimizer": ("judge",)}
READS = ("fooling", "judging", "l1", "cycle", "identity")
LOSSES = ("fooling", "judging", "l1", "cycle", "identity")
SOME = ("l1", "cycle", "identity")
SETTINGS = {
    "architecture": "pix2pix", "batch_size": 16, "learning_rate_decay": 0.9, "beta1": 0.5, "beta2": 0.999, "ema": 0.99,
}  # fmt: skip
IGNORES = (
    "loss", "stabilisers", "latent_size", "noise", "learners", "d_steps", "g_steps", "label_smoothing", "fresh_fakes",
    "batch_parts", "pixel_range",
)  # fmt: skip
LIVE = ("l1_weight", "cycle_weight", "identity_weight")
NOISE = "picture"
