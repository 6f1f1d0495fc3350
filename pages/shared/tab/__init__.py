"""What one browser tab remembers."""
