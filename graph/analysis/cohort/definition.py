"""The definition of the complex cohort in words, with its thresholds: printed wherever the list is."""

from __future__ import annotations

from dataclasses import dataclass

from graph.analysis.cohort.features import NAMES
from graph.analysis.cohort.members import COUNTING, SOURCE
from graph.parameters import Parameters
from graph.words import counted


@dataclass(frozen=True)
class Definition:
    """What the cohort is: the features, the cut-off, how unknown ones count, and where it comes from."""

    features: tuple[tuple[str, str], ...]  # name, and when it is met
    cut_off: str
    unknown: str
    source: str

    @property
    def lines(self) -> tuple[str, ...]:
        """One sentence a line, as it is printed above a list."""
        return (*(f"{name}: {rule}" for name, rule in self.features), self.cut_off, self.unknown, self.source)


def definition(p: Parameters) -> Definition:
    """The definition under these parameters."""
    rules = {
        "f1": f"need code N1, and {counted(p.f1_cp_plans, 'child protection plan')} or one of more than "
        f"{counted(p.f1_cp_plan_months, 'month')}, or {_enquiries(p.f1_s47s)}, "
        f"or known to social care for more than {counted(p.f1_known_years, 'year')}.",
        "f2": f"at {p.f2_ages[0]} to {p.f2_ages[1]}, {counted(p.f2_missing, 'missing period')} within "
        f"{counted(p.f2_missing_days, 'day')}, or exploitation assessed as medium or more, or recorded.",
        "f3": f"{counted(p.f3_unplanned, 'unplanned end')} of placements in {counted(p.f3_months, 'month')}, or "
        f"{counted(p.placements, 'placement')} in {counted(p.window_months, 'month')} of which one ended unplanned.",
        "f4": f"in {counted(p.f4_months, 'month')}, CAMHS, a need of mental health, self-harm, a suicide attempt or "
        "detention for mental ill-health.",
    }
    most = len(NAMES)
    return Definition(
        features=tuple((NAMES[f], rule) for f, rule in rules.items()),
        cut_off=f"A child is in the cohort who meets {p.cohort_features} of the {most} features; near are "
        "those who meet one less. Features have equal weight, are not a score, and put nobody before anyone else.",
        unknown="Certain: what is not on record counts as not met. Possible: it counts as met.",
        source=f"{SOURCE}; {COUNTING}. The thresholds are house rules.",
    )


def _enquiries(n: int) -> str:
    return counted(n, "section 47 enquiry", "section 47 enquiries")
