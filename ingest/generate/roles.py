"""How the people of an invented council write a role: as case systems do, in many ways.

A picklist grows for twenty years, nobody takes anything off it, and two teams pick two words for one thing. Most of
these words are in the map of roles that comes with the software; of those in `UNKNOWN` nobody can know what they
mean, and a load must say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "social_worker": ("Allocated Social Worker", "SW", "Social Worker (Children)", "LAC Social Worker",
                      "Case Holding Social Worker", "ALLWKR", "Child's Social Worker"),
    "iro": ("Independent Reviewing Officer", "IRO", "IRO (LAC)", "LAC Reviewing Officer", "Ind. Rev. Officer"),
    "virtual_school": ("Virtual School", "Virtual School Officer", "LAC Education Officer", "PEP Co-ordinator"),
    "personal_adviser": ("Personal Adviser", "Personal Advisor", "PA (Leaving Care)", "Leaving Care Worker",
                         "16+ Personal Adviser"),
    "supervising_social_worker": ("Supervising Social Worker", "Fostering Supervising Social Worker",
                                  "Link Social Worker", "Family Placement Social Worker"),
    "keyworker_residential": ("Residential Key Worker", "Key Worker (Residential)", "Placement Keyworker",
                              "Residential Child Care Worker"),
    "guardian_cafcass": ("Children's Guardian", "CAFCASS", "Guardian (CAFCASS)", "Family Court Adviser"),
    "gp": ("GP", "External Agency|GP", "GP Surgery"),
    "health_visitor": ("Health Visitor", "HV", "Health Visiting Team"),
    "school_nurse": ("School Nurse", "School Nursing", "5-19 Nurse"),
    "yot_worker": ("YOT Worker", "YOT Officer", "Youth Justice Case Manager", "Youth Offending Worker"),
    "independent_visitor": ("Independent Visitor", "IV"),
    "team_manager": ("Team Manager", "TM", "Practice Manager", "Deputy Team Manager"),
    "cp_chair": ("CP Chair", "Child Protection Chair", "CP Conference Chair"),
    "family_support_worker": ("Family Support Worker", "FSW", "Social Work Assistant", "Outreach Worker"),
    "early_help_lead": ("Early Help Practitioner", "EH Worker", "TAF Lead"),
    "contact_supervisor": ("Contact Supervisor", "Family Time Supervisor", "Contact Worker"),
    "foster_carer": ("Foster Carer", "Respite Carer"),
    "school": ("School", "Head Teacher", "Designated Safeguarding Lead", "Nursery Manager"),
    "send_caseworker": ("SEND Caseworker", "EHCP Coordinator", "SEN Case Worker"),
    "paediatrician": ("Paediatrician", "Consultant Paediatrician", "Medical Adviser (LAC)"),
    "psychologist": ("Educational Psychologist", "EP"),
    "camhs": ("CAMHS Worker", "Child and Adolescent Mental Health"),
    "police": ("Police Officer", "PC", "CAIU Officer"),
    "advocate": ("Children's Advocate", "Advocate (Independent)"),
    "adult_services": ("Adults Social Worker", "Adult Mental Health Worker", "Transitions Worker"),
    "housing": ("Housing Officer", "Tenancy Officer", "Homelessness Officer"),
    "voluntary": ("Voluntary Sector Worker", "Mentor", "Barnardo's Worker", "Domestic Violence Worker"),
    "interpreter": ("Interpreter", "Translator", "BSL Interpreter"),
}  # fmt: skip
UNKNOWN = ("Duty Desk 2", "ZZ do not use (old)", "Lead Prof - Hub 3", "MISPER SPOC")


def spelled(role: str, chance: Random) -> str:
    """A role in somebody's words; one that has none is written as the software has it."""
    return chance.choice(SPELLINGS[role]) if role in SPELLINGS else role
