"""Invented children for looking at: Ash, with twenty-odd people, three homes and gaps; Bo, with little on record.

Nobody here exists. Names, dates and places were made up for the pages' own tests.
"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

from graph.model import Attended, Child, Involvement, Meeting, Professional
from graph.records import Coverage, Records
from tests.spec.small import records

AS_AT = date(2026, 3, 31)
WARWICKSHIRE, CORNWALL, COVENTRY = "E10000031", "E06000052", "E08000026"

ASH = """
child      | born       | sex    | local_id | synthetic
Ash Vale   | 2012-05-12 | female | 40417    | yes

placements | kind             | name            | urn
thornbury  | foster home      | The Okafors     |
larches    | foster home      | Mrs Larch       |
rowan      | children's home  | Rowan House     | SC100001

persons    | name      | kind
mum        | Mum       | mother
gran       | Nan Vale  | grandmother
jay        | Jay       | sibling outside care
coach      | Mo (swim) | trusted adult

agencies      | kind            | name
warks         | social care     | Warwickshire children's services
kingsway      | school          | Kingsway Academy
tor           | school          | Tor View School
vs            | virtual school  | Warwickshire Virtual School
camhs_w       | camhs           | Coventry and Warwickshire CAMHS
nhs_w         | health          | South Warwickshire NHS
nhs_c         | health          | Cornwall Partnership NHS
surgery       | health          | Harbour Surgery
police_c      | police          | Devon and Cornwall Police
voice         | advocacy        | Speaking Up
barn          | voluntary       | The Barn
rowan_ltd     | provider        | Rowan Care
yjs           | youth justice   | Warwickshire Youth Justice

professionals | name
doyle         | Clare Doyle
brandt        | Lena Brandt
hassan        | Dina Hassan
whitfield     | Anne Whitfield
singh         | Ravi Singh
kerr          | Ms Kerr
moss          | Dr Moss
adeyemi       | Dr Adeyemi
tremayne      | Jo Tremayne
dunn          | PC Dunn
mensah        | Sam Mensah
bell          | Kit Bell
ellery        | Pat Ellery
morris        | T. Morris
ferris        | Alex Ferris
quill         | Robin Quill
teague        | Ms Teague
hale          | Jude Hale

serves     | from     | to
           | warks    | E10000031
           | nhs_w    | E10000031
           | camhs_w  | E10000031
           | nhs_c    | E06000052
           | surgery  | E06000052
           | police_c | E06000052
           | tor      | E06000052
           | vs       | E10000031
           | rowan_ltd | E06000052

in_area    | from      | to
           | thornbury | E10000031
           | larches   | E08000026
           | rowan     | E06000052
           | jay       | E08000026

looks_after | legal_status | need | start      | end
            | C1           | N1   | 2019-06-03 | 2020-02-10
            | C2           | N1   | 2020-02-10 |

placed_at  | to        | start      | end        | start_reason | place_type | provider | change_reason | miles
           | thornbury | 2019-06-03 | 2024-11-22 | S            | U6         | PR1      | CREQB         | 4
           | larches   | 2024-11-22 | 2025-11-17 | P            | U6         | PR4      | CREQB         | 12
           | rowan     | 2025-11-17 |            | P            | K2         | PR4      |               | 231   |

attends    | to       | start      | end
           | kingsway | 2023-09-04 | 2025-11-14
           | tor      | 2026-03-09 |

related_to | from | relation    | parental_responsibility | start
           | mum  | mother      | yes                     |
           | gran | grandmother |                         |
           | jay  | brother, lives apart |                |

trusts     | to    | said_on
           | coach | 2025-06-03

