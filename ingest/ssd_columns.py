"""The tables of the Standard Safeguarding Dataset (SSD): their columns, and how a file is known.

Source: Data to Insight, Standard Safeguarding Dataset, its specification and the tables its extracts make for
SystemC, Mosaic and Eclipse, 2023 to 2026. A table is known by its columns' names, which no other table shares;
columns that an extract lacks or adds do no harm, and earlier names of a column are read as its name of today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.reference import codes
from ingest import checking
from ingest.checking import Column
from ingest.ssda903_columns import read_area, read_child

# What extracts write for nothing: -1 is "no worker" and "no team" of a warehouse, NULL what SQL prints.
NOTHING = r"-1(?:\.0+)?|(?-i:NULL|PLACEHOLDER_DATA)"
# Days that stand for "still open".
OPEN = r"(?:1900-01-01|0?1/0?1/1900|9999-12-31|31/12/9999)(?:[ T].*)?"
NOT_READ = "a table of the SSD that is not used"
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """One table of the SSD.

    columns: those that are read, by what we call them; none where the table is set aside, for this `reason`.
    unread: its other columns. needed: columns without which each row would say something untrue.
    """

    name: str
    columns: Mapping[str, Column]
    unread: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    reason: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which no row can be used."""
        return (*(c.name for c in self.columns.values() if c.required), *self.needed)


# --- from text to value ---


def read_day(text: str) -> Any:
    """A date with or without a time of day: the day."""
    return checking.read_date(_CLOCK.sub("", text))


def read_id(text: str) -> str | None:
    """An identifier of the case system, mended where a spreadsheet took it for a number."""
    return read_child(text)


def read_registration(text: str) -> str:
    """A Social Work England number as the return writes it; "" for XX or anything else, which tells nobody."""
    tidy = "".join(text.split()).upper().removesuffix(".0")
    found = re.fullmatch(r"(?:SW)?([0-9]+)", tidy)
    return f"SW{found[1]}" if found else ""


def code_reader(code_list: str) -> Callable[[str], str | None]:
    """Reads a code of the return: alone, before its meaning (`C2: full care order`), or its meaning alone."""
    known = {checking.folded(code): code for code in codes.code_list(code_list)}
    meanings = {checking.folded(said): code for code, said in codes.code_list(code_list).items()}

    def read(text: str) -> str | None:
        whole = checking.folded(text)
        first = re.match(r"(?:[a-z]\)\s*)?-?\s*([A-Z]+[0-9]*[A-Z]?)\b", text)
        return known.get(whole) or (known.get(first[1].casefold()) if first else None) or meanings.get(whole)

    return read


def coded_or_blank(code_list: str) -> Callable[[str], str]:
    """Reads a code of the return where it is one; "" for words of the authority's own."""
    read = code_reader(code_list)
    return lambda text: read(text) or ""


_SEXES = {
    "m": "male", "male": "male", "1": "male", "f": "female", "female": "female", "2": "female",
    "u": "unknown", "unknown": "unknown", "0": "unknown", "9": "unknown",
}  # fmt: skip
_ABSENCES = {
    "m": "missing", "missing": "missing", "missing from care": "missing",
    "a": "away", "away": "away", "absent": "away", "away from placement without authorisation": "away",
    "away without authorisation": "away", "unauthorised absence": "away",
}  # fmt: skip


def _score(text: str) -> int | None:
    score = checking.read_integer(text)
    return score if score is not None and 0 <= score <= 40 else None


# --- columns ---


def _id(name: str, *, required: bool = False) -> Column:
    return Column(name, "identifier", required=required, read=read_id, filler=NOTHING,
                  expected="an identifier, written in full (as text, not as 1.2E+05)")  # fmt: skip


def _text(name: str) -> Column:
    return Column(name, filler=NOTHING)


def _either(name: str) -> Column:
    """An identifier or words: of a team, or of someone of an external agency."""
    return Column(name, read=lambda text: re.sub(r"(?<=\d)\.0+$", "", text), filler=NOTHING)


def _day(name: str, *, required: bool = False) -> Column:
    return Column(name, "date", required=required, read=read_day, filler=f"{NOTHING}|{OPEN}")


