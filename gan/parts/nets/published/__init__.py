"""The networks of the published classroom recipes, exact."""