involved_with | from      | role                  | start      | end        | agency
              | doyle     | social_worker         | 2023-01-08 | 2025-05-06 | warks
              | brandt    | social_worker         | 2025-05-06 | 2025-12-09 | warks
              | hassan    | social_worker         | 2026-01-19 |            | warks
              | whitfield | iro                   | 2019-06-03 |            | warks
              | morris    | team_manager          | 2022-04-01 |            | warks
              | quill     | contact_supervisor    | 2024-02-01 |            | warks
              | ferris    | supervising_social_worker | 2024-11-22 | 2025-11-17 | rowan_ltd
              | ellery    | keyworker_residential | 2025-11-17 |            | rowan_ltd
              | singh     | virtual_school        | 2023-09-01 |            | vs
              | kerr      | designated_teacher    | 2023-09-04 | 2025-11-14 | kingsway
              | teague    | designated_teacher    | 2026-03-09 |            | tor
              | moss      | camhs                 | 2025-03-03 | 2025-11-28 | camhs_w
              | adeyemi   | gp                    | 2019-07-01 | 2025-11-20 | nhs_w
              | surgery   | gp                    | 2025-12-01 |            |
              | tremayne  | lac_nurse             | 2025-12-15 |            | nhs_c
              | dunn      | police                | 2026-01-09 |            | police_c
              | yjs       | yot_worker            | 2025-08-01 | 2026-02-10 |
              | mensah    | advocate              | 2024-10-01 |            | voice
              | bell      | exploitation_worker   | 2025-06-02 |            | barn
              | hale      | independent_visitor   | 2024-05-01 |            | barn

events     | kind      | on         | end
           | missing   | 2024-11-02 | 2024-11-03
           | missing   | 2025-10-19 | 2025-10-21
           | self-harm | 2025-11-08 |
           | missing   | 2026-01-07 | 2026-01-08
           | missing   | 2026-02-24 | 2026-02-27
           | arrest    | 2026-03-02 |
