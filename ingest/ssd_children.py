"""The children of a Standard Safeguarding Dataset: who they are, by which numbers, and who their siblings are.

An extract names everyone whom social care knows. Kept are those of whom its other files tell something, and their
siblings; of the rest there is nothing to show, and what is not needed is not stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations

import pandas as pd

from graph.reference import codes
from ingest import checking
from ingest.checking import Column
from ingest.episodes import Frames
from ingest.ledger import Ledger, counted
from ingest.ssd_columns import (
    CARE_LEAVERS,
    EPISODES,
    FAMILY,
    HEALTH,
    IDENTIFIERS,
    IMMUNISATIONS,
    INVOLVEMENTS,
    MISSING,
    PERSON,
    REVIEWS,
    SDQ,
    VISITS,
)
from ingest.ssd_rows import apart, once

# A number that more children share than any family has is a filler.
LARGEST_FAMILY = 15
# Tables that tell something of a child's life, and not only who the child is.
TELLING = (EPISODES, INVOLVEMENTS, REVIEWS, VISITS, HEALTH, IMMUNISATIONS, SDQ, MISSING, CARE_LEAVERS)
NOBODY_ELSE = "about someone of whom no other file here tells anything"

_NUMBERS: Mapping[str, Column] = {
    "upn": Column("link_identifier_value", **{**checking.UPN, "required": True}),
    "nhs": Column("link_identifier_value", **{**checking.NHS_NUMBER, "required": True}),
}


def tables(frames: Frames, ledger: Ledger) -> Frames:
    """The tables children and, where there are families, sibling_of."""
    told = _told(frames)
    found: Frames = {}
    kin = pd.DataFrame(columns=["child", "file", "row"])
    if (families := frames.get(FAMILY.name)) is not None:
        kin = _families(families, None if told is None else set(told["child"]), ledger)
        found["sibling_of"] = _siblings(kin)
    others = kin if told is None else pd.concat([told, kin[["child", "file", "row"]]])
    rows = _people(frames, others.drop_duplicates("child"), told is not None, ledger)
    numbers = _identifiers(frames.get(IDENTIFIERS.name), set(rows["child"]), ledger)
    found["children"] = _children(rows, numbers)
    return found


def _told(frames: Frames) -> pd.DataFrame | None:
    """The first line about each child of whom something is told; None where no file could tell anything."""
    parts = [frames[table.name][["child", "file", "row"]] for table in TELLING if table.name in frames]
    return pd.concat(parts).drop_duplicates("child") if parts else None


def _people(frames: Frames, others: pd.DataFrame, choose: bool, ledger: Ledger) -> pd.DataFrame:
    """A row a child, blank but for the number where ssd_person has none. choose: leave out whom nothing is told of."""
    rows = frames.get(PERSON.name, pd.DataFrame(columns=[*PERSON.columns, "file", "row"], dtype=object))
    rows = once(rows, ["child"], ["born"], "another row of the same person", ledger)
    if choose:
        rows = apart(rows, ~rows["child"].isin(others["child"]), NOBODY_ELSE, ledger)
    nameless = others.loc[~others["child"].isin(rows["child"])]
    for file, of in nameless.groupby("file"):
        ledger.note(f"{file}: {counted(len(of), 'child')} without a row in ssd_person, kept as they are.")
    both = pd.concat([rows, nameless.astype(object)], ignore_index=True).reindex(columns=rows.columns).astype(object)
    return both.where(both.notna(), None)


def _children(rows: pd.DataFrame, numbers: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    earlier = zip(rows["child"], rows["legacy"], strict=True)
    aliases = [(old,) if old and old != child else None for child, old in earlier]
    names = [" ".join(filter(None, both)) or None for both in zip(rows["forename"], rows["surname"], strict=True)]
    return pd.DataFrame({
        "id": rows["child"], "local_id": rows["child"], "name": names, "born": rows["born"],
        "expected": [day if born is None else None for day, born in zip(rows["expected"], rows["born"], strict=True)],
        "sex": rows["sex"], "ethnicity": rows["ethnicity"],
        "upn": [own or numbers.get(("upn", c)) for c, own in zip(rows["child"], rows["upn"], strict=True)],
        "nhs_number": [own or numbers.get(("nhs", c)) for c, own in zip(rows["child"], rows["nhs"], strict=True)],
        "aliases": aliases, "row": rows["row"],
    }, dtype=object)  # fmt: skip


# --- linked identifiers ---


def _identifiers(rows: pd.DataFrame | None, children: set[str], ledger: Ledger) -> Mapping[tuple[str, str], str]:
    """UPN and NHS number of each child, the one that is valid or was last."""
    if rows is None:
        return {}
    rows = rows.assign(kind=pd.Series([_kind_of_number(t) for t in rows["type"]], index=rows.index, dtype=object))
    rows = apart(rows, rows["kind"].isna(), "an identifier other than a UPN or an NHS number", ledger)
    rows = apart(rows, ~rows["child"].isin(children), NOBODY_ELSE, ledger)
    rows = apart(
        rows, rows["value"].isna() | rows["value"].isin(codes.NO_UPN), "an identifier without a number", ledger
    )
    read = [_NUMBERS[kind].value(value) for kind, value in zip(rows["kind"], rows["value"], strict=True)]
    rows = rows.assign(number=pd.Series(read, index=rows.index, dtype=object))
    for kind, value, row in rows.loc[rows["number"].isna(), ["kind", "value", "row"]].itertuples(index=False):
        file, _, number = row.rpartition(":")
        ledger.refuse([checking.refusal(_NUMBERS[kind], value, file, int(number))])
    rows = rows.loc[rows["number"].notna()]
    rows = rows.assign(valid=pd.Series([end or date.max for end in rows["end"]], index=rows.index, dtype=object))
    rows = once(rows, ["child", "kind"], ["valid", "start"], "an identifier that another has replaced", ledger)
    return {(kind, child): n for kind, child, n in rows[["kind", "child", "number"]].itertuples(index=False)}


def _kind_of_number(text: str | None) -> str | None:
    said = (text or "").casefold()
    if "former" in said or "previous" in said:
        return None
    return "upn" if "upn" in said or "unique pupil" in said else "nhs" if "nhs" in said else None


# --- siblings ---


def _families(rows: pd.DataFrame, told: set[str] | None, ledger: Ledger) -> pd.DataFrame:
    """The rows of families with more than one child, one of whom something is told of."""
    rows = once(rows, ["child", "family"], [], "another row of the same family", ledger)
    size = rows.groupby("family")["child"].transform("size")
    if fillers := int(rows["family"][size > LARGEST_FAMILY].nunique()):
        ledger.note(f"{counted(fillers, 'family id')} shared by more than {LARGEST_FAMILY} children: no family.")
    rows = apart(rows, size > LARGEST_FAMILY, "a family id that too many children share", ledger)
    if told is not None:
        known = set(rows["family"][rows["child"].isin(told)])
        rows = apart(rows, ~rows["family"].isin(known), NOBODY_ELSE, ledger)
    alone = rows.groupby("family")["child"].transform("size") < 2
    return apart(rows, alone, "no other child of the family is in the file", ledger)


def _siblings(rows: pd.DataFrame) -> pd.DataFrame:
    """Children with one family id, each pair once."""
    pairs: dict[tuple[str, str], str] = {}
    for _, family in rows.sort_values("child").groupby("family"):
        members: Iterable[tuple[str, str]] = family[["child", "row"]].itertuples(index=False, name=None)
        pairs |= {(a, b): row for (a, _), (b, row) in combinations(members, 2)}
    return pd.DataFrame(
        [{"id": f"{a}|{b}", "from": f"Child:{a}", "to": f"Child:{b}", "row": row} for (a, b), row in pairs.items()]
    )
