"""The fifteen facts of the review about B, and what mending each changes."""

from __future__ import annotations

from datetime import date

from graph.analysis.cohort.features import ended_unplanned
from graph.model import Agency, Meeting
from graph.network import affiliation, meetings_held
from graph.records import Records, attendance, involvements, moves
from tests.cases.common import Fact, Tables, add, change, finds, meet, quiet, remove, row, shown

SERVICES = "childrens-services"
AFTER_THE_MOVE = date(2018, 5, 12)


def one_social_worker_less(tables: Tables) -> None:
    """The fourth social worker stayed: there is no fifth."""
    fourth, fifth = "Professional:social-worker-4", "Professional:social-worker-5"
    change(tables, "involved_with", {"id": "social-worker-5"}, from_=fourth)
    change(tables, "attended", {"from": fifth}, from_=fourth)


def told_of_each(tables: Tables) -> None:
    """B was told of each social worker a week before."""
    for n, on in ((4, date(2018, 3, 19)), (5, date(2018, 8, 27))):
        add(tables, "notices", change=f"Involvement:social-worker-{n}", recipient="child", sent_on=on,
            about=("Child:b",), to=("Child:b",))  # fmt: skip


def handed_over(tables: Tables) -> None:
    """Each social worker spoke with the one before about B."""
    for n, on in ((4, date(2018, 3, 27)), (5, date(2018, 8, 31))):
        who = [f"Professional:social-worker-{n - 1}", f"Professional:social-worker-{n}"]
        meet(tables, "call", on, who, about="b", by=[SERVICES])


def visited(tables: Tables) -> None:
    """A visit within a week of the last move, and every five weeks."""
    for on, n in (
        (date(2017, 11, 24), 3), (date(2017, 12, 29), 3), (date(2018, 2, 13), 3), (date(2018, 4, 16), 4),
        (date(2018, 5, 21), 4), (date(2018, 6, 25), 4), (date(2018, 9, 10), 5),
    ):  # fmt: skip
        meet(tables, "visit", on, [f"Professional:social-worker-{n}"], about="b", by=[SERVICES], seen=True)


def the_next_one_came_sooner(tables: Tables) -> None:
    """The second reviewing officer was there from February 2018 on, and B was told."""
    change(tables, "involved_with", {"id": "reviewing-officer-2"}, start=date(2018, 2, 26))
    change(tables, "notices", {"recipient": "child"}, sent_on=date(2018, 2, 20))


def no_call_before_the_review(tables: Tables) -> None:
    remove(tables, "meetings", {"id": "call-before-review-2018-02-06"})
    remove(tables, "meetings", {"id": "call-between-reviews-2017-10-18"})
    remove(tables, "meetings", {"id": "call-between-reviews-2017-12-12"})


def therapy_and_education(tables: Tables) -> None:
    """Therapy and education began in 2017."""
    for what in ("therapy", "education"):
        add(tables, "referrals", need=what, made=date(2017, 3, 6), first_contact=date(2017, 4, 3),
            about=("Child:b",))  # fmt: skip


def camhs_went_on(tables: Tables) -> None:
    """A colleague in CAMHS took over, and spoke with the social worker."""
    add(tables, "involved_with", from_="Agency:camhs", to="Child:b", role="camhs", agency="Agency:camhs",
        start=date(2018, 4, 10))  # fmt: skip
    who = ["Agency:camhs", "Professional:social-worker-4"]
    meet(tables, "call", date(2018, 5, 3), who, about="b", by=[SERVICES, "camhs"])


def planned_moves(tables: Tables) -> None:
    """Every placement ended as the care plan had it."""
    for n in range(2, 6):
        change(tables, "placed_at", {"id": f"stay-{n}"}, change_reason="CARPL", unplanned=None)


def the_social_worker_stayed_on(tables: Tables) -> None:
    """The third social worker went on beside the fourth until a month after the move."""
    change(tables, "involved_with", {"id": "social-worker-3"}, end=AFTER_THE_MOVE)


