"""Who was told of a placement, and who approved it: a small table of records, a day, and what is found."""

from datetime import date
from typing import Any

import pytest

from graph.analysis.area.recipients import RECIPIENTS, commissioner, fold
from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records

ON = "2026-03-31"  # twelve months to it begin on 1 April 2025
NOTICE, APPROVAL = "area.notice", "area.approval"
BIRMINGHAM, SOLIHULL, CORNWALL, SHROPSHIRE, WALES = "E08000025", "E08000029", "E06000052", "E06000051", "W92000004"


def only(of: Records, rule: str, subject: str | None = "PlacedAt:p2", on: str = ON, **changed: Any) -> Finding:
    """The one finding of a rule (about a subject)."""
    found = [f for f in findings(of, rule, on, **changed) if subject is None or f.subject == subject]
    assert len(found) == 1, [(f.subject, f.status, f.sentence) for f in found]
    return found[0]


def evidence(finding: Finding) -> set[str]:
    return {e.id for e in finding.evidence}


def placed(
    area: str | None = BIRMINGHAM, emergency: str = "no", more: str = "", covers: str | None = None,
    start: str = "2025-11-17", kind: str = "K2", provider: str = "PR4", basis: str = "", born: str = "2012-05-12",
    authority: str = BIRMINGHAM,
) -> Records:  # fmt: skip
    """A move from oak to ash on Monday 17 November 2025; five working days after it is 24 November."""
    return records(
        f"""
    child | born
    Ash | {born}

    looks_after | id | start | legal_status
    | la | 2010-06-03 | C2

    placed_at | id | to | start | end | start_reason | place_type | provider | emergency | basis
    | p1 | oak | 2010-06-03 | {start} | S | U6 | PR1 | |
    | p2 | ash | {start} | | P | {kind} | {provider} | {emergency} | {basis}

    {f"in_area | id | from | to{chr(10)}    | ia | ash | {area}" if area else ""}

    {more}""",
        covers,
        authority,
    )


def notices(*told: str) -> str:
    """`recipient sent_on` or `recipient sent_on to`, all of the placement at ash."""
    rows = []
    for n, each in enumerate(told):
        recipient, sent, to = (*each.rsplit("@", 2), "")[:3]
        rows.append(f"n{n} | PlacedAt:p2 | {recipient} | {sent} | {to}")
    return "notices | change | recipient | sent_on | to\n    " + "\n    ".join(rows)


EVERYONE = tuple(f"{who}@2025-11-14" for who in ("child", "previous carer", "health commissioner", "gp", "iro"))
MOTHER = "related_to | id | from | relation | parental_responsibility\n    | m | Mum | mother | yes"
SCHOOL = "attends | id | to | start\n    | a | school:Oakfield | 2023-09-04"


def lines(finding: Finding) -> dict[str, str]:
    return {line["recipient"]: line["state"] for line in finding.measures["recipients"]}


# --- area.notice -----------------------------------------------------------------------------------------


def test_each_recipient_stands_on_its_own_line() -> None:
    of = placed(more="\n\n    ".join([notices("child@2025-11-14", "iro@2025-11-20"), MOTHER, SCHOOL]))
    found = only(of, NOTICE)
    assert found.status == "raised"
    assert lines(found) == {
        "the child": "told",
        "the mother": "no record",
        "the carer before (oak)": "no record",
        "the integrated care board": "no record",
        "the GP": "no record",
        "the school": "no record",
        "the reviewing officer": "late",
    }
    assert found.sentence == (
        "No record of a notice of the placement at ash from 17 November 2025 to the mother, the carer before (oak), "
        "the integrated care board, the GP and the school, due by 17 November 2025; told late: the reviewing officer "
        "(20 November 2025, 3 days late). Told in time: the child."
    )
    assert found.measures["recipients"][-1] == {
        "recipient": "the reviewing officer", "regulation": "13(2)(i)", "state": "late", "due": date(2025, 11, 17),
        "sent": date(2025, 11, 20), "late_days": 3, "ask": False,
    }  # fmt: skip
    assert {"p2", "m", "a", "n0", "n1"} <= evidence(found)


