"""The complex cohort: children the usual process fails, by the four features of a published description.

Each feature is met, not met, or unknown where records do not reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from graph.analysis.shared import uncovered
from graph.calendars import add_months, birthday, first_of_months, joined
from graph.cohort import Answer
from graph.model import (
    Agency,
    Assessment,
    Event,
    Involvement,
    LooksAfter,
    Need,
    PlacedAt,
    Plan,
    Record,
    Referral,
)
from graph.network import affiliation
from graph.parameters import Parameters
from graph.records import Records, Stay, covers, during, looked_after, stays
from graph.reference import codes
from graph.words import counted, day, listed


@dataclass(frozen=True)
class Feature:
    """Whether a child shows a feature: yes, no, or unknown where `missing` would have to be on record.

    says: what was found, in words. measures: the counts behind it.
    """

    answer: Answer
    says: str
    of: tuple[Record, ...] = ()
    missing: tuple[str, ...] = ()
    measures: Mapping[str, Any] = field(default_factory=dict)
    outside: str = ""  # why it cannot concern this child, by age or legal position


NAMES = {
    "f1": "chronic abuse and neglect",
    "f2": "high-risk behaviour in early adolescence",
    "f3": "repeat placement breakdown",
    "f4": "emerging mental ill-health and self-harm",
}


def features(records: Records, t: date, parameters: Parameters) -> dict[str, Feature]:
    """The four features of one child on day t, by `f1` to `f4`."""
    kept: dict[tuple[date, Parameters], dict[str, Feature]] = records.__dict__.setdefault("_features", {})
    if (t, parameters) not in kept:  # seven rules ask for them
        kept[t, parameters] = {name: of(records, t, parameters) for name, of in by_name().items()}
    return kept[t, parameters]


def by_name() -> dict[str, Callable[[Records, date, Parameters], Feature]]:
    """What decides each feature."""
    return {"f1": chronic_abuse, "f2": high_risk, "f3": breakdown, "f4": mental_health}


def _any_of(parts: Iterable[Feature]) -> Feature:
    """Yes where one part is, no where all are not; unknown names what every unknown part misses."""
    parts = list(parts)
    met = [p for p in parts if p.answer == "yes"]
    missing = tuple(m for p in parts if p.answer == "unknown" for m in p.missing)
    measures = {k: v for p in parts for k, v in p.measures.items()}
    answer: Answer = "yes" if met else "unknown" if missing else "no"
    shown = met or parts
    return Feature(
        answer,
        listed(p.says for p in met) if met else "",
        tuple(r for p in shown for r in p.of),
        () if met else missing,
        measures,
    )


def _tell(found: Iterable[Record], says: str, missing: str, **measures: Any) -> Feature:
    """A part that is met where records say so; unmet only where nothing is missing that could say so."""
    of = tuple(found)
    if of:
        return Feature("yes", says, of, measures=measures)
    return Feature("unknown" if missing else "no", "", missing=(missing,) if missing else (), measures=measures)


# --- F1: chronic abuse and neglect ---

ABUSE_OR_NEGLECT = "N1"


def chronic_abuse(records: Records, t: date, parameters: Parameters) -> Feature:
    """F1: need code N1, and two child protection plans, or one long one, or three s47s, or long known.

    The whole record to day t. The child is long known only where a source says since when (`known_since`),
    never by how long the child has been looked after.
    """
    need = _need_code(records)
    if need.answer == "no":
        return need
    history = _any_of(
        (
            _protection_plans(records, t, parameters),
            _enquiries(records, t, parameters),
            _long_known(records, t, parameters),
        )
    )
    if history.answer == "no":
        return history
    missing = (*need.missing, *history.missing)
    says = f"a need of abuse or neglect (N1) with {history.says}"
    answer: Answer = "unknown" if missing else "yes"
    return Feature(answer, says if not missing else "", (*need.of, *history.of), missing, history.measures)


def _need_code(records: Records) -> Feature:
    rows = [r for r in records.of(LooksAfter) if r.need]
    found = [r for r in rows if r.need == ABUSE_OR_NEGLECT]
    return _tell(found[:1], "a need of abuse or neglect", "" if rows else "no category of need is on record")


def _protection_plans(records: Records, t: date, parameters: Parameters) -> Feature:
    plans = [p for p in records.of(Plan) if p.kind == "child protection"]
    # Versions of one plan touch or overlap: together they are one plan.
    spells = joined((p.start or p.made_on, p.end) for p in plans)
    months = parameters.f1_cp_plan_months
    long = any(min(end, t) > add_months(start, months) for start, end in spells)
    several = len(spells) >= parameters.f1_cp_plans
    says = counted(len(spells), "child protection plan") if several else f"a plan of more than {months} months"
    missing = uncovered(records, "plans", _beginning(records, t), t, "child protection")
    return _tell(plans if several or long else (), says, missing, child_protection_plans=len(spells))


def _enquiries(records: Records, t: date, parameters: Parameters) -> Feature:
    found = [a for a in records.of(Assessment) if a.kind == "s47"]
    says = counted(len(found), "section 47 enquiry", "section 47 enquiries")
    missing = uncovered(records, "assessments", _beginning(records, t), t, "s47")
    return _tell(found if len(found) >= parameters.f1_s47s else (), says, missing, s47s=len(found))


def _long_known(records: Records, t: date, parameters: Parameters) -> Feature:
    months, since = 12 * parameters.f1_known_years, records.child.known_since
    if since is None:
        # Nobody is known for longer than they have lived.
        young = t <= add_months(_beginning(records, t), months)
        return _tell((), "", "" if young else "no record says since when social care has known the child")
    says = f"more than {counted(parameters.f1_known_years, 'year')} known to social care (since {day(since)})"
    return _tell((records.child,) if t > add_months(since, months) else (), says, "", known_since=since)


def _beginning(records: Records, t: date) -> date:
    """Where the child's record could begin; long ago where no date of birth is on record."""
    child = records.child
    return min(child.born or child.expected or date(1900, 1, 1), t)


