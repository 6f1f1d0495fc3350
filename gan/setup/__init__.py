"""What a run is set to: kinds of values, the config, the recipes."""
