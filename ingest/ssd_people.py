"""Who works with the children of a Standard Safeguarding Dataset: workers, teams, agencies, involvements.

A worker goes by the registration number, else the number in the staff list, else the name within an agency. Which
agency: the authority's own social care for its staff and for roles of social care; for another role, and for staff
of an external agency, an agency of the role's kind (`graph/reference/roles.csv`), named by the department or team
where that is given. No name is made up for an agency: an involvement without one still has the kind of its role.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from graph.reference import roles as reference_roles
from ingest import checking
from ingest.episodes import Agencies, Frames, department
from ingest.ledger import Ledger, counted
from ingest.roles import RoleMap
from ingest.ssd_columns import CARE_LEAVERS, DEPARTMENT, INVOLVEMENTS, PROFESSIONALS
from ingest.ssd_rows import apart, longest, once

EXTERNAL = re.compile(r"external agency\s*(?:[|:/-]\s*(.*))?", re.IGNORECASE)
NO_OFFICER = (
    "No reviewing officer is named in this extract: some case systems export allocated workers only; an "
    "allocations list fills the gap."
)
# A role that so few children have may be a name in the wrong column.
FEW_CHILDREN = 2
SHOWN, SHOWN_ROLES = 60, 20
UNMAPPED = "Role not in the map, kept as other"
_TIE = ("child", "worker", "role", "local_role", "team", "team_name", "start", "end", "reason", "file", "row")


@dataclass(frozen=True)
class Worker:
    """A row of ssd_professionals, or a worker of whom only the id or the name is known."""

    id: str
    row: str
    registration: str | None = None
    staff: str | None = None
    name: str | None = None
    title: str | None = None
    department: str | None = None
    external: bool = False

    @property
    def numbered(self) -> bool:
        """Whether a number tells who it is."""
        return bool(self.registration or self.staff)


def involvements(frames: Frames, authority: str, roles: RoleMap, agencies: Agencies, ledger: Ledger) -> Frames:
    """The tables involved_with, professionals and teams; the agencies they name are added to `agencies`."""
    rows = _rows(frames.get(INVOLVEMENTS.name), ledger)
    leaving = frames.get(CARE_LEAVERS.name)
    workers = _workers(frames.get(PROFESSIONALS.name), ledger)
    teams = _Teams(frames.get(DEPARTMENT.name))
    ties = _ties(rows, workers, teams, roles)
    _note_roles(ties, roles, frames, ledger)
    ties = longest(ties, ["child", "worker", "role", "start"], "the same worker, role and first day again", ledger)
    if leaving is not None:
        ties = pd.concat([ties, _advisers(leaving, ties, workers, teams, ledger)], ignore_index=True)
    ties = _with_agencies(ties, workers, teams, authority, agencies)
    used = _apart_unused(frames, ties, workers, ledger)
    return {
        "involved_with": _involved_with(ties),
        "professionals": _professionals(used, ties, ledger),
        "teams": _team_table(ties, authority),
    }


def _rows(rows: pd.DataFrame | None, ledger: Ledger) -> pd.DataFrame:
    if rows is None:
        return pd.DataFrame(columns=[*INVOLVEMENTS.columns, "file", "row"], dtype=object)
    return apart(rows, rows["worker"].isna(), "an involvement that names no worker", ledger)


# --- workers and teams ---


def _workers(rows: pd.DataFrame | None, ledger: Ledger) -> dict[str, Worker]:
    if rows is None:
        return {}
    rows = once(rows, ["worker"], [], "another row of the same worker", ledger)
    return {row["worker"]: _worker(row) for row in rows.to_dict("records")}


def _worker(row: Mapping[Any, Any]) -> Worker:
    said = {name: row[name] or None for name in ("registration", "staff", "name", "title", "department")}
    marks = {name: EXTERNAL.fullmatch(said[name] or "") for name in ("staff", "title", "department")}
    # What stands behind `External Agency|` says what the worker is, and is nobody's number.
    behind = next((found[1] for found in marks.values() if found and found[1]), None)
    own = {name: None if marks.get(name) else value for name, value in said.items()}
    return Worker(row["worker"], row["row"], **{**own, "title": own["title"] or behind}, external=any(marks.values()))


class _Teams:
    """Names of teams by id; a team may also be given by its name."""

    def __init__(self, rows: pd.DataFrame | None) -> None:
        self.names = dict(zip(rows["team"], rows["name"], strict=True)) if rows is not None else {}
        self.lines = dict(zip(rows["team"], rows["row"], strict=True)) if rows is not None else {}

    def name(self, team: str | None) -> str | None:
        """What a team is called; None for a number that no row explains."""
        if not team or team in self.names:
            return self.names.get(team or "")
        return None if team.isdecimal() else team


# --- involvements ---


def _ties(rows: pd.DataFrame, workers: dict[str, Worker], teams: _Teams, roles: RoleMap) -> pd.DataFrame:
    """Involvements with their words for the role, and the role these stand for."""
    for worker, row in rows[["worker", "row"]].itertuples(index=False):
        workers.setdefault(worker, Worker(worker, row))
    words = [role or workers[worker].title for worker, role in zip(rows["worker"], rows["role"], strict=True)]
    return rows.assign(
        local_role=pd.Series(words, index=rows.index, dtype=object),
        role=pd.Series([roles.role(said) or "other" for said in words], index=rows.index, dtype=object),
        team_name=pd.Series([teams.name(team) for team in rows["team"]], index=rows.index, dtype=object),
    )


def _note_roles(ties: pd.DataFrame, roles: RoleMap, frames: Frames, ledger: Ledger) -> None:
    """Words for roles that are not in the map, the most frequent first; rare ones may be names and are not shown."""
    if INVOLVEMENTS.name in frames and not (ties["role"] == "iro").any():
        ledger.note(NO_OFFICER)
    unknown = ties.loc[[said is None or roles.role(said) is None for said in ties["local_role"]]]
    if blank := int(unknown["local_role"].isna().sum()):
        ledger.note(f"{counted(blank, 'involvement')} without a role, kept as other.")
    folded = [checking.folded(said) for said in unknown["local_role"].dropna()]
    counts = unknown.dropna(subset="local_role").assign(words=folded).groupby("words")
    said = counts.agg(text=("local_role", "first"), rows=("role", "size"), children=("child", "nunique"))
    said = said.sort_values(["rows", "text"], ascending=[False, True])
    rare = said["children"] <= FEW_CHILDREN
    for text, n, children in said.loc[~rare].head(SHOWN_ROLES).itertuples(index=False):
        ledger.note(f"{UNMAPPED}: “{text[:SHOWN]}” ({_of(n, children)}). Map it with --roles FILE.")
    for text, n, children in said.loc[rare].head(SHOWN_ROLES).itertuples(index=False):
        ledger.note(f"{UNMAPPED}: a text of {len(text)} characters ({_of(n, children)}); it may be a name.")
    if more := sum(max(0, int(part.sum()) - SHOWN_ROLES) for part in (rare, ~rare)):
        ledger.note(f"{UNMAPPED}: {counted(more, 'more text')}.")


def _of(rows: int, children: int) -> str:
    return f"{counted(rows, 'row')}, {counted(children, 'child')}"


def _advisers(
    rows: pd.DataFrame, ties: pd.DataFrame, workers: dict[str, Worker], teams: _Teams, ledger: Ledger
) -> pd.DataFrame:
    """Personal advisers whom only ssd_care_leavers names, from the earliest day it names on.

    It does not say when the adviser began: that is a day on which she surely was one.
    """
    rows = apart(rows, rows["adviser"].isna(), "a care leaver without a personal adviser", ledger)
    days = [min(filter(None, both), default=None) for both in zip(rows["contact"], rows["reviewed"], strict=True)]
    rows = rows.assign(start=pd.Series(days, index=rows.index, dtype=object))
    rows = apart(rows, rows["start"].isna(), "a personal adviser without any date", ledger)
    named: dict[str, set[str]] = {}
    for worker in workers.values():
        named.setdefault(checking.folded(worker.name or ""), set()).add(worker.id)
    found = [_adviser(said, row, workers, named) for said, row in zip(rows["adviser"], rows["row"], strict=True)]
    rows = rows.assign(worker=pd.Series(found, index=rows.index, dtype=object))
    known = {(c, w) for c, w, r in ties[["child", "worker", "role"]].itertuples(index=False) if r == "personal_adviser"}
    again = [pair in known for pair in zip(rows["child"], rows["worker"], strict=True)]
    rows = apart(rows, again, "a personal adviser whom ssd_involvements has", ledger)
    rows = once(rows, ["child", "worker"], [], "the same personal adviser again", ledger)
    if len(rows):
        ledger.note(
            f"{counted(len(rows), 'personal adviser')} named in ssd_care_leavers only, which does not say since when: "
            "kept from the earliest day it names for the young person."
        )
    return rows.assign(
        role="personal_adviser", local_role=None, end=None, reason=None,
        team_name=pd.Series([teams.name(team) for team in rows["team"]], index=rows.index, dtype=object),
    )[list(_TIE)]  # fmt: skip


def _adviser(said: str, row: str, workers: dict[str, Worker], named: Mapping[str, set[str]]) -> str:
    """The worker whom a text means: an id, the name of one worker, else someone of that name."""
    if said in workers:
        return said
    same = named.get(checking.folded(said), set())
    if len(same) == 1:
        return next(iter(same))
    new = Worker(f"name {checking.folded(said)}", row, name=None if said.isdecimal() else said)
    return workers.setdefault(new.id, new).id


# --- agencies ---


def _with_agencies(
    ties: pd.DataFrame, workers: Mapping[str, Worker], teams: _Teams, authority: str, agencies: Agencies
) -> pd.DataFrame:
    """Each involvement with its agency, and with its team where that is one of the authority's own."""
    own, agency, _ = department(authority, ties["row"].iloc[0] if len(ties) else "")
    found: list[tuple[str | None, str | None]] = []
    for role, worker, team, row in ties[["role", "worker", "team_name", "row"]].itertuples(index=False):
        kind, name = _agency(role, workers[worker], team)
        if kind == "own":
            found.append((own, team))
        elif name:
            agencies.append({"id": f"{kind}: {checking.folded(name)}", "kind": kind, "name": name, "row": row})
            found.append((f"Agency:{kind}: {checking.folded(name)}", None))
        else:
            found.append((None, None))
    if any(of == own for of, _ in found):
        agencies.append(agency)
    return ties.assign(
        agency=pd.Series([a for a, _ in found], index=ties.index, dtype=object),
        own_team=pd.Series([t for _, t in found], index=ties.index, dtype=object),
        team_row=pd.Series([teams.lines.get(t) for t in ties["team"]], index=ties.index, dtype=object),
    )


