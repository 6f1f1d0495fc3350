"""Penalties on the slopes of the discriminator: one file each, found by its name like all stabilisers."""
