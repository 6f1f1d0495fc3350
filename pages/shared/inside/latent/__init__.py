"""Where a forger's pictures come from: one view a file, and the desk with the pictures that all of them work with."""