# --- F2: high-risk behaviour in early adolescence ---

# What a result of an exploitation assessment says, as tools name their levels. Others are unknown.
MEDIUM_OR_MORE = frozenset({"medium", "moderate", "high", "very high", "significant", "severe", "serious", "extreme"})
LESS = frozenset({"none", "no", "low", "standard", "emerging", "not at risk", "no risk"})
EXPLOITATION_WORDS = ("exploitation", "cse", "cce", "county lines", "trafficking")


def high_risk(records: Records, t: date, parameters: Parameters) -> Feature:
    """F2: at 10 to 15, three missing periods in 90 days, or a recorded risk of exploitation of medium or more.

    The whole record to day t, by the age at the event. Days away without authorisation are not missing periods.
    """
    born = records.child.born
    if born is None:
        return Feature("unknown", "", missing=("no date of birth is on record",))
    youngest, oldest = parameters.f2_ages
    first, after = birthday(born, youngest), birthday(born, oldest + 1)
    if t < first:
        return Feature("no", "", outside=f"the child is younger than {youngest}")
    until = min(t, after - timedelta(days=1))
    return _any_of(
        (
            _missing_periods(records, first, until, parameters),
            _exploitation_assessed(records, first, until),
            _exploitation_needs(records, first, until),
        )
    )


def _missing_periods(records: Records, first: date, until: date, parameters: Parameters) -> Feature:
    n, days = parameters.f2_missing, parameters.f2_missing_days
    found = [e for e in records.of(Event) if e.kind == "missing" and e.on and first <= e.on <= until]
    on = sorted((e.on or first, e.id) for e in found)  # not by the day it was written down
    runs = [on[i : i + n] for i in range(len(on) - n + 1) if (on[i + n - 1][0] - on[i][0]).days < days]
    within = [e for e in found if runs and (e.on or first, e.id) in runs[-1]]
    says = f"{n} missing periods within {days} days, from {day(runs[-1][0][0])}" if runs else ""
    missing = uncovered(records, "events", first, until, "missing")
    return _tell(within, says, missing, missing_periods=len(found))


def _exploitation_assessed(records: Records, first: date, until: date) -> Feature:
    found = [(a, a.on) for a in records.of(Assessment) if a.kind == "exploitation" and a.on and first <= a.on <= until]
    level = {a.id: (a.result or "").strip().casefold().removesuffix(" risk") for a, _ in found}
    met = [(a, on) for a, on in found if level[a.id] in MEDIUM_OR_MORE]
    unclear = [on for a, on in found if level[a.id] not in MEDIUM_OR_MORE | LESS]
    missing = uncovered(records, "assessments", first, until, "exploitation")
    if unclear:
        missing = f"the exploitation assessment of {day(unclear[0])} has no result of low, medium or high"
    says = f"exploitation assessed as {level[met[0][0].id]} on {day(met[0][1])}" if met else ""
    return _tell((a for a, _ in met), says, missing, exploitation_assessments=len(found))


