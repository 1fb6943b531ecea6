"""The tables of an invented Standard Safeguarding Dataset: their columns, and how each writes a day.

Columns: Data to Insight, Standard Safeguarding Dataset. An extract is what SQL prints of many tables made by many
hands: some write a day with a time behind it, some as a spreadsheet shows it, and nothing is written in three ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ingest.generate.folders import Table

Style = Literal["sql", "iso", "british"]
NOTHING, NEVER = "-1", date(1900, 1, 1)  # what an extract writes for no worker or team, and for an end to come

COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "ssd_person": "pers_person_id pers_legacy_id pers_forename pers_surname pers_sex pers_gender pers_ethnicity "
                      "pers_dob pers_common_child_id pers_upn_unknown pers_send_flag pers_expected_dob "
                      "pers_death_date pers_is_mother pers_nationality",
        "ssd_involvements": "invo_involvements_id invo_professional_id invo_professional_role_id "
                            "invo_professional_team invo_person_id invo_involvement_start_date "
                            "invo_involvement_end_date invo_worker_change_reason invo_referral_id",
        "ssd_professionals": "prof_professional_id prof_staff_id prof_professional_name "
                             "prof_social_worker_registration_no prof_agency_worker_flag prof_professional_job_title "
                             "prof_professional_caseload prof_professional_department prof_full_time_equivalency",
        "ssd_department": "dept_team_id dept_team_name dept_team_parent_id dept_team_parent_name",
        "ssd_cla_episodes": "clae_cla_episode_id clae_person_id clae_cla_placement_id clae_cla_episode_start_date "
                            "clae_cla_episode_start_reason clae_cla_primary_need_code clae_cla_episode_ceased_date "
                            "clae_cla_episode_ceased_reason clae_cla_id clae_referral_id "
                            "clae_cla_last_iro_contact_date clae_entered_care_date",
        "ssd_cla_placement": "clap_cla_placement_id clap_cla_id clap_person_id clap_cla_placement_start_date "
                             "clap_cla_placement_type clap_cla_placement_urn clap_cla_placement_distance "
                             "clap_cla_placement_provider clap_cla_placement_postcode clap_cla_placement_end_date "
                             "clap_cla_placement_change_reason",
        "ssd_cla_reviews": "clar_cla_review_id clar_cla_id clar_cla_person_id clar_cla_review_due_date "
                           "clar_cla_review_date clar_cla_review_cancelled clar_cla_review_participation",
        "ssd_cla_visits": "clav_cla_visit_id clav_cla_id clav_person_id clav_cla_visit_date clav_cla_visit_seen "
                          "clav_cla_visit_seen_alone",
        "ssd_cla_health": "clah_health_check_id clah_person_id clah_health_check_type clah_health_check_date "
                          "clah_health_check_status",
        "ssd_missing": "miss_table_id miss_person_id miss_missing_episode_start_date miss_missing_episode_type "
                       "miss_missing_episode_end_date miss_missing_rhi_offered miss_missing_rhi_accepted",
        "ssd_care_leavers": "clea_table_id clea_person_id clea_care_leaver_eligibility clea_care_leaver_in_touch "
                            "clea_care_leaver_latest_contact clea_care_leaver_accommodation "
                            "clea_care_leaver_accom_suitable clea_care_leaver_activity "
                            "clea_pathway_plan_review_date clea_care_leaver_personal_advisor "
                            "clea_care_leaver_allocated_team clea_care_leaver_worker_id",
        "ssd_legal_status": "lega_legal_status_id lega_person_id lega_legal_status lega_legal_status_start_date "
                            "lega_legal_status_end_date",
        "ssd_family": "fami_table_id fami_family_id fami_person_id",
        "ssd_linked_identifiers": "link_table_id link_person_id link_identifier_type link_identifier_value "
                                  "link_valid_from_date link_valid_to_date",
    }.items()
}  # fmt: skip
# How a table writes a day; the others write it as ISO 8601 has it.
STYLES: Mapping[str, Style] = {
    "ssd_involvements": "sql", "ssd_cla_episodes": "sql", "ssd_cla_placement": "sql", "ssd_person": "sql",
    "ssd_missing": "british", "ssd_cla_health": "british",
}  # fmt: skip


class Extract:
    """The files of the extract, a row at a time; each has its header, whether or not there are rows."""

    def __init__(self, root: Path) -> None:
        self._tables = {name: Table(root / f"{name}.csv", columns) for name, columns in COLUMNS.items()}
        self._numbers = dict.fromkeys(COLUMNS, 0)
        for table in self._tables.values():
            table.open()

    def number(self, table: str) -> int:
        """The next number of a table's own: a case system's, which means nothing anywhere else."""
        self._numbers[table] += 1
        return self._numbers[table]

    def add(self, table: str, /, **row: Any) -> None:
        """A row by the columns' names, without what they all begin with (`pers_`)."""
        start, style = COLUMNS[table][0].split("_")[0], STYLES.get(table, "iso")
        self._tables[table].add({f"{start}_{name}": _cell(value, style) for name, value in row.items()})

    def close(self) -> None:
        """Close every file."""
        for table in self._tables.values():
            table.close()


def _cell(value: Any, style: Style) -> Any:
    if isinstance(value, bool):
        return "Y" if value else "N"
    if not isinstance(value, date):
        return value
    if style == "british":
        return f"{value.day:02}/{value.month:02}/{value.year}"
    return f"{value.isoformat()} 00:00:00.000" if style == "sql" else value.isoformat()
