"""Checked rows of the Standard Safeguarding Dataset to the tables of the graph.

Every row ends up in a record, or is set aside with a reason: also one that only serves to look something up (a
legal status, a placement, a team) where nothing looked it up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pandas as pd

from graph.reference import codes
from ingest import ssd_children, ssd_people
from ingest.episodes import Agencies, Frames, about, care, department
from ingest.extract import Refusal, shaped
from ingest.ledger import Ledger, counted
from ingest.roles import RoleMap
from ingest.ssd_columns import (
    CARE_LEAVERS,
    EPISODES,
    HEALTH,
    IMMUNISATIONS,
    INVOLVEMENTS,
    LEGAL,
    MISSING,
    PERSON,
    PLACEMENTS,
    PROFESSIONALS,
    REVIEWS,
    SDQ,
    VISITS,
)
from ingest.ssd_rows import apart, longest, once

DUPLICATE = re.compile(r"\bduplicate\b", re.IGNORECASE)
MARKED = "someone marked as a duplicate"
# The kinds of health check, by words of theirs; the first that fits.
_CHECKS = (
    ("initial health assessment", r"initial|\biha\b"),
    ("review health assessment", r"review|\brha\b"),
    ("dental check", r"dent|teeth"),
    ("development check", r"surveillance|development"),
    ("immunisations", r"immuni[sz]|vaccin"),
    ("health assessment", r"health.*(assess|check)|medical"),
)
_DONE = re.compile(r"complete[d]?|done|attended|held|yes|y", re.IGNORECASE)


def tables(frames: Frames, authority: str, roles: RoleMap, ledger: Ledger) -> Mapping[str, pd.DataFrame]:
    """The tables that these files fill; an empty one where a file says that there were none."""
    frames = _without_duplicates(_with_children(frames, ledger), ledger)
    agencies: Agencies = []
    found: Frames = {}
    if EPISODES.name in frames:
        found |= _care(frames, authority, agencies, ledger)
    if INVOLVEMENTS.name in frames or CARE_LEAVERS.name in frames:
        found |= ssd_people.involvements(frames, authority, roles, agencies, ledger)
    if REVIEWS.name in frames or VISITS.name in frames:
        found |= _meetings(frames, authority, agencies, ledger)
    if MISSING.name in frames:
        found["events"] = _absences(frames[MISSING.name], ledger)
    if any(table.name in frames for table in (HEALTH, IMMUNISATIONS, SDQ)):
        found["assessments"] = _assessments(frames, ledger)
    found |= ssd_children.tables(frames, ledger)
    if agencies or EPISODES.name in frames or INVOLVEMENTS.name in frames:
        found["agencies"] = pd.DataFrame(agencies).drop_duplicates("id") if agencies else pd.DataFrame()
    if own := [row for row in agencies if row["id"] == f"social care {authority}"]:
        found["serves"] = pd.DataFrame([department(authority, own[0]["row"])[2]])
    return {name: shaped(name, frame) for name, frame in found.items()}


# --- rows that fall out ---


def _with_children(frames: Frames, ledger: Ledger) -> Frames:
    """Frames in which each review and visit names its child, where only its episode or period of care was given."""
    episodes = frames.get(EPISODES.name)
    of: dict[tuple[str, str], str] = {}
    for name in ("episode", "period") if episodes is not None else ():
        of |= {(name, i): c for i, c in zip(episodes[name], episodes["child"], strict=True) if i}  # type: ignore[index]
    found = dict(frames)
    for table in (REVIEWS, VISITS):
        if table.name in frames:
            rows = frames[table.name]
            columns = zip(rows["child"], rows["episode"], rows["period"], strict=True)
            named = [c or of.get(("episode", e or "")) or of.get(("period", p or "")) for c, e, p in columns]
            rows = rows.assign(child=pd.Series(named, index=rows.index, dtype=object))
            ledger.refuse(_of_nobody(table.columns["child"].name, row) for row in rows["row"][rows["child"].isna()])
            found[table.name] = rows.loc[rows["child"].notna()]
    return found


def _of_nobody(column: str, row: str) -> Refusal:
    file, _, number = row.rpartition(":")
    return Refusal(
        file, int(number), column, "nothing that tells which child", "the child's id, or that of a period of care",
        "Fill it in, or give ssd_cla_episodes with it, which says whose period of care it is.",
    )  # fmt: skip


def _without_duplicates(frames: Frames, ledger: Ledger) -> Frames:
    """Frames without people marked DUPLICATE in their names, and without what is said of them."""
    found = dict(frames)
    for table, names, key in ((PERSON, ("forename", "surname"), "child"), (PROFESSIONALS, ("name",), "worker")):
        if table.name not in found:
            continue
        people = found[table.name]
        marked = {
            i
            for i, *said in people[[key, *names]].itertuples(index=False)
            if any(DUPLICATE.search(s or "") for s in said)
        }
        if marked:
            what = "child" if key == "child" else "worker"
            ledger.note(f"{counted(len(marked), what)} marked DUPLICATE in the name: left out, with their rows.")
        for name, rows in found.items():
            if key in rows:
                found[name] = apart(rows, rows[key].isin(marked), MARKED, ledger)
    return found


# --- care ---


def _care(frames: Frames, authority: str, agencies: Agencies, ledger: Ledger) -> Frames:
    """Episodes with the placement and the legal status they were under on their first day."""
    rows = longest(frames[EPISODES.name], ["child", "start"], "another episode from the same day", ledger)
    status = _legal_status(rows, frames.get(LEGAL.name), ledger)
    rows = rows.assign(status=pd.Series(status, index=rows.index, dtype=object))
    rows = apart(rows, rows["status"].isin(codes.SHORT_BREAKS), "short breaks (V3, V4)", ledger)
    homes = _placements(rows, frames.get(PLACEMENTS.name), ledger)
    found = care(
        pd.DataFrame({
            "CHILD": rows["child"], "DECOM": rows["start"], "RNE": rows["rne"], "LS": rows["status"],
            "CIN": rows["need"], "PLACE": homes["type"], "PLACE_PROVIDER": homes["provider"], "DEC": rows["end"],
            "REC": rows["rec"], "REASON_PLACE_CHANGE": homes["change"], "HOME_POST": None,
            "PL_POST": homes["postcode"], "URN": homes["urn"], "PL_LA": homes["area"],
            "PL_DISTANCE": homes["miles"], "file": rows["file"], "row": rows["row"],
        }, dtype=object),
        authority, agencies, ledger, uasc=set(), called={"PL_POST": "placement postcode", "HOME_POST": "home postcode"},
    )  # fmt: skip
    # Without the placements there is nothing to say of where the child lived.
    return found if PLACEMENTS.name in frames else {"looks_after": found["looks_after"]}


def _legal_status(episodes: pd.DataFrame, rows: pd.DataFrame | None, ledger: Ledger) -> list[str | None]:
    """The status each episode began under: of several, that which began last."""
    if rows is None:
        ledger.note(
            "Without ssd_legal_status an episode's legal status, and whether it is a short break, is not known."
        )
        return [None] * len(episodes)
    rows = apart(rows, ~rows["status"].fillna("").astype(bool), "a legal status that the return does not know", ledger)
    of: dict[str, list[tuple[date, date, str, int]]] = {}
    for n, child, code, start, end in rows[["child", "status", "start", "end"]].itertuples():
        of.setdefault(child, []).append((start, end or date.max, code, n))
    held = [
        max((s for s in of.get(child, ()) if s[0] <= day < s[1]), default=None)
        for child, day in zip(episodes["child"], episodes["start"], strict=True)
    ]
    used = {s[3] for s in held if s}
    apart(rows, ~rows.index.isin(used), "a legal status under which no episode here began", ledger)
    if unknown := sum(s is None for s in held):
        ledger.note(f"{counted(unknown, 'episode')} without a legal status on the first day.")
    return [s[2] if s else None for s in held]


def _placements(episodes: pd.DataFrame, rows: pd.DataFrame | None, ledger: Ledger) -> pd.DataFrame:
    """The placement of each episode; the reason for its end stands on the last of its episodes."""
    names = ("type", "provider", "urn", "postcode", "miles", "area", "change")
    if rows is None:
        ledger.note("Without ssd_cla_placement it is not known where a child lived.")
        return pd.DataFrame({name: [None] * len(episodes) for name in names}, index=episodes.index, dtype=object)
    rows = once(rows, ["placement"], ["miles"], "another row of the same placement", ledger)
    rows = apart(rows, ~rows["placement"].isin(set(episodes["placement"])), "a placement of no episode here", ledger)
    details = rows.set_index("placement")[list(names)]
    found = details.reindex(episodes["placement"].where(episodes["placement"].isin(details.index), None))
    found = found.set_axis(episodes.index).astype(object)
    found = found.where(found.notna(), None)
    if unknown := int((~episodes["placement"].isin(details.index)).sum()):
        ledger.note(f"{counted(unknown, 'episode')} whose placement is not in ssd_cla_placement: where is not known.")
    last = ~episodes.sort_values("start", kind="stable").duplicated("placement", keep="last")
    ends = last.reindex(episodes.index) & episodes["end"].notna()
    return found.assign(change=found["change"].where(ends, None))


# --- what happened ---


def _meetings(frames: Frames, authority: str, agencies: Agencies, ledger: Ledger) -> Frames:
    """Reviews, and visits by the authority's social care: who visited, the SSD does not say."""
    parts, attended = [pd.DataFrame()], pd.DataFrame()
    if (reviews := frames.get(REVIEWS.name)) is not None:
        parts.append(_reviews(reviews, ledger))
    if (visits := frames.get(VISITS.name)) is not None:
        parts.append(found := _visits(visits, ledger))
        own, agency, _ = department(authority, found["row"].iloc[0] if len(found) else "")
        agencies += [agency] if len(found) else []
        attended = pd.DataFrame({
            "id": found["id"], "from": own, "to": "Meeting:" + found["id"].astype(object), "how": "present",
            "row": found["row"],
        }, dtype=object)  # fmt: skip
    tables = {"meetings": pd.concat(parts, ignore_index=True)}
    return tables if visits is None else {**tables, "attended": attended}


