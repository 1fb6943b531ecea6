"""Every threshold a rule uses: one typed place, each with its kind and its source.

Kinds: S regulation, G statutory guidance, D a DfE definition, L local practice, H a house rule of ours. House
rules are operational choices, not established thresholds: they are printed with the finding.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from graph.errors import TeamaroundError

ParameterKind = Literal["S", "G", "D", "L", "H"]


def parameter(default: Any, kind: ParameterKind, meaning: str, within: tuple[int, int] | None = None) -> Any:
    """A parameter: its default, what kind of authority it has, what it means and its unit; the least and the most."""
    return field(default=default, metadata={"kind": kind, "meaning": meaning, "within": within})


@dataclass(frozen=True)
class Parameters:
    """The thresholds of every rule."""

    window_months: int = parameter(12, "H", "months before the day in which a rule about events looks")
    # --- continuity ---
    social_workers: int = parameter(3, "D", "distinct social workers in 12 months")
    placements: int = parameter(3, "D", "placements in 12 months")
    role_gap_working_days: int = parameter(5, "H", "working days a required role may stand empty")
    eligible_weeks: int = parameter(13, "S", "weeks looked after since 14 that make an eligible child at 16")
    turnover_days: int = parameter(28, "H", "days before and after a move in which the team is compared")
    turnover_least: int = parameter(3, "H", "professionals there before a move, for a loss to be counted")
    turnover_loss: float = parameter(0.5, "H", "share of them gone after the move")
    handover_days: int = parameter(14, "H", "days before and after a change of worker in which both may meet")
    same_person_gap_days: int = parameter(14, "H", "days between two spells of one person that are still one")
    told_days_before: int = parameter(1, "H", "days before a change by which the child is told; 0 = on the day will do")
    told_look_days: int = parameter(28, "H", "days before a change in which loads must cover notices and approvals")
    told_age: int = parameter(
        4, "H", "age from which a child is told; DfE asks how a child took part in reviews from 4"
    )
    school_moves: int = parameter(2, "H", "mid-year school moves in 12 months")
    school_off_roll_days: int = parameter(15, "H", "working days outside August on no roll in 12 months")
    school_new_year_day: int = parameter(14, "H", "last day of September on which a school begins with the school year")
    start_again_cycles: int = parameter(2, "H", "cycles of move, calm and crisis in the months below")
    start_again_months: int = parameter(24, "H", "months in which the cycles fall")
    calm_days: int = parameter(28, "H", "days without a crisis after a move that make it calm")
    crisis_before_days: int = parameter(56, "H", "days before the next move in which the last crisis falls")
    crisis_kinds: tuple[str, ...] = parameter(
        (
            "missing",
            "exclusion",
            "s47",
            "self-harm",
            "suicide attempt",
            "mental health detention",
            "arrest",
            "police called to placement",
            "physical intervention",
            "notice by carer",
        ),
        "H",
        "events that count as a crisis",
    )
    crisis_feeds: tuple[str, ...] = parameter(
        ("missing", "exclusion", "self-harm"), "H", "events without whose records calm cannot be told from silence"
    )
    nominal_weeks: int = parameter(8, "L", "weeks a role is held without a contact on record")
    review_before_months: int = parameter(6, "H", "months before the end of a placement in which the review falls")
    ended_by_authority: tuple[str, ...] = parameter(
        ("CARPL", "LAREQ", "STAND"), "H", "reasons for a change of placement (903) by which the authority ended it"
    )
    leaver_days: int = parameter(31, "H", "days between a lead worker's leaving and the end of the case or plan")
    leaver_words: tuple[str, ...] = parameter(
        ("left", "leaving", "leaver", "LEFTRL", "retired", "resigned"),
        "H",
        "words in a reason that say the worker left",
    )
    # --- area ---
    stopped_days_before: int = parameter(14, "H", "days before a move in which a service stopped at it")
    stopped_days_after: int = parameter(28, "H", "days after a move in which a service stopped at it")
    allowance_school_school_days: int = parameter(20, "G", "school days for a school place after a move")
    allowance_camhs_days: int = parameter(28, "H", "days for CAMHS to resume after a move")
    allowance_gp_working_days: int = parameter(10, "H", "working days for a GP after a move")
    allowance_exploitation_days: int = parameter(7, "H", "days for exploitation work to resume after a move")
    allowance_other_days: int = parameter(28, "H", "days for any other service to resume after a move")
    need_ended: tuple[str, ...] = parameter(
        ("completed", "need met", "goals met", "no longer needed", "work finished"),
        "H",
        "words in a reason for ending that say the need itself had ended",
    )
    far_miles: float = parameter(20.0, "D", "miles from home beyond which DfE counts a placement as far")
    emergency_working_days: int = parameter(5, "S", "working days for notices of a placement made in an emergency")
    reset_days_before: int = parameter(14, "H", "days before a move in which a referral was closed at it")
    reset_days_after: int = parameter(60, "H", "days after a move in which a referral was closed at it")
    reset_words: tuple[str, ...] = parameter(
        ("moved", "move", "moving", "area", "transferred", "transfer", "placement"),
        "H",
        "words in a reason for closing a referral that tell of a move; no reason counts too",
    )
    silence_days: int = parameter(90, "H", "days two areas' professionals are there without an exchange")
    churn_authorities: int = parameter(3, "H", "authorities lived in, or gone to school in, in the months below")
    churn_months: int = parameter(24, "H", "months in which they are counted")
    # --- silos ---
    active_days: int = parameter(28, "H", "days someone must have been involved to count in a silo")
    single_point_least: int = parameter(4, "H", "professionals a network must have to ask what holds it")
    knowing_days: int = parameter(28, "H", "days someone must have been involved to know the child at a meeting")
    alerts_unanswered: int = parameter(3, "H", "alerts from one agency to another, unanswered, in the days below")
    alerts_days: int = parameter(90, "H", "days in which the unanswered alerts fall")
    police_events: int = parameter(2, "H", "arrests or police call-outs in the days below")
    police_days: int = parameter(90, "H", "days in which the arrests or call-outs fall")
    police_meeting_days: int = parameter(28, "H", "days after them for a meeting of more than one agency")
    withdrawn_days: int = parameter(60, "H", "days between the end of a service and a crisis or step-up")
    withdrawn_words: tuple[str, ...] = parameter(
        (
            "non-engagement", "not engaging", "did not engage", "not engaged", "disengaged", "did not attend",
            "non-attendance", "not attending", "end of programme", "programme ended", "programme completed",
            "end of intervention", "time limited",
        ),
        "H",
        "words in a reason for ending that say a service was withdrawn",
    )  # fmt: skip
    # --- voice ---
    heard_from_age: int = parameter(4, "D", "age from which a child takes part in reviews (903: PN0 is under four)")
    unheard_reviews: int = parameter(2, "H", "reviews running at which the child conveyed no views")
    recommendation_reviews: int = parameter(2, "H", "reviews that asked for the same thing")
    challenge_working_days: int = parameter(20, "G", "working days for an answer to a reviewing officer's challenge")
    concern_weeks_service_manager: int = parameter(6, "L", "weeks after which a concern goes to a service manager")
    concern_months_service_director: int = parameter(3, "L", "months after which it goes to a service director")
    concern_months_dcs: int = parameter(6, "L", "months after which it goes to the director of children's services")
    # --- clocks ---
    pep_working_days: int = parameter(10, "L", "working days of the start of care or school age for a first PEP")
    repeat_strategy: int = parameter(3, "H", "strategy discussions or section 47 enquiries in 12 months")
    # --- cohort ---
    cohort_features: int = parameter(4, "H", "features that make a match; one less is near", within=(1, 4))
    f1_cp_plans: int = parameter(2, "H", "child protection plans that tell of chronic abuse and neglect")
    f1_cp_plan_months: int = parameter(12, "H", "months of one child protection plan that tell of it")
    f1_s47s: int = parameter(3, "H", "section 47 enquiries that tell of it")
    f1_known_years: int = parameter(2, "H", "years known to social care that tell of it")
    f2_ages: tuple[int, int] = parameter((10, 15), "H", "ages at which high-risk behaviour is looked for")
    f2_missing: int = parameter(3, "H", "missing periods in the days below")
    f2_missing_days: int = parameter(90, "H", "days in which the missing periods fall")
    f3_unplanned: int = parameter(2, "H", "unplanned ends of placements in the months below")
    f3_months: int = parameter(24, "H", "months in which unplanned ends are counted")
    f4_months: int = parameter(24, "H", "months in which mental ill-health and self-harm are looked for")


DEFAULTS = Parameters()


def describe(name: str) -> tuple[ParameterKind, str]:
    """The kind and the meaning of a parameter."""
    found = next(f for f in fields(Parameters) if f.name == name)
    return found.metadata["kind"], found.metadata["meaning"]


def read(path: Path) -> Parameters:
    """The defaults, with what a TOML file changes: `social_workers = 4`, one a line.

    Raises TeamaroundError naming every line that is unknown or of the wrong type.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TeamaroundError(f"There is no parameter file {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TeamaroundError(f"{path} is not TOML (`name = value`, one a line): {error}.") from None
    wrong = [problem for name, value in given.items() if (problem := _problem(name, value))]
    if wrong:
        raise TeamaroundError(f"{path}: {'; '.join(wrong)}.")
    return of(given)


def changed(parameters: Parameters) -> dict[str, Any]:
    """What differs from the defaults, by name."""
    each = {f.name: getattr(parameters, f.name) for f in fields(Parameters)}
    return {name: value for name, value in each.items() if value != getattr(DEFAULTS, name)}


def of(given: Mapping[str, Any]) -> Parameters:
    """The defaults with what `changed` gave, or a file; lists, as TOML and JSON have them, for tuples.

    A name of another version of the software is left out.
    """
    known = {f.name for f in fields(Parameters)} & set(given)
    values: dict[str, Any] = {n: tuple(given[n]) if isinstance(given[n], list) else given[n] for n in known}
    return replace(DEFAULTS, **values)


def _problem(name: str, value: Any) -> str:
    names = [f.name for f in fields(Parameters)]
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        return f"{name} is no parameter" + (f" (did you mean {near[0]}?)" if near else "")
    default = getattr(DEFAULTS, name)
    if isinstance(default, tuple):
        texts = isinstance(default[0], str)
        listed = isinstance(value, list) and all(isinstance(v, type(default[0])) for v in value)
        fits = listed and (texts or len(value) == len(default))
        return "" if fits else f"{name} takes {'texts' if texts else f'{len(default)} whole numbers'} in brackets"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = number and value >= 0 and (isinstance(default, float) or isinstance(value, int))
    within = next(f.metadata["within"] for f in fields(Parameters) if f.name == name)
    if fits and within and not within[0] <= value <= within[1]:
        return f"{name} takes a number from {within[0]} to {within[1]}"
    return "" if fits else f"{name} takes a {'whole ' if isinstance(default, int) else ''}number of 0 or more"
