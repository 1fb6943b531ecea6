"""Reviews: whether the child was heard at them and before them, and whether a parent has a part in anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from graph.analysis.clocks.running import Need, uncovered_of
from graph.analysis.shared import not_looked_after, since, uncovered
from graph.analysis.voice.views import DECIDE
from graph.calendars import birthday
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule, subject_of
from graph.model import Assessment, Attended, Involvement, Meeting, Professional, RelatedTo
from graph.network import NO_EXCHANGE, about_child, held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records, attendance, covers, holds_on, looked_after
from graph.reference import codes
from graph.words import counted, day, listed

# --- at the review ---

UNHEARD = frozenset({"PN4", "PN7"})  # conveyed no views, there or not there
UNDER_FOUR = "PN0"


@rule(
    "voice.not_heard_at_review",
    kind="H",
    question="How would this child rather say what matters, and to whom?",
    citation="DfE, children looked-after return: REVIEW_CODE, how the child took part (PN4 and PN7: conveyed no "
    "views; PN0: under four); how many running is a house rule",
    parameters=("unheard_reviews", "heard_from_age", "window_months"),
    needs=("meetings:review",),
)
def not_heard_at_review(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The child conveyed no views at two reviews running, or is recorded as under four at four or older.

    Reviews from the fourth birthday on; one finding for each run of reviews that reaches into the last 12 months,
    its subject the first of the run. A review without a code, or days between two that no load covers, leave open
    whether they ran on.
    """
    first = since(records, t, parameters)
    if outcome := not_looked_after(records, first, t) or _too_young(records, t, parameters):
        yield outcome
        return
    born = records.child.born
    old_enough = birthday(born, parameters.heard_from_age) if born else date.min
    held = [m for m in meetings_held(records, "review") if held_on(m) >= old_enough]
    short = uncovered(records, "meetings", first, t, "review")
    found = [_unheard(run, parameters) for run in _runs(records, held, sure=True) if _counts(run, first, parameters)]
    known = {m for run in _runs(records, held, sure=True) if _counts(run, first, parameters) for m in run}
    yield from found
    unsure = [run for run in _runs(records, held, sure=False) if _counts(run, first, parameters)]
    for run in unsure:
        if not known & set(run):
            yield not_assessable(_unknown(records, run), subject=subject_of(run[0]), of=run)
    if found or unsure:
        return
    if short:
        yield not_assessable(short)
    else:
        recent = [m for m in held if first <= held_on(m) <= t]
        yield clear(f"Of {counted(len(recent), 'review')} from {day(first)} to {day(t)}, no "
                    f"{parameters.unheard_reviews} running were without the child's views.", of=recent)  # fmt: skip


def _too_young(records: Records, t: date, parameters: Parameters) -> Outcome | None:
    born = records.child.born
    if born and t < birthday(born, parameters.heard_from_age):
        return not_applicable(f"the child is under {parameters.heard_from_age}")
    return None


def _runs(records: Records, held: Sequence[Meeting], *, sure: bool) -> list[list[Meeting]]:
    """Reviews running at which the child was not heard.

    sure: a review without a code is not one of them, and days that no load covers part two.
    """
    runs: list[list[Meeting]] = []
    going = False
    for n, review in enumerate(held):
        code = review.participation
        unheard = code in UNHEARD or (code == UNDER_FOUR and (records.child.born is not None or not sure))
        unheard = unheard or (code is None and not sure)
        joined = going and (not sure or covers(records, "meetings", held_on(held[n - 1]), held_on(review), "review"))
        if unheard and joined:
            runs[-1].append(review)
        elif unheard:
            runs.append([review])
        going = unheard
    return runs


def _counts(run: Sequence[Meeting], first: date, parameters: Parameters) -> bool:
    enough = len(run) >= parameters.unheard_reviews or any(m.participation == UNDER_FOUR for m in run)
    return enough and held_on(run[-1]) >= first


