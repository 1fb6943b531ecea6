"""The eighteen facts of Child V's review, and what mending each changes."""

from __future__ import annotations

from datetime import date

from graph.findings import run
from graph.model import Agency, Involvement
from graph.network import agency_groups, alert_pairs, alter_graph, pair_densities
from graph.records import Records, as_at, holds_on, involvements
from graph.rehearsal import rehearse
from tests.cases.common import Fact, Tables, add, change, finds, meet, quiet, remove, row, shown

SERVICES, TRUST, SCHOOL = "childrens-services", "healthcare-trust", "primary-school-1"
LA2, BUCKINGHAMSHIRE = "E10000015", "LocalAuthority:E06000060"
UNBORN, ENQUIRED, REVIEWED = date(2016, 5, 20), date(2017, 10, 31), date(2018, 1, 31)
ALONE, ALERTED, MOVED, SPLIT, WISHED = (
    date(2018, 3, 20), date(2018, 3, 31), date(2018, 4, 30), date(2018, 7, 31), date(2018, 8, 7),
)  # fmt: skip
LOOKED_AFTER = (
    "clocks.review", "clocks.visit", "clocks.care_plan", "clocks.health_assessment", "clocks.pep", "clocks.permanence",
)  # fmt: skip


APPLICABLE = ("clear", "not assessable")


def the_first_social_worker_stayed(tables: Tables) -> None:
    """The first social worker did not leave."""
    change(tables, "involved_with", {"id": "social-worker-1-v"}, end=None, end_reason=None)
    change(tables, "works_for", {"from": "Professional:social-worker-1"}, end=None)


def answered_them(tables: Tables) -> None:
    """The agencies that objected had an answer."""
    change(tables, "objected_to", {"on": date(2016, 5, 10)}, answered_on=date(2016, 5, 12))


def two_enquiries(tables: Tables) -> None:
    """There was no strategy discussion and no enquiry in April 2017."""
    remove(tables, "meetings", {"id": "strategy-2017-04-11"})
    remove(tables, "assessments", {"id": "enquiry-2017-04-11"})


def no_enquiries(tables: Tables) -> None:
    two_enquiries(tables)
    remove(tables, "meetings", {"id": "strategy-2017-10-10"})
    remove(tables, "assessments", {"id": "enquiry-2017-10-10"})


def reports_from_everyone(tables: Tables) -> None:
    """Every agency sent a report to the strategy discussion of December 2016."""
    for who in (f"Agency:{TRUST}", "Agency:gp", "Agency:police", "Agency:nursery-1", f"Agency:{SCHOOL}"):
        add(tables, "attended", from_=who, to="Meeting:strategy-2016-12-08", how="sent report")


def knew_the_case(tables: Tables) -> None:
    """Whoever came in the social worker's place knew the case."""
    change(tables, "attended", {"to": "Meeting:conference-2018-01-23", "how": "substitute"}, knew_case=True)


def written_down_by_all(tables: Tables) -> None:
    """Children's social care recorded both core groups."""
    for on in ("2018-02-13", "2018-06-19"):
        by = (f"Agency:{SERVICES}", f"Agency:{TRUST}", f"Agency:{SCHOOL}")
        change(tables, "meetings", {"id": f"core-group-{on}"}, recorded_by=by)


def allocated(tables: Tables) -> None:
    """Each social worker was there until the next one came."""
    change(tables, "involved_with", {"id": "social-worker-2-v"}, end=date(2017, 7, 17))
    change(tables, "involved_with", {"id": "social-worker-3-v"}, end=date(2018, 3, 26))


def handed_over(tables: Tables) -> None:
    """Each social worker was there for a day with the next one."""
    change(tables, "involved_with", {"id": "social-worker-2-v"}, end=date(2017, 7, 18))
    change(tables, "involved_with", {"id": "social-worker-3-v"}, end=date(2018, 3, 27))


def in_one_authority(tables: Tables) -> None:
    """The father and his mother live in Buckinghamshire."""
    for who in ("father", "paternal-grandmother"):
        change(tables, "in_area", {"from": f"Person:{who}"}, to=BUCKINGHAMSHIRE)


def they_spoke(tables: Tables) -> None:
    """The social worker rang the health visitor of LA 2 in November."""
    who = ["Professional:social-worker-4", "Professional:health-visitor-la2"]
    meet(tables, "call", date(2018, 11, 6), who, about="v", by=[SERVICES, "health-visiting-la2"])


