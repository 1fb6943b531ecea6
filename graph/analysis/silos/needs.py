"""Needs that no service answers, or that only social care knows of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graph.analysis.cohort.features import EXPLOITATION_WORDS, MENTAL_HEALTH_WORDS, mentions, plain
from graph.analysis.shared import called, since, uncovered
from graph.analysis.silos.common import for_whom, role_of
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Involvement, Need, Record, Referral
from graph.network import Affiliation, affiliation
from graph.parameters import Parameters
from graph.records import Records, covers, holds_on
from graph.services import Help
from graph.words import counted, day, listed, opened


@dataclass(frozen=True)
class _Served:
    """Needs of one sort: the words that name them, and the roles that serve them, the first one above all."""

    words: tuple[str, ...]
    roles: tuple[str, ...]


# A house rule. A need of any other sort is served by what names it: an involvement's need or service, a referral.
SERVED = (
    _Served(MENTAL_HEALTH_WORDS, ("camhs", "psychologist")),
    _Served(EXPLOITATION_WORDS, ("exploitation_worker",)),
    _Served(("development", "developmental", "developmental delay", "delayed development"), ("paediatrician",)),
    _Served(("education", "learning", "special educational needs"),
            ("designated_teacher", "virtual_school", "send_caseworker", "school")),
    _Served(("offending", "youth justice"), ("yot_worker",)),
)  # fmt: skip
SOCIAL_CARE = "social care"


@rule(
    "silos.unmet_need",
    kind="H",
    question="Who is doing something about this need today, and which agencies know that the child has it?",
    citation="Warwickshire Safeguarding Children Board 2018, Serious Case Review 'Sophie', findings 2 and 3; "
    "Buckinghamshire Safeguarding Children Board, Serious Case Review 'Child V', paragraph 6.52",
    parameters=("window_months", "need_ended"),
    needs=("needs", "referrals|referrals:*", "involved_with:*"),
)
def unmet_need(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A need on record has no service, or only social care knows of it.

    One finding for each need that is not met on the day, whenever it was identified. A service: a professional or
    agency involved today for that need, or in a role that serves it, or a referral with a first contact that is
    still open. A referral without a first contact is no service. Who knows: those in whose records it stands, and
    those who serve it; to have been asked is not to know.
    """
    needs = [n for n in records.of(Need) if n.identified_on and n.met is None]
    yield from (_answered(records, need, t, parameters) for need in needs)
    if needs:
        return
    first = since(records, t, parameters)
    if missing := uncovered(records, "needs", first, t):
        yield not_assessable(missing)
    else:
        yield clear(f"No need is on record that is not met on {day(t)}.")


@dataclass(frozen=True)
class _Around:
    """What stands around a need: who serves it, what was asked for it, and what served it before."""

    serving: tuple[tuple[Affiliation, Record], ...]
    asked: tuple[Referral, ...]
    before: tuple[Involvement, ...]


def _answered(records: Records, need: Need, t: date, parameters: Parameters) -> Outcome:
    around, sort = _around(records, need, t), _sort(need.kind)
    known = {a.kind for a, _ in around.serving} | {affiliation(records, a, t).kind for a in need.recorded_by}
    subject, of = subject_of(need), [need, *(r for _, r in around.serving), *around.asked]
    what = f"the need of {day(need.identified_on or t)} ({need.kind})"
    if around.serving and known - {SOCIAL_CARE, None}:
        return clear(
            f"A service for {what} is on record, and more than social care knows of it.", subject=subject, of=of
        )
    if around.serving:
        return _known_to_one(records, need, what, of, t)
    if ended := [i for i in around.before if _says_need_ended(i, parameters)]:
        return clear(
            f"The service for {what} ended, as its record says, with the need.", subject=subject, of=[need, *ended]
        )
    if missing := _service_missing(records, need, sort, t, parameters):
        return not_assessable(missing, subject=subject, of=of)
    waiting = f" {counted(len(around.asked), 'referral')} for it on record, none that is open with a first contact."
    alone = " It stands in the records of social care alone." if known == {SOCIAL_CARE} else ""
    return raised(
        f"There is no record of a service for {what}.{waiting if around.asked else ''}{_carried(records, t, alone)}",
        subject=subject,
        of=of,
        services=0,
        referrals=len(around.asked),
        referrals_without_contact=sum(r.first_contact is None for r in around.asked),
        social_care_alone=known == {SOCIAL_CARE},
    )


def _carried(records: Records, t: date, alone: str) -> str:
    """That social care alone has it, and who of it works with the child."""
    workers = [i.from_id for i in records.of(Involvement) if i.role == "social_worker" and holds_on(i, t)]
    return f"{alone[:-1]}: {listed(role_of(records, w, t) for w in workers)}." if alone and workers else alone


def _known_to_one(records: Records, need: Need, what: str, of: list[Record], t: date) -> Outcome:
    """What is said of a need that social care itself serves, as far as the record goes."""
    subject = subject_of(need)
    if not need.recorded_by:
        return not_assessable(f"no record says in whose records {what} stands (recorded_by)", subject=subject, of=of)
    if not covers(records, "needs", t, t, (need.kind or "").casefold()):
        return not_assessable(f"no load covers {called('needs')} on {day(t)}", subject=subject, of=of)
    return raised(f"{opened(what)} stands in the records of social care alone, and no other agency serves it.",
                  subject=subject, of=of, services=1, social_care_alone=True)  # fmt: skip


def _around(records: Records, need: Need, t: date) -> _Around:
    mine = [i for i in records.of(Involvement) if _serves(i, need)]
    asked = [r for r in records.of(Referral) if need.id in r.addresses or _alike(r.need, need.kind)]
    begun = [r for r in asked if r.first_contact and r.closed is None]
    serving = [(for_whom(records, i, t), i) for i in mine if holds_on(i, t)]
    serving_by_referral = [(affiliation(records, to, t), r) for r in begun for to in r.to or ("",)]
    return _Around(
        (*serving, *serving_by_referral), tuple(asked), tuple(i for i in mine if i.end is not None and i.end <= t)
    )


def _serves(involvement: Involvement, need: Need) -> bool:
    sort = _sort(need.kind)
    if sort and involvement.role in sort.roles:
        return True
    return _alike(involvement.need, need.kind) or _alike(involvement.service, need.kind)


def _alike(text: str | None, kind: str | None) -> bool:
    """Whether a text names a need: in the same words, or as one of the same sort."""
    if not text or not kind:
        return False
    return mentions(text, (plain(kind),)) or (_sort(text) is not None and _sort(text) == _sort(kind))


def _sort(kind: str | None) -> _Served | None:
    return next((one for one in SERVED if mentions(kind, one.words)), None)


def _says_need_ended(involvement: Involvement, parameters: Parameters) -> bool:
    served = Help(
        involvement.start or date.min, involvement.end, "", None, None, involvement.end_reason, involvement
    )  # fmt: skip
    return served.says_need_ended(parameters.need_ended)


def _service_missing(records: Records, need: Need, sort: _Served | None, t: date, parameters: Parameters) -> str:
    """What is not covered that could show a service; empty where all of it is."""
    role = sort.roles[0] if sort else None
    first = max(since(records, t, parameters), need.identified_on or t)
    gaps = (
        uncovered(records, "involved_with", t, t, role),
        uncovered(records, "referrals", first, t, "camhs" if role == "camhs" else None),
    )
    return "; ".join(gap for gap in gaps if gap)
