"""What the rules on silos share: which agencies are around a child, the plans in force, and what they are called."""

from __future__ import annotations

from datetime import date

from graph.analysis.shared import uncovered
from graph.model import Agency, Assessment, Attended, Involvement, Meeting, Plan
from graph.network import TOOK_PART, Affiliation, affiliation, held_on, meetings_held
from graph.records import Records, attendance, covers, holds_on
from graph.reference import roles
from graph.words import day, listed, opened

# Roles that are apart from the agencies by design: no exchange is looked for.
APART = frozenset({"interpreter", "independent_visitor"})
# They come as the child's own people or as a help at the meeting, not for an agency that holds knowledge.
FOR_NO_AGENCY = APART | {"foster_carer", "advocate", "contact_supervisor"}
# Where agencies sit down about a child; visits, calls, emails and family time are not meetings in this sense.
SAT_DOWN = (
    "review",
    "strategy discussion",
    "initial child protection conference",
    "review child protection conference",
    "core group",
    "pep",
    "team around the child",
    "child in need",
    "placement planning",
    "other",
)


def said(kind: str) -> str:
    """A kind of agency in a sentence."""
    return "CAMHS" if kind == "camhs" else kind


def agency_name(records: Records, agency: Affiliation) -> str:
    """What to call an agency: its name, else its kind."""
    return records.name(agency.agency) if agency.agency else said(agency.kind or "") or "an agency not recorded"


def for_whom(records: Records, involvement: Involvement, on: date) -> Affiliation:
    """The agency for which someone is involved."""
    agency = records.get(involvement.agency)
    if isinstance(agency, Agency):
        return Affiliation(agency.kind, agency.id)
    return affiliation(records, involvement.from_id, on)


def involved_agencies(records: Records, on: date) -> list[tuple[Affiliation, list[Involvement]]]:
    """Agencies with an involvement on the day, each once; one known only by its kind joins one that is named."""
    involved = [i for i in records.of(Involvement) if holds_on(i, on) and i.role not in FOR_NO_AGENCY]
    placed = [(for_whom(records, i, on), i) for i in involved]
    found: list[tuple[Affiliation, list[Involvement]]] = []
    for agency, i in sorted(placed, key=lambda p: (p[0].agency is None, p[0].agency or p[0].kind or "", p[1].id)):
        same = next((rows for known, rows in found if known == agency or known.same(agency)), None)
        if same is None:
            found.append((agency, [i]))
        else:
            same.append(i)
    return found


def sat_down(records: Records, first: date, t: date) -> list[Meeting]:
    """Meetings in the narrow sense that were held from first to t, both included, by their day."""
    return [m for m in meetings_held(records, *SAT_DOWN) if first <= held_on(m) <= t]


def took_part(records: Records, meeting: Meeting) -> list[tuple[Affiliation, list[Attended]]]:
    """The agencies that were at a meeting, sent someone or sent a report, each with its rows; persons are none."""
    on = held_on(meeting)
    found: list[tuple[Affiliation, list[Attended]]] = []
    rows = [r for r in attendance(records, meeting.id) if r.how in TOOK_PART]
    placed = [(affiliation(records, r.from_id, on, r), r) for r in rows if label_of(records, r.from_id) != "Person"]
    for agency, row in sorted(placed, key=lambda p: (p[0].agency is None, p[0].agency or p[0].kind or "", p[1].id)):
        same = next((of for known, of in found if known == agency or known.same(agency)), None)
        if same is None:
            found.append((agency, [row]))
        else:
            same.append(row)
    return found


def meetings_missing(records: Records, first: date, t: date) -> str:
    """What to say where loads leave meetings in the narrow sense out; empty where they cover them all."""
    kinds = [kind for kind in SAT_DOWN if not covers(records, "meetings", first, t, kind)]
    if len(kinds) in (0, len(SAT_DOWN)):
        return uncovered(records, "meetings", first, t) if kinds else ""
    span = f"from {day(first)} to {day(t)}" if first < t else f"on {day(t)}"
    return f"no load covers every meeting ({listed(kinds)}) {span}"


def meeting_name(meeting: Meeting) -> str:
    """What to call a meeting at the beginning of a sentence: Review of 10 January 2024."""
    kind = {"pep": "PEP meeting", "child in need": "child in need meeting", "other": "meeting"}
    name = kind.get(meeting.kind or "", meeting.kind or "meeting")
    return f"{opened(name)} of {day(held_on(meeting))}"


def label_of(records: Records, identifier: str) -> str:
    """The kind of node behind an id."""
    return type(records.get(identifier)).__name__


def not_seen_at(records: Records, on: date) -> list[str]:
    """Kinds of agency involved on a day whose attendance no load covers on it, and so those it cannot be said of."""
    kinds = {agency.kind for agency, _ in involved_agencies(records, on)}
    unseen = [k for k in kinds if not covers(records, "attended", on, on, k)]
    return sorted(said(k) if k else "an agency not recorded" for k in unseen)


def attendance_loaded(records: Records, first: date, t: date) -> bool:
    """Whether any load covers attendance at meetings on any of these days."""
    return any(c.table == "attended" and c.full and c.start <= t and c.end >= first for c in records.coverage)


# --- plans ---


def begun(plan: Plan) -> date:
    """The first day of a plan."""
    return plan.start or plan.made_on or date.min


def plan_name(plan: Plan) -> str:
    """What to call a plan at the beginning of a sentence: The health plan of 22 March 2013."""
    kind = "PEP" if plan.kind == "pep" else f"{plan.kind} plan"
    since = plan.start or plan.made_on
    return f"The {kind}" + (f" of {day(since)}" if since else "")


def assessment_name(assessment: Assessment) -> str:
    """What to call an assessment at the beginning of a sentence."""
    kind = assessment.kind or "assessment"
    named = {"s47": "section 47 enquiry", "sdq": "SDQ"}.get(kind, kind)
    check = any(word in named for word in ("assessment", "check", "enquiry", "SDQ", "immunisations"))
    return f"The {named if check else f'{named} assessment'}" + (f" of {day(assessment.on)}" if assessment.on else "")


def plans_in_force(records: Records, t: date) -> list[Plan]:
    """The plans that hold on a day: of each kind the latest begun, a family time plan by whom it is with."""
    latest: dict[tuple[str, ...], Plan] = {}
    for plan in sorted(records.of(Plan), key=lambda p: (begun(p), p.end or date.max, p.id)):
        if begun(plan) <= t:
            latest[(plan.kind or "", *(plan.with_ if plan.kind == "family time" else ()))] = plan
    return [p for _, p in sorted(latest.items()) if p.end is None or t < p.end]


def role_of(records: Records, who: str, on: date) -> str:
    """Someone and the role they have, or last had, around the child: Sam (social worker)."""
    held = [i for i in records.of(Involvement) if i.from_id == who]
    latest = max(held, key=lambda i: (holds_on(i, on), i.start or date.min, i.id), default=None)
    name = records.name(who)
    label = roles.label(latest.role) if latest else ""
    return name if not label or label.casefold() == name.casefold() else f"{name} ({label})"