def _code(name: str, code_list: str) -> Column:
    return Column(name, "code", tuple(codes.code_list(code_list)), read=code_reader(code_list), filler=NOTHING)


def _flag(name: str) -> Column:
    return Column(name, "flag", filler=f"{NOTHING}|N/?A|U|Z")


def _filled(name: str, options: Mapping[str, Any]) -> Column:
    """A column of a shared kind, with the SSD's fillers beside its own."""
    also = "|".join(part for part in (NOTHING, options.get("filler", "")) if part)
    return Column(name, **{**options, "filler": also})


PERSON = Table("ssd_person", {
    "child": _id("pers_person_id", required=True), "legacy": _id("pers_legacy_id"),
    "nhs": _filled("pers_common_child_id", checking.NHS_NUMBER), "upn": _filled("pers_upn", checking.UPN),
    "forename": _text("pers_forename"), "surname": _text("pers_surname"),
    "sex": Column("pers_sex", "code", ("F", "M", "U"), filler=NOTHING, read=lambda t: _SEXES.get(t.casefold())),
    "ethnicity": _code("pers_ethnicity", "ethnic"), "born": _day("pers_dob"), "expected": _day("pers_expected_dob"),
}, ("pers_gender", "pers_upn_unknown", "pers_send_flag", "pers_death_date", "pers_is_mother",
    "pers_nationality"))  # fmt: skip
INVOLVEMENTS = Table("ssd_involvements", {
    "child": _id("invo_person_id", required=True), "worker": _id("invo_professional_id"),
    "role": _text("invo_professional_role_id"), "team": _either("invo_professional_team"),
    "start": _day("invo_involvement_start_date", required=True), "end": _day("invo_involvement_end_date"),
    "reason": Column("invo_worker_change_reason", read=coded_or_blank("sw_reason"), filler=NOTHING),
}, ("invo_involvements_id", "invo_referral_id"),
    needed=("invo_professional_id", "invo_professional_role_id", "invo_involvement_end_date"))  # fmt: skip
PROFESSIONALS = Table("ssd_professionals", {
    "worker": _id("prof_professional_id", required=True), "staff": _either("prof_staff_id"),
    "name": _text("prof_professional_name"),
    "registration": Column("prof_social_worker_registration_no", "identifier", read=read_registration,
                           filler=NOTHING),
    "title": _text("prof_professional_job_title"), "department": _text("prof_professional_department"),
}, ("prof_agency_worker_flag", "prof_professional_caseload", "prof_full_time_equivalency"))  # fmt: skip
DEPARTMENT = Table("ssd_department", {
    "team": _id("dept_team_id", required=True), "name": _text("dept_team_name"),
}, ("dept_team_parent_id", "dept_team_parent_name"))  # fmt: skip
EPISODES = Table("ssd_cla_episodes", {
    "child": _id("clae_person_id", required=True), "episode": _id("clae_cla_episode_id"),
    "period": _id("clae_cla_id"), "placement": _id("clae_cla_placement_id"),
    "start": _day("clae_cla_episode_start_date", required=True), "end": _day("clae_cla_episode_ceased_date"),
    "rne": _code("clae_cla_episode_start_reason", "rne"), "rec": _code("clae_cla_episode_ceased_reason", "rec"),
    "need": _code("clae_cla_primary_need_code", "cin"),
}, ("clae_referral_id", "clae_entered_care_date", "clae_cla_last_iro_contact_date"),
    needed=("clae_cla_episode_ceased_date",))  # fmt: skip
PLACEMENTS = Table("ssd_cla_placement", {
    "placement": _id("clap_cla_placement_id", required=True), "type": _code("clap_cla_placement_type", "place"),
    "provider": _code("clap_cla_placement_provider", "provider"),
    "urn": _filled("clap_cla_placement_urn", checking.URN),
    "postcode": Column("clap_cla_placement_postcode", "postcode", filler=NOTHING),
    "miles": Column("clap_cla_placement_distance", "number", filler=NOTHING),
    "area": Column("clap_cla_placement_la", "code", ("SCO", "WAL", "NIR"), read=read_area,
                   filler=f"{NOTHING}|CON|NUK", expected="an authority's code or name, CON, NIR, NUK, SCO or WAL"),
    "change": _code("clap_cla_placement_change_reason", "change"),
}, ("clap_cla_id", "clap_cla_episode_id", "clap_person_id", "clap_cla_placement_start_date",
    "clap_cla_placement_end_date"), needed=("clap_cla_placement_type",))  # fmt: skip