def the_same_health_visitor(tables: Tables) -> None:
    """One health visitor, before the move and after it: the review does not say which it was."""
    one, other = "Professional:health-visitor-1", "Professional:health-visitor-2"
    change(tables, "involved_with", {"from": other}, from_=one)
    change(tables, "attended", {"from": other}, from_=one)


def the_school_had_answers(tables: Tables) -> None:
    """Each of the school's alerts was answered within a week."""
    for on in (date(2017, 12, 5), date(2018, 1, 16), date(2018, 2, 20)):
        change(tables, "alerts", {"raised": on}, answered_on=on.replace(day=on.day + 6))


def the_goals_were_met(tables: Tables) -> None:
    """Family support ended because its goals were met."""
    change(tables, "involved_with", {"id": "family-support-worker-v"}, end_reason="goals met")


def referred(tables: Tables) -> None:
    """A paediatrician saw Child V from May 2018 on."""
    add(tables, "involved_with", from_=f"Agency:{TRUST}", to="Child:v", role="paediatrician", agency=f"Agency:{TRUST}",
        start=date(2018, 5, 1))  # fmt: skip


def no_second_review(tables: Tables) -> None:
    remove(tables, "meetings", {"id": "conference-2018-07-20"})


# --- what is shown ---


def _bridging(records: Records, t: date) -> str:
    held = [i for i in involvements(records, "health_visitor") if holds_on(i, t)]
    assert held
    return f"{records.name(held[0].from_id)} was there while no social worker was"


def _agency_bridge(records: Records, t: date) -> str:
    (found,) = run(records, t, only=["continuity.no_bridge"])
    before, after = ([i for i in involvements(records, "health_visitor") if holds_on(i, on)]
                     for on in (date(2018, 2, 12), date(2018, 4, 9)))  # fmt: skip
    agency = records.name(before[0].agency)
    assert before[0].agency == after[0].agency and agency in found.sentence
    return f"{agency}: {_name(records, before[0])} before the move, {_name(records, after[0])} after it"


def _name(records: Records, of: Involvement) -> str:
    return records.name(of.from_id)


def _would_change(records: Records, t: date) -> str:
    """The ties of a health visitor, a social worker and a GP that a change to the other authority would cut."""
    crossing = [line for line in rehearse(records, LA2, t).of("tie") if "cross a boundary" in line.says]
    who = [line.who for line in crossing if line.who.split(":")[0] in ("health visitor", "social worker", "GP")]
    assert len(who) == 3
    return f"would cross the boundary: {'; '.join(sorted(who, key=str.casefold))}"


def _eight(records: Records, t: date) -> str:
    """How many pairs of agencies exchanged, and how social care and the school did."""
    seen = as_at(records, t)
    graph = alter_graph(seen, t)
    groups = agency_groups(graph)
    name = {g: a.name for g in groups.values() if isinstance(a := seen.get(g), Agency)}
    assert len(set(groups.values())) == len(name) == 8
    pairs = [p for p in pair_densities(graph, groups) if p.a != p.b]
    two = {"Buckinghamshire Children's Social Care", "Primary School 1"}
    (ours,) = (p for p in pairs if {name[p.a], name[p.b]} == two)
    (alerts,) = alert_pairs(seen, t)
    met = sum(p.ties > 0 for p in pairs)
    return (
        f"8 agencies, {met} of {len(pairs)} pairs with an exchange; social care and the school {ours.ties} of "
        f"{ours.possible} ties, {alerts.answered} of {len(alerts.alerts)} alerts answered"
    )


