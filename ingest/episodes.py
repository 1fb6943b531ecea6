"""Episodes of care to the tables of the graph: whoever tells of them, the same stay and home get the same id.

A home is told by its URN where that is a registered building's, else by child, URN and postcode: for a foster
home the URN is that of the fostering service. The postcode itself only tells homes apart; it is not stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graph import reference
from graph.reference import codes
from ingest import postcodes
from ingest.ledger import Ledger, counted

Frames = dict[str, pd.DataFrame]  # by the table of a source, or of the graph
Agencies = list[dict[str, Any]]
# What a report calls the postcodes; another source has other names for them.
POSTCODES = {"PL_POST": "PL_POST", "HOME_POST": "HOME_POST"}


def care(
    episodes: pd.DataFrame,
    authority: str,
    agencies: Agencies,
    ledger: Ledger,
    *,
    uasc: set[str],
    called: Mapping[str, str] = POSTCODES,
) -> Frames:
    """Episodes as stays: who looks after the child, where it lives, how far away and in whose area.

    episodes: a row each, with the columns of the return's table of episodes, `file` and `row`. uasc: children for
    whom DfE asks for no distance from home. Fostering services are added to `agencies`.
    """
    rows = episodes.assign(
        id=[f"{c}|{d}" for c, d in zip(episodes["CHILD"], episodes["DECOM"], strict=True)],
        child="Child:" + episodes["CHILD"],
        home=pd.Series(_homes(episodes), index=episodes.index, dtype=object),  # text, also where no row is left
    )
    places = _located(rows, called, ledger)
    found = {
        "looks_after": _looks_after(rows, authority),
        "placed_at": _placed_at(rows, places, uasc),
        "placements": _placements(rows),
        "in_area": _in_area(rows, places, ledger),
        "provides": _provides(rows),
    }
    for urn, row in found["provides"].drop_duplicates("urn")[["urn", "row"]].itertuples(index=False):
        agencies.append({"id": _service(urn), "kind": "provider", "name": f"Fostering service URN {urn}",
                         "service": "fostering", "row": row})  # fmt: skip
    return found


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


def _located(rows: pd.DataFrame, called: Mapping[str, str], ledger: Ledger) -> Mapping[str, postcodes.Place]:
    asked = {p for name in ("HOME_POST", "PL_POST") for p in rows[name] if p}
    places = postcodes.locate(asked)
    for name, what in (("PL_POST", "the area"), ("HOME_POST", "the distance")):
        unknown = [bool(p) and p not in places for p in rows[name]]
        for file, count in rows["file"][unknown].value_counts(sort=False).items():
            rows_with = f"{counted(int(count), 'row')} with a {called[name]}"
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


def about(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """The child of each row, as a link."""
    return [(f"Child:{child}",) for child in rows["CHILD"]]


def authority_name(authority: str) -> str:
    """What an authority is called; nothing where files are only checked."""
    return reference.authority(authority).name if authority else ""


def department(authority: str, row: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The authority's own social care, from the row that first tells of it: reference, agency, whom it serves."""
    own = f"social care {authority}"
    agency = {"id": own, "kind": "social care", "name": authority_name(authority), "row": row}
    serves = {"id": own, "from": f"Agency:{own}", "to": f"LocalAuthority:{authority}", "row": row}
    return f"Agency:{own}", agency, serves
