"""The rules, one family a file. A file dropped here is found by `graph.findings.rules`."""