def _unheard(run: Sequence[Meeting], parameters: Parameters) -> Outcome:
    told = listed(f"{day(held_on(m))} ({codes.meaning('participation', m.participation)})" for m in run)
    age = f" The code for under four is recorded at {parameters.heard_from_age} or older."
    also = age if any(m.participation == UNDER_FOUR for m in run) else ""
    running = " running" if len(run) > 1 else ""
    return raised(f"No views of the child are on record at {counted(len(run), 'review')}{running}: {told}.{also}",
                  subject=subject_of(run[0]), of=run, reviews=len(run))  # fmt: skip


def _unknown(records: Records, run: Sequence[Meeting]) -> str:
    blank = [day(held_on(m)) for m in run if m.participation is None]
    if blank:
        return f"how the child took part is not on record for the review of {listed(blank)}"
    if records.child.born is None and any(m.participation == UNDER_FOUR for m in run):
        return "the child's date of birth is not on record"
    return uncovered(records, "meetings", held_on(run[0]), held_on(run[-1]), "review")


# --- before the review ---

SPEAK = ("call", "visit", "joint visit")
SPOKEN: tuple[Need, ...] = (
    *(("meetings", kind) for kind in SPEAK), ("attended", "social care"), ("involved_with", "iro"),
)  # fmt: skip


