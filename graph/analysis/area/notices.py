"""Area: who was told of a placement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from graph.analysis.area import recipients as to
from graph.analysis.area.placements import began, beside, not_under_these
from graph.analysis.area.recipients import RECIPIENTS, fold
from graph.analysis.area.where import Where, where
from graph.analysis.shared import home, since, uncovered
from graph.calendars import add_working_days, birthday, school_age
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Attends, Involvement, Notice, Person, Record, RelatedTo
from graph.parameters import Parameters
from graph.records import Records, Stay, during, holds_on, involvements
from graph.words import day, days, listed, opened

# --- notices of a placement ------------------------------------------------------------------------------

State = Literal["told", "late", "no record", "still in time", "not covered", "not known"]
BAD: tuple[State, ...] = ("late", "no record")


@dataclass(frozen=True)
class Line:
    """One recipient of a notice: who, whether they were told, when, and what is missing to say so."""

    code: str
    who: str
    state: State
    sent: date | None = None
    why: str = ""
    rows: tuple[Record, ...] = ()

    def shown(self, due: date) -> dict[str, Any]:
        """The line as it stands among the measures."""
        recipient = RECIPIENTS[self.code]
        ask = recipient.exempt and self.state in BAD
        late = (self.sent - due).days if self.sent and self.state == "late" else None
        return {
            "recipient": self.who, "regulation": recipient.paragraph, "state": self.state, "due": due,
            "sent": self.sent, "late_days": late, "ask": ask,
        }  # fmt: skip


@rule(
    "area.notice",
    kind="S",
    question="Who still has to be told where the child lives, and who tells them today?",
    citation="Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959) regulation 13; "
    "regulation 13(4) put in by SI 2013/3239 from 27 January 2014",
    parameters=("emergency_working_days", "told_look_days", "told_age", "window_months"),
    needs=("placed_at", "notices", "related_to", "attends"),
)
def notice(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A notice of a placement that regulation 13 asks for is not on record by its date.

    One finding for each placement that began in the last 12 months, with a line for each recipient among its
    measures: child, parents, people with court-ordered contact, the carer before, health commissioner, GP and new
    GP, school, reviewing officer and, outside the authority, the area authority. Due before the placement is made
    (a record of the same day is taken as before), in an emergency within five working days; where nothing says
    whether it was one, the five days are allowed. Late ones are raised too. For parents, people with contact and
    the carer before, the authority may decide not to tell because of a risk of significant harm: asked, not
    assumed. No notice is looked for to a child under four.
    """
    first = since(records, t, parameters)
    yield from beside(records, first, t)
    for before, stay in began(records, first, t):
        yield not_under_these(stay) or _notices(records, before, stay, t, parameters)


def _notices(records: Records, before: Stay | None, stay: Stay, t: date, parameters: Parameters) -> Outcome:
    place = where(records, stay)
    due = _due(stay, parameters)
    lines = [
        _told(records, line, stay, due, t, parameters) for line in _expected(records, before, stay, place, parameters)
    ]
    subject = subject_of(stay.first)
    of = [stay.first, *place.rows, *(r for line in lines for r in line.rows)]
    measures = {"due": due, "recipients": [line.shown(due) for line in lines]}
    name = f"the placement at {home(records, stay)} from {day(stay.start)}"
    if bad := [line for line in lines if line.state in BAD]:
        said = f"{opened(_said(bad, name, due))}{_beside(lines, stay)}"
        return raised(said, subject=subject, of=of, question=_ask(bad), **measures)
    if unsure := _unsure(lines, stay, due, t, parameters):
        return not_assessable(unsure, subject=subject, of=of, **measures)
    waiting = [line.who for line in lines if line.state == "still in time"]
    rest = f"; there is time until {day(due)} for {listed(waiting)}" if waiting else ""
    in_time = listed(line.who for line in lines if line.state == "told") or "no one yet"
    after = any(line.sent and line.sent > stay.start for line in lines)
    allowed = _ALLOWED if after and stay.first.emergency is None else ""
    return clear(f"Told of {name} in time: {in_time}{rest}.{allowed}", subject=subject, of=of, **measures)


