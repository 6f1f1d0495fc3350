"""A run on its thread, and who may steer it."""
