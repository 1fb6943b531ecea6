"""One question a .cypher file."""
