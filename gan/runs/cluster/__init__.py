"""Runs that train on a Ray cluster: the app asks, a foreman hands out places, and hosts train."""
