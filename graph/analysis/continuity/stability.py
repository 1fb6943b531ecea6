"""Continuity: who stayed, who left, and where no one was there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

from graph.analysis.continuity.homes import beside_changes, carers, changes_of_carer
from graph.analysis.shared import (
    area_name,
    called,
    home,
    is_identified,
    no_load_covers,
    not_looked_after,
    since,
    uncovered,
    with_role,
)
from graph.calendars import Days, common, days_in, joined, without, working_days_between
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule, subject_of
from graph.measures import Held, coverage, hhi_d, moves_per_1000_days, upc_d
from graph.model import Involvement, LooksAfter, Plan, Record
from graph.parameters import Parameters
from graph.records import (
    Dated,
    Records,
    Stay,
    area_of,
    covered,
    during,
    holds_on,
    involvements,
    looked_after,
    moves,
    stays,
)
from graph.reference import codes, roles
from graph.required import LOOKS_AFTER, PROTECTED, Required, care_days, plans, required_roles
from graph.team import Turnover, turnover
from graph.words import counted, day, days, listed

# --- social workers --------------------------------------------------------------------------------------


@rule(
    "continuity.social_workers",
    kind="D",
    question="What did each change of social worker mean for the child, and who has been there throughout?",
    citation="DfE, Stability measures for children looked after in England: distinct social workers in the year; "
    "one who returns is counted once. DfE's year ends on 31 March, this one on the day shown.",
    parameters=("social_workers", "window_months"),
    needs=("looks_after", "involved_with:social_worker"),
)
def social_workers(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Three or more social workers in 12 months, each counted once.

    A record that does not say who (a 903 worker id that begins XX, a team) may be someone already counted or
    someone new: counts with such records are a range. Raised where the least count reaches the number, whatever
    loads cover; clear only where they cover the whole time.
    """
    first = since(records, t, parameters)
    found = [i for i in involvements(records, "social_worker") if during(i, first, t)]
    outside = outside_social_work(records, first, t)
    if outside and (outside.status == "not applicable" or not found):
        yield outside
        return
    least, most = _how_many(records, found)
    span = f"from {day(first)} to {day(t)}"
    measures = {"social_workers": least, "at_most": most, **_shares(found, first, t)}
    missing = uncovered(records, "involved_with", first, t, "social_worker")
    if least >= parameters.social_workers:
        sentence = f"{_range(least, most, bool(missing))} {span}{_who(records, found)}{_same_iro(records, first, t)}"
        yield raised(sentence, of=[*found, *_iro_throughout(records, first, t)], **measures)
    elif missing:
        yield not_assessable(missing, of=found, **measures)
    elif most >= parameters.social_workers:
        unsaid = f"{_range(least, most)} {span}, because {_unidentified(records, found)}"
        yield not_assessable(unsaid, of=found, **measures)
    else:
        yield clear(f"{_range(least, most)} {span}{_who(records, found)}", of=found, **measures)


def outside_social_work(records: Records, first: date, t: date) -> Outcome | None:
    """What is said of a child who, on record, was neither looked after nor on a plan that has a social worker."""
    position: list[Dated] = [*looked_after(records), *plans(records, *PROTECTED)]
    if any(during(p, first, t) for p in position):
        return None
    for table, of in (LOOKS_AFTER, *(("plans", kind) for kind in PROTECTED)):
        if missing := uncovered(records, table, first, t, of):
            return not_assessable(missing)
    why = "the child was not looked after, nor on a child protection or child in need plan,"
    return not_applicable(f"{why} from {day(first)} to {day(t)}")


def _how_many(records: Records, found: list[Involvement]) -> tuple[int, int]:
    """The fewest and the most people these involvements can be."""
    people = {i.from_id for i in found if is_identified(records, i.from_id)}
    unsaid = sum(not is_identified(records, i.from_id) for i in found)
    return len(people) or min(unsaid, 1), len(people) + unsaid


def _range(least: int, most: int, more_possible: bool = False) -> str:
    if most == 0:
        return "No social worker on record"
    number = str(least) if least == most else f"{least} to {most}"
    at_least = "At least " if more_possible else ""
    return f"{at_least}{number} different social workers" if most > 1 else f"{at_least}1 social worker"


