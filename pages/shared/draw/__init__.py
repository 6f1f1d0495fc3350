"""Pictures, charts and colours."""
