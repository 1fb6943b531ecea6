"""Crises: missing, harm, arrests, a carer's notice; alerts between agencies, and decisions objected to."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from graph.calendars import add_working_days, birthday
from ingest.generate import chance as by
from ingest.generate.folders import Agency
from ingest.generate.partners.desk import Desk
from ingest.generate.partners.plans import review_id

DANGERS = ("self-harm", "exclusion", "assault or threat")
NOTICE_GIVEN = 0.7  # of moves a carer asked for, those with a notice on record
HARM_A_YEAR = {True: 0.8, False: 0.03}
POLICE_A_YEAR = {True: 0.5, False: 0.03}
SHARE_POLICED = {True: 0.12, False: 0.006}  # with several arrests or call-outs in a few weeks
AFTER_WITHDRAWAL = 0.4  # of services closed because the child did not engage, those that harm followed
ALERTS_A_YEAR, ANSWERED, ESCALATED = 0.22, 0.93, 0.5
SHARE_UNHEARD = 0.012  # of children, those about whom a school writes again and again without an answer
CHALLENGES_A_YEAR, CHALLENGE_ANSWERED = 0.07, 0.85
SHARE_CLOSED, SHARE_OBJECTED = 0.06, 0.35  # with a step-down decided in a year; of those, objected to


def write(desk: Desk) -> None:
    """Everything that went wrong, and what one agency told another about it."""
    chance, child = desk.chance("crises"), desk.child
    _missing(desk)
    if child.story.complex:
        _before_each_move(desk, chance)
    else:
        _others(desk, chance)
    _alerts(desk, chance)
    _step_downs(desk, chance)


def _missing(desk: Desk) -> None:
    """Missing periods in the records of the council and of the police."""
    for gone in desk.told.absences:
        desk.event(desk.case, "missing", gone.start, end=gone.end, interview_on=gone.interview)
        desk.event(desk.folders["police"], "missing", gone.start, end=gone.end)


def _before_each_move(desk: Desk, chance: Random) -> None:
    """Of the cohort: calm at first, then harm and the carer's notice."""
    child = desk.child
    for home in child.homes:
        ends = home.end or desk.last
        if (ends - home.start).days < 80:
            continue
        kind = chance.choice(DANGERS)
        folder = desk.folders["schools"] if kind == "exclusion" else desk.case
        if kind != "exclusion" or desk.covers(ends - timedelta(days=42)):
            desk.event(folder, kind, ends - by.days(chance, 36, 42))
        if chance.random() < 0.5:
            desk.event(desk.case, "self-harm", ends - by.days(chance, 26, 30))
        if home.end:
            desk.event(desk.case, "notice by carer", by.weekday(home.end - by.days(chance, 14, 20)))
    for back in (500, 130):
        on = by.weekday(desk.last - timedelta(days=back))
        if desk.remembers(on):
            id = desk.case.add("assessments", id=f"exploitation-{child.number}-{on}", kind="exploitation", on=on,
                               by_role="social_worker", result="high", about=child.number,
                               recorded_by=desk.social_care())  # fmt: skip
            desk.holds(f"Assessment:{id}", on, "social_worker", "iro")


def _others(desk: Desk, chance: Random) -> None:
    """Of all others: a carer's notice before moves they asked for; harm and police for a few of ten or older."""
    child = desk.child
    for home in child.homes:
        if home.reason in ("CREQB", "CREQO") and home.end and chance.random() < NOTICE_GIVEN:
            on = max(home.start, by.weekday(home.end - by.days(chance, 5, 28)))
            desk.event(desk.case, "notice by carer", on)
    since = max(child.start, birthday(child.born, 10), desk.first)
    if since >= desk.last:
        return
    for on in _apart(by.spread(chance, HARM_A_YEAR[child.story.troubled], since, desk.last)):
        desk.event(desk.case, "self-harm", on)
    kind = "police called to placement" if child.at(since).type == "K2" or chance.random() < 0.6 else "arrest"
    called = by.spread(chance, POLICE_A_YEAR[child.story.troubled], since, desk.last)
    if chance.random() < SHARE_POLICED[child.story.troubled]:
        begins = by.between(chance, max(since, desk.last - timedelta(days=500)), desk.last)
        called += [begins + by.days(chance, 0, 55) for _ in range(3)]
    for on in _apart(called):
        if on <= desk.last:
            desk.event(desk.folders["police"], kind, on)
    for tie in desk.team.of("camhs"):
        if tie.end and tie.end_reason == "did not engage" and chance.random() < AFTER_WITHDRAWAL:
            on = tie.end + by.days(chance, 5, 50)
            if since <= on <= desk.last:
                desk.event(desk.case, "self-harm", on)
    if child.at(desk.last).type == "K2":
        for on in _apart(by.spread(chance, 0.15, since, desk.last)):
            desk.event(desk.case, "physical intervention", on)