def the_adviser_rang(tables: Tables) -> None:
    """The personal adviser spoke with B in October."""
    meet(tables, "call", date(2018, 10, 16), ["Professional:personal-adviser"], about="b", by=[SERVICES])


def she_came_to_the_review(tables: Tables) -> None:
    """The RUSafe worker was at the review of July 2018."""
    review = {"to": "Meeting:review-2018-07-24", "from": "Professional:rusafe-worker"}
    change(tables, "attended", review, how="present")
    by = (f"Agency:{SERVICES}", "Agency:rusafe")
    change(tables, "meetings", {"id": "review-2018-07-24"}, recorded_by=by)


def time_with_her_mother(tables: Tables) -> None:
    """B and her mother met a week ago."""
    meet(tables, "family time", date(2018, 11, 23), ["Person:mother"], about="b", by=[SERVICES])


def reports_from_everyone(tables: Tables) -> None:
    """Each agency that was not at a review sent a report to it."""
    change(tables, "attended", {"how": "apologies"}, how="sent report")
    change(tables, "attended", {"how": "not invited"}, how="sent report")
    agencies = {
        "2018-02-06": ("healthcare-trust", "ccg", "virtual-school"),
        "2018-07-24": ("healthcare-trust", "ccg", "virtual-school", "housing"),
    }
    for on, who in agencies.items():
        for agency in who:
            add(tables, "attended", from_=f"Agency:{agency}", to=f"Meeting:review-{on}", how="sent report")


def sat_down_after_the_arrests(tables: Tables) -> None:
    """The police and the social worker sat down about B ten days after the second arrest."""
    who = ["Agency:police", "Professional:social-worker-5"]
    meet(tables, "other", date(2018, 10, 2), who, about="b", by=[SERVICES, "police"])


def answered(tables: Tables) -> None:
    """Each concern had an answer within a month."""
    change(tables, "alerts", {"id": "concern-rusafe"}, answered_on=date(2018, 7, 30))
    change(tables, "alerts", {"id": "concern-virtual-school"}, answered_on=date(2018, 10, 29))


# --- what is shown ---


def _five(records: Records, t: date) -> str:
    workers = [i for i in involvements(records, "social_worker") if i.start]
    days = sum(((i.end or t) - (i.start or t)).days for i in workers)
    care = (t - min(i.start or t for i in workers)).days
    people = len({i.from_id for i in workers})
    return f"{people} social workers in {care:,} days of care, {days / people:.0f} days each"


def _rang(records: Records, t: date) -> str:
    officers = {i.from_id for i in involvements(records, "iro")}
    calls = [
        m for m in meetings_held(records, "call", "visit")
        if {a.from_id for a in attendance(records, m.id)} <= officers
    ]  # fmt: skip
    reviews = len(meetings_held(records, "review"))
    return f"{len(calls)} calls and visits of the reviewing officers around {reviews} reviews"


def _forced(records: Records, t: date) -> str:
    left = [a for a, _ in moves(records)]
    unplanned = sum(ended_unplanned(stay) is True for stay in left)
    return f"{len(left)} moves: {unplanned} unplanned on record, {len(left) - unplanned} with no reason on record"


def _eight(records: Records, t: date) -> str:
    of = {affiliation(records, i.from_id, i.start or t).agency for i in involvements(records)}
    names = sorted(str(a.name) for id in of if isinstance(a := records.get(id), Agency))
    return f"{len(names)} agencies in the team over the three years: {', '.join(names)}"


def _with_her_at_the_arrest(records: Records, t: date) -> str:
    (visit,) = (m for m in records.of(Meeting) if m.kind == "visit" and m.on == date(2018, 8, 6))
    who = [records.name(a.from_id) for a in attendance(records, visit.id)]
    return f"{who[0]} came two days after the first arrest"


