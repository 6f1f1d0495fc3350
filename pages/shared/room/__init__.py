"""A class that plays against the detective, on devices of its own."""
