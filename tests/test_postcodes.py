"""Postcodes: how they are written, where they are, how far apart. Those used here are public buildings."""

import logging

import pytest

from graph.reference import adjoins, authorities, authority
from ingest.postcodes import Place, locate, miles, normalise, sector

BIRMINGHAM = "B1 1BB"  # the Council House
COVENTRY = "CV1 5RR"
SOLIHULL = "B91 3QB"
CARDIFF = "CF10 3ND"  # City Hall
HOLYROOD = "EH99 1SP"
STORMONT = "BT4 3XX"
JERSEY = "JE2 4YE"


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("B13 9AA", "B13 9AA"),
        ("b13 9aa", "B13 9AA"),
        ("B139AA", "B13 9AA"),
        ("B13  9AA", "B13 9AA"),
        (" B13 9AA\n", "B13 9AA"),
        ("B13\u00a09AA", "B13 9AA"),
        ("M1 1AE", "M1 1AE"),
        ("m11ae", "M1 1AE"),
        ("SW1A 0AA", "SW1A 0AA"),
        ("sw1a0aa", "SW1A 0AA"),
        ("TR210LW", "TR21 0LW"),
        ("B13 9AA.", None),
        ("B13 9AA Birmingham", None),
        ("near B13 9AA", None),
        ("B13 9A", None),
        ("B13", None),
        ("B13 9AO", None),  # O for 0: no postcode ends so
        ("13B 9AA", None),
        ("B13-9AA", None),
        ("B１3 9AA", None),
        ("ZZ", None),
        ("nan", None),
        ("", None),
        (None, None),
    ],
)
def test_a_postcode_is_tidied_or_refused(written: str | None, tidy: str | None) -> None:
    assert normalise(written) == tidy


@pytest.mark.parametrize(("postcode", "expected"), [("B13 9AA", "B13 9"), ("sw1a0aa", "SW1A 0")])
def test_a_sector_is_the_postcode_without_its_last_two_letters(postcode: str, expected: str) -> None:
    assert sector(postcode) == expected


def test_what_is_no_postcode_has_no_sector_and_is_not_repeated() -> None:
    with pytest.raises(ValueError) as error:
        sector("14 Acacia Avenue")
    assert "Acacia" not in str(error.value)


@pytest.mark.parametrize(
    ("postcode", "name"),
    [
        (BIRMINGHAM, "Birmingham"),
        (COVENTRY, "Coventry"),
        (SOLIHULL, "Solihull"),
        ("CA3 8QG", "Cumberland"),
        ("LA9 4DQ", "Westmorland and Furness"),
        ("DL7 8AD", "North Yorkshire"),
        ("TA1 4DY", "Somerset"),
        ("S70 2TA", "Barnsley"),
        ("S1 2HH", "Sheffield"),
        ("TR21 0LW", "Isles of Scilly"),
        (CARDIFF, "Wales"),
        (HOLYROOD, "Scotland"),
        (STORMONT, "Northern Ireland"),
        (JERSEY, "Channel Islands"),
    ],
)
def test_a_postcode_lies_in_an_authority_of_today_or_in_a_nation(postcode: str, name: str) -> None:
    found = locate([postcode])[postcode].authority
    assert found is not None
    assert authorities()[found].name == name


@pytest.mark.parametrize("postcode", [CARDIFF, HOLYROOD, STORMONT, JERSEY])
def test_a_postcode_outside_england_is_in_none_of_its_authorities(postcode: str) -> None:
    found = locate([postcode])[postcode].authority
    assert found is not None
    assert authorities()[found].nation != "England"


def test_many_are_found_at_once_each_by_the_text_it_was_asked_for_with() -> None:
    found = locate([BIRMINGHAM, "b11bb", "S1 2HH", "s12hh", BIRMINGHAM])
    assert set(found) == {BIRMINGHAM, "b11bb", "S1 2HH", "s12hh"}
    assert found[BIRMINGHAM] == found["b11bb"]


def test_what_is_not_on_file_or_no_postcode_is_not_in_the_answer() -> None:
    assert locate(["B1 1ZZ", "Q1 1AA", "not one", ""]) == {}
    assert locate([]) == {}


def test_a_postcode_on_file_without_a_place_has_none() -> None:
    assert locate(["SW20 2BR"]) == {"SW20 2BR": Place(None, None, None)}


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (Place("E", 0.0, 0.0), Place("E", 0.0, 0.0), 0.0),
        (Place("E", 0.0, 0.0), Place("E", 1609.3, 0.0), 1.0),
        (Place("E", 400000.0, 300000.0), Place("E", 403000.0, 304000.0), 3.1),
        (Place("E", 0.0, 0.0), Place("E", 0.0, 32186.0), 20.0),
        (Place("E", 0.0, 0.0), Place("E", 0.0, 32270.0), 20.1),
        (Place("E", 0.0, 0.0), Place("E", None, None), None),
        (Place(None, None, None), Place("E", 0.0, 0.0), None),
    ],
)
def test_miles_are_straight_and_to_one_decimal(a: Place, b: Place, expected: float | None) -> None:
    assert miles(a, b) == expected
    assert miles(b, a) == expected


def test_coventry_is_seventeen_miles_from_birmingham_and_does_not_adjoin_it_while_solihull_does() -> None:
    found = locate([BIRMINGHAM, COVENTRY, SOLIHULL])
    assert miles(found[BIRMINGHAM], found[COVENTRY]) == pytest.approx(17, abs=1)
    here = authority("Birmingham").code
    assert not adjoins(here, found[COVENTRY].authority or "")
    assert adjoins(here, found[SOLIHULL].authority or "")


def test_wales_and_scotland_are_on_the_same_grid_and_northern_ireland_is_not() -> None:
    found = locate([BIRMINGHAM, CARDIFF, HOLYROOD, STORMONT, JERSEY])
    away = {postcode: miles(found[BIRMINGHAM], place) for postcode, place in found.items()}
    assert away[CARDIFF] == pytest.approx(88, abs=2)
    assert away[HOLYROOD] == pytest.approx(245, abs=2)
    assert away[STORMONT] is None
    assert away[JERSEY] is None


def test_no_postcode_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        locate([BIRMINGHAM, "B1 1ZZ", "not one"])
    assert caplog.records == []
