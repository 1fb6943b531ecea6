"""What the pages say, before any browser: the header, the findings in their order, the rows, the cells."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import app, children_page, cohort, cohort_page, data, header, panel, words
from dashboard.cohort import CohortRow
from dashboard.data import Pair, Raised
from graph.cohort import Circumstances
from graph.errors import TeamaroundError
from graph.findings import Evidence, Finding, run
from graph.parameters import DEFAULTS, of
from graph.records import Records
from tests.browser.invented import AS_AT, CORNWALL, COVENTRY, WARWICKSHIRE, ash, bo
from tests.spec.small import records

D = date.fromisoformat


def finding(rule: str = "silos.x", **given: Any) -> Finding:
    """A finding with what a test is about, and the rest made up."""
    made: dict[str, Any] = dict(
        rule=rule, version="1", family=rule.partition(".")[0], fact=False, kind="H", child="Ash", subject="",
        status="raised", as_at=AS_AT, sentence=f"{rule} is so.", question="Who?", measures={}, parameters={},
        evidence=(), citation="A source", reason="",
    )  # fmt: skip
    return Finding(**{**made, **given})


# --- the header ---


def test_the_header_says_who_where_and_since_when() -> None:
    told = header.summary(ash(), AS_AT)
    assert told.title == "Ash Vale, 13"
    assert told.parts == (
        "looked after by Warwickshire since 3 June 2019",
        "full care order",
        "living in a children's home in Cornwall, at a distance, 231 miles from home",
        "next review due by 4 June 2026",
    )


def test_the_header_is_that_of_the_day() -> None:
    told = header.summary(ash(), D("2024-05-11"))
    assert told.title == "Ash Vale, 11"
    assert told.parts[2] == "living in a foster home in Warwickshire, 4 miles from home"


def test_a_child_who_is_not_looked_after_has_no_home_and_no_review() -> None:
    assert header.summary(ash(), D("2019-01-01")).parts == ("not looked after on this day",)


def test_a_child_without_a_name_is_called_by_the_authoritys_number() -> None:
    assert header.summary(bo(), AS_AT).title == "Child 40502, 9"


@pytest.mark.parametrize(
    ("area", "said"),
    [
        (WARWICKSHIRE, "at home"),
        (COVENTRY, "adjoining"),
        (CORNWALL, "at a distance"),
        ("W92000004", "at a distance"),  # Warwickshire has no border with Wales
        (None, "not recorded"),
    ],
)
def test_where_a_home_is(area: str | None, said: str) -> None:
    assert header.where(WARWICKSHIRE, area) == said


def test_a_home_in_wales_is_across_a_border_for_an_authority_beside_it() -> None:
    assert header.where("E06000051", "W92000004") == "beyond a border"  # Shropshire


def test_what_changed_since_the_last_review() -> None:
    of = ash()
    review = header.last_review(of, AS_AT)
    assert review == D("2025-12-04")
    told = header.change(of, AS_AT, run(of, AS_AT), run(of, review))
    assert set(told.joined) == {"Dina Hassan", "Ms Teague", "Tor View School", "Jo Tremayne", "PC Dunn"}
    assert set(told.left) == {"Lena Brandt", "Warwickshire Youth Justice"}
    assert {"Anne Whitfield", "Ravi Singh", "Sam Mensah"} <= set(told.stayed)
    assert "Dina Hassan" not in told.stayed
    assert (told.moved, told.pronoun) == (D("2025-11-17"), "her")


def test_on_its_own_day_a_review_is_still_to_come() -> None:
    assert header.last_review(ash(), D("2025-12-04")) == D("2025-06-03")


def test_findings_are_new_and_cleared_by_their_key_and_facts_are_neither() -> None:
    a, b, c = (finding(f"silos.{n}") for n in "abc")
    fact = finding("area.f", fact=True)
    told = header.change(ash(), AS_AT, [a, b, fact], [b, c])
    assert (told.new, told.cleared) == (1, 1)


def test_without_a_review_nothing_is_new() -> None:
    of = records("child | born\n Ash | 2012-05-12")
    told = header.change(of, AS_AT, [finding()], [])
    assert (told.review, told.new) == (None, 0)


# --- the findings ---


def leads(part: tuple[panel.Items, ...]) -> list[str]:
    """What is read first of each finding, rule by rule."""
    return [item.lead for of in part for item in of]


def test_statutory_first_then_new_then_still_there_and_facts_apart() -> None:
    old, new = finding("silos.old"), finding("silos.new")
    law, fact = finding("clocks.law", kind="S"), finding("area.fact", kind="S", fact=True)
    told = panel.sections(ash(), [fact, old, new, law], [old, law], reviewed=True)
    assert leads(told.statutory) == ["clocks.law is so."]
    assert leads(told.new) == ["silos.new is so."]
    assert leads(told.still) == ["silos.old is so."]
    assert leads(told.facts) == ["area.fact is so."]
    assert [i.new for of in (*told.statutory, *told.new, *told.still) for i in of] == [False, True, False]
    assert told.raised == 3


def test_of_the_statutory_the_new_come_first() -> None:
    old, new = finding("clocks.old", kind="S"), finding("clocks.new", kind="G")
    told = panel.sections(ash(), [old, new], [old], reviewed=True)
    assert leads(told.statutory) == ["clocks.new is so.", "clocks.old is so."]


def test_findings_of_one_rule_are_one_and_the_latest_is_read_first() -> None:
    def on(day: str, rule: str = "silos.absent") -> Finding:
        return finding(rule, subject=f"Meeting:{day}", sentence=f"{day}.", evidence=(Evidence("Meeting", day, D(day)),))

    found = [on("2024-05-01"), on("2024-06-01", "silos.other"), on("2025-05-01")]
    told = panel.sections(ash(), found, [], reviewed=False)
    assert [[i.lead for i in of] for of in told.still] == [["2025-05-01.", "2024-05-01."], ["2024-06-01."]]
    assert told.raised == 3
    assert "1 more of the same<" in panel.html(told, None)


def test_what_cannot_be_said_stands_under_what_is_missing() -> None:
    missing = [
        finding("silos.disconnected", status="not assessable", reason="no load covers attendance"),
        finding("silos.single_point", status="not assessable", reason="no load covers attendance"),
        finding("cohort.f2", status="not assessable", reason="no load covers needs"),
    ]
    told = panel.sections(ash(), missing, [], reviewed=True)
    assert told.unsaid == (
        ("No load covers attendance", ("disconnected", "single point")),
        ("No load covers needs", ("high-risk behaviour in early adolescence",)),
    )
    assert told.raised == 0


def test_evidence_is_opened_to_kind_dates_file_and_row() -> None:
    of = ash()
    gap = next(f for f in run(of, AS_AT) if f.rule == "continuity.role_gap" and f.status == "raised")
    item = panel.sections(of, [gap], [], reviewed=True).new[0][0]
    brandt = next(r for r in item.records if "Brandt" in r.what)
    assert (brandt.what, brandt.when) == ("Lena Brandt, social worker", "6 May 2025 to 9 Dec 2025")
    assert brandt.lines == ("involved_with.csv, row 3",)
    assert "working days a required role may stand empty: 5 (house rule)" in item.parameters


def test_every_record_behind_every_finding_has_words() -> None:
    of = ash()
    every = [e for f in run(of, AS_AT) for e in f.evidence]
    assert len(every) > 50
    for e in every:
        told = panel.record(of, e)
        assert told.what and "None" not in told.what and told.lines


def test_a_record_that_is_gone_is_still_named_by_its_kind() -> None:
    assert panel.record(ash(), Evidence("Meeting", "gone", D("2025-01-01"))).what == "meeting"


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("No social worker on record for 41 days.", "No social worker on record for 41 days."),
        ("Review of 3 June 2025: no record of attendance or a report from " + "one, " * 30, "Review of 3 June 2025:"),
        ("x" * 200, "x" * 200),
    ],
)
def test_of_a_long_sentence_the_first_clause_leads(sentence: str, lead: str) -> None:
    led, rest = panel.led(sentence)
    assert (led, led + rest) == (lead, sentence)


def test_a_hostile_sentence_is_text() -> None:
    told = panel.sections(ash(), [finding(sentence="<img src=x onerror=alert(1)>")], [], reviewed=True)
    assert "<img" not in panel.html(told, AS_AT)


# --- my children ---


def raised(*rules: str) -> list[Raised]:
    """Findings as an analysis wrote them."""
    return [Raised("Ash", rule, rule.partition(".")[0], False, "raised") for rule in rules]


def test_a_row_of_my_children() -> None:
    row = data.child_row(ash(), raised("silos.a", "silos.b", "clocks.c"), AS_AT)
    assert (row.label, row.age, row.iros) == ("Ash Vale", 13, ("Anne Whitfield",))
    assert row.home == "a children's home in Cornwall, at a distance, 231 miles from home"
    assert row.next_review == D("2026-06-04")
    assert children_page.raised(row) == "who knows what (2) · what was due (1)"


def test_facts_and_possible_members_are_not_counted_as_raised() -> None:
    told = [
        Raised("Ash", "area.f", "area", True, "raised"),
        Raised("Ash", "cohort.near", "cohort", False, "not assessable"),
    ]
    assert children_page.raised(data.child_row(ash(), told, AS_AT)) == "nothing is raised"


def test_a_child_without_a_reviewing_officer_on_record_has_nobody_named() -> None:
    row = data.child_row(bo(), [], D("2024-10-10"))
    assert (row.iros, row.next_review) == ((), D("2024-10-28"))
    assert (
        header.next_review(row.next_review, row.reviews_loaded, D("2024-10-10")) == "next review due by 28 October 2024"
    )


def test_a_review_that_is_past_due_is_missed_only_where_loads_would_show_it() -> None:
    due, t = D("2025-07-20"), AS_AT
    text = "looks_after | legal_status | start\n | C2 | 2024-01-01"
    loaded = records(text, covers="looks_after meetings:review")
    partly = records(text, covers="looks_after meetings:review@2024-01-01..2025-12-31")
    assert header.next_review(due, header.reviews_loaded(loaded, due, t), t) == (
        "review due by 20 July 2025, no record of it"
    )
    assert header.next_review(due, header.reviews_loaded(partly, due, t), t) == (
        "review due by 20 July 2025, reviews since then are not loaded"
    )
    assert header.next_review(None, False, t) == "the day of the next review is not known"


# --- the cohort ---


def member(ref: str = "k7q2w9", cut_off: int = 4, **answers: str) -> CohortRow:
    """A child with these features certain or unknown."""
    yes, unknown = ([f"cohort.{f}" for f, said in answers.items() if said == answer] for answer in ("yes", "unknown"))
    found = [*raised(*yes), *(Raised("Ash", rule, "cohort", False, "not assessable") for rule in unknown)]
    return _changed(cohort.row(ash(), found, AS_AT, of({"cohort_features": cut_off})), ref=ref)


def _changed(row: CohortRow, **given: Any) -> CohortRow:
    return dataclasses.replace(row, **given)


@pytest.mark.parametrize(
    ("answers", "match", "match_of_three"),
    [
        (dict(f1="yes", f2="yes", f3="yes", f4="yes"), "matches", "matches"),
        (dict(f1="yes", f2="yes", f3="yes", f4="unknown"), "may match", "matches"),
        (dict(f1="yes", f2="yes", f3="yes"), "near", "matches"),
        (dict(f1="yes", f2="yes", f3="unknown"), "may be near", "may match"),
        (dict(f1="yes", f2="yes"), "", "near"),
        (dict(f1="yes"), "", ""),
    ],
)
def test_certain_and_possible_are_kept_apart(answers: dict[str, str], match: str, match_of_three: str) -> None:
    assert member(**answers).match == match
    assert member(cut_off=3, **answers).match == match_of_three


def test_needs_and_response_are_two_numbers_that_are_never_added() -> None:
    found = [*raised("cohort.f1", "continuity.placements", "silos.disconnected"), *raised("area.service_gap")]
    found += raised("clocks.visit_overdue", "voice.not_seen_alone", "silos.single_point")  # no response; a fact
    (cell,) = cohort.cells([cohort.row(ash(), found, AS_AT, DEFAULTS)])
    assert (cell.features, cohort.band_name(cell.band)) == (1, "3–4")


def test_a_row_of_the_cohort_says_where_the_child_lives_and_what_happened_around_her() -> None:
    row = cohort.row(ash(), [], AS_AT, DEFAULTS)
    assert (row.area, row.where, row.around.miles, row.around.moves) == ("Cornwall", "at a distance", 231, 2)
    assert (row.attributes["sex"], row.attributes["age"]) == ("female", "10 to 15")


def test_those_who_are_not_looked_after_are_no_part_of_it() -> None:
    away = records("child | born\n Cy | 2012-05-12")
    assert [r.ref for r in cohort.rows([ash(), away], {}, AS_AT, DEFAULTS)] == [ash().child.ref]


def test_cells_hold_everyone_and_the_possible_are_hollow() -> None:
    rows = [member("a", f1="yes", f2="yes"), member("b", f1="yes", f2="yes", f3="unknown"), member("c")]
    found = {(c.features, c.band): (len(c.rows), c.certain) for c in cohort.cells(rows)}
    assert found == {(0, 0): (1, 1), (2, 0): (2, 1)}


def test_the_columns_that_match_follow_the_number_of_features_asked_for() -> None:
    drawn = cohort_page.draw(cohort.cells([member(cut_off=3, f1="yes", f2="yes", f3="yes")]), 3)
    assert "#fff3bf" in drawn and "matches: 1" in drawn
    assert "#e6eef7" in cohort_page.draw(cohort.cells([member(f1="yes", f2="yes", f3="yes")]), 4)


@pytest.mark.parametrize(("n", "band"), [(0, "0"), (1, "1–2"), (2, "1–2"), (3, "3–4"), (6, "5–6"), (19, "7 or more")])
def test_bands(n: int, band: str) -> None:
    row = _changed(member(), raised=("area.service_gap",) * n)
    assert [cohort.band_name(c.band) for c in cohort.cells([row])] == [band]


def test_these_beside_all_others() -> None:
    def rows(moves: Sequence[int], rule: str) -> list[CohortRow]:
        return [
            _changed(member(), around=Circumstances(f"{n} {rule}", moves=n), raised=(rule,) if n > 3 else ())
            for n in moves
        ]

    ours, others = rows([4, 6], "continuity.placements"), rows([1, 2, 5], "continuity.placements")
    others = [_changed(r, around=dataclasses.replace(r.around, child=f"other {r.around.child}")) for r in others]
    assert cohort_page.beside([*ours, *others], ours, DEFAULTS) == [
        ("Moves in 24 months, median", "5", "2"),
        ("3 or more placements in 12 months", "100%", "33%"),
    ]


def test_how_many_children_share_an_attribute_is_not_said_of_few() -> None:
    girls = [member(f"g{n}") for n in range(20)]
    boys = [_changed(member(f"b{n}"), attributes={**girls[0].attributes, "sex": "male"}) for n in range(10)]
    told = {(p.attribute, p.value): (p.members, p.everyone) for p in cohort.composition([*girls, *boys], girls[:2])}
    assert told["sex", "male"] == (None, 10)
    assert told["sex", "female"] == (None, 20)


def test_where_children_live_outside_the_authority() -> None:
    far = cohort.row(ash(), [], AS_AT, DEFAULTS)
    near = _changed(far, area="Coventry", where="adjoining")
    home = _changed(far, area="Warwickshire", where="at home")
    assert cohort.areas([far, near, near, home]) == [("Coventry", 2, 0), ("Cornwall", 1, 1)]


def test_no_exchange_is_a_nought_only_where_loads_would_show_it() -> None:
    pairs = [Pair("camhs", "school", 20, 0), Pair("police", "school", 8, 0), Pair("police", "social care", 9, 7)]
    assert cohort_page.shares(pairs, {"camhs", "school", "social care"}) == {
        ("camhs", "school"): (0, 20),
        ("school", "camhs"): (0, 20),
        ("police", "social care"): (78, 9),
        ("social care", "police"): (78, 9),
    }


# --- starting it ---


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Any) -> None:
    import socket

    from dashboard.serve import free_port, serve

    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(TeamaroundError, match=f"Port {port} is taken"):
            serve(port, False, tmp_path, print)
        assert free_port(port) != port


def test_the_settings_keep_the_dashboard_on_this_machine_and_quiet() -> None:
    import tomllib

    from dashboard.serve import APP

    told = tomllib.loads((APP.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert told["browser"] == {"gatherUsageStats": False}
    assert told["client"]["showErrorDetails"] == "none" and told["client"]["toolbarMode"] == "minimal"
    server = told["server"]
    assert (server["address"], server["enableXsrfProtection"], server["enableAgentApi"]) == ("127.0.0.1", True, False)
    assert server["fileWatcherType"] == "none"


def test_no_module_of_the_dashboard_is_named_like_a_package_of_ours() -> None:
    from dashboard.serve import APP

    ours = {"graph", "ingest", "queries", "dashboard", "tests", "teamaround", "docs", "bench"}
    assert not {p.stem for p in APP.parent.glob("*.py")} & ours


def test_every_kind_of_rule_and_family_has_words() -> None:
    from graph.findings import rules

    assert {r.kind for r in rules().values()} <= set(words.KINDS)
    assert {r.family for r in rules().values()} <= set(words.FAMILIES)


# --- what a person reads where there is nothing, or where something is wrong ---


class Nowhere:
    """A graph in which something is missing: what is loaded, an analysis, or an answer at all."""

    def __init__(self, found: Sequence[data.Authority] = (), error: Exception | None = None) -> None:
        self.found, self.error = found, error

    def authorities(self) -> Sequence[data.Authority]:
        if self.error:
            raise self.error
        return self.found

    def caseload(self, authority: str) -> Sequence[Records]:
        return ()

    def raised(self, analysis: str) -> Sequence[Raised]:
        return ()

    def records(self, ref: str) -> Records | None:
        return None

    def pairs(self, authority: str, t: date) -> Sequence[Pair]:
        return ()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[Nowhere, Callable[[], None]], AppTest]:
    """Open a page on such a graph, without a browser."""

    def run_on(source: Nowhere, page: Callable[[], None]) -> AppTest:
        monkeypatch.setattr(data, "_use", [lambda: source])
        module, name = page.__module__, page.__name__
        script = f"from {module} import {name}\nfrom dashboard.app import shown\nshown({name})"
        return AppTest.from_string(script, default_timeout=60).run()

    return run_on


Open = Callable[[Nowhere, Callable[[], None]], AppTest]


@pytest.mark.parametrize("page", [children_page.page, cohort_page.page])
def test_where_nothing_is_loaded_a_page_says_what_to_type(opened: Open, page: Callable[[], None]) -> None:
    told = opened(Nowhere(), page)
    assert [i.value for i in told.info] == [words.NOTHING_LOADED] and "teamaround load" in words.NOTHING_LOADED


@pytest.mark.parametrize("page", [children_page.page, cohort_page.page])
def test_before_the_first_analysis_a_page_says_what_to_type(opened: Open, page: Callable[[], None]) -> None:
    told = opened(Nowhere([data.Authority(WARWICKSHIRE, "Warwickshire", None)]), page)
    assert [i.value for i in told.info] == [words.NOT_ANALYSED]


@pytest.mark.parametrize("page", [children_page.page, cohort_page.page])
def test_an_authority_without_children_says_so(opened: Open, page: Callable[[], None]) -> None:
    told = opened(Nowhere([data.Authority(WARWICKSHIRE, "Warwickshire", AS_AT, "a")]), page)
    assert [i.value for i in told.info] == [words.NO_CHILDREN]


def test_an_error_of_ours_is_its_sentence(opened: Open) -> None:
    told = opened(Nowhere(error=TeamaroundError("Neo4j does not answer.")), children_page.page)
    assert [e.value for e in told.error] == [words.markdown("Neo4j does not answer.")]


def test_an_error_nobody_foresaw_shows_and_logs_nothing_of_a_child(
    opened: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    told = opened(Nowhere(error=KeyError("Ash Vale, born 12 May 2012")), children_page.page)
    assert [e.value for e in told.error] == [app.WRONG]
    logged = capsys.readouterr().err
    assert "KeyError" in logged and "authorities" in logged and "Ash" not in logged
