"""The architectures of VAE-GANs."""
