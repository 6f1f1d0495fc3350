"""Two to four runs that were kept, side by side."""

from app_pages.shared import chosen_runs, comparison

runs = chosen_runs.choose()
if len(runs) >= 2:
    comparison.show(runs)
