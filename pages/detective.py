"""Why a detective says fake or real, and whether it takes your own drawing for real."""

from gan import families
from pages.shared.inside import chosen
from pages.shared.inside.eye import show

found = chosen.choose(families.judges, chosen.UNJUDGED)
if found:
    show.show(*found)