def test_that_someone_may_not_be_told_for_the_childs_safety_is_asked() -> None:
    of = placed(more=f"{notices(*EVERYONE)}\n\n    {MOTHER}")
    found = only(of, NOTICE)
    assert lines(found)["the mother"] == "no record"
    assert [line["recipient"] for line in found.measures["recipients"] if line["ask"]] == ["the mother"]
    assert found.question == (
        "Was it decided not to tell the mother because it would put the child at risk of significant harm "
        "(regulation 13(3)), and where is that written down?"
    )
    without_gp = placed(more=notices(*(each for each in EVERYONE if not each.startswith("gp"))))
    assert "risk" not in only(without_gp, NOTICE).question


def test_everyone_told_is_clear() -> None:
    found = only(placed(more=notices(*EVERYONE)), NOTICE)
    assert (found.status, set(lines(found).values())) == ("clear", {"told"})


@pytest.mark.parametrize(
    ("emergency", "sent", "on", "state"),
    [
        ("no", "2025-11-17", ON, "told"),  # the day it was made: a record has no hours
        ("no", "2025-11-18", ON, "late"),
        ("yes", "2025-11-24", ON, "told"),  # five working days
        ("yes", "2025-11-25", ON, "late"),
        ("", "2025-11-24", ON, "told"),  # not said: allowed
        ("", "2025-11-25", ON, "late"),
        ("yes", "2025-12-01", "2025-11-24", "still in time"),
        ("yes", "2025-12-01", "2025-11-25", "no record"),
        ("no", "2025-12-01", "2025-11-17", "still in time"),
        ("no", "2025-12-01", "2025-11-18", "no record"),
    ],
)
def test_when_a_notice_is_due(emergency: str, sent: str, on: str, state: str) -> None:
    told = [each for each in EVERYONE if not each.startswith("iro")]
    found = only(placed(emergency=emergency, more=notices(*told, f"iro@{sent}")), NOTICE, on=on)
    assert lines(found)["the reviewing officer"] == state
    assert found.status == ("raised" if state in ("late", "no record") else "clear")
    assert ("in an emergency is not on record" in found.sentence) == (emergency == "")


# A first placement of which everyone was told whom the records name.
EVERYONE_TOLD = """
child | born
Ash | 2012-05-12

looks_after | start | legal_status
| 2025-11-17 | C2

placed_at | id | to | start | start_reason | emergency
| p2 | ash | 2025-11-17 | S | no

in_area | from | to
| ash | E08000025

notices | change | recipient | sent_on
n1 | PlacedAt:p2 | child | 2025-11-14
n2 | PlacedAt:p2 | health commissioner | 2025-11-14
n3 | PlacedAt:p2 | gp | 2025-11-14
n4 | PlacedAt:p2 | iro | 2025-11-14
"""


def test_a_first_placement_of_which_everyone_was_told() -> None:
    assert only(records(EVERYONE_TOLD), NOTICE).status == "clear"


def test_two_parents_are_two_lines() -> None:
    both = f"{MOTHER}\n    | f | Dad | father | yes"
    one = placed(more=f"{notices(*EVERYONE, 'parents@2025-11-14@Mum')}\n\n    {both}")
    assert {k: v for k, v in lines(only(one, NOTICE)).items() if k in ("the mother", "the father")} == {
        "the mother": "told",
        "the father": "no record",
    }
    generic = placed(more=f"{notices(*EVERYONE, 'Parents@2025-11-14')}\n\n    {both}")
    assert only(generic, NOTICE).status == "clear"


def test_people_with_court_ordered_contact() -> None:
    gran = "related_to | from | relation | contact_order | start | end\n    | Gran | grandmother | yes | {} | {}"
    for start, end, there in (("", "", True), ("", "2025-11-17", False), ("2025-11-18", "", False)):
        found = only(placed(more=f"{notices(*EVERYONE)}\n\n    {gran.format(start, end)}"), NOTICE)
        assert ("the grandmother (court-ordered contact)" in lines(found)) is there
    told = placed(more=f"{notices(*EVERYONE, 'contact order@2025-11-14')}\n\n    {gran.format('', '')}")
    assert only(told, NOTICE).status == "clear"


