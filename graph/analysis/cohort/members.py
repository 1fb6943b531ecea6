"""The rules of the complex cohort: one for each feature, and who meets all of them or all but one.

Counting is that of Alkire and Foster: a cut-off within each feature, and one on how many are met. Nothing is added up
into a score, nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from graph.analysis.cohort.features import NAMES, Feature, by_name, features
from graph.cohort import Answers, sensitivity
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule
from graph.parameters import Parameters
from graph.records import Records
from graph.words import day, listed

SOURCE = "Warwickshire Safeguarding Children Board 2018, Serious Case Review 'Sophie', section 3"
COUNTING = "Alkire and Foster 2011, Counting and multidimensional poverty measurement, J Public Econ 95"
# The parameters of each feature: a match is printed with all of them.
F1 = ("f1_cp_plans", "f1_cp_plan_months", "f1_s47s", "f1_known_years")
F2 = ("f2_ages", "f2_missing", "f2_missing_days")
F3 = ("f3_unplanned", "f3_months", "placements", "window_months")
F4 = ("f4_months",)
# The coverage without which each feature may be unknown.
F1_NEEDS = ("plans:child protection", "assessments:s47")
F2_NEEDS = ("events:missing", "assessments:exploitation", "needs:exploitation")
F3_NEEDS = ("placed_at",)
F4_NEEDS = (
    "involved_with:camhs",
    "referrals:camhs",
    "needs:mental health",
    "events:self-harm",
    "events:suicide attempt",
)


def _one(name: str, found: Feature, t: date) -> Outcome:
    """A feature as a rule's outcome."""
    what = NAMES[name]
    if found.outside:
        return not_applicable(found.outside)
    if found.answer == "yes":
        return raised(f"The records show {what}: {found.says}.", of=found.of, **found.measures)
    if found.answer == "unknown":
        return not_assessable(_all(found.missing), of=found.of, **found.measures)
    return clear(f"The records to {day(t)} do not show {what}.", of=found.of, **found.measures)


def _all(missing: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(missing))


