"""How one worker followed another, what the child was told, and what closed as a worker left."""

import dataclasses
from typing import Any

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2026-03-31"  # twelve months to it begin on 1 April 2025
COLD, TOLD, CLOSED = "continuity.cold_handover", "continuity.unannounced", "continuity.closed_with_leaver"

IN_CARE = """
looks_after | id | start      | legal_status | start_reason
            | la | 2019-06-03 | C2           | S
"""
AN_IRO = "| i | Whitfield | iro | 2019-06-03 |"


def only(of: Records, rule: str, subject: str | None = None, on: str = ON, **changed: Any) -> Finding:
    """The one finding of a rule (about a subject)."""
    found = [f for f in findings(of, rule, on, **changed) if subject is None or f.subject == subject]
    assert len(found) == 1, [(f.subject, f.status, f.sentence) for f in found]
    return found[0]


def evidence(finding: Finding) -> set[str]:
    return {e.id for e in finding.evidence}


def without(of: Records, table: str) -> Records:
    """The same records where no load covers a table (or a part of it)."""
    name, _, part = table.partition(":")
    return dataclasses.replace(
        of, coverage=tuple(c for c in of.coverage if c.table != name or (part and c.of != part and c.of is not None))
    )


# --- continuity.cold_handover ----------------------------------------------------------------------------


# One social worker after another on one day, and no meeting of the two.
NEVER_MET = """
child | born
Ash | 2012-05-12

looks_after | start | legal_status
| 2024-06-03 | C2

involved_with | from | role | start | end
| Doyle | social_worker | 2024-06-03 | 2025-05-06
| Brandt | social_worker | 2025-05-06 |
| Whitfield | iro | 2024-06-03 |

meetings | kind | on
m | review | 2025-06-30
"""


def test_no_meeting_of_the_two_on_record() -> None:
    assert statuses(records(NEVER_MET), COLD, ON) == {
        "Involvement:involved_with3": "raised",
        "role:iro": "clear",
    }


def handed(ended: str, began: str, more: str = "", covers: str | None = None, role: str = "social_worker") -> Records:
    """Doyle's end and Brandt's start in a role, beside one reviewing officer."""
    beside = AN_IRO if role == "social_worker" else "| i | Hassan | social_worker | 2019-06-03 |"
    return records(
        f"""{IN_CARE}
    involved_with | id | from | role | start | end
    | a | Doyle | {role} | 2024-01-08 | {ended}
    | b | Brandt | {role} | {began} |
    {beside}

    {more}""",
        covers,
    )


def met(on: str, kind: str = "joint visit", how: str = "present", status: str = "") -> str:
    return f"""meetings | kind | on | status
    m | {kind} | {on} | {status}

    attended | from | to | how
    | Doyle | m | present
    | Brandt | m | {how}"""


def test_days_without_anyone_between_two_social_workers_are_raised() -> None:
    found = only(handed("2025-05-06", "2025-06-02", met("2025-05-05")), COLD, "Involvement:b")
    assert found.status == "raised"
    assert found.sentence == (
        "Brandt followed Doyle as social worker on 2 June 2025, with no social worker on record for 27 days, "
        "6 May 2025 to 2 June 2025. Both took part in a joint visit on 5 May 2025. "
        "Whitfield (reviewing officer) stayed throughout."
    )
    assert found.measures["lag_days"] == 27
    assert evidence(found) == {"a", "b", "m", "i"}
    assert found.parameters["handover_days"] == 14


def test_no_gap_and_no_meeting_is_raised() -> None:
    """A spell that ends on a day and one that starts on it leave no gap."""
    found = only(handed("2025-05-06", "2025-05-06"), COLD, "Involvement:b")
    assert found.status == "raised"
    assert "no record of a meeting, visit or call with both from 22 April 2025 to 20 May 2025" in found.sentence
    assert found.measures["lag_days"] == 0


