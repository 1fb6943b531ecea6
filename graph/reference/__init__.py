"""The authorities of England: their codes, the districts inside them, and which of them adjoin.

What each file holds, where it comes from and how it was checked is said in the folder's README.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import resources
from types import MappingProxyType

from graph.errors import TeamaroundError

# A postcode outside England is in a nation, whichever of its councils it is in.
NATIONS = {"W": "W92000004", "S": "S92000003", "N": "N92000002", "L": "L93000001", "M": "M83000003"}


@dataclass(frozen=True)
class Authority:
    """An upper-tier authority of England, or a nation beside it.

    `old_codes` are ONS codes of areas that now lie wholly inside it. `start` is the first day there was such
    an area (None: before April 2009) and `end` the first day there no longer is: a new code, or a county
    council that became a unitary one with the same border, starts nothing.
    """

    code: str
    old_codes: tuple[str, ...]
    dfe_code: str | None
    name: str
    region: str | None
    nation: str
    start: date | None
    end: date | None


@dataclass(frozen=True)
class _Former:
    """An authority that is no more, and those among which its area went."""

    code: str
    dfe_code: str
    name: str
    end: date
    successors: tuple[str, ...]


@cache
def authorities() -> Mapping[str, Authority]:
    """Every authority and nation by its current ONS code."""
    found = {
        row["code"]: Authority(
            code=row["code"],
            old_codes=_listed(row["old_codes"]),
            dfe_code=row["dfe_code"] or None,
            name=row["name"],
            region=row["region"] or None,
            nation=row["nation"],
            start=_day(row["start"]),
            end=_day(row["end"]),
        )
        for row in _rows("authorities.csv")
    }
    return MappingProxyType(found)


def authority(code_or_old_or_dfe_or_name: str) -> Authority:
    """The authority a person means by an ONS code (of now or before), DfE's three digits, or its name."""
    typed = code_or_old_or_dfe_or_name.strip()
    key = _fold(typed)
    if found := _by_any_key().get(key):
        return found
    if former := _former_by_any_key().get(key):
        raise TeamaroundError(_divided(former))
    hints = " or ".join(_did_you_mean(key))
    advice = f"Did you mean {hints}?" if hints else "Give its name, its ONS code or DfE's three digits."
    raise TeamaroundError(f"There is no authority “{typed}”. {advice}")


def upper_tier(code: str) -> str | None:
    """The authority for an ONS code of any tier, of now or before; a nation for a place outside England.

    None for a code that is not known, and for a county whose area was divided: its code alone cannot say.
    """
    if code in authorities():
        return code
    return _inside().get(code) or (NATIONS.get(code[:1]) if _is_council_code(code) else None)


def adjoins(a: str, b: str, *, across_water: bool = False) -> bool:
    """Whether two authorities have a border in common.

    Regulation 11(5) of the Care Planning, Placement and Case Review (England) Regulations 2010: a placement
    that is neither in the authority's area nor in one that adjoins it is at a distance. Those that meet only
    across an estuary or the sea adjoin when asked. A nation adjoins no one: see `bordering_nations`.
    """
    return _resolved(b) in neighbours(a, across_water=across_water)


def neighbours(code: str, *, across_water: bool = False) -> frozenset[str]:
    """The authorities that adjoin this one."""
    kinds = ("land", "water") if across_water else ("land",)
    return frozenset[str]().union(*(_met(kind).get(_resolved(code), ()) for kind in kinds))


def bordering_nations(code: str) -> frozenset[str]:
    """The nations with which an authority has a border on land.

    Which councils of Wales or Scotland adjoin it is not on file: whether a child placed there is at a
    distance cannot be said, while a nation that is not in this answer is surely at a distance.
    """
    return frozenset(NATIONS.values()).intersection(_met("nation").get(_resolved(code), ()))


def _resolved(code: str) -> str:
    """The current code, or an error that says which codes are near: an unknown one must not read as “no”."""
    return upper_tier(code) or authority(code).code


def _is_council_code(code: str) -> bool:
    return len(code) == 9 and code[1:].isdecimal()


@cache
def _inside() -> Mapping[str, str]:
    """Each district, and each code of the past, to the authority it lies in."""
    districts = {row["code"]: row["authority"] for row in _rows("districts.csv")}
    return districts | {old: each.code for each in authorities().values() for old in each.old_codes}


@cache
def _met(boundary: str) -> Mapping[str, frozenset[str]]:
    """Who meets whom along one kind of boundary: land, water or nation."""
    found: dict[str, set[str]] = {}
    for row in _rows("neighbours.csv"):
        if row["boundary"] == boundary:
            found.setdefault(row["a"], set()).add(row["b"])
            found.setdefault(row["b"], set()).add(row["a"])
    return {code: frozenset(others) for code, others in found.items()}


@cache
def _former() -> tuple[_Former, ...]:
    return tuple(
        _Former(
            code=row["code"],
            dfe_code=row["dfe_code"],
            name=row["name"],
            end=date.fromisoformat(row["end"]),
            successors=_listed(row["successors"]),
        )
        for row in _rows("former.csv")
    )


@cache
def _by_any_key() -> Mapping[str, Authority]:
    """Authorities by everything a person may call them."""
    merged = {
        key: authorities()[former.successors[0]]
        for former in _former()
        if len(former.successors) == 1
        for key in _keys(former.code, former.dfe_code, former.name)
    }
    return merged | {
        key: each
        for each in authorities().values()
        for key in _keys(each.code, *each.old_codes, each.dfe_code, each.name, _plain(each.name))
    }


@cache
def _former_by_any_key() -> Mapping[str, _Former]:
    return {key: each for each in _former() for key in _keys(each.code, each.dfe_code, each.name)}


def _keys(*names: str | None) -> set[str]:
    return {_fold(name) for name in names if name}


def _fold(name: str) -> str:
    """A name or code without what people differ in: case, full stops, spacing, “&” for “and”."""
    return " ".join(name.casefold().replace(".", "").replace("&", " and ").split())


def _plain(name: str) -> str:
    """“Bristol, City of” as people say it."""
    return name.removesuffix(", City of").removesuffix(", County of")


def _divided(former: _Former) -> str:
    heirs = " and ".join(_named(authorities()[code]) for code in former.successors)
    return f"{former.name} was divided on {former.end.day} {former.end:%B %Y} between {heirs}: say which."


def _did_you_mean(key: str) -> list[str]:
    """Up to five authorities whose name is near to what was typed, holds it, or has such a district in it."""
    inside = {each: row for row in _rows("districts.csv") for each in _keys(row["name"], row["code"])}
    if district := inside.get(key):
        return [f"{_named(authorities()[district['authority']])}, where {district['name']} is"]
    names = {_fold(_plain(each.name)): _named(each) for each in authorities().values()}
    holding = [name for name in names if len(key) > 2 and key in name]
    near = get_close_matches(key, names, n=5)
    return [names[name] for name in dict.fromkeys([*holding, *near])][:5]


def _named(each: Authority) -> str:
    return f"{each.name} ({each.code})"


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None
