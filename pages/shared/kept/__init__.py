"""Runs and pictures that are kept."""
