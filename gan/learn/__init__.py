"""The training itself: networks, steps, the loop around them."""
