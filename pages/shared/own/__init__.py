"""Our pictures: what a class brings, the light-table on which it is sorted, and the run that learns from it."""
