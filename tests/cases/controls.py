"""The negative controls of the other two documents: practice that protects, as small tables of our own."""

from __future__ import annotations

from dataclasses import dataclass

from graph.findings import Finding
from tests.spec.small import findings, records


@dataclass(frozen=True)
class Control:
    """Practice on record that must stay quiet, or must be said.

    rules: each with the status it must have, and the words its sentence must hold. on: the day.
    """

    n: int
    says: str
    on: str
    table: str
    rules: tuple[tuple[str, str, str], ...]

    def found(self, rule: str) -> tuple[Finding, ...]:
        """What a rule says."""
        return findings(records(self.table), rule, self.on)


CONTROLS = (
    Control(
        1,
        "Many social workers, and one reviewing officer throughout: the finding says who stayed",
        "2023-12-31",
        """
        looks_after | start      | legal_status | start_reason
                    | 2023-01-09 | C2           | S

        involved_with | from | role          | start      | end
                      | Dee  | social_worker | 2023-01-09 | 2023-04-03
                      | Eli  | social_worker | 2023-04-03 | 2023-08-21
                      | Gwen | social_worker | 2023-08-21 |
                      | Fern | iro           | 2023-01-09 |
        """,
        (("continuity.social_workers", "raised", "The reviewing officer was Fern throughout"),),
    ),
    Control(
        2,
        "A young man of 17, new in care, allocated straight to the 16+ service to spare him a change",
        "2024-03-31",
        """
        child | born
        Ash   | 2006-05-12

        looks_after | start      | legal_status | start_reason
                    | 2023-09-04 | V2           | S

        placed_at | to  | start      | place_type | start_reason
                  | oak | 2023-09-04 | K3         | S

        involved_with | from | role             | local_role         | start      | end
                      | Dee  | social_worker    | 16+ social worker  | 2023-09-04 |
                      | Fern | iro              |                    | 2023-09-04 |
                      | Gil  | personal_adviser | 16+ adviser        | 2023-12-04 |
        """,
        (
            ("continuity.social_workers", "clear", "1 social worker"),
            ("continuity.cold_handover", "clear", "No change of social worker"),
            ("continuity.unannounced", "clear", ""),
            ("continuity.role_gap", "clear", ""),
            ("continuity.anchor_lost", "clear", ""),
        ),
    ),
    Control(
        3,
        "A service in which a young person keeps the same social worker past 16",
        "2024-03-31",
        """
        child | born
        Ash   | 2007-10-03

        looks_after | start      | legal_status | start_reason
                    | 2021-02-01 | C2           | S

        placed_at | to  | start      | place_type | start_reason
                  | oak | 2021-02-01 | U6         | S

        involved_with | from | role             | start
                      | Dee  | social_worker    | 2021-02-01
                      | Fern | iro              | 2021-02-01
                      | vs   | virtual_school   | 2021-02-01
                      | Gil  | personal_adviser | 2023-10-03
        """,
        (
            ("continuity.social_workers", "clear", "1 social worker"),
            ("continuity.cold_handover", "clear", "No change of social worker"),
            ("continuity.unannounced", "clear", ""),
            ("continuity.role_gap", "clear", ""),
            ("continuity.anchor_lost", "clear", ""),
        ),
    ),
    Control(
        4,
        "A service for young people at risk of exploitation that goes on when they move or leave the city",
        "2024-03-31",
        """
        looks_after | start      | legal_status | start_reason
                    | 2022-02-01 | C2           | S

        placed_at | to  | start      | end        | place_type | start_reason
                  | oak | 2022-02-01 | 2023-11-06 | U6         | S
                  | elm | 2023-11-06 |            | U6         | P

        in_area | from | to
                | oak  | E08000025
                | elm  | E06000052

        agencies | kind      | name
        follow   | voluntary | Centre for young women

        involved_with | from | role                | agency | start
                      | Kim  | exploitation_worker | follow | 2023-01-16
        """,
        (("area.service_gap", "clear", "Continued"),),
    ),
)