def _agency(role: str, worker: Worker, team: str | None) -> tuple[str, str | None]:
    """The kind of agency someone works for in a role, and its name; `own` is the authority's social care."""
    kind = reference_roles.roles()[role].agency_kind
    if not worker.external and (kind == "social care" or (kind == "other" and worker.numbered)):
        return "own", None
    name = worker.department or (None if EXTERNAL.fullmatch(team or "") else team)
    # The authority's own staff in a role of education are no school.
    return kind, None if kind == "school" and worker.numbered and not worker.external else name


# --- to tables ---


def _apart_unused(frames: Frames, ties: pd.DataFrame, workers: Mapping[str, Worker], ledger: Ledger) -> list[Worker]:
    """The workers who are involved; rows of others, and of teams that no involvement names, are set aside."""
    involved = set(ties["worker"])
    if (rows := frames.get(PROFESSIONALS.name)) is not None:
        kept = {worker.row for worker in workers.values()}
        rows = rows.loc[rows["row"].isin(kept)]
        apart(rows, ~rows["worker"].isin(involved), "a worker without an involvement here", ledger)
    if (rows := frames.get(DEPARTMENT.name)) is not None:
        rows = once(rows, ["team"], [], "another row of the same team", ledger)
        apart(rows, ~rows["team"].isin(set(ties["team"])), "a team that no involvement here names", ledger)
    return [worker for id, worker in workers.items() if id in involved]


