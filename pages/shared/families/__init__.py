"""What a family of models shows of itself beside its samples: one file each, called after the family.

A file `NAME.py` has `VIEW`, what the view is called, `LOOK`, what to look for in its losses, and `show(run, views,
theme)`, which draws what the family's learner gives as `views` (`gan.learn.learner`), and may ask the run for more. A
family in which a detective judges is shown as a game, by the stage itself; a view of its own stands beside that.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType


def of(family: str) -> ModuleType | None:
    """The family's own views; None for one that has none."""
    is_there = Path(__file__).with_name(f"{family}.py").exists()
    return import_module(f"{__name__}.{family}") if is_there else None
