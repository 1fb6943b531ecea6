"""The published reviews: each fact as data, its finding, its record, and what mending it changes."""