@rule(
    "voice.iro_not_spoken",
    kind="S",
    question="When did the reviewing officer last speak with the child in private, and what did the child want raised?",
    citation="SI 2010/959 regulation 36 (the reviewing officer speaks with the child in private before the review); "
    "the age from which that is looked for is a house rule",
    parameters=("heard_from_age", "window_months"),
    needs=("looks_after", "meetings:review", *(f"{table}:{of}" for table, of in SPOKEN)),
)
def iro_not_spoken(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """There is no record that the reviewing officer spoke with the child before a review.

    One finding for each review in the last 12 months. Looked for: a call or a visit with the reviewing officer
    there, on a day after the review before (or since care began) up to the review itself. A call with another
    professional on it is one between the two, unless the child is recorded as seen.
    """
    first = since(records, t, parameters)
    if outcome := not_looked_after(records, first, t) or _too_young(records, t, parameters):
        yield outcome
        return
    born = records.child.born
    old_enough = birthday(born, parameters.heard_from_age) if born else date.min
    held = meetings_held(records, "review")
    asked = [(n, m) for n, m in enumerate(held) if first <= held_on(m) <= t and held_on(m) >= old_enough]
    for n, review in asked:
        yield _spoken(records, review, _since_the_last(records, held, n))
    if short := uncovered(records, "meetings", first, t, "review"):
        yield not_assessable(short)
    elif not asked:
        yield clear(f"No review is on record from {day(first)} to {day(t)}.")


def _since_the_last(records: Records, held: Sequence[Meeting], n: int) -> date:
    """The first day on which speaking with the child counts for a review."""
    on = held_on(held[n])
    came = max((c.start for c in looked_after(records) if c.start <= on), default=date.min)
    before = [held_on(m) for m in held[:n] if held_on(m) < on]  # two on record for one day are no time apart
    return max(came, before[-1] + timedelta(days=1)) if before else came


def _spoken(records: Records, review: Meeting, opens: date) -> Outcome:
    on = held_on(review)
    subject = subject_of(review)
    spoke = [m for m in meetings_held(records, *SPEAK) if opens <= held_on(m) <= on and _with_officer(records, m)]
    if spoke:
        return clear(f"Before the review of {day(on)} the reviewing officer spoke with the child on "
                     f"{listed(day(held_on(m)) for m in spoke)}.", subject=subject, of=[review, *spoke])  # fmt: skip
    if short := uncovered_of(records, SPOKEN, opens, on):
        return not_assessable(short, subject=subject, of=[review])
    return raised(f"No record that the reviewing officer spoke with the child before the review of {day(on)}, from "
                  f"{day(opens)} on.", subject=subject, of=[review])  # fmt: skip


def _with_officer(records: Records, meeting: Meeting) -> bool:
    """Whether the reviewing officer of the day was there, with the child."""
    on = held_on(meeting)
    officers = {i.from_id for i in records.of(Involvement) if i.role == "iro" and holds_on(i, on)}
    there = {a.from_id for a in attendance(records, meeting.id) if a.how == "present"}
    others = {i for i in there - officers if isinstance(records.get(i), Professional)}
    child_there = bool(meeting.seen or meeting.alone) or (
        not others if meeting.kind == "call" else meeting.seen is not False
    )
    return bool(officers & there) and child_there


# --- parents ---


@rule(
    "voice.parent_absent",
    kind="H",
    question="Has anyone asked this parent what they know and want, and if they are to be left out, who decided it?",
    citation="Children Act 1989 section 22(4) and (5): wishes and feelings of parents and others with parental "
    "responsibility; twelve months is a house rule",
    parameters=("window_months",),
    needs=("related_to", "meetings", "attended"),
)
def parent_absent(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A person with parental responsibility is on record in no meeting or assessment of the last 12 months.

    One finding for each person. A report sent counts, time with the child does not: that is the child's own. Where
    no meeting with the family or others is on record at all, nothing can be missed.
    """
    first = since(records, t, parameters)
    related = [r for r in records.of(RelatedTo) if _holds(r, t)]
    parents = {r.from_id: r for r in related if r.parental_responsibility}
    on = _occasions(records, first, t)
    for row in parents.values():
        yield _parent(records, row, on, first, t)
    if short := uncovered(records, "related_to", first, t):
        yield not_assessable(short)
    elif not parents and any(r.parental_responsibility is None for r in related):
        yield not_assessable("who has parental responsibility is not on record", of=related)
    elif not parents:
        yield clear("No person with parental responsibility is on record.")


def _holds(row: RelatedTo, t: date) -> bool:
    return (row.start or date.min) <= t and (row.end is None or t < row.end)


def _occasions(records: Records, first: date, t: date) -> dict[str, Meeting | Assessment]:
    """Meetings and assessments about the child from first to t, by id."""
    meetings = (m for m in records.of(Meeting) if m.kind not in NO_EXCHANGE and m.status in (None, "held"))
    found: list[Meeting | Assessment] = [m for m in meetings if about_child(records, m)]
    found += [a for a in records.of(Assessment) if records.child.id in a.about]
    return {each.id: each for each in found if each.on and first <= each.on <= t}


def _parent(records: Records, row: RelatedTo, on: dict[str, Meeting | Assessment], first: date, t: date) -> Outcome:
    node = records.get(row.from_id)
    subject = subject_of(node) if node else ""
    who = f"{records.name(row.from_id)} ({row.relation}, with parental responsibility)"
    part = [a for a in records.of(Attended)
            if a.from_id == row.from_id and a.to_id in on and a.how in ("present", "sent report")]  # fmt: skip
    measures: dict[str, Any] = {"occasions": len(on), "part": len(part)}
    period = f"from {day(first)} to {day(t)}"
    if part:
        with_them = [on[a.to_id] for a in part]
        last = max((each.on for each in with_them if each.on), default=t)
        had = counted(len(part), *_COUNTED)
        return clear(f"{who} had a part in {had} {period}, last on {day(last)}.", subject=subject,
                     of=[row, *with_them], **measures)  # fmt: skip
    if short := uncovered_of(records, (("meetings", None), ("attended", None)), first, t):
        return not_assessable(short, subject=subject, of=[row], **measures)
    if not on:
        return clear(f"No meeting or assessment is on record {period}.", subject=subject, of=[row], **measures)
    decided = [each for each in on.values() if isinstance(each, Assessment) or each.kind in DECIDE]
    return raised(f"{who} has a part on record in none of {counted(len(on), *_COUNTED)} {period}.",
                  subject=subject, of=[row, *decided], **measures)  # fmt: skip


_COUNTED = ("meeting or assessment", "meetings and assessments")