FACTS = (
    Fact(1, "The case was closed in the month of the birth, as the social worker left", (
        finds("continuity.closed_with_leaver", row("plans", "child-in-need-2016"), row("decisions", "closure"),
              row("involved_with", "social-worker-1-v"), on=UNBORN, mend=the_first_social_worker_stayed),
    )),
    Fact(2, "Health and education asked for it to stay open", (
        finds("silos.against_dissent", row("decisions", "closure"), row("objected_to", on=date(2016, 5, 10)),
              on=UNBORN, mend=answered_them),
    )),
    Fact(3, "Three strategy meetings and enquiries in ten months", (
        finds("clocks.repeat_strategy",
              row("meetings", "strategy-2016-12-08", "strategy-2017-04-11", "strategy-2017-10-10"),
              row("assessments", "enquiry-2016-12-08", "enquiry-2017-04-11", "enquiry-2017-10-10"),
              on=ENQUIRED, mend=two_enquiries, clears=("silos.absent_agency",), away=no_enquiries),
    )),
    Fact(4, "The first enquiry was social care's alone", (
        finds("silos.absent_agency", row("meetings", "strategy-2016-12-08"),
              row("attended", to="Meeting:strategy-2016-12-08"), on=ENQUIRED, mend=reports_from_everyone,
              clears=("silos.single_point",)),
    )),
    Fact(5, "Someone came to the review who did not know the case", (
        finds("silos.attended_not_knowing", row("meetings", "conference-2018-01-23"),
              row("attended", to="Meeting:conference-2018-01-23", how="substitute"), on=REVIEWED, mend=knew_the_case),
    )),
    Fact(6, "Core groups that health and the school recorded, and social care did not", (
        finds("silos.split_recording", row("meetings", "core-group-2018-02-13", "core-group-2018-06-19"), on=SPLIT,
              mend=written_down_by_all),
    )),
    Fact(7, "At times no social worker", (
        finds("continuity.role_gap", row("involved_with", "social-worker-3-v"), row("plans", "child-protection-2017"),
              on=ALONE, subject="role:social_worker", mend=allocated,
              uncover=("involved_with",)),
        shown("who was there", _bridging, on=ALONE),
    )),
    Fact(8, "Each new social worker had to start again", (
        finds("continuity.cold_handover", *(row("involved_with", f"social-worker-{n}-v") for n in (2, 3, 4)),
              on=MOVED, mend=handed_over, clears=("continuity.role_gap",)),
    )),
    Fact(9, "Home, authority and social worker changed at once", (
        finds("continuity.turnover_at_move", row("lives_with", from_="Child:v", to="Person:father"),
              row("involved_with", "social-worker-3-v", "social-worker-4-v"), on=MOVED, mend=in_one_authority,
              uncover=("lives_with",), away=lambda tables: remove(tables, "lives_with", {"from": "Child:v"})),
    )),
    Fact(10, "Little was said between the two authorities", (
        finds("area.cross_border_silence",
              row("involved_with", "health-visitor-la2-v", "gp-la2-v", "social-worker-4-v"),
              mend=they_spoke, instead=("silos.single_point",)),
    )),
    Fact(11, "A health visitor of the trust before the move and after it", (
        finds("continuity.no_bridge", row("lives_with", from_="Child:v", to="Person:father"),
              row("involved_with", "health-visitor-1-v", "health-visitor-2-v"), on=MOVED, mend=the_same_health_visitor,
              clears=("continuity.anchor_lost", "silos.single_point"), instead=("silos.single_point",),
              away=lambda tables: remove(tables, "lives_with", {"from": "Child:v"})),
        shown("the agency's bridge", _agency_bridge, on=MOVED),
    )),
    Fact(12, "The school raised alerts on many occasions", (
        finds("silos.unanswered_alerts", row("alerts", "alert-2017-12-05", "alert-2018-01-16", "alert-2018-02-20"),
              on=ALERTED, mend=the_school_had_answers, clears=("voice.concern_open",)),
    )),
    Fact(13, "Family support closed for non-engagement in the month before the plan", (
        finds("silos.withdrawn_before_crisis", row("involved_with", "family-support-worker-v"),
              row("plans", "child-protection-2017"), on=ENQUIRED, mend=the_goals_were_met),
    )),
    Fact(14, "Reviews at three and six months", (
        quiet("clocks.cp_review", on=ENQUIRED),
        quiet("clocks.cp_review", on=REVIEWED),
        quiet("clocks.cp_review", on=SPLIT),
        quiet("clocks.cp_review", spoil=no_second_review),
    )),
    Fact(15, "Not looked after; siblings 1 and 2 were, from March 2018", (
        *(quiet(rule, children=("", "sibling-3"), status=("not applicable",)) for rule in LOOKED_AFTER),
        *(quiet(rule, children=("sibling-1", "sibling-2"), status=APPLICABLE) for rule in LOOKED_AFTER),
    )),
    Fact(16, "No referral to a paediatrician", (
        finds("silos.unmet_need", row("needs", "development"), mend=referred),
    )),
    Fact(17, "The grandmother wished to change health visitor, social worker and GP", (
        shown("the rehearsal", _would_change, on=WISHED),
    )),
    Fact(18, "Eight agencies", (
        shown("pairs of agencies", _eight, on=date(2018, 2, 28)),
    )),
)  # fmt: skip
