"""Under which law an invented child is looked after, from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from ingest.generate import chance as by
from ingest.generate import shares
from ingest.generate.childhood import Child

Status = tuple[date, str]
REMAND_DAYS = 75


def statuses(child: Child, chance: Random, last: date) -> list[Status]:
    """Legal statuses and the days they began: for most an interim and then a full care order.

    chance: the family's own, so that brothers and sisters who come on one day are before one court.
    """
    return [(day, status) for day, status in _statuses(child, chance) if day < child.until and day <= last]


def _statuses(child: Child, chance: Random) -> Iterator[Status]:
    day, first = child.start, _first(child, chance)
    yield day, first
    if first == "J1":
        yield by.weekday(day + timedelta(days=5 + round(chance.expovariate(1 / REMAND_DAYS)))), "V2"
    if child.uasc or first == "J1" or (first == "V2" and chance.random() > shares.TO_COURT[child.route]):
        return
    if first == "V2":
        day += by.days(chance, 30, 330)
    elif first != "C1":
        day += by.days(chance, 3, 9)
    if first != "C1":
        day = by.weekday(day)
        yield day, "C1"
    interim, day = day, by.weekday(day + by.days(chance, 190, 410))
    adoption = child.age(day) < 6 and (child.route == "adopted" or chance.random() < 0.05)
    if adoption and child.route == "adopted":
        day = min(day, by.weekday(child.until - timedelta(days=310)))  # the order comes before the adopters
    yield max(day, interim + timedelta(days=21)), "E1" if adoption else "C2"


def _first(child: Child, chance: Random) -> str:
    if child.uasc:
        return "V2"
    if child.story.complex:
        return "C1"
    if child.age(child.start) >= 12 and chance.random() < shares.SHARE_REMAND * 2:
        return "J1"
    return by.pick(chance, shares.STATUSES_AT_START)
