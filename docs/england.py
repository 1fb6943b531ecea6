"""England's figures, as DfE publishes them for the year to 31 March 2025, and how near an invented council must come.

A: children looked after in England including adoptions. B: stability measures for children looked after. C:
children's social work workforce. Facts under the Open Government Licence v3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# At 5,000 children chance moves a share of a half by 1.4 points either way (two standard errors), one of a
# twentieth by 0.6; brothers and sisters, who are alike, make it a little more. The rest is room for the model.
# GROUP is for shares of a part of the children (those who started in the year, or ceased, or were asked), for whom
# chance is half as much again. A small share is allowed less: up to so many per cent, so many points.
SHARE, GROUP = 2.0, 3.0
SMALL = {SHARE: ((0.99, 0.4), (2, 0.8), (5, 1.0)), GROUP: ((0.99, 0.4), (2, 1.0), (3, 1.5), (5, 2.5))}


def near(theirs: float, tolerance: float) -> float:
    """How far ours may lie from a share, in points."""
    return next((allowed for most, allowed in SMALL.get(tolerance, ()) if theirs <= most), tolerance)


@dataclass(frozen=True)
class Figure:
    """A published figure: theirs, and how far ours may lie from it (None: shown only).

    key: what `docs.calibration.measure` calls it. tolerance: at 5,000 children; wider for fewer.
    """

    key: str
    words: str
    theirs: float
    tolerance: float | None
    source: str


def _lines() -> Iterator[Figure]:
    def share(prefix: str, words: str, source: str, given: str, tolerance: float = SHARE) -> Iterator[Figure]:
        """Shares of one whole: `name 12.5; other name 3`."""
        for each in given.split("; "):
            name, _, value = each.rpartition(" ")
            theirs = float(value)
            yield Figure(f"{prefix}.{name}", f"{words}: {name}", theirs, near(theirs, tolerance), source)

    yield Figure("sex.M", "boys", 56, SHARE, "A")
    yield from share("age", "age", "A", "<1 4; 1-4 12; 5-9 18; 10-15 38; 16+ 27")
    yield from share("age at start", "age of those who started in the year", "A",
                     "<1 16; 1-4 14; 5-9 15; 10-15 27; 16+ 28", GROUP)  # fmt: skip
    yield from share("ethnic", "ethnicity", "A", "White 71; Mixed 11; Black 8; Asian 5; Other 4; unknown 1")
    yield Figure("uasc", "unaccompanied asylum-seeking children", 8, SHARE, "A")
    yield from share("need", "need", "A", "N1 67; N5 12; N8 8; N4 7; N2 2; N3 2; N6 1")
    yield from share("law", "legal status", "A", "full care order 59; interim care order 16; placement order 6; "
                     "section 20 19; youth justice 0.2; child protection 0.04")  # fmt: skip
    yield from share("law at start", "legal status of those who started", "A", "section 20 57; interim care order 31; "
                     "police protection 9; remand 2; emergency order 1", GROUP)  # fmt: skip
    yield from share("place", "placement", "A", "foster 67; children's home 12; supported or independent 9; "
                     "with parents 6; other 3; for adoption 2; other residential 1; "
                     "residential school 0.3")  # fmt: skip
    yield from share("provider", "provider", "A", "own authority 43; private 40; voluntary 7; parents 6; "
                     "not reported 3; other authority or public 1")  # fmt: skip
    yield Figure("where.outside", "outside the authority", 44, SHARE, "A")
    yield Figure("where.over 20 miles", "over 20 miles from home", 22, SHARE, "A")
    words = "inside or outside, and miles"
    yield from share("where", words, "A", "in to 20 47; out to 20 22; out over 20 18", 6)
    yield Figure("where.in over 20", f"{words}: in over 20", 4, None, "A")
    yield from share("where", words, "A", "in unknown 4; out unknown 4")
    yield Figure("placements.1", "one placement in the year", 68, None, "background")
    yield Figure("placements.2", "two placements in the year", 22, None, "background")
    yield Figure("placements.3+", "three or more placements in the year", 10, SHARE, "A")
    yield Figure("placements.3+ in two years", "three or more placements in two years, of those looked after on both "
                 "31 March", 23, GROUP, "A")  # fmt: skip
    yield Figure("same carer.of all", "under 16 and looked after for 2.5 years or more", 35, SHARE, "B")
    yield Figure("same carer.2 years", "of those, same carer for 2 years or more", 69, GROUP, "B")
    yield Figure("changes.per 100", "placement changes in the year, to 100 looked after", 72, 7, "A")
    yield from share("changes", "reason for a placement change", "A", "care plan 34; other 25; status only 18; "
                     "behaviour 8; carer otherwise 7; child 3; authority 2; allegation 1; standards 1; closure 1",
                     GROUP)  # fmt: skip
    yield Figure("workers.1", "one social worker in the year", 38, 6, "B, ages 1-4 looked after 12 months")
    yield Figure("workers.2", "two social workers in the year", 38, 6, "B, ages 1-4 looked after 12 months")
    yield Figure("workers.3+ in year", "three or more social workers in the year", 24, SHARE, "B")
    yield Figure("workers.3+ in two years", "three or more social workers in two years, of those looked after on "
                 "both 31 March", 53, GROUP, "B")  # fmt: skip
    words = "reason for a change of social worker, two years"
    yield from share("worker changes", words, "B", "standard process 19; managing caseloads 17; first contact 4; "
                     "child asked 0.3", GROUP)  # fmt: skip
    # One absence is a change for some fifteen children at once: chance is larger than of as many single children.
    yield Figure("worker changes.absence", f"{words}: absence", 5, GROUP, "B")
    yield Figure("schools.mid-year in year", "school move in mid-year, of ages 5-15", 8, SHARE, "B, 2024")
    yield Figure("schools.mid-year in two years", "school move in mid-year in two years, of those looked after on "
                 "both 31 March", 15, GROUP, "B, 2024")  # fmt: skip
    yield Figure("missing.children", "missing at least once, of those looked after in the year", 11, 1.5, "A")
    yield Figure("missing.incidents", "missing incidents to a missing child", 6.8, 1.0, "A")
    yield Figure("missing.16+", "of missing children, 16 or over", 56, 5, "A")
    yield Figure("missing.10-15", "of missing children, 10 to 15", 44, 5, "A")
    yield from share("health", "health, of those looked after 12 months", "A", "assessment 90; dental 81; "
                     "immunisations 84; substance misuse 3; convicted 2", GROUP)  # fmt: skip
    yield Figure("health.development", "of those, under fives: development checks", 88, 4, "A")
    yield from share("sdq", "SDQ", "A", "received 78; normal 45; borderline 13; concern 42", GROUP)
    yield Figure("sdq.mean", "SDQ: mean score", 14.9, 0.7, "A")
    yield Figure("flow.started", "started in the year, to 100 looked after", 39.5, GROUP, "A")
    yield Figure("flow.ceased", "ceased in the year, to 100 looked after", 42.1, GROUP, "A")
    yield Figure("flow.any", "looked after on any day of the year, to 100", 141.1, GROUP, "A")
    yield Figure("flow.12 months", "looked after for 12 months or more", 72, SHARE, "A")
    yield from share("ceased", "reason for ceasing", "A", "18+ 40; home planned 16; home unplanned 3; "
                     "stayed with carers 17; special guardianship 12; independent with support 12; adopted 9; "
                     "another authority 8; relatives 5; child arrangements 3", GROUP)  # fmt: skip
    yield Figure("caseload.social worker", "children to a social worker (all cases in England)", 15.2, 1.5, "C")
    yield Figure("caseload.reviewing officer", "children to a reviewing officer", 70, 5, "IRO")


FIGURES: tuple[Figure, ...] = tuple(_lines())
LEFT_OUT: tuple[str, ...] = (
    "Spreads between authorities (tenth and ninetieth percentiles of distance, stability, caseloads): there is one "
    "council, made like the average of England.",
    "Homes inside the authority and over 20 miles away (4% in England): the council is Birmingham's, where no two "
    "places are so far apart. Those 4 points lie in the other cells of distance, which are allowed more for it.",
    "Surveys of the workforce: turnover, vacancies, agency workers, absence (C) are of posts, not of children. The "
    "council's own turnover is drawn so that children change social workers as often as in England.",
    "Cases of social workers who are not looked-after children: caseloads here hold looked-after children alone.",
    "One and two placements in the year are not published beside three or more: shown, and held to nothing.",
    "Changes of social worker to a child over two years, about three by DfE's counts: with 24% and 53% having three "
    "or more workers in one and two years it would need many to come back again and again.",
    "Reasons for a change of social worker beyond the five that are published.",
    "Away without authorisation, and children missing on 31 March: too few to draw by.",
    "Any move of school (11%, 20%): DfE's count includes some moves in summer and not others; moves in mid-year are "
    "held to their figure.",
    "Instability of home, school and social worker at once, and care leavers' accommodation and activity.",
    "What no statistic counts: attendance at meetings, plans, notices, views, waiting lists, alerts. Their shares are "
    "guesses at mostly good practice; docs/findings.md says which rules read them.",
)
