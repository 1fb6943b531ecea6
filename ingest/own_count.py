"""DfE's counts straight from the rows of the return, before anything is put into the graph.

The same counts as `graph.reconcile`, by the definitions there, made a second time in another way on purpose:
nothing of it is used here, so that a fault in joining, merging or reading back shows as a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
from dateutil.relativedelta import relativedelta

from graph import reference
from ingest.extract import Extract

KIND = "ssda903"
SHORT_BREAKS = ("V3", "V4")
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
SAME_CARER = ("L", "T", "U")
OPEN = pd.Timestamp(9999, 12, 31).as_unit("s")  # the end of what has none


def count(extracts: Iterable[Extract], day: date) -> dict[str, tuple[int, int]] | None:
    """DfE's counts on a day and for the 12 months that end with it, by name; the least and the most of each.

    extracts: of the return those that are there; where two years repeat an episode, the later one's row counts. Who
    is looked after on the day is said by the year that the day is in: an episode that an earlier year left open, of
    a child without a row in that year, is nobody's. None where none is of the return, or none of them holds episodes.
    """
    returns = sorted((e for e in extracts if e.kind == KIND), key=lambda e: e.covers_to or date.min)
    care, stays = _rows(returns, "looks_after", ["to", "start"]), _rows(returns, "placed_at", ["from", "start"])
    if care is None or stays is None:
        return None
    first = day - relativedelta(years=1) + timedelta(days=1)
    care = care[~care["legal_status"].isin(SHORT_BREAKS)]
    of_the_year = [e for e in returns if (e.covers_from or date.min) <= day <= (e.covers_to or date.max)]
    told = _rows(of_the_year or returns, "looks_after", ["to", "start"])
    if told is not None:
        care = care[care["to"].isin(told["to"])]
    open_care = care[_on(care, day)].drop_duplicates("to", keep="last").set_index("to")
    children = open_care.index
    episodes = pd.MultiIndex.from_frame(care[["to", "start"]])  # a short break's placement is none
    stays = stays[stays["from"].isin(children) & stays.set_index(["from", "start"]).index.isin(episodes)]
    stays = _numbered(stays.rename(columns={"from": "child"}), _rows(returns, "placements", ["id"]))
    workers = _rows(returns, "involved_with", ["from", "to", "start"])
    people = _rows(returns, "professionals", ["id"])
    return {
        "looked_after": (len(children), len(children)),
        **_placements(stays, first, day),
        **_workers(workers, people, children, first, day),
        **_where(stays, open_care["from"], _rows(returns, "in_area", ["from"]), day),
    }


def _rows(returns: Sequence[Extract], table: str, key: Sequence[str]) -> pd.DataFrame | None:
    """The rows of a table from every year, each once, the later year's; None where no year holds the table."""
    frames = [e.tables[table] for e in returns if table in e.tables]
    if not frames:
        return None
    every = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    return every.drop_duplicates(list(key), keep="last").sort_values(list(key), kind="stable")


def _on(rows: pd.DataFrame, day: date) -> pd.Series:
    """Which rows hold on a day."""
    return (_days(rows["start"]) <= pd.Timestamp(day)) & ~(_days(rows["end"]) <= pd.Timestamp(day))


def _during(start: pd.Series, end: pd.Series, first: date, day: date) -> pd.Series:
    """Which stretches hold on any day from first to day."""
    return (start <= pd.Timestamp(day)) & ~(end <= pd.Timestamp(first))


def _days(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column).astype("datetime64[s]")


# --- placements ---


def _numbered(rows: pd.DataFrame, homes: pd.DataFrame | None) -> pd.DataFrame:
    """Episode rows with `placement`, the number of the placement that each belongs to, by child.

    A chain of episodes breaks where one starts care anew or leaves a day out. In a chain a row begins another
    placement unless its carer stays, only a status changed, or it returns to the home that a temporary placement
    interrupted.
    """
    rows = rows.sort_values(["child", "start"], kind="stable").reset_index(drop=True)
    start, end = _days(rows["start"]), _days(rows["end"])
    gap = start > end.groupby(rows["child"]).shift()
    rows["chain"] = ((rows["start_reason"] == "S") | gap).groupby(rows["child"]).cumsum()
    rows["temporary"] = rows["place_type"].isin(TEMPORARY)
    rows["told"] = rows["to"].isin(_told(homes))
    rows["like"] = rows["place_type"].fillna("") + "|" + rows["provider"].fillna("")
    begins = ~_goes_on(rows).reindex(rows.index, fill_value=True)
    rows["placement"] = begins.groupby(rows["child"]).cumsum()
    broken = rows["chain"] != rows.groupby(["child", "placement"])["chain"].transform("first")
    return _with_spans(rows[(rows["placement"] > 0) & ~(rows["temporary"] & broken)])


