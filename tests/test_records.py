"""One child's records: the mask, what loads cover, placements joined from rows, periods of care."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from graph.model import Decision, Event, Involvement, LooksAfter, PlacedAt, Plan, Professional, View
from graph.records import (
    Records,
    age,
    area_of,
    as_at,
    began,
    covered,
    covered_to,
    covers,
    during,
    in_care,
    looked_after,
    moves,
    stay_at,
    stays,
)
from tests.spec.small import records


def d(text: str) -> date:
    return date.fromisoformat(text)


def placed(rows: str, care: str = "| 2024-01-01 | | C2 | S |") -> Records:
    return records(f"""
    looks_after | start | end | legal_status | start_reason | end_reason
    {care}

    placed_at | to | start | end | start_reason | place_type | change_reason | carer_changed | temporary
    {rows}
    """)


def spans(of: Records) -> list[tuple[str, str, str]]:
    return [(s.first.to_id, str(s.start), str(s.end or "")) for s in stays(of)]


# --- the mask ---


def test_a_record_that_begins_after_the_day_does_not_exist() -> None:
    of = records("""
    involved_with | from   | role          | start
                  | Doyle  | social_worker | 2026-01-01
                  | Brandt | social_worker | 2026-01-02
    """)
    assert [i.from_id for i in as_at(of, d("2026-01-01")).of(Involvement)] == ["Doyle"]
    assert as_at(of, d("2025-12-31")).of(Involvement) == ()


def test_a_record_exists_from_the_day_it_was_written_down() -> None:
    of = records("""
    involved_with | from  | role          | start      | recorded_on
                  | Doyle | social_worker | 2026-01-01 | 2026-02-01
    """)
    assert as_at(of, d("2026-01-31")).of(Involvement) == ()
    (late,) = as_at(of, d("2026-02-01")).of(Involvement)
    assert (late.start, began(late)) == (d("2026-01-01"), d("2026-02-01"))


def test_an_end_after_the_day_and_all_that_is_known_with_it_read_as_absent() -> None:
    of = placed("| oak | 2024-01-01 | 2026-01-10 | S | U6 | CREQB |")
    (row,) = as_at(of, d("2026-01-09")).of(PlacedAt)
    assert (row.end, row.change_reason, row.place_type) == (None, None, "U6")
    (row,) = as_at(of, d("2026-01-10")).of(PlacedAt)
    assert (row.end, row.change_reason) == (d("2026-01-10"), "CREQB")


def test_an_answer_given_later_is_not_yet_known() -> None:
    of = records("""
    events | kind    | on         | end        | interview_on | response_on
           | missing | 2026-01-01 | 2026-01-03 | 2026-01-05   | 2026-01-09
    """)
    (event,) = as_at(of, d("2026-01-05")).of(Event)
    assert (event.end, event.interview_on, event.response_on) == (d("2026-01-03"), d("2026-01-05"), None)


def test_a_plan_written_before_it_starts_exists_once_both_have_come() -> None:
    of = records("""
    plans | kind | start      | made_on
          | care | 2026-02-01 | 2026-01-20
    """)
    assert as_at(of, d("2026-01-31")).of(Plan) == ()
    assert len(as_at(of, d("2026-02-01")).of(Plan)) == 1


def test_nothing_points_at_what_does_not_exist_yet() -> None:
    of = records("""
    meetings | kind   | on
    first    | review | 2026-01-10
    second   | review | 2026-03-10

    plans | kind   | start      | considered_at
    care  | care   | 2026-01-01 | first; second

    decisions | kind    | on
    close     | closure | 2026-03-01

    views | on         | informed | medium
    wish  | 2026-01-05 | close    | in words
    """)
    seen = as_at(of, d("2026-02-01"))
    assert seen.of(Plan)[0].considered_at == ("first",)
    assert seen.of(View)[0].informed == ()
    assert seen.of(Decision) == ()
    whole = as_at(of, d("2026-03-10"))
    assert whole.of(Plan)[0].considered_at == ("first", "second")
    assert whole.of(View)[0].informed == ("close",)


def test_the_mask_put_on_twice_is_the_mask_put_on_once() -> None:
    of = placed("| oak | 2024-01-01 | 2026-01-10 | S | U6 | CREQB |")
    t = d("2025-06-01")
    assert as_at(as_at(of, t), t) == as_at(of, t)
    assert as_at(as_at(of, d("2026-06-01")), t) == as_at(of, t)


def test_people_and_places_are_there_on_any_day() -> None:
    of = records("""
    involved_with | from  | role          | start
                  | Doyle | social_worker | 2026-01-01
    """)
    assert [p.id for p in as_at(of, d("2020-01-01")).of(Professional)] == ["Doyle"]


def test_records_come_in_the_order_in_which_things_happened_not_in_which_they_were_written_down() -> None:
    of = records("""
    involved_with | from   | role          | start      | recorded_on
                  | Doyle  | social_worker | 2026-01-01 | 2026-03-01
                  | Brandt | social_worker | 2026-02-01 | 2026-02-01
    """)
    assert [i.from_id for i in of.of(Involvement)] == ["Doyle", "Brandt"]


# --- coverage ---


def test_a_table_is_covered_on_both_its_first_and_its_last_day() -> None:
    of = records("", covers="placed_at@2025-04-01..2026-03-31")
    assert covers(of, "placed_at", d("2025-04-01"), d("2026-03-31"))
    assert not covers(of, "placed_at", d("2025-03-31"), d("2026-03-31"))
    assert not covers(of, "placed_at", d("2025-04-01"), d("2026-04-01"))
    assert not covers(of, "attends", d("2025-04-01"), d("2025-04-02"))


def test_years_loaded_one_after_the_other_cover_what_both_cover() -> None:
    of = records("", covers="placed_at@2025-04-01..2026-03-31 placed_at@2024-04-01..2025-03-31")
    assert covers(of, "placed_at", d("2024-04-01"), d("2026-03-31"))
    gap = records("", covers="placed_at@2025-04-02..2026-03-31 placed_at@2024-04-01..2025-03-31")
    assert not covers(gap, "placed_at", d("2024-04-01"), d("2026-03-31"))
    assert covered(gap, "placed_at") == (
        (d("2024-04-01"), d("2025-04-01")),
        (d("2025-04-02"), d("2026-04-01")),
    )


def test_a_part_of_a_table_is_covered_by_itself_or_by_the_whole() -> None:
    of = records("", covers="involved_with:social_worker attends")
    assert covers(of, "involved_with", d("2026-01-01"), d("2026-01-31"), "social_worker")
    assert not covers(of, "involved_with", d("2026-01-01"), d("2026-01-31"), "iro")
    assert not covers(of, "involved_with", d("2026-01-01"), d("2026-01-31"))
    assert covers(of, "attends", d("2026-01-01"), d("2026-01-31"), "secondary")


def test_the_last_day_covered() -> None:
    of = records("", covers="placed_at@2024-04-01..2025-03-31 placed_at@2025-04-01..2026-03-31")
    assert covered_to(of, "placed_at") == d("2026-03-31")
    assert covered_to(of, "attends") is None
    parts = records("", covers="involved_with:iro@2024-04-01..2025-03-31 involved_with:gp@2024-04-01..2026-03-31")
    assert covered_to(parts, "involved_with", "iro") == d("2025-03-31")


# --- stays: what goes on with a placement, and what ends it ---


def test_a_change_of_legal_status_goes_on_with_the_placement() -> None:
    of = placed("""| oak | 2024-01-01 | 2024-06-01 | S | U6
    | oak | 2024-06-01 | 2025-01-01 | L | U6
    | oak | 2025-01-01 |            | L | U4""")
    assert spans(of) == [("oak", "2024-01-01", "")]
    assert len(stays(of)[0].rows) == 3
    assert moves(of) == ()


def test_a_change_of_placement_with_the_same_carer_goes_on_with_it_too() -> None:
    of = placed("""| oak  | 2024-01-01 | 2024-06-01 | S | U6
    | oak2 | 2024-06-01 | 2025-01-01 | T | A3
    | oak3 | 2025-01-01 |            | U | A5""")
    assert spans(of) == [("oak", "2024-01-01", "")]


def test_a_change_of_carer_begins_another_placement() -> None:
    of = placed("""| oak | 2024-01-01 | 2024-06-01 | S | U6
    | elm | 2024-06-01 | 2025-01-01 | P | K2
    | ash | 2025-01-01 |            | B | U6""")
    assert spans(of) == [
        ("oak", "2024-01-01", "2024-06-01"),
        ("elm", "2024-06-01", "2025-01-01"),
        ("ash", "2025-01-01", ""),
    ]
    assert [str(b.start) for _, b in moves(of)] == ["2024-06-01", "2025-01-01"]


def test_a_change_of_carer_in_the_same_home_begins_another_placement() -> None:
    of = placed("""| oak | 2024-01-01 | 2024-06-01 | S | U6
    | oak | 2024-06-01 | | P | U6""")
    assert len(stays(of)) == 2


def test_a_change_in_the_status_of_the_placement_only_goes_on_with_it() -> None:
    of = placed("""| oak | 2024-01-01 | 2024-06-01 | S | U6 | PLACE
    | oak4 | 2024-06-01 | | P | U4 |""")
    assert spans(of) == [("oak", "2024-01-01", "")]


def test_a_stay_in_hospital_does_not_end_the_placement_to_which_the_child_returns() -> None:
    of = placed("""| oak      | 2024-01-01 | 2024-06-01 | S | U6
    | hospital | 2024-06-01 | 2024-06-10 | P | T1
    | oak      | 2024-06-10 |            | P | U6""")
    assert spans(of) == [("oak", "2024-01-01", "")]
    assert "hospital" not in {r.to_id for r in stays(of)[0].rows}


def test_while_in_hospital_the_placement_goes_on() -> None:
    of = placed("""| oak      | 2024-01-01 | 2024-06-01 | S | U6
    | hospital | 2024-06-01 | 2024-06-10 | P | T1
    | oak      | 2024-06-10 |            | P | U6""")
    seen = as_at(of, d("2024-06-05"))
    assert spans(seen) == [("oak", "2024-01-01", "")]


def test_holidays_and_short_stays_one_after_the_other_do_not_end_it() -> None:
    of = placed("""| oak   | 2024-01-01 | 2024-06-01 | S | U6
    | beach | 2024-06-01 | 2024-06-08 | P | T2
    | aunt  | 2024-06-08 | 2024-06-12 | P | T4
    | oak   | 2024-06-12 |            | P | U6""")
    assert spans(of) == [("oak", "2024-01-01", "")]


def test_after_hospital_another_home_is_another_placement_from_the_day_it_begins() -> None:
    of = placed("""| oak      | 2024-01-01 | 2024-06-01 | S | U6
    | hospital | 2024-06-01 | 2024-06-10 | P | T1
    | elm      | 2024-06-10 |            | P | U6""")
    assert spans(of) == [("oak", "2024-01-01", "2024-06-10"), ("elm", "2024-06-10", "")]


def test_where_no_source_says_which_home_type_and_provider_tell_the_return() -> None:
    of = records("""
    placements | urn
    row1       |
    row3       |

    placed_at | to       | start      | end        | start_reason | place_type | provider
              | row1     | 2024-01-01 | 2024-06-01 | S            | U6         | PR1
              | hospital | 2024-06-01 | 2024-06-10 | P            | T1         |
              | row3     | 2024-06-10 |            | P            | U6         | PR1
    """)
    assert spans(of) == [("row1", "2024-01-01", "")]


def test_a_return_to_a_home_of_which_less_is_said_is_a_return_while_type_and_provider_are_the_same() -> None:
    rows = """| oak      | 2024-01-01 | 2024-06-01 | S | U6
    | hospital | 2024-06-01 | 2024-06-10 | P | T1
    | row3     | 2024-06-10 |            | P | {}

    placements | urn
    row3       |"""
    assert len(stays(placed(rows.replace("{}", "U6")))) == 1
    assert len(stays(placed(rows.replace("{}", "K2")))) == 2


def test_a_temporary_stay_within_an_open_placement_changes_nothing() -> None:
    of = placed("""| oak | 2024-01-01 | | S | U6
    | hospital | 2024-06-01 | 2024-06-10 | P | T1""")
    assert spans(of) == [("oak", "2024-01-01", "")]


def test_a_temporary_stay_within_a_placement_that_has_ended_does_not_shorten_it() -> None:
    of = placed("""| oak | 2024-01-01 | 2024-09-01 | S | U6
    | hospital | 2024-06-01 | 2024-06-10 | P | T1""")
    assert spans(of) == [("oak", "2024-01-01", "2024-09-01")]


def test_a_source_that_says_whether_the_carer_changed_is_believed() -> None:
    of = placed("""| oak | 2024-01-01 | 2024-06-01 | S | U6 | | |
    | elm | 2024-06-01 | 2025-01-01 | P | U6 | | no |
    | elm | 2025-01-01 | | L | U6 | | yes |""")
    assert spans(of) == [("oak", "2024-01-01", "2025-01-01"), ("elm", "2025-01-01", "")]


def test_the_same_carer_after_time_at_home_is_another_placement() -> None:
    of = placed("""| oak | 2024-01-01 | 2024-03-01 | S | U6 | | |
    | oak | 2024-06-01 | | S | U6 | | no |""")
    assert len(stays(of)) == 2


def test_care_that_starts_anew_on_the_day_it_ended_is_another_placement_with_the_same_carer() -> None:
    of = placed(
        """| oak | 2024-01-01 | 2024-06-01 | S | U6 | | |
    | oak | 2024-06-01 | | S | U6 | | no |""",
        care="| 2024-01-01 | 2024-06-01 | C2 | S | E4A\n    | 2024-06-01 | | V2 | S |",
    )
    assert len(stays(of)) == 2
    assert moves(of) == ()


def test_rows_without_a_reason_go_on_while_the_home_is_the_same() -> None:
    of = placed("""| oak | 2024-01-01 | 2024-06-01 | | U6
    | oak | 2024-06-01 | 2025-01-01 | | U6
    | elm | 2025-01-01 | | | U6""")
    assert spans(of) == [("oak", "2024-01-01", "2025-01-01"), ("elm", "2025-01-01", "")]


def test_short_breaks_are_no_placements_and_no_care() -> None:
    of = records("""
    looks_after | start      | end        | legal_status | start_reason
                | 2024-01-01 | 2024-02-01 | V4           | S
                | 2024-05-01 |            | C2           | S

    placed_at | to     | start      | end        | start_reason | place_type
              | breaks | 2024-01-01 | 2024-02-01 | S            | K2
              | oak    | 2024-05-01 |            | S            | U6
    """)
    assert spans(of) == [("oak", "2024-05-01", "")]
    assert [s.start for s in looked_after(of)] == [d("2024-05-01")]
    assert in_care(of, d("2024-01-15")) is None


def test_two_open_placements_that_overlap_are_kept_and_the_later_is_where_the_child_lives() -> None:
    of = placed("""| oak | 2024-01-01 | | S | U6
    | elm | 2024-06-01 | | P | U6""")
    assert len(stays(of)) == 2
    assert stay_at(of, d("2024-05-31")).first.to_id == "oak"  # type: ignore[union-attr]
    assert stay_at(of, d("2025-01-01")).first.to_id == "elm"  # type: ignore[union-attr]
    assert [b.first.to_id for _, b in moves(of)] == ["elm"]


def test_where_the_child_lives_on_the_day_of_a_move() -> None:
    of = placed("""| oak | 2024-01-01 | 2024-06-01 | S | U6
    | elm | 2024-06-01 | 2024-09-01 | P | U6""")
    assert stay_at(of, d("2024-06-01")).first.to_id == "elm"  # type: ignore[union-attr]
    assert stay_at(of, d("2024-09-01")) is None


# --- periods of care ---


def test_rows_that_follow_each_other_are_one_period_of_care() -> None:
    of = placed(
        "",
        care="""| 2024-01-01 | 2024-06-01 | C1 | S | X1
    | 2024-06-01 | 2025-01-01 | C2 | L | E4A
    | 2025-03-01 | | V2 | S |""",
    )
    assert [(str(s.start), s.end and str(s.end)) for s in looked_after(of)] == [
        ("2024-01-01", "2025-01-01"),
        ("2025-03-01", None),
    ]
    assert in_care(of, d("2024-12-31")) and not in_care(of, d("2025-01-01"))


def test_care_that_starts_anew_on_the_day_it_ended_is_another_period() -> None:
    anew = placed("", care="| 2024-01-01 | 2024-06-01 | C2 | S | E4A\n    | 2024-06-01 | | V2 | S |")
    on = placed("", care="| 2024-01-01 | 2024-06-01 | C2 | S | X1\n    | 2024-06-01 | | V2 | S |")
    assert (len(looked_after(anew)), len(looked_after(on))) == (2, 1)


def test_rows_of_care_that_overlap_are_one_period_and_an_open_one_keeps_it_open() -> None:
    both = placed("", care="| 2024-01-01 | 2024-09-01 | C2 | S |\n    | 2024-06-01 | 2024-07-01 | V2 | S | E4A")
    assert [(s.start, s.end) for s in looked_after(both)] == [(d("2024-01-01"), d("2024-09-01"))]
    left_open = placed("", care="| 2024-01-01 | | C2 | S |\n    | 2024-06-01 | 2024-07-01 | V2 | S | E4A")
    assert [(s.start, s.end) for s in looked_after(left_open)] == [(d("2024-01-01"), None)]


def test_going_home_and_coming_back_is_no_move() -> None:
    of = placed(
        """| oak | 2024-01-01 | 2024-06-01 | S | U6
    | elm | 2024-09-01 | | S | U6""",
        care="| 2024-01-01 | 2024-06-01 | C2 | S | E4A\n    | 2024-09-01 | | V2 | S |",
    )
    assert len(stays(of)) == 2
    assert moves(of) == ()


# --- what cannot be so ---

ROWS = st.lists(
    st.builds(
        PlacedAt,
        id=st.uuids().map(str),
        from_id=st.just("Ash"),
        to_id=st.sampled_from(["oak", "elm", "hospital"]),
        start=st.none() | st.dates(d("2024-01-01"), d("2024-03-01")),
        end=st.none() | st.dates(d("2024-01-01"), d("2024-03-01")),
        start_reason=st.sampled_from([None, "S", "L", "P", "T", "B", "U", "?"]),
        place_type=st.sampled_from([None, "U6", "T1", "?"]),
        change_reason=st.sampled_from([None, "PLACE", "CARPL"]),
        carer_changed=st.sampled_from([None, True, False]),
    ),
    max_size=6,
)
CARE = st.lists(
    st.builds(
        LooksAfter,
        id=st.uuids().map(str),
        from_id=st.just("E08000025"),
        to_id=st.just("Ash"),
        start=st.none() | st.dates(d("2024-01-01"), d("2024-03-01")),
        end=st.none() | st.dates(d("2024-01-01"), d("2024-03-01")),
        legal_status=st.sampled_from([None, "C2", "V4"]),
        start_reason=st.sampled_from([None, "S", "L"]),
        end_reason=st.sampled_from([None, "X1", "E4A"]),
    ),
    max_size=4,
)


@given(ROWS, CARE, st.dates(d("2023-12-01"), d("2024-04-01")))
def test_rows_that_contradict_each_other_crash_nothing_and_no_row_is_counted_twice(
    rows: list[PlacedAt], care: list[LooksAfter], t: date
) -> None:
    of = records("")
    whole = Records(of.child, of.nodes, (*rows, *care), of.coverage, of.authority)
    seen = as_at(Records(of.child, {**of.nodes, **_homes()}, whole.relationships), t)
    counted = [r.id for s in stays(seen) for r in s.rows]
    assert len(counted) == len(set(counted))
    assert all(s.start <= t for s in (*stays(seen), *looked_after(seen)))
    assert len(moves(seen)) <= max(0, len(stays(seen)) - 1)
    in_care(seen, t), stay_at(seen, t)


def _homes() -> dict:
    made = records("""
    placed_at | to       | start
              | oak      | 2024-01-01
              | elm      | 2024-01-01
              | hospital | 2024-01-01

    looks_after | start
                | 2024-01-01
    """)
    return dict(made.nodes)


# --- small things ---


def test_during_counts_both_days_and_leaves_out_what_ended_on_the_first() -> None:
    of = placed("| oak | 2024-01-01 | 2024-06-01 | S | U6")
    (row,) = of.of(PlacedAt)
    assert during(row, d("2024-05-31"), d("2024-12-31"))
    assert not during(row, d("2024-06-01"), d("2024-12-31"))
    assert during(row, d("2023-01-01"), d("2024-01-01"))
    assert not during(row, d("2023-01-01"), d("2023-12-31"))


def test_the_area_of_a_home_is_the_latest_that_holds() -> None:
    of = records("""
    placed_at | to  | start
              | oak | 2024-01-01

    in_area | from | to        | start      | end
            | oak  | E07000028 | 2020-01-01 | 2023-04-01
            | oak  | E06000063 | 2023-04-01 |
    """)
    assert area_of(of, "oak", d("2023-03-31")) == "E07000028"
    assert area_of(of, "oak", d("2023-04-01")) == "E06000063"
    assert area_of(of, "oak", d("2019-01-01")) is None
    assert area_of(of, "elm", d("2024-01-01")) is None


def test_what_people_and_homes_are_called() -> None:
    of = records("""
    professionals | identified | registration
    XX1           | no         |
    SW9           |            | SW9

    placements | kind            | name
    a          | children's home |
    b          |                 | Rowan House
    c          |                 |
    """)
    assert [of.name(i) for i in ("XX1", "SW9", "a", "b", "c")] == [
        "a worker who is not identified",
        "SW9",
        "children's home",
        "Rowan House",
        "a home without a name on record",
    ]


def test_someone_born_on_29_february_is_a_year_older_on_1_march() -> None:
    born = d("2012-02-29")
    assert (age(born, d("2013-02-28")), age(born, d("2013-03-01"))) == (0, 1)
    assert age(born, d("2016-02-29")) == 4


@given(st.dates(d("2000-01-01"), d("2030-12-31")), st.integers(0, 9000))
def test_age_never_falls(born: date, days: int) -> None:
    t = born + timedelta(days=days)
    assert age(born, t) <= age(born, t + timedelta(days=1))
