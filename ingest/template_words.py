"""The words of the template: what to do with it, and one invented row a table."""

from __future__ import annotations

COVERAGE_MEANINGS = {
    "table": "name of a table: choose from the list",
    "of": "a part of it: role, kind of meeting, event, plan or assessment, kind of agency; blank = all of it",
    "from": "first day covered",
    "to": "last day covered",
    "full": "yes = everything of that kind in those days; yes where blank",
}

# What each partner fills in at the least: tables, and their columns.
AT_LEAST: dict[str, dict[str, tuple[str, ...]]] = {
    "A school": {
        "children": ("id", "upn"),
        "agencies": ("id", "kind", "name", "phase"),
        "professionals": ("id", "name"),
        "involved_with": ("from", "to", "role", "agency", "start", "end"),
        "attends": ("from", "to", "start", "end"),
        "coverage": ("table", "of", "from", "to"),
    },
    "A health team": {
        "children": ("id", "nhs_number"),
        "agencies": ("id", "kind", "name"),
        "professionals": ("id", "name"),
        "involved_with": ("from", "to", "role", "agency", "start", "end"),
        "assessments": ("kind", "on", "about", "recorded_by"),
        "coverage": ("table", "of", "from", "to"),
    },
    "The police": {
        "children": ("id", "local_id"),
        "agencies": ("id", "kind", "name"),
        "events": ("kind", "on", "end", "about", "recorded_by"),
        "alerts": ("kind", "raised", "answered_on", "about", "to", "by"),
        "coverage": ("table", "of", "from", "to"),
    },
    "CAMHS": {
        "children": ("id", "nhs_number"),
        "agencies": ("id", "kind", "name"),
        "professionals": ("id", "name"),
        "involved_with": ("from", "to", "role", "agency", "start", "end"),
        "referrals": ("need", "made", "first_contact", "closed", "about", "to"),
        "coverage": ("table", "of", "from", "to"),
    },
    "A voluntary agency": {
        "children": ("id", "local_id"),
        "agencies": ("id", "kind", "name"),
        "professionals": ("id", "name"),
        "involved_with": ("from", "to", "role", "agency", "start", "end"),
        "views": ("on", "medium", "about_what", "about", "heard_by"),
        "coverage": ("table", "of", "from", "to"),
    },
    "The council": {
        "iro_allocations": ("child", "iro", "start", "end"),
    },
}


def _at_least(who: str) -> tuple[str, str]:
    return who, "   ".join(f"{table}: {', '.join(names)}." for table, names in AT_LEAST[who].items())


# Rows of two cells; a row without the second is a heading.
READ_ME: tuple[tuple[str, str], ...] = (
    ("The team around the child: what you know, in one workbook", ""),
    ("", "For schools, health teams, police, CAMHS, voluntary agencies and the council. Fill in what you hold; leave "
         "the rest. A sheet you do not need may stay as it is, or be deleted."),
    ("Keep it safe", "Filled in, it holds records of children: keep it, send it and delete it as you would those."),
    ("", ""),
    ("How to fill in a sheet", ""),
    ("Row 1", "The names of the columns: leave them. In a dark red column a cell is needed (in children: in one of "
              "the three); the rest may stay blank. You may add columns: they are left out, and the report says so."),
    ("Row 2", "Says what each column is for."),
    ("Row 3", "An invented example, in grey. Rows that begin with # are never read, so both may stay."),
    ("From row 4 on", "Your records, one a row. Where a cell has an arrow, choose from its list; the sheet Lists says "
                      "what the codes mean."),
    ("Dates", "31/12/2024. A start is the first day on which something holds; an end the first day on which it no "
              "longer does. An end left blank means that it still holds."),
    ("Numbers of people", "Cells are set as text, so that zeros at the front stay. Paste as values to keep it so."),
    ("Who is meant", "Give each child, agency and professional an id of your own (any text, once in its sheet), and "
                     "point at the row with it: ash. Where rows of several sheets are possible, put the kind before "
                     "it: Professional:sam, Agency:school. Several in one cell are parted by ;"),
    ("Which child", "A child needs the council's own number (local_id), the NHS number or the unique pupil number. "
                    "Names alone cannot join your child to the council's."),
    ("What you cover", "In the sheet coverage, say for which days your records are complete: involved_with, school "
                       "nurse, 01/04/2023, 31/03/2024. Without it, what is not in the workbook may still have "
                       "happened, and nothing can be said about gaps."),
    ("", ""),
    ("What is needed at the least", ""),
    *(_at_least(who) for who in AT_LEAST),
    ("", ""),
    ("When it is filled in", ""),
    ("", "Save it and send it to the council's data team, in the way the two of you have agreed. Their program reads "
         "the file as it is, and answers with what it could not use: sheet, row, and what to do."),
)  # fmt: skip