def _who(records: Records, found: list[Involvement]) -> str:
    """The names, each once, in order; and how many records do not say."""
    people = dict.fromkeys(i.from_id for i in found if is_identified(records, i.from_id))
    names = f": {listed(records.name(i) for i in people)}" if people else ""
    unsaid = _unidentified(records, found)
    return f"{names}; {unsaid}." if unsaid else f"{names}."


def _unidentified(records: Records, found: list[Involvement]) -> str:
    n = sum(not is_identified(records, i.from_id) for i in found)
    return _not_named(n) if n else ""


def _same_iro(records: Records, first: date, t: date) -> str:
    """That the reviewing officer stayed, where one did: what protects is said with what worries."""
    held = _iro_throughout(records, first, t)
    return f" The reviewing officer was {records.name(held[0].from_id)} throughout." if held else ""


def _iro_throughout(records: Records, first: date, t: date) -> list[Involvement]:
    """The involvements of the one IRO who was there on every day of care, or none."""
    found = [i for i in involvements(records, "iro") if during(i, first, t)]
    needed = common(care_days(records, t), ((first, t + timedelta(days=1)),))
    one = len({i.from_id for i in found}) == 1 and is_identified(records, found[0].from_id)
    return found if one and needed and not without(needed, _held(found, t)) else []


def _shares(found: list[Involvement], first: date, t: date) -> dict[str, Any]:
    """The shares shown beside a role that people hold for a time."""
    held = [_held_by(i) for i in found]
    return {
        "coverage": _rounded(coverage(held, first, t)),
        "upc_d": _rounded(upc_d(held, first, t)),
        "hhi_d": _rounded(hhi_d(held, first, t)),
    }


def _held_by(involvement: Involvement) -> Held:
    return involvement.from_id, involvement.start or date.max, involvement.end


def _rounded(x: float | None) -> float | None:
    return None if x is None else round(x, 2)


# --- roles that no one holds -----------------------------------------------------------------------------


