"""Files to checked tables, one module a source."""
