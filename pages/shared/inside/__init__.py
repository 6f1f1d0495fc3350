"""Looking inside a run that was kept: what its detective sees, where its forger's pictures come from."""
