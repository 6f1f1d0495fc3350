"""VAE: an encoder squeezes each real picture into a few numbers, and the generator draws it again from them alone.

Variational autoencoder (Kingma, Welling 2014). Both learn together: the picture shall come back as it was, and
the numbers shall look like noise, so that new noise gives new pictures. `beta` weighs the second wish (Higgins et al.
2017).
"""

OPTIMISERS = {"g_optimizer": ("encoder", "generator")}
READS = ("reconstruction", "kl")
LOSSES = ("reconstruction", "kl")
SETTINGS = {
    "architecture": "vae_conv", "latent_size": 8, "batch_size": 32, "beta1": 0.9, "beta2": 0.999, "ema": 0.0,
}  # fmt: skip
IGNORES = (
    "task", "loss", "stabilisers", "noise", "d_learning_rate", "learners", "d_steps", "g_steps", "label_smoothing",
    "fresh_fakes", "batch_parts", "pixel_range",
)  # fmt: skip
OPTIONS = {
    "beta": (1.0, 0.0, 20.0),  # weight of the KL divergence
    "warm_up": (0.1, 0.0, 1.0),  # share of the run in which that weight grows from 0
    "likelihood": ("bernoulli", "gaussian"),  # how the difference of two pictures is counted
    "draws_from": ("fitted", "prior"),  # noise as it comes, or fitted to where the encoder puts the pictures
}
LIVE = ("beta", "draws_from")