_ALLOWED = " Whether it was made in an emergency is not on record: the five working days are allowed."


def _due(stay: Stay, parameters: Parameters) -> date:
    if stay.first.emergency is False:
        return stay.start
    return add_working_days(stay.start, parameters.emergency_working_days)


def _said(bad: list[Line], name: str, due: date) -> str:
    none = [line.who for line in bad if line.state == "no record"]
    late = [f"{line.who} ({day(line.sent)}, {days((line.sent - due).days)} late)" for line in bad if line.sent]
    parts = [f"no record of a notice of {name} to {listed(none)}, due by {day(due)}"] if none else []
    parts += [f"told late{'' if none else f' of {name}, due by {day(due)}'}: {listed(late)}"] if late else []
    return "; ".join(parts)


def _beside(lines: list[Line], stay: Stay) -> str:
    """What else is said: who was told, what cannot be said, and whether it was an emergency."""
    told = [line.who for line in lines if line.state == "told"]
    unsure = [line.who for line in lines if line.state in ("not covered", "not known")]
    parts = [f" Told in time: {listed(told)}."] if told else []
    parts += [f" Cannot be said: {listed(unsure)}."] if unsure else []
    if stay.first.emergency is None:
        parts.append(_ALLOWED)
    return f".{''.join(parts)}"


def _unsure(lines: list[Line], stay: Stay, due: date, t: date, parameters: Parameters) -> str:
    """What is missing to say whether they were told: the notices to these, and who else there is to tell."""
    unseen = listed(line.who for line in lines if line.state == "not covered")
    look = stay.start - timedelta(days=parameters.told_look_days)
    covered = f"no load covers notices to {unseen} (notices) from {day(look)} to {day(min(due, t))}" if unseen else ""
    return "; ".join(filter(None, [covered, *(line.why for line in lines if line.state == "not known")]))


def _ask(bad: list[Line]) -> str | None:
    """The question, where the law lets the authority decide not to tell some of them."""
    exempt = [line.who for line in bad if RECIPIENTS[line.code].exempt and line.state == "no record"]
    if not exempt:
        return None
    return (
        f"Was it decided not to tell {listed(exempt)} because it would put the child at risk of significant harm "
        "(regulation 13(3)), and where is that written down?"
    )


# --- whom regulation 13 names for this placement ---


def _expected(
    records: Records, before: Stay | None, stay: Stay, place: Where, parameters: Parameters
) -> Iterator[Line]:
    """A line for each recipient: `no record` until it is looked for, `not known` where none can be named."""
    born = records.child.born
    if not born or stay.start >= birthday(born, parameters.told_age):
        yield _line(to.CHILD)
    yield from _family(records, stay.start)
    if before:
        yield Line(to.CARER, f"the carer before ({home(records, before)})", "no record", rows=(before.last,))
    yield _line(to.COMMISSIONER, to.commissioner(stay.start))
    yield _line(to.GP)
    if new := _new_gp(records, stay):
        yield Line(to.NEW_GP, f"the new GP ({records.name(new.from_id)})", "no record", rows=(new,))
    yield from _education(records, stay.start)
    yield _line(to.IRO)
    if stay.start >= to.AREA_AUTHORITY_SINCE:
        yield from _area_authority(records, stay, place)


def _line(code: str, who: str = "") -> Line:
    return Line(code, who or RECIPIENTS[code].label, "no record")


def _unknown(code: str, why: str) -> Line:
    return Line(code, RECIPIENTS[code].label, "not known", why=why)


def _family(records: Records, on: date) -> Iterator[Line]:
    """Each person with parental responsibility, and each whom a court order names for contact."""
    missing = uncovered(records, "related_to", on, on)
    now = [r for r in records.of(RelatedTo) if (r.start or date.min) <= on and (r.end is None or on < r.end)]
    parents = [r for r in now if r.parental_responsibility]
    contact = [r for r in now if r.contact_order and not r.parental_responsibility]
    for code, people in ((to.PARENT, parents), (to.CONTACT, contact)):
        by = " (court-ordered contact)" if code == to.CONTACT else ""
        for person in people:
            yield Line(code, f"the {person.relation}{by}", "no record", rows=(person,))
        if not people and missing:
            yield _unknown(code, f"whether there are {RECIPIENTS[code].label.removeprefix('the ')}: {missing}")


