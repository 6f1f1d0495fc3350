"""The settings of a run as the page holds them."""