@rule(
    "cohort.f1",
    kind="H",
    question="What has the child lived through, all of it together, and which plan answers to that?",
    citation=SOURCE,
    parameters=F1,
    needs=F1_NEEDS,
)
def f1(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The records show a background of chronic abuse and neglect.

    A need of abuse or neglect (N1 in the return) and beside it two child protection plans, or one of more than 12
    months, or three section 47 enquiries, or more than two years known to social care where a source says since
    when. How long a child has been looked after does not tell how long they have been known.
    """
    yield _one("f1", features(records, t, parameters)["f1"], t)


@rule(
    "cohort.f2",
    kind="H",
    question="What was the child going to, or getting away from, and who has asked?",
    citation=SOURCE,
    parameters=F2,
    needs=F2_NEEDS,
)
def f2(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The records show high-risk behaviour at 10 to 15: going missing again and again, or exploitation.

    At any time on record, by the age at the time: three missing periods within 90 days; or exploitation, assessed
    as a medium risk or more or recorded as a need. Days away without leave are not missing periods.
    """
    yield _one("f2", features(records, t, parameters)["f2"], t)


@rule(
    "cohort.f3",
    kind="H",
    question="What did each home that ended need and not get, and does the next one have it?",
    citation=SOURCE,
    parameters=F3,
    needs=F3_NEEDS,
)
def f3(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The records show placements breaking down again and again.

    Two placements that ended unplanned in the last 24 months, or three placements in the last 12 of which one ended
    unplanned. Whether an end was planned is what the source says, or else what the reason for the change tells;
    where neither does, it is unknown.
    """
    yield _one("f3", features(records, t, parameters)["f3"], t)


@rule(
    "cohort.f4",
    kind="H",
    question="Who is treating the child's mental health today, and who carries it between appointments?",
    citation=SOURCE,
    parameters=F4,
    needs=F4_NEEDS,
)
def f4(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The records show emerging mental ill-health, self-harm or suicide attempts.

    In the last 24 months: CAMHS involved or asked for, a mental health need (a diagnosis among them), self-harm, a
    suicide attempt or detention for mental ill-health. A strengths and difficulties (SDQ) score of 17 or more is
    shown beside it and decides nothing.
    """
    yield _one("f4", features(records, t, parameters)["f4"], t)


@rule(
    "cohort.matches",
    kind="H",
    question="Which agencies would plan for this child together, and who has the mandate to call them?",
    citation=f"{SOURCE}; {COUNTING}",
    parameters=("cohort_features", *F1, *F2, *F3, *F4),
    needs=(*F1_NEEDS, *F2_NEEDS, *F3_NEEDS, *F4_NEEDS),
)
def matches(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The child meets the published description of the complex cohort: all four features.

    Raised where it is certain (what is unknown counted as not met); where it is possible (what is unknown
    counted as met) it is *not assessable*, naming the features that are unknown.
    """
    yield _member(records, t, parameters, parameters.cohort_features, exactly=False)


@rule(
    "cohort.near",
    kind="H",
    question="What would the missing feature look like for this child, and would anyone have recorded it?",
    citation=f"{SOURCE}; {COUNTING}",
    parameters=("cohort_features", *F1, *F2, *F3, *F4),
    needs=(*F1_NEEDS, *F2_NEEDS, *F3_NEEDS, *F4_NEEDS),
)
def near(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The child meets all but one of the features of the complex cohort, for certain.

    Not raised for a child who meets all of them. Where what is unknown could make it so, it is *not assessable*.
    """
    yield _member(records, t, parameters, parameters.cohort_features - 1, exactly=True)


def _member(records: Records, t: date, parameters: Parameters, wanted: int, exactly: bool) -> Outcome:
    """A child against the second cut-off, with how sure it is where a small change could make a difference."""
    found = features(records, t, parameters)
    outcome = _membership(found, wanted, parameters.cohort_features, exactly)
    if outcome.status == "clear":
        return outcome
    answers = {name: feature.answer for name, feature in found.items()}
    sure = sensitivity(answers, parameters.cohort_features, stepped(records, t, parameters, answers))
    return replace(outcome, measures={**outcome.measures, "sensitive_to": list(sure.depends_on), "label": sure.label})


# One step of each threshold, up and down; of the ages, a year more and a year less at both ends.
STEPS = {
    "f1_cp_plans": 1, "f1_cp_plan_months": 6, "f1_s47s": 1, "f1_known_years": 1, "f2_ages": 1, "f2_missing": 1,
    "f2_missing_days": 30, "f3_unplanned": 1, "f3_months": 6, "placements": 1, "window_months": 6, "f4_months": 6,
}  # fmt: skip


def stepped(records: Records, t: date, parameters: Parameters, answers: Answers) -> dict[str, list[Answers]]:
    """The child's features under each threshold one step down and one step up (a house rule), by parameter."""
    of = zip(by_name().items(), (F1, F2, F3, F4), strict=True)
    return {
        name: [{**answers, feature: function(records, t, changed).answer} for changed in _one_step(parameters, name)]
        for (feature, function), names in of
        for name in names
    }


def _one_step(parameters: Parameters, name: str) -> list[Parameters]:
    """The parameters with one of them a step down, where that leaves anything, and a step up."""
    now, step = getattr(parameters, name), STEPS[name]
    if isinstance(now, tuple):
        low, high = now
        values: list[Any] = [(low + step, high - step), (low - step, high + step)]
    else:
        values = [v for v in (now - step, now + step) if v > 0]
    return [replace(parameters, **{name: value}) for value in values]


def _membership(found: Mapping[str, Feature], wanted: int, cut_off: int, exactly: bool) -> Outcome:
    """A child against the second cut-off: how many features are certainly, and how many possibly, met."""
    yes = [n for n, f in found.items() if f.answer == "yes"]
    unknown = [n for n, f in found.items() if f.answer == "unknown"]
    certain, possible = len(yes), len(yes) + len(unknown)
    measures = _sensitivity(found, cut_off)
    of = [r for n in yes for r in found[n].of]
    names = listed(NAMES[n] for n in yes)
    if certain == wanted or (certain > wanted and not exactly):
        return raised(f"The child meets {certain} of the {len(found)} features of the published description: "
                      f"{names}.{_also(found, unknown)}", of=of, **measures)  # fmt: skip
    if certain < wanted <= possible:
        return not_assessable(f"{listed(f'{NAMES[n]} ({_all(found[n].missing)})' for n in unknown)} "
                              f"{'is' if len(unknown) == 1 else 'are'} unknown; "
                              f"{certain} of {len(found)} features {'is' if certain == 1 else 'are'} certain",
                              of=of, **measures)  # fmt: skip
    return clear(f"{certain} of the {len(found)} features of the published description "
                 f"{'is' if certain == 1 else 'are'} met.", of=of, **measures)  # fmt: skip


def _also(found: Mapping[str, Feature], unknown: list[str]) -> str:
    if unknown:
        return f" It is not known whether {listed(NAMES[n] for n in unknown)} is met too."
    unmet = [NAMES[n] for n, f in found.items() if f.answer == "no"]
    return f" Not met: {listed(unmet)}." if unmet else ""


def _sensitivity(found: Mapping[str, Feature], cut_off: int) -> dict[str, Any]:
    """How sure it is: certain against possible, one feature more or less asked for, each feature left out.

    A left-out feature is asked for no longer: the cut-off falls with it, as all four are joined by "and".
    `stability`: "stable in", "stable out", or the features on which belonging depends.
    """
    answers = {n: f.answer for n, f in found.items()}
    sure = sensitivity(answers, cut_off)
    depends = [n for n, then in sure.dropped.items() if then != sure.now]
    stable = {"yes": "stable in", "no": "stable out", "unknown": "not certain"}[sure.now]
    cut_offs = {**sure.cut_offs, **({cut_off: sure.now} if cut_off <= len(found) else {})}
    return {
        "features": answers,
        "certain": sum(a == "yes" for a in answers.values()),
        "possible": sum(a != "no" for a in answers.values()),
        "cut_offs": {str(k): cut_offs[k] for k in sorted(cut_offs)},
        "dropped": sure.dropped,
        "depends_on": depends,
        "stability": f"depends on {listed(depends)}" if depends else stable,
    }
