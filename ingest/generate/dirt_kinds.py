"""Where which mistake is made in the files of an invented council, and what a load must make of it.

Written from what the formats ask for, not from what the readers do: each line is what somebody who mends the files
would expect. Only mistakes that can be seen are made. A plausible wrong date cannot; nor can a leading zero that a
spreadsheet took off a number, where no number of the council begins with one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REFUSED_ROW, REFUSED_VALUE, SET_ASIDE = "refused row", "refused value", "set aside"
NOTED, UNHARMED = "noted", "joined unharmed"

IMPOSSIBLE = ("99/99/9999", "31/02/2025", "00/00/0000", "30/02/2024", "2025-13-01", "32/01/2025")
UNKNOWN_CODE, UNSURE, NOBODY = "QQ9", "maybe", "nobody"
UNKNOWN_ROLES = ("Lead Wkr (Team C)", "see notes", "Allctd S/W - temp cover", "ROLE_0417")


@dataclass(frozen=True)
class Spot:
    """A mistake that can be made in a column: its kind, and what a load must make of it.

    start: of an end, the column it would be before. only: cells of another column for which it can be made.
    """

    column: str
    kind: str
    expected: str
    start: str = ""
    only: tuple[str, tuple[str, ...]] | None = None


# How the lines below are written: a letter for the kind, then the columns.
_KINDS: Mapping[str, tuple[str, str]] = {
    "D": ("impossible date", REFUSED_ROW),
    "d": ("impossible date", REFUSED_VALUE),
    "K": ("missing key", REFUSED_ROW),
    "k": ("missing key", UNHARMED),
    "C": ("unknown code", REFUSED_ROW),
    "c": ("unknown code", REFUSED_VALUE),
    "f": ("neither yes nor no", REFUSED_VALUE),
    "p": ("mistyped postcode", REFUSED_VALUE),
    "o": ("postcode that is not there", NOTED),
    "u": ("UPN of the wrong length", REFUSED_VALUE),
    "n": ("NHS number that fails its check", REFUSED_VALUE),
    "w": ("registration number of nobody", REFUSED_ROW),
    "m": ("number in words", REFUSED_VALUE),
    "i": ("number with .0", UNHARMED),
    "R": ("reference to nothing", REFUSED_ROW),
    "r": ("reference to nothing", REFUSED_VALUE),
    "x": ("a role nobody knows", NOTED),
}


def _spots(text: str) -> tuple[Spot, ...]:
    """`D DECOM; e DECOM>DEC`: mistakes of one table, parted by semicolons."""
    found = []
    for part in text.split(";"):
        letter, *columns = part.split()
        for column in columns:
            if letter == "e":
                start, _, end = column.partition(">")
                found.append(Spot(end, "end before start", REFUSED_VALUE, start))
            else:
                found.append(Spot(column, *_KINDS[letter]))
    return tuple(found)


SPOTS: Mapping[str, Mapping[str, tuple[Spot, ...]]] = {
    source: {table: _spots(text) for table, text in tables.items()}
    for source, tables in {
        "903": {
            "header": "K CHILD; i CHILD; d DOB; c SEX ETHNIC; u UPN",
            "episodes": "K CHILD; i CHILD; D DECOM; d DEC; e DECOM>DEC; c RNE LS CIN PLACE PLACE_PROVIDER REC; "
                        "c REASON_PLACE_CHANGE; p PL_POST HOME_POST; o PL_POST; m URN",
            "reviews": "K CHILD; i CHILD; D REVIEW; c REVIEW_CODE",
            "missing": "K CHILD; C MISSING; D MIS_START; d MIS_END; e MIS_START>MIS_END",
            "oc2": "K CHILD; i CHILD; m SDQ_SCORE; f IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT",
            "uasc": "K CHILD; d DOB",
            "sw_episodes": "K CHILD; i CHILD; w SW_ID; D SW_DECOM; d SW_DEC; e SW_DECOM>SW_DEC; c SW_REASON",
        },
        "ssd": {
            "ssd_person": "K pers_person_id; i pers_person_id; d pers_dob; n pers_common_child_id; "
                          "c pers_sex pers_ethnicity",
            "ssd_involvements": "K invo_person_id; i invo_person_id invo_professional_id; "
                                "D invo_involvement_start_date; d invo_involvement_end_date; "
                                "e invo_involvement_start_date>invo_involvement_end_date; "
                                "x invo_professional_role_id",
            "ssd_professionals": "i prof_professional_id",
            "ssd_cla_episodes": "K clae_person_id; D clae_cla_episode_start_date; d clae_cla_episode_ceased_date; "
                                "e clae_cla_episode_start_date>clae_cla_episode_ceased_date; "
                                "c clae_cla_episode_start_reason clae_cla_primary_need_code",
            "ssd_cla_placement": "K clap_cla_placement_id; c clap_cla_placement_type clap_cla_placement_provider; "
                                 "p clap_cla_placement_postcode; m clap_cla_placement_distance",
            "ssd_cla_reviews": "k clar_cla_person_id; d clar_cla_review_date; c clar_cla_review_participation; "
                               "f clar_cla_review_cancelled",
            "ssd_cla_visits": "k clav_person_id; i clav_person_id; d clav_cla_visit_date; f clav_cla_visit_seen",
            "ssd_cla_health": "K clah_person_id; d clah_health_check_date",
            "ssd_missing": "K miss_person_id; C miss_missing_episode_type; D miss_missing_episode_start_date; "
                           "d miss_missing_episode_end_date; "
                           "e miss_missing_episode_start_date>miss_missing_episode_end_date",
            "ssd_care_leavers": "K clea_person_id; d clea_care_leaver_latest_contact",
            "ssd_legal_status": "K lega_person_id; D lega_legal_status_start_date; "
                                "e lega_legal_status_start_date>lega_legal_status_end_date",
            "ssd_family": "K fami_family_id fami_person_id",
        },
        "allocations": {
            "iro_allocations": "K Child_ID; i Child_ID; D Start_date; d End_date; e Start_date>End_date",
        },
        # Rows that others point at keep their ids, so that one mistake is refused once.
        "partners": {
            "children": "f uasc; d known_since",
            "meetings": "c participation; f seen",
            "attended": "R from to; C how; f knew_case",
            "plans": "d end; e start>end; r part_of",
            "holds": "R from to; d start",
            "assessments": "r recorded_by",
            "needs": "d met",
            "referrals": "d closed; r to",
            "events": "K about; i about; C kind; D on; d end interview_on; e on>end",
            "recommendations": "K about_what; D made_on; r made_at",
            "decisions": "r change",
            "alerts": "C kind; D raised; d answered_on; r to",
            "notices": "K recipient; D sent_on; r change",
            "views": "D on; r considered_at informed; K about",
            "involved_with": "R from; C role; D start; d end; e start>end; r agency",
            "works_for": "R from to",
            "serves": "R from",
            "attends": "R to; D start; d end; e start>end",
            "placed_at": "c place_type provider start_reason; d end; f emergency",
            "placements": "c provider",
            "related_to": "K relation; R from; f parental_responsibility",
        },
    }.items()
}  # fmt: skip
# Of linked identifiers one column holds two kinds of number.
_LINKED = "link_identifier_value"
SPOTS["ssd"]["ssd_linked_identifiers"] = (  # type: ignore[index]
    Spot(_LINKED, "NHS number that fails its check", REFUSED_ROW, only=("link_identifier_type", ("NHS Number",))),
    Spot(_LINKED, "UPN of the wrong length", REFUSED_ROW, only=("link_identifier_type", ("Unique Pupil Number",))),
)
# Tables whose rows nothing else points at: a whole row can be lost there, and is lost alone.
LONE = frozenset({
    "attended", "holds", "events", "recommendations", "alerts", "notices", "views", "involved_with", "works_for",
    "attends", "related_to",
})  # fmt: skip
