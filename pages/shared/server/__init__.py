"""What all visitors of a server share: its runs, its door, its key, its start and end."""
