"""Whole recipes side by side: as many seconds of training for each, and a table of what was measured."""