def test_a_new_gp_is_told_as_well_as_the_old_one() -> None:
    gps = """involved_with | id | from | role | start | end
    | g1 | Dr Old | gp | 2015-01-01 | 2025-11-20
    | g2 | Dr New | gp | 2025-11-20 |"""
    found = only(placed(more=f"{notices(*EVERYONE)}\n\n    {gps}"), NOTICE)
    assert (lines(found)["the GP"], lines(found)["the new GP (Dr New)"]) == ("told", "no record")
    told = placed(more=f"{notices(*EVERYONE, 'new GP@2025-11-14')}\n\n    {gps}")
    assert only(told, NOTICE).status == "clear"


def test_outside_the_authority_the_area_authority_is_told_since_27_january_2014() -> None:
    found = only(placed(SOLIHULL, more=notices(*EVERYONE)), NOTICE)
    assert (found.status, lines(found)[f"the area authority ({SOLIHULL})"]) == ("raised", "no record")
    told = placed(SOLIHULL, more=notices(*EVERYONE, "host authority@2025-11-14"))
    assert only(told, NOTICE).status == "clear"
    for start, there in (("2014-01-26", False), ("2014-01-27", True)):
        old = only(placed(SOLIHULL, start=start), NOTICE, on="2014-06-30")
        assert any(line.startswith("the area authority") for line in lines(old)) is there


def test_where_the_home_is_not_on_record_only_the_area_authority_cannot_be_said() -> None:
    found = only(placed(None, more=notices(*EVERYONE)), NOTICE)
    assert (found.status, found.reason) == (
        "not assessable",
        "no record of the authority in whose area the home is: ash",
    )


def test_a_first_placement_has_no_carer_before() -> None:
    of = records("""
    looks_after | start | legal_status
    | 2025-11-17 | C2

    placed_at | id | to | start | start_reason | emergency
    | p2 | ash | 2025-11-17 | S | no

    in_area | from | to
    | ash | E08000025""")
    assert set(lines(only(of, NOTICE))) == {
        "the child", "the integrated care board", "the GP", "the reviewing officer",
    }  # fmt: skip


def test_no_notice_is_looked_for_to_a_child_under_four() -> None:
    assert "the child" not in lines(only(placed(born="2021-11-18"), NOTICE))
    assert "the child" in lines(only(placed(born="2021-11-17"), NOTICE))


def test_a_notice_that_points_at_nothing_counts_near_the_placement() -> None:
    text = "notices | recipient | sent_on\n    n | child | {}"
    for sent, state in (
        ("2025-10-20", "told"),
        ("2025-10-19", "no record"),
        ("2025-12-15", "late"),
        ("2025-12-16", "no record"),
    ):
        assert lines(only(placed(more=text.format(sent)), NOTICE))["the child"] == state
    other = "notices | change | recipient | sent_on\n    n | PlacedAt:p1 | child | 2025-11-14"
    assert lines(only(placed(more=other), NOTICE))["the child"] == "no record"


def test_recipients_that_loads_do_not_cover_are_named() -> None:
    base = "looks_after placed_at in_area related_to attends"
    found = only(placed(covers=base), NOTICE)
    assert (found.status, found.reason) == (
        "not assessable",
        "no load covers notices to the child, the carer before (oak), the integrated care board, the GP and the "
        "reviewing officer (notices) from 20 October 2025 to 17 November 2025",
    )
    some = only(placed(covers=f"{base} notices:child"), NOTICE)
    assert some.status == "raised"
    assert some.sentence.endswith(
        " Cannot be said: the carer before (oak), the integrated care board, the GP and the reviewing officer."
    )


def test_without_the_family_or_the_school_it_cannot_be_said_who_else_there_is() -> None:
    of = placed(more=notices(*EVERYONE), covers="looks_after placed_at in_area notices")
    found = only(of, NOTICE)
    assert found.status == "not assessable"
    assert "whether there are parents: no load covers related to (related_to) on 17 November 2025" in found.reason
    assert "whether the child goes to school: no load covers schools (attends) on 17 November 2025" in found.reason