@rule(
    "continuity.role_gap",
    kind="H",
    question="Who did this work in those days, and who knew that no one was named for it?",
    citation="Children Act 1989 sections 22C (home), 23ZA (visits), 25A (reviewing officer), 22(3B) (virtual school) "
    "and Schedule 2 paragraph 19C (personal adviser); the health lead and the length of a gap are house rules.",
    parameters=("role_gap_working_days", "window_months", "eligible_weeks"),
    needs=(
        "looks_after",
        "placed_at",
        "involved_with:social_worker",
        "involved_with:iro",
        "involved_with:virtual_school",
        "involved_with:personal_adviser",
        "involved_with:health_lead",
        "plans:child protection",
        "plans:child in need",
        "plans:health",
    ),
)
def role_gap(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A role that someone must hold was held by no one for more than five working days.

    Required: a social worker while looked after or on a child protection or child in need plan; a reviewing
    officer and a carer (a placement) while looked after; the virtual school at compulsory school age while
    looked after; a personal adviser for an eligible child of 16 or 17; a health lead once there is a health plan,
    while looked after. An agency without a named person holds a role as well. A gap still open on the day counts
    to the day; working days are counted within the months looked at, and a gap that began before them is shown
    from its beginning.
    """
    for required in required_roles(records, t, parameters):
        yield _gaps_of(records, required, t, parameters)


def _gaps_of(records: Records, required: Required, t: date, parameters: Parameters) -> Outcome:
    first = since(records, t, parameters)
    window, subject = joined([(first, t)]), f"role:{required.role}"
    today = t + timedelta(days=1)
    held = _held(_holders(records, required.role), t)
    table, of = _table(required.role)
    past = common(required.yes, ((date.min, t),))
    gaps = without(common(past, covered(records, table, of)), held)
    long = [gap for gap in gaps if _working_days(gap, window) > parameters.role_gap_working_days]
    if long:
        return _raised_gap(records, required, long, t, first, subject)
    must_not = without(required.known, required.yes)
    possible = without(without(window, must_not), held)
    if any(_working_days(gap, window) > parameters.role_gap_working_days for gap in possible):
        needs = [n for n in ((table, of), *required.needs) if without(possible, covered(records, *n))]
        left = joined(chain.from_iterable(without(possible, covered(records, *n)) for n in needs))
        missing = no_load_covers([called(*n) for n in needs], left) if left else required.unknown
        return not_assessable(missing, subject=subject)
    must = common(required.yes, ((first, today),)) or common(held, ((first, today),))
    if not must and not _waits_for_a_plan(records, required, first, t):
        return not_applicable(f"{required.why_not} from {day(first)} to {day(t)}", subject=subject)
    return _no_gap(records, required, first, t, subject)


def _working_days(gap: tuple[date, date], window: Days) -> int:
    return sum(working_days_between(a, b) for a, b in common((gap,), window))


def _raised_gap(
    records: Records, required: Required, gaps: list[tuple[date, date]], t: date, first: date, subject: str
) -> Outcome:
    said = "; ".join(_said(gap, t) for gap in gaps)
    around = [r for gap in gaps for r in _around(_holders(records, required.role), gap)]
    because = [r for gap in gaps for r in _because(records, required.role) if during(r, *gap)]
    needed = days_in(common(required.yes, joined([(first, t)])))
    without_anyone = sum(days_in(common((gap,), joined([(first, t)]))) for gap in gaps)
    return raised(
        f"No {_role(required.role)} on record {said}.",
        subject=subject,
        of=[*around, *because],
        gaps=[{"from": a.isoformat(), "to": b.isoformat(), "days": (b - a).days, "open": b == t} for a, b in gaps],
        working_days=[working_days_between(a, b) for a, b in gaps],
        days_required=needed,
        days_without=without_anyone,
    )


def _said(gap: tuple[date, date], t: date) -> str:
    start, end = gap
    n = days((end - start).days)
    return f"since {day(start)}: {n} so far" if end == t else f"for {n}, {day(start)} to {day(end)}"


def _around(holders: list[Any], gap: tuple[date, date]) -> list[Record]:
    """The last who held the role before a gap and the first after it."""
    before = [h for h in holders if h.end and h.end <= gap[0]]
    after = [h for h in holders if h.start and h.start >= gap[1]]
    nearest = [*sorted(before, key=lambda h: h.end)[-1:], *sorted(after, key=lambda h: h.start)[:1]]
    return list(chain.from_iterable(h.rows[-1:] if isinstance(h, Stay) else [h] for h in nearest))


def _because(records: Records, role: str) -> list[LooksAfter | Plan]:
    """The records that make a role required."""
    care = [r for r in records.of(LooksAfter) if r.legal_status not in codes.SHORT_BREAKS]
    kinds = {"social_worker": PROTECTED, "health_lead": ("health",)}.get(role, ())
    return [*care, *plans(records, *kinds)]


def _no_gap(records: Records, required: Required, first: date, t: date, subject: str) -> Outcome:
    now = [h for h in _holders(records, required.role) if during(h, first, t)]
    of = list(chain.from_iterable(h.rows if isinstance(h, Stay) else [h] for h in now))
    if _waits_for_a_plan(records, required, first, t):
        return clear("No health plan on record, so that no health lead is looked for.", subject=subject, of=of)
    gap = f"No time without a {_role(required.role)} on record that is longer than allowed,"
    return clear(f"{gap} from {day(first)} to {day(t)}.", subject=subject, of=of)


def _waits_for_a_plan(records: Records, required: Required, first: date, t: date) -> bool:
    """Whether a child who is looked after has no health plan yet, and so no need of a health lead."""
    days_of = ((first, t + timedelta(days=1)),)
    in_care = common(care_days(records, t), days_of)
    return required.role == "health_lead" and bool(in_care) and not common(required.yes, days_of)


def _role(role: str) -> str:
    return "carer" if role == "carer" else roles.label(role)


def _table(role: str) -> tuple[str, str | None]:
    """Where the holders of a role are recorded."""
    return ("placed_at", None) if role == "carer" else ("involved_with", role)


def _holders(records: Records, role: str) -> list[Any]:
    return list(stays(records)) if role == "carer" else list(involvements(records, role))


def _held(holders: list[Any], t: date) -> Days:
    """The days on which anyone holds the role, day t included where it is open."""
    return joined((h.start or date.min, h.end or t + timedelta(days=1)) for h in holders)


# --- placements ------------------------------------------------------------------------------------------


@rule(
    "continuity.placements",
    kind="D",
    question="What would it take for this home to last, and what did each ending teach?",
    citation="DfE, Stability measures for children looked after in England: three or more placements during the "
    "year, temporary and status-only changes left out. DfE's year ends on 31 March, this one on the day shown.",
    parameters=("placements", "window_months"),
    needs=("looks_after", "placed_at"),
)
def placements(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Three or more placements in 12 months, for a child looked after on the day.

    A placement counts that was open on any day of the 12 months. Hospital stays, holidays and other temporary
    stays, changes of legal status and periods missing are no placements. Moves per 1,000 days are over all the
    time in care on record.
    """
    if outcome := not_looked_after(records, t, t):
        yield outcome
        return
    first = since(records, t, parameters)
    found = [s for s in stays(records) if during(s, first, t)]
    rows = [row for stay in found for row in stay.rows]
    measures = {"placements": len(found), **_moved(records, found, first, t)}
    missing = uncovered(records, "placed_at", first, t)
    said = f"{counted(len(found), 'placement')} from {day(first)} to {day(t)}"
    if len(found) >= parameters.placements:
        each = "; ".join(f"{home(records, s)} from {day(s.start)}" for s in found)
        yield raised(f"{'At least ' if missing else ''}{said}: {each}.", of=rows, **measures)
    elif missing:
        yield not_assessable(missing, of=rows, **measures)
    else:
        yield clear(f"{said}.", of=rows, **measures)


def _moved(records: Records, found: list[Stay], first: date, t: date) -> dict[str, Any]:
    """Moves in the whole time in care, and how far the days of the window are with one home."""
    in_care, moved = days_in(common(care_days(records, t), ((date.min, t),))), len(moves(records))
    held = [(s.first.to_id, s.start, s.end) for s in found]
    return {
        "moves": moved,
        "days_in_care": in_care,
        "moves_per_1000_days": _rounded(moves_per_1000_days(moved, in_care)),
        "hhi_d": _rounded(hhi_d(held, first, t)),
    }


# --- the team at a move ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """Whether a condition is met, None where it cannot be said; and what is said of it, or what is missing."""

    met: bool | None
    said: str = ""
    of: tuple[Record, ...] = ()


@rule(
    "continuity.turnover_at_move",
    kind="H",
    question="Who still knows the child from before the move, and who passed on what the others knew?",
    citation="Loss share and overlap of a personal network across a change of life: Palla, Barabási and Vicsek, "
    "Nature 446:664 (2007), adapted; how many, how much and how near in time are house rules.",
    parameters=("turnover_days", "turnover_least", "turnover_loss", "window_months"),
    needs=("looks_after", "placed_at", "involved_with:social_worker", "involved_with:*"),
)
def turnover_at_move(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """At a change of carer, half or more of at least three professionals were gone, or all changed at once.

    Compared are those involved so many days before the move with those so many days after it, people and agencies
    without a named person. Carers and schools are left out: they change by definition. Or: carer, social worker
    and the authority lived in all changed within those days. Nothing is said before the days after the move have
    passed, nor of roles that loads do not cover.
    """
    first = since(records, t, parameters)
    yield from beside_changes(records, first, t)
    for before, after in changes_of_carer(records, first, t):
        yield _turnover(records, before, after, t, parameters)


def _turnover(records: Records, before: Stay, after: Stay, t: date, parameters: Parameters) -> Outcome:
    move, subject, k = after.start, subject_of(after.first), parameters.turnover_days
    until, rows = move + timedelta(days=k), [before.last, *carers(after)]
    if until > t:
        wait = f"the {days(k)} after the move of {day(move)} end on {day(until)}"
        return not_assessable(wait, subject=subject, of=rows)
    seen = turnover(records, move, k)
    conditions = (_much_lost(records, seen, move, parameters), _all_at_once(records, before, after, parameters))
    of = [*rows, *(r for c in conditions for r in c.of)]
    measures = _turnover_measures(records, seen, move, t, k) if seen else {}
    if met := [c.said for c in conditions if c.met]:
        return raised(" ".join(met), subject=subject, of=of, **measures)
    if missing := [c.said for c in conditions if c.met is None]:
        return not_assessable("; ".join(missing), subject=subject, of=of, **measures)
    return clear(_stayed(seen, move), subject=subject, of=of, **measures)


def _much_lost(records: Records, seen: Turnover | None, move: date, parameters: Parameters) -> Condition:
    """Enough professionals were there before the move, and enough of them had gone after it."""
    k = timedelta(days=parameters.turnover_days)
    if seen is None:
        span = f"from {day(move - k)} to {day(move + k)}"
        return Condition(None, f"no load covers professionals beside the social worker (involved_with) {span}")
    share, possible = seen.loss_share or 0.0, seen.greatest_loss_share or 0.0
    if len(seen.before) >= parameters.turnover_least and share >= parameters.turnover_loss:
        return Condition(True, _lost(records, seen, move, parameters.turnover_days), seen.involvements)
    if seen.unsaid and seen.there >= parameters.turnover_least and possible >= parameters.turnover_loss:
        return Condition(None, _not_named(seen.unsaid, " from before the move"), seen.involvements)
    return Condition(False, of=seen.involvements)


def _lost(records: Records, seen: Turnover, move: date, k: int) -> str:
    of_whom = f"{len(seen.lost)} of the {seen.there} professionals involved {days(k)} before the move of {day(move)}"
    stayed = (
        f"Still there: {_people(records, seen, seen.stayed)}." if seen.stayed else "No one is known to have stayed."
    )
    return f"{of_whom} were gone {days(k)} after it: {_people(records, seen, seen.lost)}. {stayed}"


def _people(records: Records, seen: Turnover, who: frozenset[str]) -> str:
    """Names with roles, in the order in which they came."""
    role_of = {i.from_id: i.role for i in reversed(seen.involvements) if i.from_id in who}
    return listed(with_role(records, i, role) for i, role in reversed(role_of.items()))


def _all_at_once(records: Records, before: Stay, after: Stay, parameters: Parameters) -> Condition:
    """Social worker and authority lived in changed with the carer."""
    worker = _worker_changed(records, after.start, parameters.turnover_days)
    area = _area_changed(records, before, after)
    parts = (worker, area)
    if any(part.met is False for part in parts):
        return Condition(False)
    if missing := [part.said for part in parts if part.met is None]:
        return Condition(None, "; ".join(missing))
    homes = f"{home(records, before)} to {home(records, after)}"
    within = f"within {days(parameters.turnover_days)} of {day(after.start)}"
    said = f"Carer, social worker and the authority lived in all changed {within}: {homes}, {worker.said}, {area.said}."
    return Condition(True, said, (*worker.of, *area.of))


def _worker_changed(records: Records, move: date, k: int) -> Condition:
    """The social worker from before a move is gone after it, whether or not there is a new one."""
    first, last = move - timedelta(days=k), move + timedelta(days=k)
    if missing := uncovered(records, "involved_with", first, last, "social_worker"):
        return Condition(None, missing)
    held = involvements(records, "social_worker")
    then, now = ([i for i in held if holds_on(i, d)] for d in (first, last))
    old, new = {i.from_id for i in then}, {i.from_id for i in now}
    if old & new or not old:
        return Condition(False)
    unsaid = sum(not is_identified(records, i) for i in old | new)
    if unsaid:
        return Condition(None, _not_named(unsaid, " of the social worker"))
    names = listed(records.name(i) for i in sorted(new)) or "no social worker on record"
    return Condition(True, f"{listed(records.name(i) for i in sorted(old))} to {names}", (*then, *now))


def _area_changed(records: Records, before: Stay, after: Stay) -> Condition:
    """The authority lived in after a move is another than before it."""
    areas = (
        area_of(records, before.last.to_id, after.start - timedelta(days=1)),
        area_of(records, after.first.to_id, after.start),
    )
    if unknown := [home(records, s) for s, area in zip((before, after), areas, strict=True) if area is None]:
        return Condition(None, f"no record of the authority in whose area the home is: {listed(unknown)}")
    left, reached = (area_name(records, area or "") for area in areas)
    return Condition(areas[0] != areas[1], f"{left} to {reached}")


def _not_named(n: int, of: str = "") -> str:
    return f"{counted(n, 'record')}{of} {'does' if n == 1 else 'do'} not say who"


def _stayed(seen: Turnover | None, move: date) -> str:
    if seen is None or not seen.there:
        return f"No professional beside carers and schools on record before the move of {day(move)}."
    return f"{len(seen.stayed)} of {counted(seen.there, 'professional')} stayed through the move of {day(move)}."


def _turnover_measures(records: Records, seen: Turnover, move: date, t: date, k: int) -> dict[str, Any]:
    """Counts and shares; the loss share for half and twice the days too: whether it hangs on their number."""
    other = {n: turnover(records, move, n) for n in (k // 2, k, k * 2) if move + timedelta(days=n) <= t}
    return {
        "before": seen.there,
        "lost": len(seen.lost),
        "loss_share": _rounded(seen.loss_share),
        "overlap": _rounded(seen.overlap),
        "loss_share_by_days": {str(n): _rounded(found.loss_share) for n, found in other.items() if found},
    }
