"""Was the child heard: what she said, and what became of it."""