FACTS = (
    Fact(1, "Five social workers since she came into care", (
        finds("continuity.social_workers", *(row("involved_with", f"social-worker-{n}") for n in (3, 4, 5)),
              mend=one_social_worker_less,
              clears=("continuity.cold_handover", "continuity.unannounced", "silos.single_point"),
              instead=("silos.single_point",)),
        shown("social workers", _five),
    )),
    Fact(2, "Never told of a new social worker until it had happened", (
        finds("continuity.unannounced", row("involved_with", "social-worker-4", "social-worker-5"), mend=told_of_each),
        finds("continuity.cold_handover", row("involved_with", "social-worker-4", "social-worker-5"), mend=handed_over),
    )),
    Fact(3, "Never saw her social workers regularly", (
        finds("clocks.visit", row("placed_at", "stay-5", "stay-6"),
              row("meetings", "visit-2018-01-09", "visit-2018-10-19"), mend=visited, uncover=("meetings",)),
    )),
    Fact(4, "The first reviewing officer was there for years, and retired", (
        finds("continuity.anchor_lost", row("involved_with", "reviewing-officer-1"), mend=the_next_one_came_sooner,
              clears=("continuity.no_bridge",)),
    )),
    Fact(5, "He rang between meetings to ask whether she was well", (
        shown("calls", _rang),
        quiet("voice.iro_not_spoken", spoil=no_call_before_the_review),
    )),
    Fact(6, "At one review after another: she needs therapy, she needs education", (
        finds("voice.recommendation_open", row("recommendations", about_what="she needs therapy"),
              row("recommendations", about_what="she needs education"), mend=therapy_and_education),
    )),
    Fact(7, "CAMHS did not go on when she moved to another area", (
        finds("area.service_gap", row("involved_with", "camhs"), row("placed_at", "stay-6"), mend=camhs_went_on),
    )),
    Fact(8, "Moved by force, four or five times", (
        finds("cohort.f3", row("placed_at", "stay-3", "stay-4", "stay-5"), mend=planned_moves),
        finds("continuity.turnover_at_move", row("placed_at", "stay-6"), row("involved_with", "social-worker-3"),
              mend=the_social_worker_stayed_on,
              clears=("continuity.no_bridge", "continuity.anchor_lost", "continuity.cold_handover")),
        shown("moves", _forced),
    )),
    Fact(9, "A personal adviser who was not really involved", (
        finds("continuity.nominal_tie", row("involved_with", "personal-adviser"), mend=the_adviser_rang),
    )),
    Fact(10, "Those who care are the ones who cannot decide", (
        finds("voice.trusted_adult_absent", row("trusts", from_="Child:b"), row("meetings", "review-2018-07-24"),
              mend=she_came_to_the_review, away=lambda tables: remove(tables, "trusts", {"from": "Child:b"})),
    )),
    Fact(11, "No help to keep up with her family", (
        finds("voice.contact_not_delivered", row("plans", "family-time"), mend=time_with_her_mother),
    )),
    Fact(12, "No stable, reliable person", (
        finds("continuity.no_bridge", row("placed_at", "stay-6"), row("involved_with", "social-worker-3", "camhs"),
              mend=the_next_one_came_sooner, clears=("continuity.anchor_lost",)),
    )),
    Fact(13, "Eight agencies", (
        finds("silos.absent_agency", row("involved_with", "healthcare-trust", "ccg", "virtual-school", "housing"),
              row("meetings", "review-2018-02-06", "review-2018-07-24"), mend=reports_from_everyone,
              clears=("silos.single_point",)),
        shown("agencies", _eight),
    )),
    Fact(14, "She was not heard, and was arrested", (
        finds("silos.police_without_response", row("events", "arrest-2018-08-04", "arrest-2018-09-22"),
              mend=sat_down_after_the_arrests),
        shown("the social worker who stood by her", _with_her_at_the_arrest),
    )),
    Fact(15, "Concerns that nobody took higher", (
        finds("voice.concern_open", row("alerts", "concern-rusafe", "concern-virtual-school"), mend=answered),
    )),
)  # fmt: skip
