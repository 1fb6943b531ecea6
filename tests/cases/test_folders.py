"""The folders of the cases: read without a refusal, marked as invented, and loaded beside one another."""

from __future__ import annotations

import pytest

from graph.errors import TeamaroundError
from graph.findings import run
from graph.loading import load
from graph.store import Store
from ingest.cases import AS_AT, AUTHORITY, case_folder, cases
from tests.cases.common import child_id, extract, findings, raised

CHILDREN = [("b", ""), ("v", ""), ("v", "sibling-1"), ("v", "sibling-2"), ("v", "sibling-3")]


@pytest.mark.parametrize("case", cases())
def test_every_case_reads_without_a_refusal(case: str) -> None:
    of = extract(case)
    assert of.refusals == () and of.notes == ()
    assert [f.file for f in of.files if f.problem or f.rows != f.used] == []
    assert of.covers_to == AS_AT[case]


@pytest.mark.parametrize("case", cases())
def test_every_child_of_a_case_is_marked_as_invented(case: str) -> None:
    assert set(extract(case).tables["children"]["synthetic"]) == {True}


@pytest.mark.parametrize("case", cases())
def test_a_case_says_what_each_record_stands_for(case: str) -> None:
    text = (case_folder(case) / "README.md").read_text(encoding="utf-8")
    assert "invented" in text and "What is not covered" in text


def test_a_case_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(TeamaroundError, match="b, sophie, v"):
        case_folder("nobody")


def test_cases_of_one_authority_look_back_from_one_day() -> None:
    days: dict[str, set[object]] = {}
    for case in cases():
        days.setdefault(AUTHORITY[case], set()).add(AS_AT[case])
    assert all(len(of) == 1 for of in days.values())


def test_two_cases_of_one_authority_are_loaded_beside_one_another(store: Store) -> None:
    """Neither takes the other's place, and what is raised of each child is what is raised of it alone."""
    for case in ("b", "v", "b"):
        load(store, extract(case))
    loads = store.loads(AUTHORITY["b"])
    assert {row["supplier"] for row in loads if row["finished"] and not row.get("superseded_by")} == {"b", "v"}
    assert set(store.child_ids(AUTHORITY["b"])) == {child_id(case, child) for case, child in CHILDREN}
    for case, child in CHILDREN:
        beside = run(store.child_records(child_id(case, child)), AS_AT[case])
        assert raised(beside) == raised(findings(case, child))