REVIEWS = Table("ssd_cla_reviews", {
    "child": _id("clar_cla_person_id"), "period": _id("clar_cla_id"), "episode": _id("clar_cla_episode_id"),
    "due": _day("clar_cla_review_due_date"), "on": _day("clar_cla_review_date"),
    "cancelled": _flag("clar_cla_review_cancelled"),
    "participation": _code("clar_cla_review_participation", "participation"),
}, ("clar_cla_review_id", "clar_cla_review_last_iro_contact_date"), needed=("clar_cla_review_date",))  # fmt: skip
VISITS = Table("ssd_cla_visits", {
    "child": _id("clav_person_id"), "period": _id("clav_cla_id"), "episode": _id("clav_cla_episode_id"),
    "on": _day("clav_cla_visit_date"), "seen": _flag("clav_cla_visit_seen"),
    "alone": _flag("clav_cla_visit_seen_alone"),
}, ("clav_cla_visit_id", "clav_casenote_id"), needed=("clav_cla_visit_date",))  # fmt: skip
HEALTH = Table("ssd_cla_health", {
    "child": _id("clah_person_id", required=True), "type": _text("clah_health_check_type"),
    "on": _day("clah_health_check_date"), "status": _text("clah_health_check_status"),
}, ("clah_health_check_id",), needed=("clah_health_check_type", "clah_health_check_date"))  # fmt: skip
IMMUNISATIONS = Table("ssd_cla_immunisations", {
    "child": _id("clai_person_id", required=True), "status": _flag("clai_immunisations_status"),
    "on": _day("clai_immunisations_status_date"),
}, ("clai_immunisations_id",))  # fmt: skip
SDQ = Table("ssd_sdq_scores", {
    "child": _id("csdq_person_id", required=True), "on": _day("csdq_sdq_completed_date"),
    "score": Column("csdq_sdq_score", "integer", read=_score, filler=NOTHING, expected="a whole number from 0 to 40"),
}, ("csdq_table_id", "csdq_sdq_reason"))  # fmt: skip
MISSING = Table("ssd_missing", {
    "child": _id("miss_person_id", required=True),
    "kind": Column("miss_missing_episode_type", "code", ("M", "A"), required=True, filler=NOTHING,
                   read=lambda t: _ABSENCES.get(checking.folded(t)), expected="M (missing) or A (away)"),
    "start": _day("miss_missing_episode_start_date", required=True), "end": _day("miss_missing_episode_end_date"),
}, ("miss_table_id", "miss_missing_rhi_offered", "miss_missing_rhi_accepted"),
    needed=("miss_missing_episode_end_date",))  # fmt: skip
CARE_LEAVERS = Table("ssd_care_leavers", {
    "child": _id("clea_person_id", required=True), "adviser": _either("clea_care_leaver_personal_advisor"),
    "team": _either("clea_care_leaver_allocated_team"), "contact": _day("clea_care_leaver_latest_contact"),
    "reviewed": _day("clea_pathway_plan_review_date"),
}, ("clea_table_id", "clea_care_leaver_eligibility", "clea_care_leaver_in_touch", "clea_care_leaver_accommodation",
    "clea_care_leaver_accom_suitable", "clea_care_leaver_activity", "clea_care_leaver_worker_id"))  # fmt: skip
LEGAL = Table("ssd_legal_status", {
    "child": _id("lega_person_id", required=True),
    "status": Column("lega_legal_status", read=coded_or_blank("ls"), filler=NOTHING),
    "start": _day("lega_legal_status_start_date", required=True), "end": _day("lega_legal_status_end_date"),
}, ("lega_legal_status_id",), needed=("lega_legal_status", "lega_legal_status_end_date"))  # fmt: skip
FAMILY = Table("ssd_family", {
    "child": _id("fami_person_id", required=True), "family": _id("fami_family_id", required=True),
}, ("fami_table_id",))  # fmt: skip
IDENTIFIERS = Table("ssd_linked_identifiers", {
    "child": _id("link_person_id", required=True), "type": _text("link_identifier_type"),
    "value": _id("link_identifier_value"), "start": _day("link_valid_from_date"), "end": _day("link_valid_to_date"),
}, ("link_table_id",), needed=("link_identifier_type", "link_identifier_value"))  # fmt: skip