def _new_gp(records: Records, stay: Stay) -> Involvement | None:
    """The GP who began around a move and is another than the one before it."""
    near = (stay.start - timedelta(days=14), stay.start + timedelta(days=28))
    gps = [i for i in involvements(records, "gp") if i.start]
    old = {i.from_id for i in gps if holds_on(i, near[0])}
    new = (i for i in gps if near[0] < (i.start or date.min) <= near[1] and i.from_id not in old)
    return next(new, None) if old else None


def _education(records: Records, on: date) -> Iterator[Line]:
    before = on - timedelta(days=1)
    held = [a for a in records.of(Attends) if during(a, before, on)]
    held_by = [i for i in involvements(records, "designated_teacher", "school") if during(i, before, on)]
    if held or held_by:
        yield Line(to.EDUCATION, RECIPIENTS[to.EDUCATION].label, "no record", rows=(*held[-1:], *held_by[-1:]))
        return
    born = records.child.born
    of_age = born is None or school_age(born)[0] <= on < school_age(born)[1]
    if of_age and (missing := uncovered(records, "attends", on, on)):
        yield _unknown(to.EDUCATION, f"whether the child goes to school: {missing}")


def _area_authority(records: Records, stay: Stay, place: Where) -> Iterator[Line]:
    if place.outside is None:
        why = f"no record of the authority in whose area the home is: {home(records, stay)}"
        yield _unknown(to.AREA_AUTHORITY, why)
    elif place.outside:
        yield Line(to.AREA_AUTHORITY, f"the area authority ({records.name(place.area)})", "no record")


# --- whether they were told ---


def _told(records: Records, line: Line, stay: Stay, due: date, t: date, parameters: Parameters) -> Line:
    if line.state == "not known":
        return line
    look = stay.start - timedelta(days=parameters.told_look_days)
    found = sent_to(records, line.code, stay, look, line.rows)
    sent = found.sent_on if found else None
    rows = (*line.rows, *([found] if found else []))
    if sent and sent <= due:
        return Line(line.code, line.who, "told", sent, rows=rows)
    if due >= t and not sent:
        return Line(line.code, line.who, "still in time", rows=rows)
    part = to.GP if line.code == to.NEW_GP else line.code
    if uncovered(records, "notices", look, min(due, t), part):
        return Line(line.code, line.who, "not covered", sent, rows=rows)
    return Line(line.code, line.who, "late" if sent else "no record", sent, rows=rows)


def sent_to(records: Records, code: str, stay: Stay, look: date, people: tuple[Record, ...] = ()) -> Notice | None:
    """The first notice of a placement to a recipient; to one of several where the notice names them.

    A notice that does not say of what counts from four weeks before the placement to four weeks after.
    """
    refers = {subject_of(row) for row in stay.rows}
    late = stay.start + (stay.start - look)
    persons = {r.from_id for r in people if isinstance(r, RelatedTo)}
    found = [
        n for n in records.of(Notice)
        if n.sent_on and records.child.id in n.about and _means(records, n, code, persons)
        and (n.change in refers or (n.change is None and look <= n.sent_on <= late))
    ]  # fmt: skip
    return min(found, key=lambda n: (n.sent_on or date.max, n.id), default=None)


def _means(records: Records, notice: Notice, code: str, persons: set[str]) -> bool:
    named = {i for i in notice.to if isinstance(records.get(i), Person)}
    if persons and named:
        return bool(named & persons)
    if code == to.CHILD and records.child.id in notice.to:
        return True
    if code == to.NEW_GP and fold(notice.recipient) in (to.GP, to.NEW_GP):
        return fold(notice.recipient) == to.NEW_GP
    return fold(notice.recipient) == code
