"""Pages that are written from the code: `python -m docs` writes them anew, and a test notices a stale one."""