TABLES = (
    PERSON, EPISODES, PLACEMENTS, LEGAL, INVOLVEMENTS, PROFESSIONALS, DEPARTMENT, REVIEWS, VISITS, HEALTH,
    IMMUNISATIONS, SDQ, MISSING, CARE_LEAVERS, FAMILY, IDENTIFIERS,
)  # fmt: skip
# Tables that are not read, by how each of their columns begins.
_OTHERS = {
    "addr": "ssd_address", "cinf": "ssd_assessment_factors", "cina": "ssd_cin_assessments", "cine": "ssd_cin_episodes",
    "cinp": "ssd_cin_plans", "cinv": "ssd_cin_visits", "lacp": "ssd_cla_care_plan", "clac": "ssd_cla_convictions",
    "lapp": "ssd_cla_previous_permanence", "clas": "ssd_cla_substance_misuse", "cont": "ssd_contacts",
    "cppl": "ssd_cp_plans", "cppr": "ssd_cp_reviews", "cppv": "ssd_cp_visits", "disa": "ssd_disability",
    "earl": "ssd_early_help_episodes", "ehca": "ssd_ehcp_assessment", "ehcn": "ssd_ehcp_named_plan",
    "ehcp": "ssd_ehcp_active_plans", "ehcr": "ssd_ehcp_requests", "immi": "ssd_immigration_status",
    "icpc": "ssd_initial_cp_conference", "moth": "ssd_mother", "perm": "ssd_permanence", "prep": "ssd_pre_proceedings",
    "s251": "ssd_s251_finance", "s47e": "ssd_s47_enquiry", "send": "ssd_send", "senn": "ssd_sen_need",
    "voch": "ssd_voice_of_child",
}  # fmt: skip
NAMES = (*(table.name for table in TABLES), *_OTHERS.values())
# What earlier versions, and some extracts, call a column.
_ALIASES = {
    "pers_single_unique_id": "pers_common_child_id",
    "clae_cla_episode_start": "clae_cla_episode_start_date", "clae_cla_episode_ceased": "clae_cla_episode_ceased_date",
    "clae_cla_primary_need": "clae_cla_primary_need_code",
    "clar_person_id": "clar_cla_person_id",
    "miss_la_person_id": "miss_person_id", "miss_mis_epi_start": "miss_missing_episode_start_date",
    "miss_mis_epi_type": "miss_missing_episode_type", "miss_mis_epi_end": "miss_missing_episode_end_date",
    "miss_mis_epi_rhi_offered": "miss_missing_rhi_offered", "miss_mis_epi_rhi_accepted": "miss_missing_rhi_accepted",
    "lega_legal_status_start": "lega_legal_status_start_date", "lega_legal_status_end": "lega_legal_status_end_date",
}  # fmt: skip


def column_name(cell: str) -> str:
    """A header cell as the SSD writes it; a table's name before it (`ssd_person.pers_dob`) is left out."""
    name = re.sub(r"[\s-]+", "_", cell.strip()).casefold().rpartition(".")[2]
    return _ALIASES.get(name, name)


def recognise(header: Iterable[str]) -> Table | None:
    """The table of the SSD that has these columns, in any order, with others beside them, or None."""
    names = {column_name(cell) for cell in header}
    table = max(TABLES, key=lambda each: len(names & _of(each)))
    if len(names & _of(table)) >= 2:
        return table
    return next((Table(name, {}, reason=NOT_READ) for start, name in _OTHERS.items() if _begin(names, start)), None)


def _of(table: Table) -> set[str]:
    return {*(c.name for c in table.columns.values()), *table.unread}


def _begin(names: set[str], start: str) -> bool:
    """Whether most of the columns begin so, and one of them is an identifier."""
    own = [name for name in names if name.startswith(f"{start}_")]
    return len(own) >= 2 and len(own) * 2 > len(names) and any(name.endswith("_id") for name in own)
