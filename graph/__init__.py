"""What exists, where it is kept, and what can be found in it."""
