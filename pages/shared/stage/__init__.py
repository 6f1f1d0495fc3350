"""The stage: one run before, during and after."""
