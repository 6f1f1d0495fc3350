"""A live page, and thirty of them."""