# One a table, invented throughout; the NHS number is of the range 999 that is kept for tests.
EXAMPLES = """
children | id=ash | local_id=0001001 | name=Ash Example | born=2012-05-12 | sex=female | upn=A123456789012 | nhs_number=9990000018
agencies | id=school | kind=school | name=Example Academy | phase=secondary
professionals | id=sam | name=Sam Example | staff_id=00042
involved_with | from=Professional:sam | to=ash | role=designated teacher | agency=school | start=2023-09-01
coverage | table=involved_with | of=designated teacher | from=2023-09-01 | to=2024-07-31 | full=yes
attends | from=ash | to=school | start=2023-09-01
meetings | id=pep1 | kind=pep | on=2024-02-08 | seen=yes | about=ash | recorded_by=school
attended | from=Professional:sam | to=Meeting:pep1 | how=present | agency=school | knew_case=yes
assessments | id=sdq1 | kind=sdq | on=2024-01-15 | result=17 | about=ash | recorded_by=school
events | kind=exclusion | on=2024-03-04 | end=2024-03-06 | about=ash | recorded_by=school
referrals | id=ref1 | need=mental health | made=2024-01-20 | first_contact=2024-03-02 | about=ash | to=Agency:school | by=Professional:sam | addresses=need1
alerts | kind=concern | raised=2024-03-05 | answered_on=2024-03-07 | about=ash | to=Agency:school | by=Professional:sam
views | id=view1 | on=2024-02-01 | medium=in words | about_what=school | about=ash | considered_at=pep1 | heard_by=sam
plans | id=plan1 | kind=pep | version=2 | start=2024-02-08 | made_on=2024-02-08 | about=ash | considered_at=pep1 | recorded_by=school | addresses=need1
needs | id=need1 | kind=mental health | identified_on=2024-01-15 | about=ash | recorded_by=school
iro_allocations | child=0001001 | iro=Robin Example | staff_id=00077 | start=2023-06-12
teams | id=team1 | name=Example Team | part_of=school
placements | id=oak | kind=foster home | provider=PR1 | postcode_sector=ZZ1 1
local_authorities | id=warwickshire | code=E10000031 | name=Warwickshire
persons | id=gran | name=Pat Example | kind=grandparent
recommendations | about_what=a mentor | service=school | made_on=2024-02-08 | about=ash | made_at=pep1
decisions | id=move1 | kind=move | change=PlacedAt:stay1 | on=2024-01-03 | by_role=social_worker | about=ash
notices | change=PlacedAt:stay1 | recipient=school | sent_on=2024-01-04 | about=ash | to=Agency:school
works_for | from=sam | to=school | start=2022-09-01
serves | from=school | to=Warwickshire
looks_after | from=Warwickshire | to=ash | legal_status=C2 | need=N1 | start=2023-06-05 | start_reason=S
lives_with | from=ash | to=gran | start=2020-01-01 | end=2023-06-05
placed_at | id=stay1 | from=ash | to=oak | place_type=U6 | provider=PR1 | start=2024-01-08 | start_reason=P | miles=4.5
in_area | from=Placement:oak | to=Warwickshire
adjoins | from=Warwickshire | to=Birmingham
provides | from=school | to=oak
holds | from=sam | to=Plan:plan1 | start=2024-02-08
objected_to | from=Professional:sam | to=move1 | on=2024-01-04 | answered_on=2024-01-10
related_to | from=gran | to=ash | relation=grandmother | parental_responsibility=no | main_carer=yes
sibling_of | from=ash | to=0001002
trusts | from=ash | to=Person:gran | said_on=2024-02-01
"""  # noqa: E501 - one row a line