"""

FAMILY_NAMES = ("Abara", "Brook", "Chowdhury", "Dean", "Evans", "Fenwick", "Grant", "Hughes", "Iqbal", "Jones", "Kaur")
# who met whom when: kind, day, those who were there
MEETINGS = (
    ("review", "2024-06-11", "whitfield doyle mum singh kerr"),
    ("review", "2023-06-20", "whitfield doyle mum singh"),
    ("review", "2023-12-12", "whitfield doyle mum singh kerr"),
    ("review", "2024-12-05", "whitfield doyle singh kerr mensah"),
    ("review", "2025-06-03", "whitfield brandt singh mensah moss"),
    ("review", "2025-12-04", "whitfield brandt mensah singh"),
    ("pep", "2025-07-09", "singh kerr brandt"),
    ("pep", "2026-02-05", "singh hassan"),
    ("pep", "2026-03-17", "singh teague hassan"),
    ("joint visit", "2025-05-02", "doyle brandt"),
    ("team around the child", "2026-01-28", "hassan ellery bell"),
    ("strategy discussion", "2026-02-26", "hassan dunn ellery"),
    ("call", "2026-03-03", "hassan whitfield"),
    ("other", "2025-12-15", "tremayne surgery"),
    ("visit", "2026-01-22", "tremayne"),
    ("visit", "2026-01-30", "bell"),
    ("visit", "2025-11-11", "moss"),
    ("visit", "2025-10-14", "moss"),
    ("visit", "2025-12-09", "hale"),
    ("visit", "2026-03-18", "mensah"),
    ("visit", "2025-12-20", "mensah"),
    ("visit", "2025-10-22", "kerr"),
    ("family time", "2026-02-20", "mum quill"),
    ("family time", "2025-12-27", "mum quill"),
    ("family time", "2025-11-29", "mum quill"),
    ("family time", "2025-09-14", "jay quill"),
    ("family time", "2025-08-16", "mum jay quill"),
    ("call", "2026-03-24", "gran"),
)
VISITS = (
    ("doyle", "2023-06-01", "2025-04-20", 40),
    ("brandt", "2025-05-12", "2025-12-05", 38),
    ("hassan", "2026-01-26", "2026-03-31", 22),
    ("ellery", "2025-11-18", "2026-03-31", 9),
)


def ash() -> Records:
    """Ash: thirteen, moved 231 miles in November, three social workers in a year, no therapy since."""
    base = records(ASH, authority=WARWICKSHIRE)
    nodes, relationships = dict(base.nodes), list(base.relationships)

    def meet(kind: str, on: date, there: str) -> None:
        id = f"{kind} {on} {there}"
        nodes[id] = Meeting(id=id, kind=kind, on=on, about=("Ash",), sources=(f"load:meetings.csv:{len(nodes)}",))
        for who in there.split():
            source = (f"load:attended.csv:{len(relationships)}",)
            relationships.append(Attended(id=f"{id} {who}", from_id=who, to_id=id, how="present", sources=source))

    for kind, on, there in MEETINGS:
        meet(kind, date.fromisoformat(on), there)
    for who, first, last, every in VISITS:
        on_day = date.fromisoformat(first)
        while on_day <= date.fromisoformat(last):
            meet("visit", on_day, who)
            on_day += timedelta(days=every)
    child = dataclasses.replace(base.child, ref="k7q2w9")
    nodes["Ash"] = child
    return dataclasses.replace(base, child=child, nodes=nodes, relationships=tuple(relationships), coverage=_covered())


def _covered() -> tuple[Coverage, ...]:
    """What was loaded: everything but police, youth justice and what the child said."""
    first, last = date(2012, 4, 1), AS_AT
    tables = (
        "looks_after placed_at attends related_to trusts in_area events plans assessments needs referrals decisions"
    ).split()
    attended = "social care/school/virtual school/health/camhs/provider/advocacy/voluntary".split("/")
    roles = (
        "social_worker iro team_manager virtual_school designated_teacher gp lac_nurse camhs advocate "
        "exploitation_worker keyworker_residential foster_carer school"
    )
    return (
        *(Coverage(t, None, first, last) for t in tables),
        *(Coverage("meetings", kind, first, last) for kind in ("review", "visit", "family time", "core group")),
        *(Coverage("attended", kind, first, last) for kind in attended),
        *(Coverage("involved_with", role, first, last) for role in roles.split()),
    )


def bo() -> Records:
    """Bo: only a 903 is loaded, so no contacts, no reviewing officer, no services."""
    text = """
    child  | born       | local_id | synthetic
           | 2017-02-01 | 40502    | yes

    looks_after | legal_status | need | start
                | V2           | N5   | 2024-09-30

    placed_at  | to    | start      | start_reason | place_type | provider | miles
               | oak   | 2024-09-30 | S            | U6         | PR1      | 3

    involved_with | from  | role          | start
                  | XX1   | social_worker | 2024-10-02

    professionals | identified
    XX1           | no

    meetings | kind   | on         | participation
    r1       | review | 2024-10-25 | PN1
    r2       | review | 2025-01-20 | PN1

    in_area | from | to
            | oak  | E10000031
    """
    text = "\n".join(line[4:] if line.startswith("    ") else line for line in text.splitlines())
    made = records(text, authority=WARWICKSHIRE, covers="looks_after placed_at involved_with:social_worker")
    return _renamed(_with_ref(made, "p3d8r1"), "Bo")


def crowd(n: int = 60) -> Records:
    """A child with n people around her, each of whom was seen at some time."""
    from graph.reference import roles as reference

    known = [r for r in reference.roles() if r != "other"]
    base = ash()
    nodes, relationships = dict(base.nodes), [r for r in base.relationships if not isinstance(r, Involvement)]
    for i in range(n):
        id, role = f"crowd{i}", known[i % len(known)]
        nodes[id] = Professional(id=id, name=f"{'ABCDEFGHJKLM'[i % 12]}. {FAMILY_NAMES[i % 11]}{i}")
        start = date(2023, 1, 1) + timedelta(days=13 * i % 700)
        relationships.append(Involvement(id=f"i{i}", from_id=id, to_id="Ash", role=role, start=start))
        on = AS_AT - timedelta(days=11 * i % 200)
        nodes[f"c{i}"] = Meeting(id=f"c{i}", kind="visit", on=on, about=("Ash",))
        relationships.append(Attended(id=f"a{i}", from_id=id, to_id=f"c{i}", how="present"))
    made = dataclasses.replace(base, nodes=nodes, relationships=tuple(relationships))
    return _renamed(_with_ref(made, "cr0wd0", "Many Around"), "Crowd")


def hostile() -> Records:
    """Ash, with names that try to be code."""
    base = ash()
    evil = {
        "hassan": "</script><img src=x onerror=parent.postMessage({ecomap:'select',id:'PWNED'},'*')>",
        "singh": "href <a href='javascript:alert(1)'>x</a> ![x](http://192.0.2.1/pixel.png)",
        "mensah": '"><svg onload=alert(1)>{{7*7}} $a^2$ :material/home: :red[x]',
        "rowan": "<style>*{display:none}</style>Rowan",
    }
    nodes = {i: dataclasses.replace(n, name=evil[i]) if i in evil else n for i, n in base.nodes.items()}  # type: ignore[call-arg]
    return _renamed(
        _with_ref(dataclasses.replace(base, nodes=nodes), "h__st_l", "<i>Ash</i> [x](http://192.0.2.1/)"), "Hostile"
    )


def others(n: int) -> list[Records]:
    """Children who fill the other cells of the cohort page: some with moves, some far away, most with little."""
    return [_other(i) for i in range(n)]


def _other(i: int) -> Records:
    moves, needy = (i * 7) % 4, i % 6 == 3
    began = f"2023-0{1 + i % 9}-04"
    text = f"""