def test_what_the_regulations_do_not_concern() -> None:
    assert only(placed(kind="A3"), NOTICE).reason == "the child was placed for adoption"
    assert only(placed(start="2011-03-31"), NOTICE, on="2011-12-31").status == "not applicable"
    assert only(placed(start="2011-04-01"), NOTICE, on="2011-12-31").status == "raised"
    assert only(placed(start="2025-03-31"), NOTICE, None).status == "clear"  # before the twelve months
    assert only(records(""), NOTICE, None).status == "not applicable"


def test_a_notice_after_the_day_is_not_known_yet() -> None:
    of = placed(more=notices(*EVERYONE[:-1], "iro@2025-12-01"))
    assert lines(only(of, NOTICE, on="2025-11-30"))["the reviewing officer"] == "no record"
    assert lines(only(of, NOTICE, on="2025-12-01"))["the reviewing officer"] == "late"


def test_what_sources_call_recipients_folds_into_the_regulations_words() -> None:
    said = {
        "Child": "child", "the young person": "child", "MOTHER": "parent", "Birth_parents": "parent",
        "ICB": "health commissioner", "primary care trust": "health commissioner", "GP": "gp", "New GP": "new gp",
        "designated_teacher": "education", "Independent Reviewing Officer": "iro", "host-authority": "area authority",
        "carer": "previous carer", "neighbour": None, "": None,
    }  # fmt: skip
    assert {text: fold(text) for text in said} == said
    assert all(fold(r.code) == r.code for r in RECIPIENTS.values())


def test_the_health_commissioner_has_had_three_names() -> None:
    days = (date(2013, 3, 31), date(2013, 4, 1), date(2022, 6, 30), date(2022, 7, 1))
    assert [commissioner(d).removeprefix("the ") for d in days] == [
        "primary care trust", "clinical commissioning group", "clinical commissioning group", "integrated care board",
    ]  # fmt: skip


# --- area.approval ---------------------------------------------------------------------------------------


def approved(on: str, by: str = "nominated officer", change: str = "PlacedAt:p2") -> str:
    return f"decisions | kind | change | on | by_role\n    d | placement approval | {change} | {on} | {by}"


CONSULTED = "notices | change | recipient | sent_on\n    c | PlacedAt:p2 | area authority | {}"


# The director approved it; nobody is on record as having asked Cornwall.
NOBODY_ASKED = """
child | born
Ash | 2012-05-12

looks_after | start | legal_status
| 2025-11-17 | C2

placed_at | id | to | start | start_reason | place_type | provider | emergency
| p2 | ash | 2025-11-17 | S | K2 | PR4 | no

in_area | from | to
| ash | E06000052

decisions | kind | change | on | by_role
d | placement approval | PlacedAt:p2 | 2025-11-14 | director
"""


def test_approved_by_the_director_and_nobody_asked_there() -> None:
    assert only(records(NOBODY_ASKED), APPROVAL).sentence == (
        "Ash in Cornwall, from 17 November 2025: no record that the area authority was consulted by 17 November 2025."
    )


def test_outside_the_authority_without_approval() -> None:
    found = only(placed(SOLIHULL), APPROVAL)
    assert found.status == "raised"
    assert found.sentence == (
        "Ash in Solihull, from 17 November 2025: no record of approval by the nominated officer before it began."
    )
    assert (evidence(found), found.measures) == ({"p2", "ia", "la"}, {"at_a_distance": False})


def test_at_a_distance_without_the_director_and_without_consultation() -> None:
    found = only(placed(CORNWALL), APPROVAL)
    assert found.sentence == (
        "Ash in Cornwall, from 17 November 2025: no record of approval by the director of children's services before "
        "it began; no record that the area authority was consulted by 17 November 2025."
    )
    assert found.measures == {"at_a_distance": True}


