"""How fast steps, starts and steering are."""
