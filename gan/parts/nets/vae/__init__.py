"""The architectures of variational autoencoders."""
