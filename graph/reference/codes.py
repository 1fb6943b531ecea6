"""The code lists of the children looked-after return, and what follows from a code.

Source: DfE, children looked-after return (SSDA903), code sets of 2017-18 to 2026-27; the union of all years,
so that an old file reads as well as a new one.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def code_list(name: str) -> Mapping[str, str]:
    """A code list by its name (rne, ls, cin, place, provider, rec, change, …): code to meaning."""
    text = resources.files("graph.reference").joinpath("codes.csv").read_text(encoding="utf-8")
    found = {row["code"]: row["meaning"] for row in csv.DictReader(text.splitlines()) if row["list"] == name}
    if not found:
        raise KeyError(name)
    return found


def meaning(name: str, code: str | None) -> str:
    """What a code means, in words; the code itself where it is not in the list."""
    return code_list(name).get(code or "", code or "not recorded")


# Short breaks: DfE leaves them out of every measure of children looked after.
SHORT_BREAKS = frozenset({"V3", "V4"})
# Temporary placements do not end the placement they interrupt.
TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})
# Reasons for a new episode that keep the carer, and those that bring a new one.
KEEPS_CARER = frozenset({"L", "T", "U"})
NEW_CARER = frozenset({"P", "B"})
# Buildings with a registration of their own. Elsewhere the URN is that of the fostering service or, for
# supported accommodation (K3), of a provider with many addresses (Supported Accommodation Regulations 2023).
REGISTERED_BUILDINGS = frozenset({"K1", "K2", "R3", "S1"})
FOSTER = frozenset({"U1", "U2", "U3", "U4", "U5", "U6"})
CONNECTED_PERSON = frozenset({"U1", "U2", "U3"})
WITH_PARENTS = frozenset({"P1"})
# Reasons for a change of placement that tell of an unplanned or a planned end (a house rule, printed).
UNPLANNED = frozenset({"CREQB", "CREQO", "ALLEG", "STAND", "APPRR", "CLOSE"})
PLANNED = frozenset({"CARPL", "CHILD", "LAREQ"})
# UPN codes that say why there is none: they identify nobody.
NO_UPN = frozenset({"UN1", "UN2", "UN3", "UN4", "UN5"})
