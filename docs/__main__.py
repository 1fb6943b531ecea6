"""Write the generated pages; with --count, first count anew, on invented councils, what they say (minutes)."""

import argparse

from docs import calibration, frequency
from docs.pages import pages, write

options = argparse.ArgumentParser(prog="python -m docs")
options.add_argument("--count", action="store_true", help="count anew, on invented councils")
if options.parse_args().count:
    frequency.keep(frequency.count().values())
    write({"council.md": calibration.page()})
write(pages())
