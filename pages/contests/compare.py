"""Two to four runs that were kept, side by side."""

from pages.shared.contests import comparison
from pages.shared.tab import chosen_runs

runs = chosen_runs.choose()
if len(runs) >= 2:
    comparison.show(runs)
