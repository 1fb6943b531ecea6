"""Checked rows of the return, each fact once, to the tables of the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ingest.episodes import Agencies, Frames, about, care, department
from ingest.extract import shaped
from ingest.ledger import Ledger, counted, listed
from ingest.ssda903_columns import ANSWERS, EPISODES, HEADER, MISSING, OC2, REVIEWS, UASC, WORKERS


def tables(frames: Frames, authority: str, ledger: Ledger) -> Mapping[str, pd.DataFrame]:
    """The tables that these files fill; an empty one where a file says that there were none."""
    found: Frames = {"children": _children(frames, ledger)}
    agencies: Agencies = []
    episodes, workers = frames.get(EPISODES.name), frames.get(WORKERS.name)
    if episodes is not None:
        found |= care(episodes, authority, agencies, ledger, uasc=_seeking_asylum(frames))
    if workers is not None:
        found |= _social_workers(workers, authority, agencies)
    if (reviews := frames.get(REVIEWS.name)) is not None:
        found["meetings"] = _reviews(reviews)
    if (missing := frames.get(MISSING.name)) is not None:
        found["events"] = _absences(missing)
    if (answers := frames.get(OC2.name)) is not None:
        found["assessments"] = _assessments(answers, ledger)
    if episodes is not None or workers is not None:
        found["agencies"] = pd.DataFrame(agencies)
    return {name: shaped(name, frame) for name, frame in found.items()}


def _children(frames: Frames, ledger: Ledger) -> pd.DataFrame:
    """Every child of any table; one without a header row is kept, and noted."""
    every = [f[["CHILD", "file", "row", *(["DOB"] if "DOB" in f else [])]] for f in frames.values() if len(f)]
    header = frames.get(HEADER.name)
    named = header if header is not None else pd.DataFrame(columns=["CHILD"])
    others = pd.concat(every, ignore_index=True) if every else pd.DataFrame(columns=["CHILD", "file", "row"])
    nameless = others.loc[~others["CHILD"].isin(named["CHILD"])].drop_duplicates("CHILD")
    for file, rows in nameless.groupby("file")["row"]:
        _note_nameless(str(file), [r.rpartition(":")[2] for r in rows], ledger)
    children = pd.concat([f for f in (named, nameless) if len(f)] or [named]).reset_index(drop=True)
    given = {name: children.get(name) for name in ("DOB", "SEX", "ETHNIC", "UPN", "UASC")}
    uasc = frames.get(UASC.name)
    seeking = set(uasc["CHILD"]) if uasc is not None else set()
    return pd.DataFrame({
        "id": children["CHILD"], "local_id": children["CHILD"], "born": given["DOB"], "sex": given["SEX"],
        "ethnicity": given["ETHNIC"], "upn": given["UPN"],
        "uasc": [True if child in seeking else flag
                 for child, flag in zip(children["CHILD"], _cells(given["UASC"], len(children)), strict=True)],
        "row": children.get("row"),
    }, dtype=object)  # fmt: skip


def _cells(column: pd.Series | None, rows: int) -> list[Any]:
    return [None] * rows if column is None else [None if v != v else v for v in column]


def _note_nameless(file: str, rows: Sequence[str], ledger: Ledger) -> None:
    first = f"first at row {listed(rows)}"
    ledger.note(f"{file}: {counted(len(rows), 'child')} without a header row, kept as they are ({first}).")


def _seeking_asylum(frames: Frames) -> set[str]:
    """Children for whom DfE asks for no distance from home."""
    found = set(frames[UASC.name]["CHILD"]) if UASC.name in frames else set()
    header = frames.get(HEADER.name)
    return found if header is None else found | set(header.loc[header["UASC"].eq(True), "CHILD"])


def _social_workers(workers: pd.DataFrame, authority: str, agencies: Agencies) -> Frames:
    """Each social worker of each child. `XX…` is nobody one can name, and never joins two children."""
    known = workers["SW_ID"].str.startswith("SW")
    person = [w if sure else f"{w}|{c}" for w, c, sure in zip(workers["SW_ID"], workers["CHILD"], known, strict=True)]
    rows = workers.assign(person=person, known=known)
    once = rows.drop_duplicates("person")
    own, agency, serves = department(authority, rows["row"].iloc[0] if len(rows) else "")
    if len(rows):
        agencies.append(agency)
    involved = pd.DataFrame({
        "id": [f"{c}|{w}|{d}" for c, w, d in rows[["CHILD", "SW_ID", "SW_DECOM"]].itertuples(index=False)],
        "from": "Professional:" + rows["person"].astype(object), "to": "Child:" + rows["CHILD"],
        "role": "social_worker", "agency": own, "start": rows["SW_DECOM"],
        "end": rows["SW_DEC"], "start_reason": rows["SW_REASON"], "row": rows["row"],
    })  # fmt: skip
    professionals = pd.DataFrame({
        "id": once["person"], "registration": once["SW_ID"].where(once["known"], None),
        "identified": once["known"].astype(object), "row": once["row"],
    })  # fmt: skip
    return {
        "involved_with": involved,
        "professionals": professionals,
        "serves": pd.DataFrame([serves] if len(rows) else []),
    }


def _reviews(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "id": [f"{c}|review|{d}" for c, d in zip(rows["CHILD"], rows["REVIEW"], strict=True)],
        "kind": "review", "on": rows["REVIEW"], "participation": rows["REVIEW_CODE"],
        "about": about(rows), "row": rows["row"],
    })  # fmt: skip


def _absences(rows: pd.DataFrame) -> pd.DataFrame:
    kinds = ["missing" if code == "M" else "away" for code in rows["MISSING"]]
    return pd.DataFrame({
        "id": [f"{c}|{k}|{d}" for c, k, d in zip(rows["CHILD"], kinds, rows["MIS_START"], strict=True)],
        "kind": kinds, "on": rows["MIS_START"], "end": rows["MIS_END"],
        "about": about(rows), "row": rows["row"],
    })  # fmt: skip


def _assessments(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """OC2's answers, each on 31 March of its year."""
    answers = [*ANSWERS.items(), ("SDQ_SCORE", "sdq")]
    ledger.set_aside(
        rows["file"][rows[[name for name, _ in answers]].isna().all(axis=1)], "a row without a health answer"
    )
    found = []
    for name, kind in answers:
        given = rows.loc[rows[name].notna()]
        found.append(pd.DataFrame({
            "id": [f"{c}|{kind}|{y}" for c, y in zip(given["CHILD"], given["year"], strict=True)],
            "kind": kind, "on": [date(int(y), 3, 31) for y in given["year"]],
            "result": [_result(value) for value in given[name]],
            "about": about(given), "row": given["row"],
        }, dtype=object))  # fmt: skip
    return pd.concat(found, ignore_index=True)


def _result(value: bool | int) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
