"""Why a detective says fake or real, and whether it takes your own drawing for real."""

from pages.shared.inside import chosen
from pages.shared.inside.eye import show

found = chosen.choose()
if found:
    show.show(*found)
