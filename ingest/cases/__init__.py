"""Published reviews as tables, with invented dates: what each fact of a review should let the software say.

Each case is a folder of tables as `graph.model` describes them. Its README says which sentence of the review
each record stands for, and which records were invented so that the case is complete.
"""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

from graph.errors import TeamaroundError

# The day from which each case looks back, and the authority responsible for the child. Cases of one authority look
# back from one day, so that one analysis of it shows them all.
AS_AT = {"b": date(2018, 11, 30), "sophie": date(2016, 9, 2), "v": date(2018, 11, 30)}
AUTHORITY = {"b": "E06000060", "sophie": "E10000031", "v": "E06000060"}


def cases() -> list[str]:
    """The names of the cases, in alphabetical order."""
    return sorted(AS_AT)


def case_folder(name: str) -> Path:
    """The folder with a case's tables. Raises TeamaroundError for a name that is not in `cases()`."""
    if name not in AS_AT:
        raise TeamaroundError(f"There is no case {name!r}. The cases are: {', '.join(cases())}.")
    # The packages are installed as plain files: a folder in a zip has no path to hand to a reader.
    return Path(str(resources.files(__name__).joinpath(name)))
