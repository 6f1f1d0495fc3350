"""What the project promises, measured as it is shipped: the engine comes before torch, whose threads it sets up."""

import gan  # noqa: F401