@pytest.mark.parametrize(
    ("area", "more", "status"),
    [
        (SOLIHULL, approved("2025-11-17"), "clear"),  # the day it began: a record has no hours
        (SOLIHULL, approved("2025-11-18"), "raised"),
        (SOLIHULL, approved("2025-11-10", by=""), "clear"),
        (SOLIHULL, approved("2025-11-10", change=""), "clear"),
        (SOLIHULL, approved("2025-11-10", change="PlacedAt:p1"), "raised"),
        (CORNWALL, f"{approved('2025-11-10', 'Director of Children’s Services')}\n\n    {CONSULTED}", "clear"),
        (CORNWALL, f"{approved('2025-11-10', 'dcs')}\n\n    {CONSULTED}", "clear"),
        (CORNWALL, f"{approved('2025-11-10', 'service manager')}\n\n    {CONSULTED}", "raised"),
        (CORNWALL, f"{approved('2025-11-10', '')}\n\n    {CONSULTED}", "not assessable"),
        (CORNWALL, approved("2025-11-10", "dcs"), "raised"),  # nobody was consulted
        (BIRMINGHAM, "", "clear"),
        (None, "", "not assessable"),
    ],
)
def test_whose_approval_is_asked_for(area: str | None, more: str, status: str) -> None:
    assert only(placed(area, more=more.format("2025-11-12")), APPROVAL).status == status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"kind": "U3", "provider": "PR4"}, "clear"),  # a connected person
        ({"kind": "U6", "provider": "PR1"}, "clear"),  # an own foster carer
        ({"kind": "U6", "provider": "PR4"}, "raised"),
        ({"kind": "K2", "provider": "PR1"}, "raised"),
        ({"basis": "regulation 24"}, "clear"),
        ({"basis": "own foster carer"}, "clear"),
    ],
)
def test_for_whom_no_approval_is_asked_for(given: dict[str, str], status: str) -> None:
    assert only(placed(CORNWALL, **given), APPROVAL).status == status


@pytest.mark.parametrize(
    ("emergency", "sent", "status"),
    [("no", "2025-11-17", "clear"), ("no", "2025-11-18", "raised"), ("yes", "2025-11-24", "clear"),
     ("yes", "2025-11-25", "raised"), ("", "2025-11-24", "clear")],
)  # fmt: skip
def test_in_an_emergency_the_consultation_has_five_working_days(emergency: str, sent: str, status: str) -> None:
    more = f"{approved('2025-11-16', 'dcs')}\n\n    {CONSULTED.format(sent)}"
    assert only(placed(CORNWALL, emergency, more=more), APPROVAL).status == status


def test_at_a_distance_counts_from_27_january_2014() -> None:
    """Before it a nominated officer's approval was enough, wherever the placement was."""
    for start, status in (("2014-01-26", "clear"), ("2014-01-27", "raised")):
        of = placed(CORNWALL, start=start, more=approved("2014-01-20"))
        assert only(of, APPROVAL, on="2014-06-30").status == status


def test_beside_wales_it_is_not_on_file_whose_approval_is_needed() -> None:
    there = {"area": WALES, "authority": SHROPSHIRE}
    assert only(placed(**there), APPROVAL).status == "raised"
    officer = only(placed(**there, more=approved("2025-11-10")), APPROVAL)
    assert "whether the director's approval was needed is not on file" in officer.reason
    assert only(placed(**there, more=approved("2025-11-10", "director")), APPROVAL).status == "clear"


def test_without_decisions_or_notices_it_cannot_be_said() -> None:
    found = only(placed(CORNWALL, covers="looks_after placed_at"), APPROVAL)
    assert found.reason == (
        "no load covers decisions (decisions:placement approval) from 20 October 2025 to 17 November 2025; no load "
        "covers notices (notices:area authority) from 20 October 2025 to 17 November 2025 (Ash in Cornwall, from 17 "
        "November 2025)"
    )
    near = placed(SOLIHULL, covers="looks_after placed_at decisions:placement_approval")
    assert only(near, APPROVAL).status == "raised"


def test_approval_concerns_placements_of_looked_after_children() -> None:
    assert only(records(""), APPROVAL, None).status == "not applicable"
    assert only(placed(SOLIHULL, start="2025-03-31"), APPROVAL, None).status == "clear"
    assert only(placed(SOLIHULL, kind="A5"), APPROVAL).status == "not applicable"


def test_an_approval_after_the_day_is_not_known_yet() -> None:
    of = placed(SOLIHULL, more=approved("2025-12-01"))
    assert "first on record" not in only(of, APPROVAL, on="2025-11-30").sentence
    assert "the first on record is of 1 December 2025" in only(of, APPROVAL, on="2025-12-01").sentence