def _goes_on(rows: pd.DataFrame) -> pd.Series:
    """Of the rows that are not temporary: whether each goes on with the placement of the one before it."""
    main = rows[~rows["temporary"]]
    before = main.groupby("child")[["chain", "change_reason", "to", "told", "like"]].shift()
    same_home = main["to"] == before["to"]
    may_be_same = (main["like"] == before["like"]) & ~(main["told"] & before["told"].eq(True))
    returned = rows["temporary"].groupby(rows["child"]).shift(fill_value=False).loc[main.index]
    return (main["chain"] == before["chain"]) & (
        main["start_reason"].isin(SAME_CARER)
        | (before["change_reason"] == "PLACE")
        | (returned & (same_home | may_be_same))
        | (main["start_reason"].isna() & same_home)
    )


def _with_spans(rows: pd.DataFrame) -> pd.DataFrame:
    """Each row with the first day of its placement, and the first day it no longer holds."""
    days = rows.assign(since=_days(rows["start"]), until=_days(rows["end"]).fillna(OPEN))
    of_each = days.groupby(["child", "placement"])
    return days.assign(since=of_each["since"].transform("min"), until=of_each["until"].transform("max"))


def _told(homes: pd.DataFrame | None) -> set[str]:
    """Homes of which the return says where they are; any other may be the same as one of its kind."""
    if homes is None:
        return set()
    return set("Placement:" + homes.loc[homes["urn"].notna() | homes["postcode_sector"].notna(), "id"])


def _placements(rows: pd.DataFrame, first: date, day: date) -> dict[str, tuple[int, int]]:
    """How many children had one, two, three or more placements."""
    in_year = rows[_during(rows["since"], rows["until"], first, day)]
    each = in_year.groupby("child")["placement"].nunique().clip(upper=3)
    return {f"placements_{n}": (int((each == n).sum()),) * 2 for n in (1, 2, 3)}


# --- social workers ---


def _workers(
    rows: pd.DataFrame | None, people: pd.DataFrame | None, children: pd.Index, first: date, day: date
) -> dict[str, tuple[int, int]]:
    """How many children had none, one, two, three or more social workers: surely, and at most."""
    least = most = pd.Series(0, index=children)
    if rows is not None and people is not None:
        held = rows[_during(_days(rows["start"]), _days(rows["end"]), first, day) & rows["to"].isin(children)]
        nobody = set("Professional:" + people.loc[people["identified"] == False, "id"])  # noqa: E712
        unnamed = held["from"].isin(nobody)
        named = held[~unnamed].groupby("to")["from"].nunique().reindex(children, fill_value=0)
        others = held[unnamed].groupby("to").size().reindex(children, fill_value=0)
        least, most = named.where(named > 0, others.clip(upper=1)), named + others
    low, high = least.clip(upper=3), most.clip(upper=3)
    return {
        f"workers_{n}": (int(((low == n) & (high == n)).sum()), int(((low <= n) & (n <= high)).sum())) for n in range(4)
    }


# --- where they live ---


def _where(
    stays: pd.DataFrame, responsible: pd.Series, areas: pd.DataFrame | None, day: date
) -> dict[str, tuple[int, int]]:
    """How many live outside the authority and how many far from home, and of how many it is not known."""
    there = _during(stays["since"], stays["until"], day, day)
    begun = stays[there & (_days(stays["start"]) <= pd.Timestamp(day)) & ~stays["temporary"]]
    now = begun.drop_duplicates("child", keep="last").set_index("child").reindex(responsible.index)
    area_of = {} if areas is None else areas.set_index("from")["to"].map(_today).to_dict()
    area, own = now["to"].map(area_of), responsible.map(_today)
    miles = pd.to_numeric(now["miles"])
    found: Mapping[str, pd.Series] = {
        "outside": area.notna() & (area != own),
        "outside_unknown": area.isna(),
        "far": miles > 20,
        "far_unknown": miles.isna(),
    }
    return {key: (int(of.sum()),) * 2 for key, of in found.items()}


def _today(authority: str) -> str:
    """`LocalAuthority:` and the code, as the code of today."""
    code = authority.removeprefix("LocalAuthority:")
    return reference.upper_tier(code) or code