child | born                             | local_id   | known_since                      | synthetic
      | {2009 + i % 9}-0{1 + i % 9}-14   | 4{1000 + i} | {"2014-03-01" if needy else ""} | yes

agencies | kind        | name
warks    | social care | Warwickshire children's services

looks_after | legal_status            | need                     | start
            | {"C2" if i % 3 else "V2"} | {"N1" if i % 2 else "N5"} | {began}

placed_at | to | start | end | start_reason | place_type | change_reason | miles
{_homes(i, moves, needy)}

in_area | from           | to
        | home{i}{moves} | {AREAS[i % 6]}

involved_with | from | role | start | agency
              | iro{i % 4} | iro | {began} | warks
{"" if i % 5 == 0 else f"| worker{i % 9} | social_worker | 2024-0{1 + i % 9}-03 | warks"}

professionals | name
iro0          | Anne Whitfield
iro1          | Omar Rahman
iro2          | Beth Carrow
iro3          | Neil Pugh

meetings | kind   | on
r{i}     | review | 2025-{4 + i % 9:02}-{1 + i % 27:02}

events | kind | on
{f"| self-harm | 2025-0{1 + i % 9}-11" if i % 3 == 0 else ""}
{MISSING if needy else ""}
"""
    made = records(text, authority=WARWICKSHIRE)
    return _renamed(_with_ref(made, f"inv{i:03}x"), f"other{i}")


AREAS = (WARWICKSHIRE, WARWICKSHIRE, COVENTRY, CORNWALL, "E06000009", "E08000029")
MISSING = "\n".join(f"| missing | 2025-10-{day}" for day in ("04", "19", "27"))


def _homes(i: int, moves: int, needy: bool) -> str:
    """One row a home: the child moved on the given number of times, half a year apart."""
    rows = []
    for k in range(moves + 1):
        end = "" if k == moves else _moved_on(i, moves - k - 1)
        reason = "CREQB" if needy or i % 3 else "CARPL"
        miles = (i * 13) % 40 + 2 + (180 if i % 6 in (3, 4) else 0)
        start, why = _moved_on(i, moves - k), "P" if k else "S"
        rows.append(f"| home{i}{k} | {start} | {end} | {why} | U6 | {reason} | {miles}")
    return "\n".join(rows)


def _moved_on(i: int, before: int) -> str:
    return f"{2025 - before // 2}-{3 + 4 * (before % 2):02}-{1 + i % 27:02}"


def _renamed(of: Records, id: str) -> Records:
    """The same child under an id of her own, so that children can stand beside each other."""
    old = of.child.id

    def ours(record: Any) -> Any:
        changed = {
            f.name: id if value == old else tuple(id if v == old else v for v in value)
            for f in dataclasses.fields(record)
            if (value := getattr(record, f.name)) == old or (isinstance(value, tuple) and old in value)
        }
        return dataclasses.replace(record, **changed) if changed else record

    nodes = {id if i == old else i: ours(n) for i, n in of.nodes.items()}
    child = nodes[id]
    assert isinstance(child, Child)
    return dataclasses.replace(of, child=child, nodes=nodes, relationships=tuple(ours(r) for r in of.relationships))


def _with_ref(of: Records, ref: str, name: str | None = None) -> Records:
    child = dataclasses.replace(of.child, ref=ref, name=name or of.child.name)
    assert isinstance(child, Child)
    return dataclasses.replace(of, child=child, nodes={**of.nodes, of.child.id: child})
