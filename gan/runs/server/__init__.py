"""All that a server has: its runs, contests and downloads."""
