"""Checked rows of the return, each fact once, to the tables of the graph.

A home is told by its URN where that is a registered building's, else by child, URN and postcode: for a foster
home the URN is that of the fostering service. The postcode itself only tells homes apart; it is not stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from graph import reference
from graph.reference import codes
from ingest import postcodes
from ingest.extract import shaped
from ingest.ledger import Ledger, counted, listed
from ingest.ssda903_columns import ANSWERS, EPISODES, HEADER, MISSING, OC2, REVIEWS, UASC, WORKERS

Frames = dict[str, pd.DataFrame]  # by the table of the return, or of the graph


def tables(frames: Frames, authority: str, ledger: Ledger) -> Mapping[str, pd.DataFrame]:
    """The tables that these files fill; an empty one where a file says that there were none."""
    found: Frames = {"children": _children(frames, ledger)}
    agencies: list[dict[str, Any]] = []
    episodes, workers = frames.get(EPISODES.name), frames.get(WORKERS.name)
    if episodes is not None:
        found |= _care(episodes, frames, authority, agencies, ledger)
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


def _care(
    episodes: pd.DataFrame, frames: Frames, authority: str, agencies: list[dict[str, Any]], ledger: Ledger
) -> Frames:
    """Episodes as stays: who looks after the child, where it lives, how far away and in whose area."""
    rows = episodes.assign(
        id=[f"{c}|{d}" for c, d in zip(episodes["CHILD"], episodes["DECOM"], strict=True)],
        child="Child:" + episodes["CHILD"],
        home=pd.Series(_homes(episodes), index=episodes.index, dtype=object),  # text, also where no row is left
    )
    places = _located(rows, ledger)
    found = {
        "looks_after": _looks_after(rows, authority),
        "placed_at": _placed_at(rows, places, _seeking_asylum(frames)),
        "placements": _placements(rows),
        "in_area": _in_area(rows, places, ledger),
        "provides": _provides(rows),
    }
    for urn, row in found["provides"].drop_duplicates("urn")[["urn", "row"]].itertuples(index=False):
        agencies.append({"id": _service(urn), "kind": "provider", "name": f"Fostering service URN {urn}",
                         "service": "fostering", "row": row})  # fmt: skip
    return found


def _seeking_asylum(frames: Frames) -> set[str]:
    """Children for whom DfE asks for no distance from home."""
    found = set(frames[UASC.name]["CHILD"]) if UASC.name in frames else set()
    header = frames.get(HEADER.name)
    return found if header is None else found | set(header.loc[header["UASC"].eq(True), "CHILD"])


def _service(urn: str) -> str:
    return f"fostering service {urn}"


def _homes(episodes: pd.DataFrame) -> list[str]:
    """What tells one home from another: a registered building's URN; else child, URN and postcode."""
    columns = (episodes[name] for name in ("CHILD", "DECOM", "PLACE", "URN", "PL_POST"))
    return [
        f"urn {urn}" if urn and place in codes.REGISTERED_BUILDINGS
        else f"{child}|{urn or ''}|{postcode or ''}" if urn or postcode
        else f"{child}|{start}"
        for child, start, place, urn, postcode in zip(*columns, strict=True)
    ]  # fmt: skip


def _located(rows: pd.DataFrame, ledger: Ledger) -> Mapping[str, postcodes.Place]:
    asked = {p for name in ("HOME_POST", "PL_POST") for p in rows[name] if p}
    places = postcodes.locate(asked)
    for name, what in (("PL_POST", "the area"), ("HOME_POST", "the distance")):
        unknown = [bool(p) and p not in places for p in rows[name]]
        for file, count in rows["file"][unknown].value_counts(sort=False).items():
            rows_with = f"{counted(int(count), 'row')} with a {name}"
            ledger.note(f"{file}: {rows_with} that is not in the ONS directory: {what} is not known.")
    return places


def _looks_after(rows: pd.DataFrame, authority: str) -> pd.DataFrame:
    return pd.DataFrame({
        "id": rows["id"], "from": f"LocalAuthority:{authority}", "to": rows["child"],
        "legal_status": rows["LS"], "need": rows["CIN"], "start": rows["DECOM"], "end": rows["DEC"],
        "start_reason": rows["RNE"], "end_reason": rows["REC"], "row": rows["row"],
    })  # fmt: skip


def _placed_at(rows: pd.DataFrame, places: Mapping[str, postcodes.Place], uasc: set[str]) -> pd.DataFrame:
    """The reason for a change of placement stands on the episode that ends with it."""
    return pd.DataFrame({
        "id": rows["id"], "from": rows["child"], "to": "Placement:" + rows["home"],
        "place_type": rows["PLACE"], "provider": rows["PLACE_PROVIDER"],
        "start": rows["DECOM"], "end": rows["DEC"], "start_reason": rows["RNE"], "end_reason": rows["REC"],
        "change_reason": rows["REASON_PLACE_CHANGE"], "miles": _miles(rows, places, uasc),
        "temporary": [True if place in codes.TEMPORARY else None for place in rows["PLACE"]],
        "row": rows["row"],
    })  # fmt: skip


def _miles(rows: pd.DataFrame, places: Mapping[str, postcodes.Place], uasc: set[str]) -> list[float | None]:
    """From home to placement, as the file says or as DfE reckons it; none for UASC."""
    columns = (rows[name] for name in ("CHILD", "PL_DISTANCE", "HOME_POST", "PL_POST"))
    return [
        None if child in uasc
        else said if said is not None
        else postcodes.miles(places[home], places[there]) if home in places and there in places
        else None
        for child, said, home, there in zip(*columns, strict=True)
    ]  # fmt: skip


