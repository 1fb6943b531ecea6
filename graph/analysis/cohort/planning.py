"""Whether anyone plans for a child of the complex cohort with the other agencies, beyond what every child gets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graph.analysis.cohort.features import NAMES, features
from graph.analysis.cohort.members import F1, F1_NEEDS, F2, F2_NEEDS, F3, F3_NEEDS, F4, F4_NEEDS, SOURCE
from graph.analysis.shared import called, since, uncovered
from graph.analysis.silos.common import not_seen_at, took_part
from graph.cohort import belongs
from graph.findings import Outcome, clear, not_assessable, raised, rule
from graph.model import Meeting, Plan
from graph.network import held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records, covers
from graph.words import day, listed

# Meetings that no regulation asks for: called for this child.
BESPOKE = ("team around the child", "other")


@rule(
    "cohort.no_plan",
    kind="H",
    question="Who has the mandate to bring these agencies together for this child, and when will they first meet?",
    citation=f"{SOURCE.rpartition(',')[0]}, findings 1 and 2: no bespoke planning by several agencies for a child "
    "whom the usual process fails",
    parameters=tuple(dict.fromkeys(("cohort_features", *F1, *F2, *F3, *F4, "window_months"))),
    needs=(
        *F1_NEEDS, *F2_NEEDS, *F3_NEEDS, *F4_NEEDS, "plans:multi-agency", *(f"meetings:{kind}" for kind in BESPOKE),
    ),
)  # fmt: skip
def no_plan(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The child meets the description of the complex cohort, with no record of planning made for this child.

    Raised for a certain member. A multi-agency plan in force clears it, and so does a meeting called for this
    child in the last 12 months: a team around the child, or a meeting of another kind at which two agencies took
    part. Reviews, conferences, strategy discussions, core groups and PEPs are what every such child has.
    """
    found = features(records, t, parameters)
    answers = {name: feature.answer for name, feature in found.items()}
    match = belongs(answers, parameters.cohort_features)
    planned = [*_plans(records, t), *_meetings(records, since(records, t, parameters), t)]
    if match == "no":
        yield clear("The child does not meet the published description.", features=answers)
    elif planned:
        what = [f"a multi-agency plan of {day(p.start or p.made_on or t)}" for p in planned if isinstance(p, Plan)]
        what += [f"a meeting of {day(held_on(m))}" for m in planned if isinstance(m, Meeting)]
        yield clear(f"Planning made for this child is on record: {listed(what)}.", of=planned, features=answers)
    elif match == "unknown":
        unknown = [NAMES[n] for n, a in answers.items() if a == "unknown"]
        yield not_assessable(f"it is not known whether the child meets the description ({listed(unknown)})",
                             features=answers)  # fmt: skip
    elif missing := _missing(records, t, parameters):
        yield not_assessable(missing, features=answers)
    else:
        yield raised(
            "The child meets the published description, and no multi-agency plan in force and no meeting of agencies "
            f"called for this child in the {parameters.window_months} months to {day(t)} is on record.",
            of=[r for feature in found.values() if feature.answer == "yes" for r in feature.of],
            features=answers,
        )


def _plans(records: Records, t: date) -> list[Plan]:
    plans = [p for p in records.of(Plan) if p.kind == "multi-agency"]
    return [p for p in plans if (p.start or p.made_on or t) <= t and (p.end is None or t < p.end)]


def _meetings(records: Records, first: date, t: date) -> list[Meeting]:
    """Meetings called for the child; of the kind that says nothing, those at which two agencies took part."""
    held = [m for m in meetings_held(records, *BESPOKE) if first <= held_on(m) <= t]
    return [m for m in held if m.kind != "other" or len(took_part(records, m)) > 1]


def _missing(records: Records, t: date, parameters: Parameters) -> str:
    first = since(records, t, parameters)
    gaps = [uncovered(records, "meetings", first, t, kind) for kind in BESPOKE]
    if not covers(records, "plans", t, t, "multi-agency"):
        gaps.append(f"no load covers {called('plans', 'multi-agency')} on {day(t)}")
    # A meeting of no named kind may have been of several agencies where not all attendance is loaded.
    others = [m for m in meetings_held(records, "other") if first <= held_on(m) <= t]
    unseen = [held_on(m) for m in others if not_seen_at(records, held_on(m))]
    gaps += [f"no load covers all attendance at the meeting of {day(on)}" for on in unseen]
    return "; ".join(gap for gap in gaps if gap)
