"""England's shares, by which an invented council is drawn.

What is published is said beside it; where a figure is of all children on the last day and the generator draws at
another moment (when care begins, when a home is found), the shares are set so that the published figure comes
out: docs/council.md shows that it does. Sources: DfE, children looked after in England including adoptions,
2024-25; stability measures for children looked after, 2024-25 (Open Government Licence v3).
"""

from __future__ import annotations

from collections.abc import Mapping

Ages = tuple[int, int]  # from, to (not reached)

# --- who comes into care -----------------------------------------------------------------------------------

# Age when care begins: England 16, 14, 15, 27, 28. Drawn for one child of each family; siblings are younger or older.
STARTS: Mapping[Ages, float] = {(0, 1): 18, (1, 5): 10.5, (5, 10): 13, (10, 16): 24.5, (16, 18): 35.5}
SEXES: Mapping[str, float] = {"M": 53.5, "F": 46.5}  # without unaccompanied children, of whom nine in ten are boys
# With them: White 71, Mixed 11, Black 8, Asian 5, Other 4, not known 1.
ETHNICITIES: Mapping[str, float] = {
    "WBRI": 71, "WOTH": 5, "WIRI": 0.6, "WROM": 0.6, "MWBC": 5, "MWAS": 2.5, "MOTH": 4.5, "BCRB": 2, "BAFR": 2.4,
    "BOTH": 1.3, "AIND": 0.9, "APKN": 2.2, "ABAN": 0.8, "AOTH": 0.8, "OOTH": 0.4, "NOBT": 0.8, "REFU": 0.3,
}  # fmt: skip
UASC_ETHNICITIES: Mapping[str, float] = {"OOTH": 45, "BAFR": 35, "AOTH": 16, "WOTH": 4}
# Category of need: N1 67, N5 12, N8 8, N4 7, N2 2, N3 2, N6 1. N8, absent parenting, is that of children alone.
NEEDS: Mapping[str, float] = {"N1": 72.2, "N5": 13.4, "N4": 7.6, "N2": 2.3, "N3": 2.3, "N6": 1.1, "N7": 0.3}
# Unaccompanied children: 8% on the last day; of those who come at these ages.
UASC: Mapping[Ages, float] = {(0, 14): 0.0, (14, 16): 0.18, (16, 18): 0.69}
SIBLINGS: Mapping[int, float] = {1: 66, 2: 23, 3: 11}

# --- how long, and how it ends -----------------------------------------------------------------------------

# By age when care begins: to parents, to relatives by order or without, adopted, another end, or 18.
ROUTES: Mapping[Ages, Mapping[str, float]] = {
    (0, 1): {"home": 12, "kin": 36, "adopted": 38, "other": 5, "18": 9},
    (1, 5): {"home": 21, "kin": 46, "adopted": 15, "other": 6, "18": 12},
    (5, 10): {"home": 34, "kin": 36, "adopted": 2, "other": 6, "18": 22},
    (10, 16): {"home": 32, "kin": 11, "other": 11, "18": 46},
    (16, 18): {"home": 14, "kin": 2, "other": 7, "18": 77},
}
UASC_ROUTES: Mapping[str, float] = {"other": 30, "18": 70}
# Years in care on each: the mean, and how near to it (shape of a gamma distribution).
LENGTHS: Mapping[str, tuple[float, float]] = {
    "home": (0.5, 0.55), "kin": (1.1, 1.9), "adopted": (1.8, 5.0), "other": (0.3, 0.5),
}  # fmt: skip
LONGER: Mapping[Ages, float] = {(0, 5): 1.1, (5, 10): 3.2, (10, 18): 1.0}  # times as long, by age when care begins
# Of all who cease: home planned 16, unplanned 3; special guardianship 12, relatives 5, child arrangements 3;
# adopted 9; another authority 8; 18 and stayed with carers 17; independent with support 12.
ENDS: Mapping[str, Mapping[str, float]] = {
    "home": {"E4A": 84, "E4B": 16},
    "kin": {"E45": 20, "E46": 4, "E47": 28, "E48": 8, "E13": 25, "E41": 15},
    "adopted": {"E11": 55, "E12": 45},
    "other": {"E3": 66, "E8": 15, "E9": 6, "E14": 6, "E16": 6, "E2": 1},
    "18": {"E17": 42.5, "E5": 30, "E8": 16, "E6": 6.5, "E7": 5},
}
UASC_ENDS: Mapping[str, Mapping[str, float]] = {"other": {"E3": 75, "E15": 15, "E8": 10}, "18": ENDS["18"]}