def _reviews(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    cancelled = rows["cancelled"].eq(True)
    on = rows["on"].where(rows["on"].notna() | ~cancelled, rows["due"])
    rows = rows.assign(on=on, held=~cancelled, told=rows["participation"].notna())
    rows = apart(rows, rows["on"].isna(), "a review without a date", ledger)
    rows = once(rows, ["child", "on"], ["held", "told"], "another row of the review on that day", ledger)
    return pd.DataFrame({
        "id": _ids(rows, "review", "on"), "kind": "review", "on": rows["on"], "due": rows["due"],
        "status": [None if held else "cancelled" for held in rows["held"]],
        "participation": rows["participation"], "about": _about(rows), "row": rows["row"],
    }, dtype=object)  # fmt: skip


def _visits(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    rows = apart(rows, rows["on"].isna(), "a visit without a date", ledger)
    rows = once(rows, ["child", "on"], ["seen", "alone"], "another visit on the same day", ledger)
    return pd.DataFrame({
        "id": _ids(rows, "visit", "on"), "kind": "visit", "on": rows["on"], "seen": rows["seen"],
        "alone": rows["alone"], "about": _about(rows), "row": rows["row"],
    }, dtype=object)  # fmt: skip


def _absences(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    lasting = rows.assign(lasts=[end or date.max for end in rows["end"]])
    rows = once(lasting, ["child", "kind", "start"], ["lasts"], "another absence from the same day", ledger)
    ids = [f"{c}|{k}|{d}" for c, k, d in zip(rows["child"], rows["kind"], rows["start"], strict=True)]
    return pd.DataFrame({
        "id": ids, "kind": rows["kind"], "on": rows["start"], "end": rows["end"], "about": _about(rows),
        "row": rows["row"],
    }, dtype=object)  # fmt: skip


def _assessments(frames: Frames, ledger: Ledger) -> pd.DataFrame:
    """Health checks that were done, immunisations and SDQs, each on its day."""
    parts = [pd.DataFrame(columns=["child", "kind", "on", "result", "file", "row"], dtype=object)]
    if (rows := frames.get(HEALTH.name)) is not None:
        kinds = [_check(text) for text in rows["type"]]
        rows = rows.assign(kind=pd.Series(kinds, index=rows.index, dtype=object), result="yes")
        open_ = [bool(status) and not _DONE.fullmatch(status) for status in rows["status"]]
        rows = apart(rows, open_, "a health check that was not completed", ledger)
        rows = apart(rows, rows["on"].isna(), "a health check without a date", ledger)
        parts.append(apart(rows, rows["kind"].isna(), "a health check of another kind", ledger))
    if (rows := frames.get(IMMUNISATIONS.name)) is not None:
        rows = apart(rows, rows["on"].isna() | rows["status"].isna(), "immunisations without a date or answer", ledger)
        parts.append(rows.assign(kind="immunisations", result=["yes" if done else "no" for done in rows["status"]]))
    if (rows := frames.get(SDQ.name)) is not None:
        rows = apart(rows, rows["on"].isna() | rows["score"].isna(), "an SDQ without a date or score", ledger)
        parts.append(rows.assign(kind="sdq", result=[str(score) for score in rows["score"]]))
    rows = pd.concat([part[parts[0].columns] for part in parts if len(part)] or parts[:1], ignore_index=True)
    rows = once(rows, ["child", "kind", "on"], [], "another assessment of that kind and day", ledger)
    ids = [f"{c}|{k}|{d}" for c, k, d in zip(rows["child"], rows["kind"], rows["on"], strict=True)]
    return pd.DataFrame({
        "id": ids, "kind": rows["kind"], "on": rows["on"], "result": rows["result"], "about": _about(rows),
        "row": rows["row"],
    }, dtype=object)  # fmt: skip


def _check(text: str | None) -> str | None:
    said = (text or "").casefold()
    return next((kind for kind, words in _CHECKS if re.search(words, said)), None)


def _ids(rows: pd.DataFrame, kind: str, day: str) -> list[str]:
    return [f"{child}|{kind}|{on}" for child, on in zip(rows["child"], rows[day], strict=True)]


def _about(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    return about(rows.rename(columns={"child": "CHILD"}))