def _placements(rows: pd.DataFrame) -> pd.DataFrame:
    latest = rows.sort_values("DECOM", kind="stable").drop_duplicates("home", keep="last")
    return pd.DataFrame({
        "id": latest["home"], "urn": latest["URN"], "kind": [_kind_of_home(p) for p in latest["PLACE"]],
        "provider": latest["PLACE_PROVIDER"],
        "postcode_sector": [postcodes.sector(p) if p else None for p in latest["PL_POST"]],
        "postcode": latest["PL_POST"], "row": latest["row"],
    })  # fmt: skip


def _kind_of_home(place: str | None) -> str | None:
    if place in codes.FOSTER:
        return "foster home"
    return codes.meaning("place", place) if place else None


def _in_area(rows: pd.DataFrame, places: Mapping[str, postcodes.Place], ledger: Ledger) -> pd.DataFrame:
    """The authority each home is in; a URN whose addresses lie in several is left without one."""
    there = [places[p].authority if p in places else None for p in rows["PL_POST"]]
    area = [said or found for said, found in zip(rows["PL_LA"], there, strict=True)]
    known = rows.assign(area=pd.Series(area, index=rows.index, dtype=object)).dropna(subset="area")
    known = known.drop_duplicates(["home", "area"])
    unclear = known["home"].duplicated(keep=False)
    if count := known["home"][unclear].nunique():
        ledger.note(f"{counted(count, 'URN')} with addresses in more than one area: their area is left open.")
    sure = known.loc[~unclear]
    return pd.DataFrame({
        "id": sure["home"], "from": "Placement:" + sure["home"], "to": "LocalAuthority:" + sure["area"],
        "row": sure["row"],
    })  # fmt: skip


def _provides(rows: pd.DataFrame) -> pd.DataFrame:
    """For a foster home the URN is that of the fostering service."""
    foster = rows.loc[rows["PLACE"].isin(codes.FOSTER) & rows["URN"].notna()].drop_duplicates(["URN", "home"])
    return pd.DataFrame({
        "id": foster["home"], "from": [f"Agency:{_service(u)}" for u in foster["URN"]],
        "to": "Placement:" + foster["home"], "urn": foster["URN"], "row": foster["row"],
    })  # fmt: skip


def _social_workers(workers: pd.DataFrame, authority: str, agencies: list[dict[str, Any]]) -> Frames:
    """Each social worker of each child. `XX…` is nobody one can name, and never joins two children."""
    known = workers["SW_ID"].str.startswith("SW")
    person = [w if sure else f"{w}|{c}" for w, c, sure in zip(workers["SW_ID"], workers["CHILD"], known, strict=True)]
    rows = workers.assign(person=person, known=known)
    once = rows.drop_duplicates("person")
    department = f"social care {authority}"
    first = rows["row"].iloc[0] if len(rows) else None
    serves = []
    if first:
        agencies.append({"id": department, "kind": "social care", "name": authority_name(authority), "row": first})
        serves = [{"id": department, "from": f"Agency:{department}", "to": f"LocalAuthority:{authority}", "row": first}]
    involved = pd.DataFrame({
        "id": [f"{c}|{w}|{d}" for c, w, d in rows[["CHILD", "SW_ID", "SW_DECOM"]].itertuples(index=False)],
        "from": "Professional:" + rows["person"].astype(object), "to": "Child:" + rows["CHILD"],
        "role": "social_worker", "agency": f"Agency:{department}", "start": rows["SW_DECOM"],
        "end": rows["SW_DEC"], "start_reason": rows["SW_REASON"], "row": rows["row"],
    })  # fmt: skip
    professionals = pd.DataFrame({
        "id": once["person"], "registration": once["SW_ID"].where(once["known"], None),
        "identified": once["known"].astype(object), "row": once["row"],
    })  # fmt: skip
    return {"involved_with": involved, "professionals": professionals, "serves": pd.DataFrame(serves)}


def _reviews(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "id": [f"{c}|review|{d}" for c, d in zip(rows["CHILD"], rows["REVIEW"], strict=True)],
        "kind": "review", "on": rows["REVIEW"], "participation": rows["REVIEW_CODE"],
        "about": _about(rows), "row": rows["row"],
    })  # fmt: skip


def _absences(rows: pd.DataFrame) -> pd.DataFrame:
    kinds = ["missing" if code == "M" else "away" for code in rows["MISSING"]]
    return pd.DataFrame({
        "id": [f"{c}|{k}|{d}" for c, k, d in zip(rows["CHILD"], kinds, rows["MIS_START"], strict=True)],
        "kind": kinds, "on": rows["MIS_START"], "end": rows["MIS_END"],
        "about": _about(rows), "row": rows["row"],
    })  # fmt: skip


def _about(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    return [(f"Child:{child}",) for child in rows["CHILD"]]


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
            "about": _about(given), "row": given["row"],
        }, dtype=object))  # fmt: skip
    return pd.concat(found, ignore_index=True)


def _result(value: bool | int) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def authority_name(authority: str) -> str:
    """What an authority is called; nothing where files are only checked."""
    return reference.authority(authority).name if authority else ""
