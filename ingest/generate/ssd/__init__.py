"""The Standard Safeguarding Dataset of an invented council: what its case system holds of each child.

One CSV a table, written child by child. Involvements name everyone whom no partner names for itself. Visits name
nobody, health checks and missing periods have their dates and no more: that is what such an extract is like.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from graph.calendars import add_months, add_working_days, birthday
from ingest.generate import chance as by
from ingest.generate.childhood import Child
from ingest.generate.council import Council
from ingest.generate.folders import Worker
from ingest.generate.numbers import old_number
from ingest.generate.places import distance
from ingest.generate.ssd.columns import COLUMNS, NEVER, NOTHING, Extract
from ingest.generate.ssd.people import People, named
from ingest.generate.told import Review, Told

__all__ = ["COLUMNS", "Dataset", "named"]

CHECKS = {
    "initial health assessment": ("Initial Health Assessment", "IHA"),
    "review health assessment": ("Review Health Assessment", "RHA", "Review Health Assessment (LAC)"),
    "dental check": ("Dental Check", "Dentist"),
}
MISSED = 0.02  # of checks, those for which there is also one that the child was not brought to
ELIGIBLE = timedelta(weeks=13)


class Dataset:
    """The files of `ssd/`, a child at a time. changed: the day from which children go by their numbers of today."""

    def __init__(self, root: Path, council: Council, changed: date) -> None:
        self._extract, self._council, self._changed = Extract(root), council, changed
        self._people = People(self._extract, council)

    def tell(self, told: Told) -> None:
        """Write one child."""
        self._person(told.child)
        self._care(told)
        self._people.involve(told)
        self._happened(told)
        self._leaving(told)

    def close(self) -> None:
        """Close every file."""
        self._extract.close()

    @property
    def named(self) -> list[Worker]:
        """Everyone who has a row so far; without an id and a registration where the row has no number."""
        return self._people.named

    # --- who ---

    def _person(self, child: Child) -> None:
        forename, _, surname = child.name.partition(" ")
        none = child.upn[:2] == "UN"
        self._extract.add(
            "ssd_person", person_id=child.number, legacy_id=old_number(child, self._council.seed, self._changed),
            forename=forename, surname=surname, sex=child.sex, gender=child.sex, ethnicity=child.ethnicity,
            dob=child.born, common_child_id=child.nhs_number, upn_unknown=child.upn if none else None,
            send_flag=False, expected_dob=NEVER, is_mother=False,
        )  # fmt: skip
        self._extract.add("ssd_family", table_id=self._extract.number("ssd_family"), family_id=f"F{child.family}",
                          person_id=child.number)  # fmt: skip
        numbers = {"Unique Pupil Number": None if none else child.upn, "NHS Number": child.nhs_number}
        for kind, value in numbers.items():
            if value:
                self._extract.add(
                    "ssd_linked_identifiers", table_id=self._extract.number("ssd_linked_identifiers"),
                    person_id=child.number, identifier_type=kind, identifier_value=value,
                    valid_from_date=child.born,
                )  # fmt: skip

    # --- care ---

    def _care(self, told: Told) -> None:
        child = told.child
        statuses = [*child.statuses, (child.end, "")]
        for (start, status), (end, _) in zip(statuses, statuses[1:], strict=False):
            self._extract.add(
                "ssd_legal_status", legal_status_id=self._extract.number("ssd_legal_status"), person_id=child.number,
                legal_status=status, legal_status_start_date=start, legal_status_end_date=end or "NULL",
            )  # fmt: skip
        for n, episode in enumerate(told.episodes):
            if episode.rne != "L":  # a row of its own for each change but that of the law
                self._placement(told, n)
            self._extract.add(
                "ssd_cla_episodes", cla_episode_id=self._extract.number("ssd_cla_episodes"), person_id=child.number,
                cla_placement_id=f"P{self._placements}", cla_episode_start_date=episode.start,
                cla_episode_start_reason=episode.rne, cla_primary_need_code=child.need,
                cla_episode_ceased_date=episode.end, cla_episode_ceased_reason=episode.rec,
                cla_id=_period(child), referral_id=f"{child.number}1", entered_care_date=child.start,
            )  # fmt: skip

    def _placement(self, told: Told, n: int) -> None:
        """The placement that begins with an episode, to the end of the last one that is in it."""
        child, episode = told.child, told.episodes[n]
        others = [m for m in range(n + 1, len(told.episodes)) if told.episodes[m].rne != "L"]
        last = told.episodes[others[0] - 1] if others else told.episodes[-1]
        self._placements = self._extract.number("ssd_cla_placement")
        self._extract.add(
            "ssd_cla_placement", cla_placement_id=f"P{self._placements}", cla_id=_period(child),
            person_id=child.number, cla_placement_start_date=episode.start, cla_placement_type=episode.place,
            cla_placement_urn=episode.urn or "XXXXXXX",
            cla_placement_distance=None if child.uasc else distance(child.home, episode.spot),
            cla_placement_provider=episode.provider or None, cla_placement_postcode=episode.spot.postcode,
            cla_placement_end_date=last.end, cla_placement_change_reason=last.reason,
        )  # fmt: skip

    # --- what happened ---

    def _happened(self, told: Told) -> None:
        child, add, number = told.child, self._extract.add, self._extract.number
        for review, due in zip(told.reviews, _due(told), strict=True):
            add("ssd_cla_reviews", cla_review_id=number("ssd_cla_reviews"), cla_id=_period(child),
                cla_person_id=child.number, cla_review_due_date=due, cla_review_date=review.on,
                cla_review_cancelled=False, cla_review_participation=review.participation)  # fmt: skip
        for visit in told.visits:
            add("ssd_cla_visits", cla_visit_id=number("ssd_cla_visits"), cla_id=_period(child),
                person_id=child.number, cla_visit_date=visit.on, cla_visit_seen=visit.seen,
                cla_visit_seen_alone=visit.alone)  # fmt: skip
        chance = child.chance(self._council.seed, "health checks")
        for check in told.checks:
            for on, status in _tries(check.on, told, chance.random() < MISSED):
                add("ssd_cla_health", health_check_id=number("ssd_cla_health"), person_id=child.number,
                    health_check_type=chance.choice(CHECKS[check.kind]), health_check_date=on,
                    health_check_status=status)  # fmt: skip
        for gone in told.absences:
            offered = gone.interview is not None or chance.random() < 0.7
            add("ssd_missing", table_id=number("ssd_missing"), person_id=child.number,
                missing_episode_start_date=gone.start, missing_episode_type="M", missing_episode_end_date=gone.end,
                missing_rhi_offered=offered, missing_rhi_accepted=gone.interview is not None)  # fmt: skip

    def _leaving(self, told: Told) -> None:
        """What is told of a young person of 16 or more who is eligible for a personal adviser, or was."""
        child = told.child
        if child.start + ELIGIBLE > told.last or birthday(child.born, 16) > told.last:
            return
        chance = child.chance(self._council.seed, "leaving care")
        adviser = next((t for t in reversed(told.team.of("personal_adviser")) if told.last >= t.start), None)
        self._extract.add(
            "ssd_care_leavers", table_id=self._extract.number("ssd_care_leavers"), person_id=child.number,
            care_leaver_eligibility="Former Relevant" if child.end else "Eligible", care_leaver_in_touch="YES",
            care_leaver_latest_contact=told.last - by.days(chance, 2, 60),
            care_leaver_personal_advisor=self._people.worker(adviser.who) if adviser else NOTHING,
            care_leaver_allocated_team=self._people.department(adviser.who.department) if adviser else NOTHING,
        )  # fmt: skip


def _period(child: Child) -> str:
    """The case system's number of the period of care."""
    return f"{child.number}01"


def _due(told: Told) -> list[date | None]:
    """When each review was due (regulation 33), where the one before it is told of."""
    found: list[date | None] = []
    before: Review | None = None
    for review in told.reviews:
        first = before is None and told.child.start >= told.first
        due = add_working_days(told.child.start, 20) if first else None
        if before:
            second = len(found) == 1 and told.child.start >= told.first
            due = add_months(before.on, 3 if second else 6)
        found.append(due)
        before = review
    return found


def _tries(on: date, told: Told, missed: bool) -> list[tuple[date, str]]:
    """The check, and the one before it to which the child was not brought."""
    before = on - timedelta(days=14)
    again = [(before, "Not brought")] if missed and told.covers(before) else []
    return [*again, (on, "Completed")]