@pytest.mark.parametrize(
    ("ended", "began", "meeting", "status"),
    [
        ("2025-05-07", "2025-05-06", "", "clear"),  # both there for a day
        ("2025-05-06", "2025-05-06", met("2025-04-22"), "clear"),  # 14 days before
        ("2025-05-06", "2025-05-06", met("2025-04-21"), "raised"),
        ("2025-05-06", "2025-05-06", met("2025-05-20"), "clear"),  # 14 days after
        ("2025-05-06", "2025-05-06", met("2025-05-21"), "raised"),
        ("2025-05-06", "2025-05-06", met("2025-05-06", "review"), "clear"),
        ("2025-05-06", "2025-05-06", met("2025-05-06", "family time"), "raised"),  # the child's own
        ("2025-05-06", "2025-05-06", met("2025-05-06", how="apologies"), "raised"),
        ("2025-05-06", "2025-05-06", met("2025-05-06", how="sent report"), "raised"),  # nobody met
        ("2025-05-06", "2025-05-06", met("2025-05-06", status="cancelled"), "raised"),
        ("2025-05-03", "2025-05-06", met("2025-05-02"), "clear"),  # a weekend and a bank holiday between
        ("2025-05-02", "2025-05-06", met("2025-05-01"), "raised"),  # a Friday between
    ],
)
def test_what_is_a_handover(ended: str, began: str, meeting: str, status: str) -> None:
    assert only(handed(ended, began, meeting), COLD, "Involvement:b").status == status


def test_a_reviewing_officer_who_followed_another() -> None:
    found = only(handed("2025-05-06", "2025-05-06", role="iro"), COLD, "Involvement:b")
    assert found.status == "raised" and "as reviewing officer" in found.sentence


@pytest.mark.parametrize(
    "rows",
    [
        # one who helped for a while beside the holder succeeded nobody
        "| a | Doyle | social_worker | 2024-01-08 |\n    | b | Brandt | social_worker | 2025-05-06 | 2025-06-06",
        # the same person, two rows, with a fortnight between
        "| a | Doyle | social_worker | 2024-01-08 | 2025-05-06\n    | b | Doyle | social_worker | 2025-05-20 |",
        # before the twelve months
        "| a | Doyle | social_worker | 2024-01-08 | 2025-03-31\n    | b | Brandt | social_worker | 2025-03-31 |",
    ],
)
def test_what_is_no_change_of_holder(rows: str) -> None:
    of = records(f"{IN_CARE}\n    involved_with | id | from | role | start | end\n    {rows}\n    {AN_IRO}")
    assert statuses(of, COLD, ON) == {"role:social_worker": "clear", "role:iro": "clear"}


def test_the_one_before_is_whoever_was_there_longest() -> None:
    """Brandt covered for a while beside Doyle; Hassan came as Doyle left."""
    of = records(f"""{IN_CARE}
    involved_with | id | from | role | start | end
    | a | Doyle | social_worker | 2024-01-08 | 2025-09-01
    | b | Brandt | social_worker | 2025-05-06 | 2025-06-06
    | c | Hassan | social_worker | 2025-09-01 |
    {AN_IRO}""")
    found = [f for f in findings(of, COLD, ON) if f.status == "raised"]
    assert [(f.subject, f.measures["lag_days"]) for f in found] == [("Involvement:c", 0)]


def test_a_role_that_nobody_had_to_hold_in_between_begins_anew() -> None:
    of = records("""
    looks_after | start | end | legal_status | start_reason | end_reason
    | 2023-06-03 | 2024-06-03 | C2 | S | E4A
    | 2025-06-03 | | C2 | S |

    involved_with | id | from | role | start | end
    | a | Doyle | social_worker | 2023-06-03 | 2024-06-03
    | b | Brandt | social_worker | 2025-06-03 |""")
    assert statuses(of, COLD, ON)["role:social_worker"] == "clear"