def _involved_with(ties: pd.DataFrame) -> pd.DataFrame:
    keys = ties[["child", "worker", "role", "start"]].itertuples(index=False)
    return pd.DataFrame({
        "id": ["|".join(map(str, key)) for key in keys],
        "from": "Professional:" + ties["worker"].astype(object), "to": "Child:" + ties["child"].astype(object),
        "role": ties["role"], "local_role": ties["local_role"], "agency": ties["agency"],
        "team": [f"Team:{checking.folded(name)}" if name else None for name in ties["own_team"]],
        "start": ties["start"], "end": ties["end"], "start_reason": [reason or None for reason in ties["reason"]],
        "row": ties["row"],
    }, dtype=object)  # fmt: skip


def _professionals(workers: Iterable[Worker], ties: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """One row a worker. Of workers whom a name alone tells apart from no other, nobody can say who is who."""
    worked: dict[str, set[str | None]] = {}
    for worker, agency in ties[["worker", "agency"]].itertuples(index=False):
        worked.setdefault(worker, set()).add(agency)
    everyone = list(workers)
    keys = [None if w.numbered or not w.name else (checking.folded(w.name), frozenset(worked[w.id])) for w in everyone]
    times = Counter(keys)
    shared = [key is not None and times[key] > 1 for key in keys]
    if any(shared):
        ledger.note(
            f"{counted(sum(shared), 'worker')} without a number share a name within one agency: each is kept as a "
            "person of their own whom nobody can tell."
        )
    if unknown := sum(not (w.numbered or w.name) for w in everyone):
        ledger.note(f"{counted(unknown, 'worker')} of whom neither a number nor a name is given: nobody can tell them.")
    return pd.DataFrame([
        {"id": w.id, "name": w.name, "registration": w.registration, "staff_id": w.staff,
         "identified": bool(w.numbered or w.name) and not unclear, "row": w.row}
        for w, unclear in zip(everyone, shared, strict=True)
    ], dtype=object)  # fmt: skip


def _team_table(ties: pd.DataFrame, authority: str) -> pd.DataFrame:
    rows = ties.dropna(subset="own_team")
    rows = rows.assign(id=[checking.folded(name) for name in rows["own_team"]]).drop_duplicates("id")
    lines = [line or row for line, row in zip(rows["team_row"], rows["row"], strict=True)]
    own = department(authority, "")[0]
    return pd.DataFrame({
        "id": rows["id"], "name": rows["own_team"], "part_of": [(own,)] * len(rows), "row": lines,
    }, dtype=object)  # fmt: skip
