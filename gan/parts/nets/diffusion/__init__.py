"""The architectures of diffusion models."""