def test_within_the_fortnight_after_it_nothing_is_said_yet() -> None:
    of = handed("2026-03-18", "2026-03-18")
    found = only(of, COLD, "Involvement:b")
    assert found.status == "not assessable"
    assert found.reason == "the 14 days after the change of 18 March 2026 end on 1 April 2026"
    assert only(of, COLD, "Involvement:b", on="2026-04-01").status == "raised"


def test_a_record_after_the_day_changes_nothing() -> None:
    of = handed("2025-05-06", "2025-05-06")
    later = handed("2025-05-06", "2025-05-06", met("2025-05-19"))
    on = "2025-05-18"
    assert findings(of, COLD, on) == findings(later, COLD, on)
    recorded = "meetings | kind | on | recorded_on\n    m | joint visit | 2025-05-05 | 2026-04-01"
    late = handed("2025-05-06", "2025-05-06", met("2025-05-05").replace(met("2025-05-05").split("\n\n")[0], recorded))
    assert only(late, COLD, "Involvement:b").status == "raised"
    assert only(late, COLD, "Involvement:b", on="2026-04-01").status == "clear"


@pytest.mark.parametrize(
    ("left_out", "reason"),
    [
        ("meetings", "no load covers meetings (meetings) from 22 April 2025 to 20 May 2025"),
        ("attended", "no load covers attendance at meetings (attended:social care) from 22 April 2025 to 20 May 2025"),
    ],
)
def test_without_meetings_it_cannot_be_said_whether_they_met(left_out: str, reason: str) -> None:
    found = only(without(handed("2025-05-06", "2025-05-06"), left_out), COLD, "Involvement:b")
    assert (found.status, found.reason) == ("not assessable", reason)


def test_days_between_need_no_meetings() -> None:
    assert only(without(handed("2025-05-06", "2025-06-02"), "meetings"), COLD, "Involvement:b").status == "raised"


def test_a_council_with_its_903_alone_says_what_it_can() -> None:
    of = handed("2025-05-06", "2025-06-02", covers="looks_after placed_at involved_with:social_worker")
    of = dataclasses.replace(of, relationships=tuple(r for r in of.relationships if r.id != "i"))
    assert statuses(of, COLD, ON) == {"Involvement:b": "raised", "role:iro": "not assessable"}
    assert only(of, COLD, "role:iro").reason == (
        "no load covers reviewing officer (involved_with:iro) from 1 April 2025 to 31 March 2026"
    )


def test_workers_who_are_not_identified_may_be_one() -> None:
    of = records(f"""{IN_CARE}
    professionals | identified
    XX1 | no
    XX2 | no

    involved_with | id | from | role | start | end
    | a | XX1 | social_worker | 2024-01-08 | 2025-05-06
    | b | XX2 | social_worker | 2025-05-06 |
    {AN_IRO}""")
    assert only(of, COLD, "Involvement:b").status == "not assessable"


def test_a_child_neither_looked_after_nor_on_a_plan_has_no_handovers() -> None:
    assert statuses(records(""), COLD, ON) == {"role:social_worker": "not applicable", "role:iro": "not applicable"}


def test_a_child_on_a_plan_has_them() -> None:
    """Child V was never looked after: each new social worker had to start again."""
    of = records("""
    plans | kind | start
    cp | child protection | 2025-01-10

    involved_with | id | from | role | start | end
    | a | Doyle | social_worker | 2025-01-10 | 2025-07-01
    | b | Brandt | social_worker | 2025-09-01 |""")
    assert only(of, COLD, "Involvement:b").status == "raised"


# --- continuity.unannounced ------------------------------------------------------------------------------


def moved(more: str = "", covers: str | None = None, born: str = "2012-05-12") -> Records:
    return records(
        f"""{IN_CARE}
    child | born
    Ash | {born}

    placed_at | id | to | start | end | start_reason | change_reason
    | p1 | oak | 2019-06-03 | 2025-11-17 | S | CARPL
    | p2 | elm | 2025-11-17 | | P |

    involved_with | id | from | role | start
    | s | Hassan | social_worker | 2019-06-03
    {AN_IRO}

    {more}""",
        covers,
    )


