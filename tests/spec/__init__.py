"""The specification: a small table of records, a question, the answer."""