# --- legal status ------------------------------------------------------------------------------------------

# At the start: section 20 57, interim order 31, police protection 9, remand 2, emergency order 1.
STATUSES_AT_START: Mapping[str, float] = {"V2": 47.5, "C1": 41.5, "L1": 12.5, "L2": 1.5}
SHARE_REMAND = 0.045  # of those of ten or older who are not unaccompanied
# Of those accommodated under section 20, for whom proceedings follow, by how care will end.
TO_COURT: Mapping[str, float] = {"home": 0.4, "kin": 0.92, "adopted": 1.0, "other": 0.45, "18": 0.9}

# --- homes -------------------------------------------------------------------------------------------------

# Type by age when a home is found. On the last day: foster 67, children's home 12, supported 9, parents 6, other 3,
# adoption 2, other residential 1. Adoption, supported accommodation and a return to parents also come by themselves.
PLACES: Mapping[Ages, Mapping[str, float]] = {
    (0, 5): {"U6": 52, "U3": 24, "U5": 7, "P1": 12.5, "R3": 2.5, "Z1": 2},
    (5, 10): {"U6": 53, "U3": 23, "P1": 14, "K2": 7, "Z1": 3},
    (10, 16): {"U6": 38, "U3": 12, "P1": 12.5, "K2": 37, "S1": 0.7, "R1": 0.7, "Z1": 5},
    (16, 18): {"U6": 31, "U3": 6, "P1": 7, "K2": 29, "K3": 36, "R5": 1.5, "R1": 1, "Z1": 4.5},
}
UASC_PLACES: Mapping[str, float] = {"U6": 38, "K3": 58, "U3": 1, "Z1": 3}
# Own authority 43, private 40, voluntary 7, parents 6, not reported 3, other authority 1.
PROVIDERS: Mapping[str, Mapping[str, float]] = {
    "foster": {"PR1": 45, "PR4": 45, "PR5": 9, "PR2": 1},
    "kin": {"PR1": 98, "PR2": 2},
    "K2": {"PR1": 14, "PR4": 80, "PR5": 5, "PR2": 1},
    "K3": {"PR4": 78, "PR5": 16, "PR1": 6},
    "other": {"PR4": 55, "PR1": 25, "PR3": 20},
}
# Where a home is: in the authority, outside within 20 miles, outside and further; by who provides it.
WHERE: Mapping[str, Mapping[str, float]] = {
    "PR1": {"in": 71.5, "near": 17, "far": 11.5},
    "PR4": {"in": 37.5, "near": 27, "far": 35.5},
    "PR5": {"in": 42, "near": 30, "far": 28},
}
# Why a home ended, changes of status apart: care plan 34, other 25, carer's request for behaviour 8 and otherwise 7,
# child 3, authority 2, allegation, standards, closure 1 each; the rest of 100 are changes of status only.
CHANGES: Mapping[str, float] = {
    "CARPL": 36, "OTHER": 30, "CREQB": 3, "CREQO": 5.5, "CHILD": 4, "LAREQ": 2.3, "ALLEG": 1.2, "STAND": 1.2,
    "CLOSE": 1.2,
}  # fmt: skip

# --- social workers ----------------------------------------------------------------------------------------

# Why a worker took over, where it was not that the one before had left: by process 19, managing caseloads 17,
# absence 5, first contact 4, child asked under 0.5 of all changes in two years (others are not published).
WORKER_CHANGES: Mapping[str, float] = {
    "TSPROC": 22, "MANAGE": 35, "OTHERS": 25, "ORGRST": 12, "PCCHAN": 1, "CHCHAN": 0.7,
}  # fmt: skip

# --- reviews -----------------------------------------------------------------------------------------------

# How a child of four or older takes part; not published, a guess.
VOICES: Mapping[str, float] = {"PN1": 48, "PN2": 5, "PN3": 2, "PN4": 7, "PN5": 8, "PN6": 22, "PN7": 8}