def _exploitation_needs(records: Records, first: date, until: date) -> Feature:
    found = [
        (n, n.identified_on)
        for n in records.of(Need)
        if n.identified_on and first <= n.identified_on <= until and mentions(n.kind, EXPLOITATION_WORDS)
    ]
    says = f"exploitation recorded on {day(found[0][1])}" if found else ""
    return _tell((n for n, _ in found), says, uncovered(records, "needs", first, until, "exploitation"))


def mentions(text: str | None, words: Iterable[str]) -> bool:
    """Whether one of the words (as `plain` writes them) stands in a text as a word of its own."""
    padded = f" {plain(text)} "
    return any(f" {word} " in padded for word in words)


def plain(text: str | None) -> str:
    """A text in small letters, its words parted by one blank and nothing else."""
    return " ".join("".join(c if c.isalnum() else " " for c in (text or "").casefold()).split())


# --- F3: repeat placement breakdown ---


def breakdown(records: Records, t: date, parameters: Parameters) -> Feature:
    """F3: two unplanned ends of placements in 24 months to t; or three placements in 12, one end unplanned.

    Placements as DfE counts them (`graph.records.stays`). Whether an end was planned: what the source says,
    else the reason for the change by the mapping of `graph/reference/codes.py` (a house rule), else unknown.
    """
    never = not records.of(PlacedAt) and not looked_after(records)
    if never and covers(records, "looks_after", _beginning(records, t), t):
        return Feature("no", "", outside="the child has never been looked after")
    return _any_of((_unplanned_ends(records, t, parameters), _placements(records, t, parameters)))


def ended_unplanned(stay: Stay) -> bool | None:
    """Whether a placement that ended did so unplanned; None where no record says.

    An end marked by the source counts first; then DfE's "returned home" as planned or unplanned (E4A, E4B).
    """
    last = stay.last
    if last.unplanned is not None:
        return last.unplanned
    if last.change_reason in codes.UNPLANNED or last.end_reason == "E4B":
        return True
    return False if last.change_reason in codes.PLANNED or last.end_reason == "E4A" else None


def _unplanned_ends(records: Records, t: date, parameters: Parameters) -> Feature:
    first = first_of_months(t, parameters.f3_months)
    unplanned, unknown = _ends(records, first, t)
    least = parameters.f3_unplanned
    missing = _placements_missing(records, first, t)
    if not missing and len(unplanned) + len(unknown) >= least:
        missing = _reasons(unknown)
    says = f"{len(unplanned)} unplanned ends of placements in {parameters.f3_months} months"
    return _tell(_rows(unplanned) if len(unplanned) >= least else (), says, missing,
                 unplanned_ends=len(unplanned), ends_without_reason=len(unknown))  # fmt: skip


def _placements(records: Records, t: date, parameters: Parameters) -> Feature:
    first = first_of_months(t, parameters.window_months)
    held = [s for s in stays(records) if during(s, first, t)]
    unplanned, unknown = _ends(records, first, t)
    many = len(held) >= parameters.placements
    missing = _placements_missing(records, first, t) or (_reasons(unknown) if many and unknown else "")
    says = f"{len(held)} placements in {parameters.window_months} months, {len(unplanned)} of them ended unplanned"
    return _tell(_rows(held) if many and unplanned else (), says, missing, placements=len(held))


def _ends(records: Records, first: date, t: date) -> tuple[list[Stay], list[Stay]]:
    """The placements that ended from first to t: unplanned, and those of which no record says."""
    ended = [s for s in stays(records) if s.end and first <= s.end <= t]
    return [s for s in ended if ended_unplanned(s)], [s for s in ended if ended_unplanned(s) is None]


def _placements_missing(records: Records, first: date, t: date) -> str:
    return uncovered(records, "placed_at", max(first, _beginning(records, t)), t)


def _rows(of: Iterable[Stay]) -> list[Record]:
    return [s.last for s in of]


def _reasons(unknown: Iterable[Stay]) -> str:
    return f"no record says why the placement ended on {listed(day(s.end) for s in unknown if s.end)}"


# --- F4: emerging mental ill-health and self-harm ---

