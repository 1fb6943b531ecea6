"""Where an invented child lives while looked after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from graph.calendars import birthday
from graph.reference.codes import CONNECTED_PERSON, FOSTER, REGISTERED_BUILDINGS
from ingest.generate import chance as by
from ingest.generate import shares
from ingest.generate.childhood import Away, Child, Home
from ingest.generate.places import Map, Spot
from ingest.generate.statuses import statuses

# Supported accommodation has a code of its own (K3) from 2024-25.
SUPPORTED_SINCE = date(2024, 4, 1)
OWN_SERVICE, OTHER_SERVICES = 1, (2, 4)
FOR_ADOPTION = ("A5", "A6")
# Of first homes and of later ones, those that are meant for a short time; and how many days they last on average.
SHORT_FIRST, SHORT_LATER, SHORT_DAYS = 0.36, 0.38, 190
# Of children who turn 16 in a home of this kind, those who move to supported accommodation before 18.
TO_SUPPORTED = {"kin": 0.07, "foster": 0.46, "K2": 0.65}
# Of homes that last, those whose status changes: matched for the long term.
MATCHED = {"U6": ("U4", 0.75), "U3": ("U1", 0.75)}
TOGETHER = 0.62  # of brothers and sisters who come on one day, those who are placed together
AWAY_A_YEAR = 0.03

Ahead = tuple[date, str]  # a move that is known to come: the day, and the type of the home


def live(child: Child, elders: list[Child], seed: int, last: date, area: Map) -> None:
    """Give a child their legal statuses and their homes, from the first day of care on.

    elders: brothers and sisters who have theirs already; some children live with one of them.
    """
    chance = child.chance(seed, "care")
    child.statuses = statuses(child, by.stream(seed, "court", child.family, child.start), last)
    child.homes = list(_homes(child, _shared(child, elders, chance), chance, min(child.until, last), area))
    child.away = list(_away(child, chance, last))


# --- one home after another ---


def _homes(child: Child, shared: list[Home], chance: Random, end: date, area: Map) -> Iterator[Home]:
    """Homes one after another; those of a brother or sister first, where they live together."""
    ahead = _ahead(child, chance, end)
    n = len(shared)
    for home in shared:
        yield _closed(child, home, end)
        if home.end is None or home.end >= end:
            return
    day = shared[-1].end if shared else child.start
    type_: str | None = None
    while day is not None:
        home = _home(child, chance, day, n, type_, area)
        move = _next_move(child, chance, home, n, ahead, end)
        ends = move[0] if move else None
        home = replace(_matched(home, chance, ends or end), end=ends, reason=_why(child, chance, n, move))
        yield _closed(child, home, end)
        day, type_, n = ends, move[1] if move else None, n + 1


def _closed(child: Child, home: Home, end: date) -> Home:
    """A home that is still there at the end of care ends with it, without a change of placement."""
    if home.end is not None and home.end < end:
        return home
    return replace(home, end=child.end, reason=None)


def _ahead(child: Child, chance: Random, end: date) -> list[Ahead]:
    """Moves that come of themselves: to adopters, to parents before care ends, to supported accommodation at 16."""
    found: list[Ahead] = []
    if child.route == "adopted":
        found.append((child.until - by.days(chance, 170, 330), "A6"))
    if (
        child.route == "home"
        and child.status(child.until - timedelta(days=1)) in ("C1", "C2")
        and chance.random() < 0.5
    ):
        found.append((child.until - by.days(chance, 40, 200), "P1"))
    if child.story.far and not child.story.complex and child.until > end:
        found.append((end - by.days(chance, 90, 480), ""))
    sixteen = birthday(child.born, 16) + by.days(chance, 30, 600)
    if not child.story.complex and child.start < sixteen < child.until:
        found.append((sixteen, "K3"))
    return sorted((by.weekday(day), type_) for day, type_ in found if day > child.start + timedelta(days=25))


def _next_move(
    child: Child, chance: Random, home: Home, n: int, ahead: list[Ahead], end: date
) -> tuple[date, str | None] | None:
    """When this home ends, and the type of the next where that is known; None where it lasts."""
    day: date | None = by.weekday(home.start + _length(child, chance, home, n))
    type_: str | None = None
    while ahead and (ahead[0][0] <= home.start or not _suits(home, ahead[0][1], chance)):
        ahead.pop(0)
    if ahead and day is not None and ahead[0][0] <= day + timedelta(days=20):
        day, type_ = ahead.pop(0)
        type_ = type_ or None
    if home.type in FOR_ADOPTION or day is None or day >= end - timedelta(days=3):
        return None
    return day, type_


def _suits(home: Home, type_: str, chance: Random) -> bool:
    """Whether a child who lives here would move to a home of that type."""
    return type_ != "K3" or chance.random() < TO_SUPPORTED.get(_kind(home.type), 0.0)


def _length(child: Child, chance: Random, home: Home, n: int) -> timedelta:
    if child.story.complex:
        return by.days(chance, 105, 170)
    short = SHORT_FIRST if n == 0 else SHORT_LATER
    if home.type not in CONNECTED_PERSON and chance.random() < short:
        return timedelta(days=3 + round(chance.expovariate(1 / SHORT_DAYS)))
    return timedelta(days=20 + round(chance.expovariate(child.story.moves / by.YEAR)))


def _matched(home: Home, chance: Random, end: date) -> Home:
    """The home with its change of status, where it has one: matched for long, or registered as supported."""
    if home.type == "H5":
        return replace(home, becomes=(SUPPORTED_SINCE, "K3")) if end > SUPPORTED_SINCE else home
    to, share = MATCHED.get(home.type, ("", 0.0))
    day = by.weekday(home.start + by.days(chance, 90, 450))
    return replace(home, becomes=(day, to)) if chance.random() < share and day < end - timedelta(days=30) else home


def _why(child: Child, chance: Random, n: int, move: tuple[date, str | None] | None) -> str | None:
    """Why a home ended (903 code)."""
    if move is None:
        return None
    if move[1]:
        return "CARPL"
    carer_asked = child.story.complex or (child.story.troubled and chance.random() < 0.12)
    return chance.choice(("CREQB", "CREQB", "CREQO")) if carer_asked else by.pick(chance, shares.CHANGES)


# --- a home ---


def _home(child: Child, chance: Random, start: date, n: int, type_: str | None, area: Map) -> Home:
    type_ = type_ or _type(child, chance, start)
    if type_ == "P1":
        return Home(type_, "PR0", child.home, "", start)
    provider = "" if type_ == "Z1" else by.pick(chance, shares.PROVIDERS[_kind(type_)])
    far = child.story.far and (n % 2 == 1 if child.story.complex else start > child.until - timedelta(days=480))
    if far and provider == "PR1":
        provider = "PR4"
    where = "far" if far else by.pick(chance, shares.WHERE[provider if provider in shares.WHERE else "PR4"])
    spot = area.placement(chance, child.home, where)
    if type_ == "K3" and start < SUPPORTED_SINCE:
        type_ = "H5"
    return Home(type_, provider, spot, _urn(type_, provider, spot, area, chance), start)


def _type(child: Child, chance: Random, start: date) -> str:
    if child.story.complex:
        return "U6"
    years = child.age(start)
    if child.uasc and years >= 15:
        return by.pick(chance, shares.UASC_PLACES)
    found = by.pick(chance, by.of_age(shares.PLACES, years))
    return "U6" if found == "P1" and child.status(start) not in ("C1", "C2") else found


def _kind(type_: str) -> str:
    if type_ in CONNECTED_PERSON:
        return "kin"
    if type_ in FOSTER or type_ in FOR_ADOPTION:
        return "foster"
    return {"H5": "K3", "K1": "K2"}.get(type_, type_ if type_ in shares.PROVIDERS else "other")


def _urn(type_: str, provider: str, spot: Spot, area: Map, chance: Random) -> str:
    """Of the building, the same for all who live there, or of the fostering service; else blank."""
    if type_ in REGISTERED_BUILDINGS:
        return f"SC99{area.number(spot):05d}{sorted(REGISTERED_BUILDINGS).index(type_)}"
    if type_ not in FOSTER:
        return ""
    return f"SC9900{OWN_SERVICE if provider == 'PR1' else chance.randint(*OTHER_SERVICES):02d}"


# --- with a brother or sister, and away for a few days ---


def _shared(child: Child, elders: list[Child], chance: Random) -> list[Home]:
    """The homes of a brother or sister who came on the same day, as long as both can live there."""
    elder = next((e for e in elders if e.start == child.start and not e.story.complex), None)
    if elder is None or chance.random() > TOGETHER:
        return []
    found: list[Home] = []
    for home in elder.homes:
        if home.type not in FOSTER and home.type != "P1" or home.start >= child.until:
            break
        found.append(home)
        if chance.random() < 0.15:  # from here on the two go different ways
            break
    if found and found[-1].end is not None and found[-1].end == elder.end and elder.end < child.until:
        found[-1] = replace(found[-1], end=None)  # one left care, the other stays
    return found


def _away(child: Child, chance: Random, last: date) -> Iterator[Away]:
    """Now and then a few days in hospital or while the carer is on holiday, in the middle of a stay."""
    end = child.end or last
    changes = [*(h.start for h in child.homes), *(d for d, _ in child.statuses)]
    changes += [h.becomes[0] for h in child.homes if h.becomes]
    for start in by.spread(chance, AWAY_A_YEAR, child.start, end - timedelta(days=20)):
        back = start + by.days(chance, 3, 6)
        near = any(start - timedelta(days=9) < day < back + timedelta(days=9) for day in [*changes, end])
        if not near and child.at(start).type in FOSTER:
            yield Away(chance.choice(("T1", "T3", "T4")), _nearby(child, start), start, back)


def _nearby(child: Child, day: date) -> Spot:
    return child.home if child.at(day).spot.authority == child.home.authority else child.at(day).spot