def notice(sent: str, change: str = "PlacedAt:p2", recipient: str = "child") -> str:
    return f"notices | change | recipient | sent_on\n    n | {change} | {recipient} | {sent}"


def decision(change: str, informed: str) -> str:
    return f"decisions | kind | change | on | informed_child_on\n    d | move | {change} | 2025-11-03 | {informed}"


def test_a_move_without_a_record_that_the_child_was_told_is_raised() -> None:
    found = only(moved(), TOLD, "PlacedAt:p2")
    assert found.status == "raised"
    assert found.sentence == (
        "No record that the child was told of the move from oak to elm before it happened on 17 November 2025."
    )
    assert evidence(found) == {"p1", "p2"}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (notice("2025-11-16"), "clear"),  # the day before
        (notice("2025-11-17"), "raised"),  # the day itself is not before it
        (notice("2025-11-20"), "raised"),
        (notice("2025-11-16", change=""), "clear"),  # points at nothing, and sent in the four weeks before
        (notice("2025-10-19", change=""), "raised"),  # 29 days before
        (notice("2025-11-16", change="PlacedAt:p1"), "raised"),  # of another placement
        (notice("2025-11-16", recipient="Young person"), "clear"),
        (notice("2025-11-16", recipient="mother"), "raised"),
        (decision("PlacedAt:p1", "2025-11-05"), "clear"),
        (decision("PlacedAt:p2", "2025-11-19"), "raised"),
        (decision("PlacedAt:p2", ""), "raised"),
    ],
)  # fmt: skip
def test_what_tells_the_child(more: str, status: str) -> None:
    assert only(moved(more), TOLD, "PlacedAt:p2").status == status


def test_a_child_told_afterwards_is_shown_when() -> None:
    found = only(moved(notice("2025-11-20")), TOLD, "PlacedAt:p2")
    assert found.sentence == (
        "The first record that the child was told of the move from oak to elm on 17 November 2025 is of "
        "20 November 2025, 3 days after it."
    )
    assert (found.measures["late_days"], evidence(found)) == (3, {"p1", "p2", "n"})


def test_told_on_the_day_will_do_where_the_council_says_so() -> None:
    assert only(moved(notice("2025-11-17")), TOLD, "PlacedAt:p2", told_days_before=0).status == "clear"


def test_a_change_of_social_worker_or_reviewing_officer_is_told_too() -> None:
    of = handed("2025-05-06", "2025-05-06")
    assert only(of, TOLD, "Involvement:b").status == "raised"
    assert "the change of social worker from Doyle to Brandt" in only(of, TOLD, "Involvement:b").sentence
    for change in ("Involvement:b", "Involvement:a", ""):
        told = handed("2025-05-06", "2025-05-06", notice("2025-05-01", change))
        assert only(told, TOLD, "Involvement:b").status == "clear"


def test_without_notices_to_children_it_cannot_be_said() -> None:
    of = moved(covers="looks_after placed_at involved_with notices:iro")
    found = only(of, TOLD, "PlacedAt:p2")
    assert (found.status, found.reason) == (
        "not assessable",
        "no load covers notices (notices:child) from 20 October 2025 to 17 November 2025",
    )
    covered = moved(covers="looks_after placed_at involved_with notices:child@2025-10-20..2025-11-17")
    assert only(covered, TOLD, "PlacedAt:p2").status == "raised"
    told = moved(notice("2025-11-10"), covers="looks_after placed_at involved_with")
    assert only(told, TOLD, "PlacedAt:p2").status == "clear"


def test_nothing_is_asked_of_a_child_under_four() -> None:
    assert only(moved(born="2021-11-18"), TOLD, "PlacedAt:p2").status == "not applicable"
    assert only(moved(born="2021-11-17"), TOLD, "PlacedAt:p2").status == "raised"  # four that day