SELF_HARM = ("self-harm", "suicide attempt", "mental health detention")
MENTAL_HEALTH_WORDS = (
    "mental health", "camhs", "depression", "anxiety", "ptsd", "post traumatic stress disorder", "psychosis",
    "eating disorder", "self harm", "bipolar disorder", "personality disorder", "obsessive compulsive disorder",
)  # fmt: skip
SDQ_CONCERN = 17  # a total difficulties score that DfE's guidance calls a cause for concern


def mental_health(records: Records, t: date, parameters: Parameters) -> Feature:
    """F4: in 24 months to t, CAMHS (referral or involvement), a need of mental health, or self-harm.

    Self-harm is also a suicide attempt or detention for mental ill-health; a need is also a diagnosis, and one
    identified earlier counts until it is met. An SDQ score of 17 or more is shown beside it, and decides nothing.
    A diagnosis that does not say of what leaves it unknown.
    """
    first = max(first_of_months(t, parameters.f4_months), _beginning(records, t))
    found = _any_of(part(records, first, t) for part in (_camhs, _referred, _diagnosed, _harmed))
    sdq = [a for a in records.of(Assessment) if a.kind == "sdq" and a.on and a.on >= first]
    high = [a for a in sdq if (a.result or "").isdecimal() and int(a.result or 0) >= SDQ_CONCERN]
    of = (*found.of, *high) if found.answer == "yes" else found.of
    support = {"sdq": [a.result for a in sdq], "sdq_of_concern": len(high)}
    return Feature(found.answer, found.says, of, found.missing, {**found.measures, **support})


def _camhs(records: Records, first: date, t: date) -> Feature:
    found = [i for i in records.of(Involvement) if during(i, first, t) and _of_camhs(records, i)]
    says = f"CAMHS involved from {day(found[0].start)}" if found and found[0].start else "CAMHS involved"
    return _tell(found, says, uncovered(records, "involved_with", first, t, "camhs"), camhs=len(found))


def _of_camhs(records: Records, i: Involvement) -> bool:
    speaks_for = affiliation(records, i.agency or i.from_id, i.start or date.min)
    return i.role == "camhs" or speaks_for.kind == "camhs"


def _referred(records: Records, first: date, t: date) -> Feature:
    found = [
        (r, r.made)
        for r in records.of(Referral)
        if r.made
        and (r.made >= first or _waiting(r, first))
        and (mentions(r.need, MENTAL_HEALTH_WORDS) or any(_is_camhs(records, to) for to in r.to))
    ]
    says = f"referred for mental health on {day(found[-1][1])}" if found else ""
    missing = uncovered(records, "referrals", first, t, "camhs")
    return _tell((r for r, _ in found), says, missing, camhs_referrals=len(found))


def _diagnosed(records: Records, first: date, t: date) -> Feature:
    still = [(n, n.identified_on) for n in records.of(Need) if n.identified_on and (n.met is None or n.met >= first)]
    found = [(n, on) for n, on in still if mentions(n.kind, MENTAL_HEALTH_WORDS)]
    unclear = [on for n, on in still if (n.kind or "").strip().casefold() == "diagnosis"]
    missing = uncovered(records, "needs", first, t, "mental health")
    if unclear:
        missing = f"the diagnosis of {day(unclear[0])} does not say of what"
    says = f"a need of {found[0][0].kind} identified on {day(found[0][1])}" if found else ""
    return _tell((n for n, _ in found), says, missing)


def _harmed(records: Records, first: date, t: date) -> Feature:
    found = [e for e in records.of(Event) if e.kind in SELF_HARM and e.on and e.on >= first]
    kinds = listed(dict.fromkeys(e.kind or "" for e in found))
    gaps = (uncovered(records, "events", first, t, kind) for kind in SELF_HARM[:2])
    missing = "; ".join(gap for gap in gaps if gap)
    return _tell(found, f"{kinds} on record ({counted(len(found), 'event')})", missing, self_harm=len(found))


def _waiting(referral: Referral, first: date) -> bool:
    """Whether a referral made earlier was still open, without a first contact, after a day."""
    stopped = [d for d in (referral.closed, referral.first_contact) if d]
    return not stopped or min(stopped) >= first


def _is_camhs(records: Records, identifier: str) -> bool:
    node = records.get(identifier)
    return isinstance(node, Agency) and node.kind == "camhs"
