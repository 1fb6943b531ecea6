"""The invented council beside England: DfE's figures counted on what `generate` writes, by DfE's definitions.

Counted straight from the files of the return with pandas, and not by the way the graph counts, so that neither
can hide a mistake of the other. What no return holds (schools, reviewing officers) is read from partners' tables.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from docs.england import FIGURES, LEFT_OUT, Figure
from ingest.generate import AS_AT, generate
from ingest.postcodes import locate, miles

SEEDS, CHILDREN = (1, 2, 3), 5000
AUTHORITY = "E08000025"
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
Shares = Iterator[tuple[str, float]]


@dataclass(frozen=True)
class Council:
    """What was written: the tables of the return, rows of all years with the latest word on each, and two of partners.

    year: the first day of the last return year. last: its last day.
    """

    header: pd.DataFrame
    episodes: pd.DataFrame
    workers: pd.DataFrame
    missing: pd.DataFrame
    health: pd.DataFrame
    uasc: pd.DataFrame
    attends: pd.DataFrame
    officers: pd.DataFrame
    year: pd.Timestamp
    last: pd.Timestamp

    @property
    def now(self) -> pd.DataFrame:
        """The open episode of each child looked after on the last day."""
        return self.episodes[self.episodes["DEC"].isna()]

    def before(self, years: float) -> pd.Timestamp:
        """So many years before the last day."""
        return self.last - pd.DateOffset(months=round(years * 12))


def measure(folder: Path, as_at: date = AS_AT) -> dict[str, float]:
    """Every figure of `england.FIGURES`, by its key, of the council in a folder."""
    council = read(folder, as_at)
    parts = (
        _children, _flows, _law, _places, _distance, _placements, _same_carer, _reasons, _workers, _schools, _missing,
        _health, _endings, _caseloads,
    )  # fmt: skip
    return {key: value for part in parts for key, value in part(council)}


# --- reading ---


def read(folder: Path, as_at: date) -> Council:
    """The council in a folder. An episode or social worker told of in several years is as the last one has it."""
    years = sorted(p for p in (folder / "903").iterdir() if p.is_dir())
    people = _csv(folder / "ssd" / "ssd_person.csv")
    renumbered = dict(zip(people["pers_legacy_id"], people["pers_person_id"], strict=True))
    header = _table(years, renumbered, "header", ["CHILD"])
    header["DOB"] = _dates(header["DOB"])
    episodes = _table(years, renumbered, "episodes", ["CHILD", "DECOM"], "DECOM", "DEC").merge(
        header[["CHILD", "DOB"]], on="CHILD"
    )
    partners = folder / "partners"
    officers = _csv(folder / "allocations" / "iro_allocations.csv")
    return Council(
        header=header,
        episodes=episodes.sort_values(["CHILD", "DECOM"], ignore_index=True),
        workers=_table(years, renumbered, "sw_episodes", ["CHILD", "SW_ID", "SW_DECOM"], "SW_DECOM", "SW_DEC"),
        missing=_table(years[-1:], renumbered, "missing", ["CHILD", "MIS_START"], "DOB", "MIS_START"),
        health=_table(years[-1:], renumbered, "oc2", ["CHILD"], "DOB"),
        uasc=_table(years, renumbered, "uasc", ["CHILD"]),
        attends=_iso(_csv(partners / "schools" / "attends.csv"), "start", "end"),
        officers=officers[officers["End date"] == ""],
        year=pd.Timestamp(as_at) - pd.DateOffset(years=1) + timedelta(days=1),
        last=pd.Timestamp(as_at),
    )


def _table(
    years: Sequence[Path], renumbered: Mapping[str, str], name: str, key: list[str], *dates: str
) -> pd.DataFrame:
    """The last word of several years. renumbered: by the number a child had before, the number of today."""
    rows = pd.concat([_csv(year / f"{name}.csv") for year in years])
    rows["CHILD"] = [renumbered.get(child, child) for child in rows["CHILD"]]
    found = rows.drop_duplicates(key, keep="last")
    return found.assign(**{d: _dates(found[d]) for d in dates})


def _csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _dates(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts.where(texts != "", None), format="%d/%m/%Y")


def _iso(frame: pd.DataFrame, *dates: str) -> pd.DataFrame:
    return frame.assign(**{d: pd.to_datetime(frame[d].where(frame[d] != "", None)) for d in dates})


# --- counting ---


def _percent(found: pd.Series) -> float:
    """Of a series of yes and no, how many are yes."""
    return 100 * float(found.mean()) if len(found) else float("nan")


def _per(found: float, of: float) -> float:
    """How many to each; not a number where there is nothing to count by."""
    return found / of if of else float("nan")


def _split(prefix: str, of: pd.Series, groups: Mapping[str, Iterable[str]]) -> Shares:
    """How many of each group there are among the values of a series."""
    for name, codes in groups.items():
        yield f"{prefix}.{name}", _percent(of.isin(list(codes)))


def _age(born: pd.Series, on: pd.Series | pd.Timestamp) -> pd.Series:
    """Whole years on a day."""
    day = on.dt if isinstance(on, pd.Series) else on
    later = (born.dt.month > day.month) | ((born.dt.month == day.month) & (born.dt.day > day.day))
    return day.year - born.dt.year - later.astype(int)


BANDS = {"<1": (0, 1), "1-4": (1, 5), "5-9": (5, 10), "10-15": (10, 16), "16+": (16, 99)}


def _bands(prefix: str, ages: pd.Series) -> Shares:
    for name, (low, high) in BANDS.items():
        yield f"{prefix}.{name}", _percent((ages >= low) & (ages < high))


ETHNIC = {
    "White": ("WBRI", "WIRI", "WOTH", "WIRT", "WROM"), "Mixed": ("MWBC", "MWBA", "MWAS", "MOTH"),
    "Asian": ("AIND", "APKN", "ABAN", "AOTH", "CHNE"), "Black": ("BCRB", "BAFR", "BOTH"), "Other": ("OOTH",),
    "unknown": ("REFU", "NOBT"),
}  # fmt: skip


def _children(council: Council) -> Shares:
    now = council.now.merge(council.header[["CHILD", "SEX", "ETHNIC"]], on="CHILD")
    yield "sex.M", _percent(now["SEX"] == "M")
    yield from _bands("age", _age(now["DOB"], council.last))
    yield from _split("ethnic", now["ETHNIC"], ETHNIC)
    yield "uasc", _percent(now["CHILD"].isin(council.uasc["CHILD"]))
    yield from _split("need", now["CIN"], {n: [n] for n in ("N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8")})


def _flows(council: Council) -> Shares:
    """Who came, who left and who was there at all in the year, to 100 looked after on the last day."""
    there = len(council.now)
    episodes = council.episodes
    came, left = _came(council), _left(council)
    any_day = episodes[episodes["DEC"].isna() | (episodes["DEC"] >= council.year)]
    yield "flow.started", 100 * _per(came["CHILD"].nunique(), there)
    yield "flow.ceased", 100 * _per(left["CHILD"].nunique(), there)
    yield "flow.any", 100 * _per(any_day["CHILD"].nunique(), there)
    yield "flow.12 months", _percent(_since(council) <= council.before(1))
    yield from _bands("age at start", _age(came["DOB"], came["DECOM"]))


def _came(council: Council) -> pd.DataFrame:
    """The first episode of those who started to be looked after in the year."""
    return council.episodes[(council.episodes["RNE"] == "S") & (council.episodes["DECOM"] >= council.year)]


def _left(council: Council) -> pd.DataFrame:
    """The last episode of those who ceased to be looked after in the year."""
    episodes = council.episodes
    return episodes[(episodes["DEC"] >= council.year) & (episodes["REC"] != "X1")]


def _since(council: Council) -> pd.Series:
    """Since when each child looked after on the last day has been; long ago where no file tells."""
    starts = council.episodes[council.episodes["RNE"] == "S"].groupby("CHILD")["DECOM"].max()
    return council.now["CHILD"].map(starts).fillna(pd.Timestamp("1990-01-01"))


LAW = {
    "full care order": ("C2",), "interim care order": ("C1",), "placement order": ("E1", "D1"), "section 20": ("V2",),
    "youth justice": ("J1", "J2", "J3"), "child protection": ("L1", "L2", "L3"),
}  # fmt: skip
LAW_AT_START = {
    "section 20": ("V2",), "interim care order": ("C1",), "police protection": ("L1",),
    "remand": ("J1",), "emergency order": ("L2",),
}  # fmt: skip


def _law(council: Council) -> Shares:
    yield from _split("law", council.now["LS"], LAW)
    yield from _split("law at start", _came(council)["LS"], LAW_AT_START)


PLACES = {
    "foster": ("U1", "U2", "U3", "U4", "U5", "U6"), "children's home": ("K1", "K2"),
    "supported or independent": ("K3", "H5", "P2"), "with parents": ("P1",), "for adoption": ("A3", "A4", "A5", "A6"),
    "other residential": ("R1", "R2", "R3", "R5"), "residential school": ("S1",),
    "other": ("Z1", "Z11", "Z12", "Z13", "Z14", "P3", *TEMPORARY),
}  # fmt: skip
PROVIDERS = {
    "own authority": ("PR1",), "private": ("PR4",), "voluntary": ("PR5",), "parents": ("PR0",),
    "other authority or public": ("PR2", "PR3"), "not reported": ("",),
}  # fmt: skip


def _places(council: Council) -> Shares:
    yield from _split("place", council.now["PLACE"], PLACES)
    yield from _split("provider", council.now["PLACE_PROVIDER"], PROVIDERS)


def _distance(council: Council) -> Shares:
    """Outside the authority and over 20 miles; for unaccompanied children DfE asks for no distance."""
    now = council.now
    places = locate({p for name in ("HOME_POST", "PL_POST") for p in now[name] if p})
    out = now["PL_POST"].map(lambda p: places[p].authority != AUTHORITY)
    pairs = zip(now["HOME_POST"], now["PL_POST"], strict=True)
    apart = pd.Series([miles(places[a], places[b]) if a else None for a, b in pairs], index=now.index, dtype=float)
    far, near = apart > 20, apart <= 20
    yield "where.outside", _percent(out)
    yield "where.over 20 miles", _percent(far)
    for side, here in (("in", ~out), ("out", out)):
        for name, how in (("to 20", near), ("over 20", far), ("unknown", apart.isna())):
            yield f"where.{side} {name}", _percent(here & how)


# --- stability ---


def _stays(council: Council) -> pd.DataFrame:
    """Placements as DfE counts them, with their first day and their end: CHILD, start, end.

    A row begins one where it came with a new carer (RNE S, P, B), unless the placement before only changed its
    status or the child came back to it from a temporary stay. Temporary stays are none.
    """
    rows = council.episodes[~council.episodes["PLACE"].isin(TEMPORARY)].copy()
    child = rows.groupby("CHILD")
    home = rows["PL_POST"] + rows["URN"] + rows["PLACE"]
    away = child["DEC"].shift() != rows["DECOM"]
    back = away & (home == home.groupby(rows["CHILD"]).shift()) & (rows["RNE"] == "P")
    status_only = child["REASON_PLACE_CHANGE"].shift() == "PLACE"
    first = child.cumcount() == 0
    rows["stay"] = (first | (rows["RNE"].isin(["S", "P", "B"]) & ~status_only & ~back)).cumsum()
    stays = rows.groupby("stay").agg(CHILD=("CHILD", "first"), start=("DECOM", "first"))
    ended = rows.groupby("stay")["DEC"].agg(lambda ends: ends.iloc[-1])
    return stays.assign(end=ended)


def _counted(council: Council, since: pd.Timestamp, children: Iterable[str]) -> pd.Series:
    """How many placements each of these children had from a day to the last one."""
    stays = _stays(council)
    held = stays[stays["end"].isna() | (stays["end"] > since)]
    return held.groupby("CHILD").size().reindex(list(children))


def _both_years(council: Council) -> pd.Series:
    """Children looked after on the last day and on the day a year before it."""
    return council.now["CHILD"][_since(council) <= council.before(1)]


def _placements(council: Council) -> Shares:
    year = _counted(council, council.year, council.now["CHILD"])
    yield from _one_two_three("placements", year)
    two = _counted(council, council.year - pd.DateOffset(years=1), _both_years(council))
    yield "placements.3+ in two years", _percent(two >= 3)


def _one_two_three(prefix: str, counts: pd.Series) -> Shares:
    yield f"{prefix}.1", _percent(counts == 1)
    yield f"{prefix}.2", _percent(counts == 2)
    yield f"{prefix}.3+", _percent(counts >= 3)


def _same_carer(council: Council) -> Shares:
    """Of under 16s looked after for two and a half years or more, those with one carer for two years or more."""
    now = council.now
    young = _age(now["DOB"], council.last) < 16
    long = now["CHILD"][young & (_since(council) <= council.before(2.5))]
    stays = _stays(council)
    start = stays[stays["end"].isna()].set_index("CHILD")["start"].reindex(long)
    yield "same carer.of all", 100 * _per(len(long), len(now))
    yield "same carer.2 years", _percent(start <= council.before(2))


CHANGES = {
    "care plan": ("CARPL",), "other": ("OTHER", "CUSTOD"), "status only": ("PLACE",), "behaviour": ("CREQB",),
    "carer otherwise": ("CREQO",), "child": ("CHILD",), "authority": ("LAREQ",), "allegation": ("ALLEG",),
    "standards": ("STAND", "APPRR"), "closure": ("CLOSE",),
}  # fmt: skip


def _reasons(council: Council) -> Shares:
    episodes = council.episodes
    changed = episodes[(episodes["DEC"] >= council.year) & (episodes["REASON_PLACE_CHANGE"] != "")]
    yield "changes.per 100", 100 * _per(len(changed), len(council.now))
    yield from _split("changes", changed["REASON_PLACE_CHANGE"], CHANGES)


WORKER_REASONS = {
    "standard process": ("TSPROC",), "managing caseloads": ("MANAGE",), "absence": ("ABSENC",),
    "first contact": ("FCONTA",), "child asked": ("CHCHAN",),
}  # fmt: skip


def _workers(council: Council) -> Shares:
    """Distinct social workers: one who comes back is not counted again."""
    workers = council.workers
    for years, children, prefix in ((1, council.now["CHILD"], "year"), (2, _both_years(council), "two years")):
        since = council.last - pd.DateOffset(years=years)
        held = workers[workers["SW_DEC"].isna() | (workers["SW_DEC"] > since + timedelta(days=1))]
        counts = held.groupby("CHILD")["SW_ID"].nunique().reindex(list(children)).fillna(0)
        if years == 1:
            yield "workers.1", _percent(counts <= 1)
            yield "workers.2", _percent(counts == 2)
        yield f"workers.3+ in {prefix}", _percent(counts >= 3)
    taken_on = workers[(workers["SW_DECOM"] > council.before(2)) & workers["CHILD"].isin(council.now["CHILD"])]
    yield from _split("worker changes", taken_on["SW_REASON"], WORKER_REASONS)


def _schools(council: Council) -> Shares:
    """Of children of 5 to 15, those who went to another school in the middle of a school year."""
    now = council.now
    ages = _age(now["DOB"], council.last)
    pupils = now["CHILD"][(ages >= 5) & (ages < 16)]
    attends = council.attends.sort_values(["from", "start"])
    day = attends["start"]
    summer = ((day.dt.month == 7) & (day.dt.day > 15)) | (day.dt.month == 8) | ((day.dt.month == 9) & (day.dt.day < 21))
    moved = attends[(attends.groupby("from").cumcount() > 0) & ~summer]
    for years, prefix, of in ((1, "year", pupils), (2, "two years", pupils[pupils.isin(_both_years(council))])):
        late = moved[moved["start"] > council.before(years)]
        yield f"schools.mid-year in {prefix}", _percent(of.isin(late["from"]))


# --- missing, health, endings, caseloads ---


def _missing(council: Council) -> Shares:
    episodes = council.episodes
    any_day = episodes.loc[episodes["DEC"].isna() | (episodes["DEC"] >= council.year), "CHILD"].nunique()
    gone = council.missing.drop_duplicates("CHILD")
    ages = _age(gone["DOB"], council.last)
    yield "missing.children", 100 * _per(len(gone), any_day)
    yield "missing.incidents", _per(len(council.missing), len(gone))
    yield "missing.16+", _percent(ages >= 16)
    yield "missing.10-15", _percent((ages >= 10) & (ages < 16))


def _health(council: Council) -> Shares:
    asked = council.health
    ages = _age(asked["DOB"], council.last)
    for key, column, of in (
        ("assessment", "HEALTH_ASSESSMENT", asked), ("dental", "TEETH_CHECK", asked),
        ("immunisations", "IMMUNISATIONS", asked), ("development", "HEALTH_CHECK", asked[ages < 5]),
        ("substance misuse", "SUBSTANCE_MISUSE", asked), ("convicted", "CONVICTED", asked[ages >= 10]),
    ):  # fmt: skip
        yield f"health.{key}", _percent(of[column] == "1")
    due = asked[(ages >= 4) & (ages < 17)]
    scores = pd.to_numeric(due["SDQ_SCORE"]).dropna()
    yield "sdq.received", 100 * _per(len(scores), len(due))
    yield "sdq.normal", _percent(scores <= 13)
    yield "sdq.borderline", _percent((scores >= 14) & (scores <= 16))
    yield "sdq.concern", _percent(scores >= 17)
    yield "sdq.mean", float(scores.mean())


ENDINGS = {
    "home": ("E4A", "E4B"), "home planned": ("E4A",), "home unplanned": ("E4B",), "stayed with carers": ("E17",),
    "special guardianship": ("E43", "E44", "E45", "E46", "E47", "E48"), "independent with support": ("E5",),
    "adopted": ("E11", "E12"), "another authority": ("E3",), "relatives": ("E13",), "child arrangements": ("E41",),
}  # fmt: skip


def _endings(council: Council) -> Shares:
    left = _left(council)
    yield "ceased.18+", _percent(_age(left["DOB"], left["DEC"]) >= 18)
    yield from _split("ceased", left["REC"], ENDINGS)


def _caseloads(council: Council) -> Shares:
    """Children looked after on the last day to each social worker and reviewing officer who has any."""
    workers = council.workers
    now = workers[workers["SW_DEC"].isna() & workers["CHILD"].isin(council.now["CHILD"])]
    yield "caseload.social worker", float(now.groupby("SW_ID")["CHILD"].nunique().mean())
    officers = council.officers[council.officers["Child ID"].isin(council.now["CHILD"])]
    yield "caseload.reviewing officer", float(officers.groupby("Staff ID")["Child ID"].nunique().mean())


# --- the page ---

INTRODUCTION = """# The invented council beside England

