"""Diffusion: a network learns to see the picture behind noise; from noise alone it then brings one out, step by step.

Either denoising diffusion (DDPM; Ho, Jain, Abbeel 2020) with the cosine schedule (Nichol, Dhariwal 2021), or flow
matching along straight lines (rectified flow; Liu, Gong, Liu 2023; Lipman et al. 2023). Told the class, it draws better
when it leans away from what it would draw without (classifier-free guidance; Ho, Salimans 2022).
"""

OPTIMISERS = {"g_optimizer": ("generator",)}
READS = ("denoising",)
LOSSES = ("denoising",)
SETTINGS = {
    "architecture": "denoiser_class", "batch_size": 32, "learning_rate_decay": 0.9, "beta1": 0.9, "beta2": 0.999,
    "ema": 0.998,
}  # fmt: skip
IGNORES = (
    "task", "loss", "stabilisers", "latent_size", "noise", "d_learning_rate", "learners", "d_steps", "g_steps",
    "label_smoothing", "fresh_fakes", "batch_parts", "pixel_range",
)  # fmt: skip
OPTIONS = {
    "process": ("flow", "ddpm"),  # how pictures become noise
    "predicts": ("picture", "velocity", "noise"),  # what the network says
    "guidance": (1.5, 0.0, 8.0),  # 1 = as the class says, more = further from what no class says
    "sampler_steps": (10, 1, 100),  # looks at a picture until it stands
}
LIVE = ("guidance", "sampler_steps")
NOISE = "pixels"
STEPS = True
SCORED = 250  # each is ten looks or more
