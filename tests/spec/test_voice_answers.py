"""Voice: recommendations, challenges, concerns and family time that wait."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.voice.alerts import level, steps
from graph.findings import Finding
from graph.parameters import DEFAULTS
from graph.records import Records
from tests.spec.small import findings, records, statuses

CARE = """
child | born
Ash   | 2012-05-12

looks_after | legal_status | start
care        | C2           | 2022-01-10
"""


def only(of: Records, rule: str, on: str, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


# --- voice.recommendation_open ---

OPEN = "voice.recommendation_open"
ASKED = f"""{CARE}
meetings | kind   | on
r1       | review | 2024-01-10
r2       | review | 2024-07-10
p1       | pep    | 2024-10-10

recommendations | about_what   | service | made_on    | done_on | made_at
q1              | someone to talk to | therapy | 2024-01-10 |  | r1
q2              | therapy, again     | Therapy | {{second}} | {{done}} | {{at}}
"""


def asked(
    second: str = "2024-07-10", done: str = "", at: str = "r2", more: str = "", covers: str | None = None
) -> Records:
    return records(ASKED.format(second=second, done=done, at=at) + more, covers=covers)


def test_the_same_at_two_reviews_with_nothing_begun_is_raised():
    found = only(asked(), OPEN, "2024-12-31")
    assert found.sentence == (
        "Therapy was recommended at 2 reviews (10 January 2024 and 10 July 2024), with no record that it began and of "
        "no escalation up to 31 December 2024."
    )
    assert (found.subject, found.measures["reviews"]) == ("Recommendation:q1", 2)
    assert [e.id for e in found.evidence] == ["q1", "q2"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"at": ""}, "raised"),  # on the day of a review
        ({"at": "", "second": "2024-07-11"}, "clear"),
        ({"at": "p1", "second": "2024-10-10"}, "clear"),  # a PEP meeting is no review
        ({"at": "r1"}, "clear"),  # twice at one review
        ({"done": "2024-09-01"}, "clear"),
    ],
)
def test_it_takes_two_reviews_and_nothing_done(given: dict[str, str], status: str):
    assert only(asked(**given), OPEN, "2024-12-31").status == status


@pytest.mark.parametrize(("on", "status"), [("2024-08-31", "raised"), ("2024-09-01", "clear")])
def test_what_was_done_later_is_not_yet_known(on: str, status: str):
    assert only(asked(done="2024-09-01"), OPEN, on).status == status


def test_the_second_time_makes_it_two():
    assert only(asked(), OPEN, "2024-07-09").status == "clear"
    assert only(asked(), OPEN, "2024-07-10").status == "raised"


@pytest.mark.parametrize(("on", "subjects"), [("2025-07-09", {"Recommendation:q1"}), ("2025-07-10", {""})])
def test_its_last_time_is_within_twelve_months(on: str, subjects: set[str]):
    assert set(statuses(asked(), OPEN, on)) == subjects


SERVICE = "\ninvolved_with | from | role | service | start | end\n | Tia | {}\n"
REFERRAL = "\nreferrals | need | made | first_contact\n | therapy | 2024-02-01 | {}\n"
ALERT = "\nalerts | kind | raised | escalated_on | escalated_to\n | {}\n"
ANSWERS = {
    "a service begun since": (SERVICE.format("voluntary | therapy | 2024-08-01 |"), "clear"),
    "another service": (SERVICE.format("psychologist | | 2024-08-01 |"), "raised"),
    "one that ended before": (SERVICE.format("voluntary | therapy | 2023-01-01 | 2024-01-10"), "raised"),
    "one there all along": (SERVICE.format("voluntary | therapy | 2023-01-01 |"), "clear"),
    "a first contact": (REFERRAL.format("2024-09-01"), "clear"),
    "a referral that waits": (REFERRAL.format(""), "raised"),
    "a challenge": (ALERT.format("iro challenge | 2024-08-01 | |"), "clear"),
    "a challenge of before": (ALERT.format("iro challenge | 2024-01-09 | |"), "raised"),
    "a concern": (ALERT.format("concern | 2024-08-01 | |"), "raised"),
    "a concern escalated": (ALERT.format("concern | 2024-02-01 | 2024-08-01 | service manager"), "clear"),
}


@pytest.mark.parametrize(("more", "status"), ANSWERS.values(), ids=ANSWERS.keys())
def test_what_answers_it(more: str, status: str):
    assert only(asked(more=more), OPEN, "2024-12-31").status == status


@pytest.mark.parametrize(("service", "status"), [("therapy", "raised"), ("CAMHS", "clear")])
def test_a_service_is_known_by_the_name_of_its_role_too(service: str, status: str):
    text = ASKED.format(second="2024-07-10", done="", at="r2").replace("| therapy |", f"| {service} |")
    of = records(text.replace("| Therapy |", f"| {service} |") + SERVICE.format("camhs | | 2024-08-01 |"))
    assert only(of, OPEN, "2024-12-31").status == status


@pytest.mark.parametrize(
    ("covers", "named"),
    [
        ("looks_after involved_with alerts", "recommendations"),
        ("looks_after recommendations alerts involved_with:social_worker", "involved_with"),
        ("looks_after recommendations involved_with", "alerts"),
    ],
)
def test_it_needs_recommendations_services_and_alerts(covers: str, named: str):
    found = findings(asked(covers=covers), OPEN, "2024-12-31")
    assert any(f.status == "not assessable" and named in f.reason for f in found)
    none = records(CARE, covers=covers)
    assert only(none, OPEN, "2024-12-31").status == ("clear" if "recommendations" in covers else "not assessable")


def test_challenges_and_recommendations_are_about_children_who_are_looked_after():
    never = records("child | born\nAsh | 2012-05-12\n")
    for rule in (OPEN, "voice.challenge_open"):
        assert only(never, rule, "2024-12-31").status == "not applicable"
        assert only(records(CARE), rule, "2024-12-31").status == "clear"


# --- voice.challenge_open ---

CHALLENGE = "voice.challenge_open"


def alerted(kind: str = "iro challenge", on: str = "2024-03-01", answered: str = "", escalated: str = "", to: str = "",
            by: str = "Ida", covers: str | None = None) -> Records:  # fmt: skip
    return records(
        f"{CARE}\ninvolved_with | from | role | start\n | Ida | iro | 2022-01-10\n\nalerts | kind | raised | "
        f"answered_on | escalated_on | escalated_to | by\nx | {kind} | {on} | {answered} | {escalated} | {to} | {by}\n",
        covers=covers,
    )


@pytest.mark.parametrize(("on", "status"), [("2024-04-02", "clear"), ("2024-04-03", "raised")])
def test_twenty_working_days_for_an_answer(on: str, status: str):
    """Friday 1 March 2024; Good Friday and Easter Monday fall within."""
    found = only(alerted(), CHALLENGE, on)
    assert (found.status, found.subject, found.measures["due"]) == (status, "Alert:x", date(2024, 4, 2))


def test_it_stays_raised_until_it_is_answered():
    assert only(alerted(), CHALLENGE, "2026-03-01").status == "raised"
    of = alerted(answered="2024-05-01")
    assert only(of, CHALLENGE, "2024-04-30").status == "raised"
    late = only(of, CHALLENGE, "2024-05-01")
    assert (late.status, late.measures["late_days"]) == ("clear", 29)


@pytest.mark.parametrize(
    ("kind", "by", "subject"),
    [("dispute resolution", "Ida", "Alert:x"), ("dispute resolution", "Sam", ""), ("concern", "Ida", "")],
)
def test_a_dispute_that_the_reviewing_officer_raised_is_one_too(kind: str, by: str, subject: str):
    assert only(alerted(kind=kind, by=by), CHALLENGE, "2024-06-01").subject == subject


def test_without_coverage_of_alerts_an_answer_may_be_unseen():
    of = alerted(covers="looks_after")
    found = {f.subject: f for f in findings(of, CHALLENGE, "2024-06-01")}
    assert {f.status for f in found.values()} == {"not assessable"} and set(found) == {"Alert:x", ""}
    part = alerted(covers="looks_after alerts@2024-01-01..2024-04-05")
    assert statuses(part, CHALLENGE, "2024-06-01")["Alert:x"] == "raised"
    assert only(records(CARE, covers="looks_after"), CHALLENGE, "2024-06-01").status == "not assessable"


# --- voice.concern_open ---

CONCERN = "voice.concern_open"


@pytest.mark.parametrize(
    ("on", "status", "who"),
    [
        ("2024-01-31", "clear", ""),
        ("2024-03-13", "clear", ""),  # six weeks to the day
        ("2024-03-14", "raised", "a service manager"),
        ("2024-04-30", "raised", "a service manager"),  # 31 January and three months is 30 April
        ("2024-05-01", "raised", "a service director"),
        ("2024-07-31", "raised", "a service director"),
        ("2024-08-01", "raised", "the director of children's services"),
    ],
)
def test_a_concern_climbs_after_six_weeks_three_months_and_six(on: str, status: str, who: str):
    found = only(alerted(kind="concern", on="2024-01-31"), CONCERN, on)
    assert found.status == status
    assert who in found.sentence


@pytest.mark.parametrize(
    ("to", "on", "status"),
    [
        ("service manager", "2024-04-30", "clear"),
        ("service manager", "2024-05-01", "raised"),
        ("service director", "2024-05-01", "clear"),
        ("assistant director", "2024-07-31", "clear"),
        ("service director", "2024-08-01", "raised"),
        ("DCS", "2025-08-01", "clear"),
        ("director of children's services", "2025-08-01", "clear"),
        ("team_manager", "2024-03-14", "raised"),
        ("someone upstairs", "2024-03-13", "clear"),
        ("someone upstairs", "2024-03-14", "not assessable"),
        ("", "2024-03-14", "not assessable"),
    ],
)
def test_an_escalation_answers_the_steps_up_to_its_own(to: str, on: str, status: str):
    of = alerted(kind="concern", on="2024-01-31", escalated="2024-02-15", to=to)
    assert only(of, CONCERN, on).status == status


def test_an_escalation_or_answer_of_later_is_not_yet_known():
    of = alerted(kind="concern", on="2024-01-31", escalated="2024-03-20", to="service manager")
    assert only(of, CONCERN, "2024-03-19").status == "raised"
    assert only(of, CONCERN, "2024-03-20").status == "clear"
    answered = alerted(kind="concern", on="2024-01-31", answered="2024-06-01")
    assert only(answered, CONCERN, "2024-05-31").status == "raised"
    assert only(answered, CONCERN, "2024-06-01").status == "clear"


def test_it_says_with_whom_it_belongs_and_since_when():
    found = only(
        alerted(kind="concern", on="2024-01-31", escalated="2024-02-15", to="service manager"), CONCERN, "2024-05-03"
    )
    assert found.sentence == (
        "The concern of 31 January 2024 has no answer on record, and no escalation to a service director, with whom it "
        "belongs since 30 April 2024: 3 days over. It is with service manager since 15 February 2024."
    )
    assert found.kind == "L"


def test_the_ladder_is_local_practice_and_printed():
    found = only(alerted(kind="concern", on="2024-01-31"), CONCERN, "2024-03-14", concern_weeks_service_manager=7)
    assert (found.status, found.parameters["concern_weeks_service_manager"]) == ("clear", 7)


def test_of_a_concern_only_the_steps_that_loads_reach_are_told():
    part = alerted(kind="concern", on="2024-01-31", covers="alerts@2024-01-01..2024-03-20")
    found = {f.subject: f for f in findings(part, CONCERN, "2025-01-01")}
    assert (found["Alert:x"].status, found["Alert:x"].measures["step"]) == ("raised", 1)
    none = {f.subject: f for f in findings(alerted(kind="concern", covers=""), CONCERN, "2025-01-01")}
    assert none["Alert:x"].status == "not assessable"
    assert only(records(CARE), CONCERN, "2025-01-01").status == "clear"
    assert only(records(CARE, covers=""), CONCERN, "2025-01-01").status == "not assessable"


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_the_steps_come_one_after_another(d: date):
    one, two, three = (s.until for s in steps(d, DEFAULTS))
    assert d < one < two < three
    assert (one - d).days == 42 and 89 <= (two - d).days <= 92 and 181 <= (three - d).days <= 184


def test_roles_are_known_in_the_words_people_use():
    assert [level(w) for w in ("Service Manager", "head_of_service", "Director", "DCS", "teacher", None)] == [
        1, 1, 2, 3, None, None,
    ]  # fmt: skip


# --- voice.contact_not_delivered ---

TIME = "voice.contact_not_delivered"


def family_time(*on: str, interval: str = "14", who: str = "", end: str = "", status: str = "", attended: str = "",
                covers: str | None = None) -> Records:  # fmt: skip
    rows = "".join(f"f{n} | family time | {d} | {status}\n" for n, d in enumerate(on, 1))
    text = (
        f"{CARE}\npersons | name\nmum | Mum\ndad | Dad\n\nplans | kind | start | end | interval | with\n"
        f"ft | family time | 2024-03-01 | {end} | {interval} | {who}\n"
        + (f"\nmeetings | kind | on | status\n{rows}" if rows else "")
        + (f"\nattended | from | to | how\n{attended}\n" if attended else "")
    )
    return records(text, covers=covers)


@pytest.mark.parametrize(("on", "status"), [("2024-03-15", "clear"), ("2024-03-16", "raised")])
def test_an_interval_without_any_is_raised_the_day_after_its_end(on: str, status: str):
    found = only(family_time(), TIME, on)
    assert (found.status, found.subject) == (status, "Plan:ft")


@pytest.mark.parametrize(("on", "status"), [("2024-03-29", "clear"), ("2024-03-30", "raised")])
def test_it_is_counted_from_the_last_one_on_record(on: str, status: str):
    found = only(family_time("2024-03-15"), TIME, on)
    assert found.status == status
    assert found.measures["times"] == 1


def test_february_has_29_days_in_a_leap_year():
    leap = records(f"{CARE}\nplans | kind | start | interval\nft | family time | 2024-02-16 | 14\n")
    assert only(leap, TIME, "2024-03-01").status == "clear"
    assert only(leap, TIME, "2024-03-02").status == "raised"


def test_it_says_with_whom_and_how_often():
    assert only(family_time("2024-03-15", who="mum"), TIME, "2024-04-08").sentence == (
        "Family time with Mum is planned every 14 days; the last on record was on 15 March 2024, 10 days over up to "
        "8 April 2024."
    )


@pytest.mark.parametrize(
    ("who", "attended", "status"),
    [
        ("mum", " | mum | f1 | present", "clear"),
        ("mum", " | dad | f1 | present", "raised"),
        ("mum", " | mum | f1 | apologies", "raised"),
        ("mum;dad", " | dad | f1 | present", "clear"),
        ("mum", "", "clear"),  # nobody recorded by name
        ("", " | dad | f1 | present", "clear"),
    ],
)
def test_time_with_the_people_the_plan_names_counts(who: str, attended: str, status: str):
    assert only(family_time("2024-03-15", who=who, attended=attended), TIME, "2024-03-20").status == status


def test_one_cancelled_is_none_and_a_plan_that_has_ended_asks_for_nothing():
    assert only(family_time("2024-03-15", status="cancelled"), TIME, "2024-03-20").status == "raised"
    assert only(family_time(end="2024-03-20"), TIME, "2024-03-19").status == "raised"
    assert only(family_time(end="2024-03-20"), TIME, "2024-03-20").subject == ""
    assert only(family_time("2024-03-20"), TIME, "2024-03-19").status == "raised"  # not yet


def test_a_plan_that_does_not_say_how_often_cannot_be_held_against_anything():
    found = only(family_time(interval=""), TIME, "2024-06-01")
    assert (found.status, "does not say how often" in found.reason) == ("not assessable", True)


def test_it_needs_the_plan_and_the_times():
    found = only(family_time(covers="plans"), TIME, "2024-06-01")
    assert (found.status, "meetings:family time" in found.reason) == ("not assessable", True)
    none = only(records(CARE, covers="meetings"), TIME, "2024-06-01")
    assert (none.status, "plans:family time" in none.reason) == ("not assessable", True)
    assert only(records(CARE), TIME, "2024-06-01").status == "clear"
    late = family_time(covers="plans meetings:family_time@2024-05-01..2024-12-31")
    assert only(late, TIME, "2024-05-14").status == "not assessable"
    assert "loads tell from 1 May 2024" in only(late, TIME, "2024-05-15").sentence


@given(st.sets(st.integers(0, 100), max_size=8), st.integers(1, 40))
def test_it_is_raised_exactly_where_more_days_than_the_interval_have_passed(days: set[int], interval: int):
    start, t = date(2024, 3, 1), date(2024, 3, 1) + timedelta(days=80)
    on = [str(start + timedelta(days=n)) for n in sorted(days)]
    last = max((n for n in days if n <= 80), default=0)
    found = only(family_time(*on, interval=str(interval)), TIME, str(t))
    assert (found.status == "raised") == (80 - last > interval)