Written by `python -m docs --count`, which makes councils of {children:,} looked-after children with
`teamaround generate`, seeds {seeds}, and counts on their files what DfE publishes of England, by DfE's definitions.
`tests/test_calibration.py` holds every figure to its tolerance.

A tolerance is what chance does to a share at 5,000 children (up to 1.4 points either side for two standard errors,
and a little more because brothers and sisters are alike), and room for what a model leaves out: 2 points of a
share of all children, 3 where only some are counted (those who started, or ceased, or were asked), less of a small
share. A **!** marks a figure outside it. Sources, all Open Government Licence v3:

* A: DfE, children looked after in England including adoptions, year to 31 March 2025.
* B: DfE, stability measures for children looked after in England (official statistics in development), 2025.
* C: DfE, children's social work workforce, 30 September 2025.
* IRO: no statistic exists; the IRO Handbook (2010) recommends 50 to 70 children, surveys since found more.

Percentages are of children looked after on 31 March unless the line says otherwise.
"""


def outside(figure: Figure, value: float, children: int = CHILDREN) -> bool:
    """Whether a figure of ours lies outside the tolerance; a figure without one never does.

    The tolerance is for 5,000 children; of fewer it is wider, as chance is: by the root of how many times fewer.
    """
    if figure.tolerance is None:
        return False
    return not abs(value - figure.theirs) <= figure.tolerance * (CHILDREN / children) ** 0.5


def table(measured: Sequence[Mapping[str, float]], seeds: Sequence[int] = SEEDS) -> str:
    """The table of the page: a line a figure, a column a seed."""
    head = ["figure", "England", *(f"seed {seed}" for seed in seeds), "tolerance", "source"]
    lines = [f"| {' | '.join(head)} |", f"|---|{'--:|' * (len(seeds) + 2)}---|"]
    for figure in FIGURES:
        ours = [f"{m[figure.key]:.1f}{' **!**' if outside(figure, m[figure.key]) else ''}" for m in measured]
        allowed = "shown only" if figure.tolerance is None else f"± {figure.tolerance:g}"
        cells = [figure.words, f"{figure.theirs:g}", *ours, allowed, figure.source]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def page(children: int = CHILDREN, seeds: Sequence[int] = SEEDS) -> str:
    """The page docs/council.md: minutes, since it makes a council for each seed."""
    head = INTRODUCTION.format(children=children, seeds=", ".join(map(str, seeds)))
    left_out = "\n".join(f"* {line}" for line in LEFT_OUT)
    return f"{head}\n{table([of_seed(s, children) for s in seeds], seeds)}\n\n## What was left out\n\n{left_out}\n"


def of_seed(seed: int, children: int = CHILDREN) -> dict[str, float]:
    """The figures of one council, which is made, counted and thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder) / "council", children=children, seed=seed)
        return measure(Path(folder) / "council")