def test_a_notice_recorded_later_is_not_known_yet() -> None:
    of = moved(notice("2025-11-20"))
    assert "No record" in only(of, TOLD, "PlacedAt:p2", on="2025-11-19").sentence


def test_seventeen_and_allocated_to_the_team_for_over_sixteens_at_the_start() -> None:
    """A control (seeds 002, 003): no later change of worker, and so nothing to be told or handed over."""
    of = records("""
    child | born
    Ash | 2008-05-12

    looks_after | start | legal_status
    | 2025-06-03 | V2

    placed_at | to | start | start_reason
    | oak | 2025-06-03 | S

    involved_with | from | role | start | local_role
    | Hassan | social_worker | 2025-06-03 | 16+ team
    | Whitfield | iro | 2025-06-03 |""")
    for rule in (COLD, TOLD):
        assert set(statuses(of, rule, ON).values()) == {"clear"}


def test_a_service_that_keeps_the_same_worker_past_sixteen_is_quiet() -> None:
    of = records(f"""{IN_CARE}
    child | born
    Ash | 2009-11-01

    placed_at | to | start | start_reason
    | oak | 2019-06-03 | S

    involved_with | from | role | start | end | team
    | Hassan | social_worker | 2019-06-03 | 2025-11-01 | children
    | Hassan | social_worker | 2025-11-01 | | 16+
    | Whitfield | iro | 2019-06-03 | |""")
    for rule in (COLD, TOLD):
        assert set(statuses(of, rule, ON).values()) == {"clear"}


# A social worker who left ten days before the plan closed.
CLOSED_AFTER_HER = """
child | born
Ash | 2012-05-12

plans | kind | start | end
cin | child in need | 2024-11-01 | 2025-05-20

involved_with | from | role | start | end
| Doyle | social_worker | 2024-11-01 | 2025-05-10
"""

# --- continuity.closed_with_leaver -----------------------------------------------------------------------


def closed(
    plan_end: str, worker_end: str, reason: str = "", more: str = "", kind: str = "child in need",
    covers: str | None = None,
) -> Records:  # fmt: skip
    return records(
        f"""
    plans | kind | start | end
    cin | {kind} | 2024-11-01 | {plan_end}

    involved_with | id | from | role | start | end | end_reason
    | a | Doyle | social_worker | 2024-11-01 | {worker_end} | {reason}

    {more}""",
        covers,
    )


@pytest.mark.parametrize(
    ("plan_end", "worker_end", "reason", "status"),
    [
        ("2025-05-20", "2025-05-20", "left the authority", "raised"),
        ("2025-05-20", "2025-05-10", "", "raised"),  # ten days without her, and then it closed
        ("2025-06-10", "2025-05-10", "", "raised"),  # 31 days
        ("2025-06-11", "2025-05-10", "", "clear"),  # 32
        ("2025-05-20", "2025-05-20", "", "not assessable"),  # ended together, and nothing says why
        ("2025-05-20", "2025-05-20", "case closed", "clear"),
        ("2025-05-20", "2025-06-20", "LEFTRL", "raised"),  # closed as she was leaving
        ("2025-05-20", "2025-06-21", "LEFTRL", "clear"),  # 32 days before
        ("2025-05-20", "", "", "clear"),
    ],
)
def test_closed_as_the_worker_left(plan_end: str, worker_end: str, reason: str, status: str) -> None:
    """Child V (seed 004), fact 1: closed in the month in which the social worker left."""
    assert only(closed(plan_end, worker_end, reason), CLOSED).status == status


def test_what_is_said_of_a_closure() -> None:
    found = only(closed("2025-05-20", "2025-05-10"), CLOSED)
    assert found.sentence == (
        "The child in need plan ended on 20 May 2025, 10 days after Doyle (social worker) left (10 May 2025)."
    )
    assert (found.subject, evidence(found)) == ("Plan:cin", {"cin", "a"})
    unsaid = only(closed("2025-05-20", "2025-05-20"), CLOSED)
    assert unsaid.reason == (
        "the child in need plan ended on 20 May 2025, and no record says why the involvement of Doyle (social worker) "
        "ended that day"
    )