def _apart(days: list[date]) -> list[date]:
    """Each day once."""
    return sorted(set(days))


# --- alerts ---


def _alerts(desk: Desk, chance: Random) -> None:
    """Concerns of school and health, most of them answered; now and then a challenge of the reviewing officer."""
    since = max(desk.child.start, desk.first)
    for on in sorted({by.weekday(d) for d in by.spread(chance, ALERTS_A_YEAR, since, desk.last - timedelta(days=3))}):
        role = chance.choice(("designated_teacher", "lac_nurse", "designated_teacher"))
        who = desk.team.one(role, on)
        if who and on <= desk.last:
            _alert(desk, who.agency, on, chance, chance.random() < ANSWERED)
    if chance.random() < SHARE_UNHEARD:
        _unheard(desk, chance)
    for on in sorted({by.weekday(d) for d in by.spread(chance, CHALLENGES_A_YEAR, since, desk.last)}):
        iro = desk.team.one("iro", on)
        if iro and on <= desk.last:
            _challenge(desk, desk.case.person(iro), on, chance)


def _alert(
    desk: Desk, by_whom: Agency, on: date, chance: Random, answered: bool, *, may_escalate: bool = True
) -> None:  # fmt: skip
    number = desk.child.number
    if not desk.anew(f"alert-{on}-{by_whom.id}"):
        return
    answer = desk.known(on + by.days(chance, 1, 24)) if answered else None
    escalated = not answered and chance.random() < ESCALATED and may_escalate
    up = desk.known(on + by.days(chance, 28, 41)) if escalated else None
    if not (answer or up) and (desk.last - on).days > 42:
        desk.plant("voice.concern_open", "an alert", on, "no answer and no escalation were drawn", desk.last)
    desk.case.add(
        "alerts", id=f"alert-{number}-{on}-{by_whom.id}", kind="concern", raised=on, answered_on=answer,
        escalated_on=up, escalated_to="director of children's services" if up else None, about=number,
        by=f"Agency:{desk.case.agency(by_whom)}", to=f"Agency:{desk.social_care()}",
    )  # fmt: skip


def _unheard(desk: Desk, chance: Random) -> None:
    begins = desk.last - by.days(chance, 150, 320)
    teacher = desk.team.one("designated_teacher", begins)
    if teacher:
        desk.plant("silos.unanswered_alerts", "the school", begins, "four alerts, none of them answered or escalated")
    for n in range(4):
        on = by.weekday(begins + timedelta(days=n * 21))
        if teacher and desk.covers(on):
            _alert(desk, teacher.agency, on, chance, False, may_escalate=False)


def _challenge(desk: Desk, iro: str, on: date, chance: Random) -> None:
    number = desk.child.number
    soon = chance.random() < CHALLENGE_ANSWERED
    answer = add_working_days(on, chance.randint(3, 18)) if soon else on + timedelta(days=chance.randint(45, 200))
    if not soon and add_working_days(on, 20) < desk.last:
        desk.plant("voice.challenge_open", "a challenge", on, "answered after months", desk.known(answer))
    desk.case.add(
        "alerts", id=f"challenge-{number}-{on}", kind="iro challenge", raised=on, answered_on=desk.known(answer),
        about=number, by=f"Professional:{iro}", to=f"Agency:{desk.social_care()}",
    )  # fmt: skip


# --- decisions ---


def _step_downs(desk: Desk, chance: Random) -> None:
    """Now and then help is stepped down at a review; an agency that objects gets an answer, mostly."""
    for review in desk.told.reviews:
        if chance.random() > SHARE_CLOSED / 2:
            continue
        number = desk.child.number
        id = desk.case.add("decisions", id=f"step-down-{number}-{review.on}", kind="step-down", on=review.on,
                           by_role="social_worker", informed_child_on=review.on, about=number,
                           made_at=review_id(number, review))  # fmt: skip
        teacher = desk.team.one("designated_teacher", review.on)
        if teacher and chance.random() < SHARE_OBJECTED:
            answered = desk.known(review.on + by.days(chance, 3, 30)) if chance.random() < 0.65 else None
            if not answered:
                desk.plant("silos.against_dissent", "a step-down", review.on, "an objection that nobody answered")
            desk.case.join("objected_to", f"Agency:{desk.case.agency(teacher.agency)}", id, on=review.on,
                           answered_on=answered)  # fmt: skip