def test_the_end_of_the_workers_employment_says_that_they_left() -> None:
    employed = """works_for | id | from | to | start | end
    | w | Doyle | social care | 2020-01-01 | 2025-06-01"""
    of = closed("2025-05-20", "2025-05-20", more=employed)
    found = only(of, CLOSED)
    assert (found.status, evidence(found)) == ("raised", {"cin", "a", "w"})
    assert only(of, CLOSED, on="2025-05-31").status == "not assessable"  # not yet known


@pytest.mark.parametrize(
    "more",
    [
        "plans | kind | start\n    cp | child protection | 2025-06-03",  # a plan that follows within a fortnight
        "looks_after | start | legal_status\n    | 2025-05-19 | C2",  # care
    ],
)
def test_a_plan_that_goes_on_as_another_or_as_care_is_not_closed(more: str) -> None:
    of = closed("2025-05-20", "2025-05-10", more=more)
    assert [f.sentence for f in findings(of, CLOSED, ON)] == [
        "No case or plan on record closed from 1 April 2025 to 31 March 2026."
    ]


def test_the_end_of_a_health_plan_or_a_pep_closes_nothing() -> None:
    for kind in ("care", "health", "pep", "placement"):
        assert only(closed("2025-05-20", "2025-05-10", kind=kind), CLOSED).subject == ""


def test_a_decision_to_close_is_a_closure_of_its_own() -> None:
    decided = "decisions | kind | on | change\n    d | closure | 2025-05-20 |"
    of = records(f"""
    involved_with | id | from | role | start | end
    | a | Doyle | social_worker | 2024-11-01 | 2025-05-10

    {decided}""")
    assert (only(of, CLOSED).subject, only(of, CLOSED).status) == ("Decision:d", "raised")
    with_plan = closed("2025-05-20", "2025-05-10", more=decided.replace("2025-05-20 |", "2025-05-20 | Plan:cin"))
    assert (only(with_plan, CLOSED).subject, evidence(only(with_plan, CLOSED))) == ("Plan:cin", {"cin", "d", "a"})


def test_an_end_after_the_day_or_before_the_twelve_months_is_not_looked_at() -> None:
    assert only(closed("2025-05-20", "2025-05-10"), CLOSED, on="2025-05-19").status == "clear"
    assert only(closed("2025-03-31", "2025-03-21"), CLOSED).status == "clear"
    assert only(closed("2025-04-01", "2025-03-22"), CLOSED).status == "raised"


def test_without_plans_or_the_social_worker_it_cannot_be_said() -> None:
    found = only(records("", covers="looks_after plans:child_protection"), CLOSED)
    assert (found.status, found.reason) == (
        "not assessable",
        "no load covers child in need plans (plans:child in need) from 1 April 2025 to 31 March 2026",
    )
    alone = "plans | kind | start | end\n    cin | child in need | 2024-11-01 | 2025-05-20"
    assert only(records(alone, covers="plans"), CLOSED, "Plan:cin").reason == (
        "no load covers social worker (involved_with:social_worker) from 19 April 2025 to 19 May 2025"
    )
    assert only(records(alone), CLOSED).sentence == (
        "The child in need plan ended on 20 May 2025; no social worker on record before it."
    )
    # Someone unseen may have taken over before it closed.
    found = only(records(CLOSED_AFTER_HER, covers="plans"), CLOSED, "Plan:cin")
    assert found.reason == "no load covers social worker (involved_with:social_worker) from 10 May 2025 to 19 May 2025"
    assert only(records(CLOSED_AFTER_HER), CLOSED).status == "raised"


def test_the_days_are_a_parameter_and_printed() -> None:
    found = only(closed("2025-06-11", "2025-05-10"), CLOSED, leaver_days=32)
    assert (found.status, found.parameters["leaver_days"]) == ("raised", 32)
