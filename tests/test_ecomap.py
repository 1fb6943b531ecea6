"""The picture around a child: who is in it on a day, where they stand, and that a name can do nothing."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dashboard import child_page, ecomap, ecomap_svg, export, layout, people, timeline, words
from dashboard.people import State, Team, Track
from graph.errors import TeamaroundError
from graph.records import Records
from tests.browser.invented import AS_AT, ash, crowd, hostile
from tests.spec.small import records

D = date.fromisoformat
FIRST = D("2024-04-01")


def around(of: Records, on: str) -> dict[str, State]:
    """Who is in the picture on a day, by name."""
    return {track.name: state for track, state in people.team(of, D(on), D(on)).on(D(on))}


def seen(last_contact: str, since: str = "2025-01-01", covers: str | None = None) -> State:
    """How a social worker stands on 1 June 2026 whose last visit was on a day, or who has none on record."""
    meeting = f"meetings | kind | on\n m | visit | {last_contact}\n\nattended | from | to | how\n | sw | m | present"
    text = f"involved_with | from | role | start\n | sw | social_worker | {since}"
    of = records(f"{text}\n\n{meeting if last_contact else ''}", covers=covers)
    return around(of, "2026-06-01")["sw"]


# --- how someone stands ---


@pytest.mark.parametrize(
    ("last_contact", "ring", "line"),
    [
        ("2026-06-01", 0, "thick"),
        ("2026-05-04", 0, "thick"),  # 28 days
        ("2026-05-03", 1, "plain"),  # 29 days
        ("2026-04-06", 1, "plain"),  # 56 days
        ("2026-04-05", 1, "dashed"),  # 57 days
        ("2026-03-02", 1, "dashed"),  # 91 days
        ("2026-03-01", 2, "dashed"),  # 92 days
        ("", 2, "dashed"),  # none on record, and loads cover contacts
    ],
)
def test_nearer_is_more_recent(last_contact: str, ring: int, line: str) -> None:
    state = seen(last_contact)
    assert (state.ring, state.line) == (ring, line)


def test_without_a_contact_feed_nobody_is_said_to_be_out_of_touch() -> None:
    state = seen("", covers="involved_with")
    assert (state.ring, state.line, ecomap.contact(state)) == (3, "unknown", "contacts not loaded")


def test_a_contact_on_record_is_shown_though_no_feed_covers_it() -> None:
    state = seen("2026-05-20", covers="involved_with")
    assert (state.ring, state.line) == (0, "thick")


def test_attendance_loaded_for_another_agency_covers_nobody_here() -> None:
    assert seen("", covers="involved_with attended:health").line == "unknown"
    assert seen("", covers="involved_with attended:social_care").line == "dashed"


def test_eight_weeks_of_silence_are_not_said_of_someone_who_began_last_week() -> None:
    assert seen("", since="2026-05-25").line == "plain"


def test_a_cancelled_visit_and_apologies_are_no_contact() -> None:
    of = records("""
    involved_with | from | role          | start
                  | sw   | social_worker | 2025-01-01

    meetings | kind   | on         | status
    m1       | visit  | 2026-05-20 | cancelled
    m2       | review | 2026-05-25 |

    attended | from | to | how
             | sw   | m1 | present
             | sw   | m2 | apologies
    """)
    assert around(of, "2026-06-01")["sw"].contact is None


def test_who_has_left_is_hollow_for_three_months_and_then_gone() -> None:
    of = records("""
    involved_with | from | role  | start      | end
                  | moss | camhs | 2025-03-03 | 2025-11-28
    """)
    assert around(of, "2025-11-27")["moss"].line != "ended"
    assert around(of, "2025-11-28")["moss"].line == "ended"
    assert around(of, "2026-02-27")["moss"].ended == D("2025-11-28")
    assert "moss" not in around(of, "2026-02-28")


def test_who_left_since_the_last_review_stays_in_the_picture_until_the_next() -> None:
    of = records("""
    involved_with | from   | role          | start      | end
                  | brandt | social_worker | 2025-05-06 | 2025-12-09

    meetings | kind   | on
    r1       | review | 2025-12-04
    r2       | review | 2026-06-02
    """)
    assert around(of, "2026-06-01")["brandt"].line == "ended"
    assert "brandt" not in around(of, "2026-06-02")


def test_new_is_new_since_the_last_review() -> None:
    of = records("""
    involved_with | from   | role          | start
                  | hassan | social_worker | 2026-01-19
                  | doyle  | iro           | 2019-01-01

    meetings | kind   | on
    r1       | review | 2025-12-04
    r2       | review | 2026-05-12
    """)
    assert {n: s.new for n, s in around(of, "2026-03-31").items()} == {"hassan": True, "doyle": False}
    assert not around(of, "2026-05-12")["hassan"].new


def test_another_authoritys_area_is_named_and_ones_own_is_not() -> None:
    of = records("""
    involved_with | from | role      | start      | agency
                  | jo   | lac_nurse | 2025-01-01 | health:Cornwall Partnership
                  | sam  | lac_nurse | 2025-01-01 | health:City Health

    serves | from                       | to
           | health:Cornwall Partnership | E06000052
           | health:City Health          | E08000025
    """)
    assert {n: s.area for n, s in around(of, "2026-01-01").items()} == {"jo": "Cornwall", "sam": None}


def test_an_involvement_written_down_later_is_not_there_before() -> None:
    of = records("""
    involved_with | from | role | start      | recorded_on
                  | bell | iro  | 2025-06-01 | 2025-07-01
    """)
    assert "bell" not in around(of, "2025-06-30")
    assert around(of, "2025-07-01")["bell"].since == D("2025-06-01")


def test_a_home_is_where_the_child_lives_and_a_service_is_no_person() -> None:
    team = people.team(ash(), AS_AT, AS_AT)
    home = next(t for t in team.tracks if t.name == "Rowan House")
    state = home.on(AS_AT)
    assert state and (home.group, home.person, state.ring, ecomap.contact(state)) == ("Home", False, 0, "lives here")


def test_exchange_joins_professionals_for_a_year_and_family_time_joins_nobody() -> None:
    of = records("""
    involved_with | from   | role               | start
                  | hassan | social_worker      | 2025-01-01
                  | singh  | virtual_school     | 2025-01-01
                  | quill  | contact_supervisor | 2025-01-01

    meetings | kind        | on
    m1       | pep         | 2025-02-05
    m2       | family time | 2025-02-06

    attended | from   | to | how
             | hassan | m1 | present
             | singh  | m1 | sent report
             | hassan | m2 | present
             | quill  | m2 | present
    """)
    team = people.team(of, D("2025-02-01"), D("2026-03-01"))
    hassan, singh = "Social care/hassan", "Education/singh"
    assert team.exchanged(hassan, D("2025-02-05")) == [singh]
    assert team.exchanged(hassan, D("2026-02-04")) == [singh]
    assert team.exchanged(hassan, D("2026-02-05")) == []
    assert team.exchanged("Social care/quill", D("2025-03-01")) == []


def test_the_slider_shows_on_each_day_what_the_page_of_that_day_would_show() -> None:
    of = ash()
    whole = people.team(of, FIRST, AS_AT)

    def told(team: Team, t: date) -> dict[str, tuple[object, ...]]:
        return {
            track.id: (s.role, s.agency, s.since, s.ended, s.contact, s.covered, s.ring, s.line, s.new, s.area)
            for track, s in team.on(t)
        }

    for n in range(0, (AS_AT - FIRST).days, 5):
        t = FIRST + timedelta(days=n)
        assert told(whole, t) == told(people.team(of, t, t), t), t


# --- where they stand ---


def boxes(placed: layout.Layout, t: date) -> list[tuple[float, float, float, float]]:
    """The room of each label and heading: left, top, right, bottom."""
    row = layout.TWO_LINES if placed.lines == 2 else layout.ONE_LINE
    found = []
    for s in placed.on(t).seats:
        left = s.x if s.anchor == "start" else s.x - s.room
        found.append((left, s.y - row / 2, left + s.room, s.y + row / 2))
    for w in placed.on(t).wedges:
        left = w.x if w.anchor == "start" else w.x - 150
        found.append((left, w.y - 8, left + 150, w.y + 8))
    return found


def test_no_label_meets_another_on_any_day_with_20_people_or_with_60() -> None:
    for of in (ash(), crowd(60)):
        placed = layout.place(people.team(of, FIRST, AS_AT))
        for cast in placed.casts:
            rooms = boxes(placed, cast.start)
            for n, (l1, t1, r1, b1) in enumerate(rooms):
                assert -layout.WIDTH / 2 <= l1 and r1 <= layout.WIDTH / 2
                assert -placed.height / 2 <= t1 and b1 <= placed.height / 2 + 1
                for l2, t2, r2, b2 in rooms[n + 1 :]:
                    apart = r1 <= l2 or r2 <= l1 or b1 <= t2 + 0.2 or b2 <= t1 + 0.2
                    assert apart, (cast.start, (l1, t1), (l2, t2))


def test_sixty_people_take_one_line_each_and_the_picture_grows() -> None:
    few, many = (layout.place(people.team(of, AS_AT, AS_AT)) for of in (ash(), crowd(60)))
    assert (few.lines, many.lines) == (2, 1)
    assert many.height > few.height


def test_the_same_team_is_placed_the_same() -> None:
    one, other = (layout.place(people.team(ash(), FIRST, AS_AT)) for _ in range(2))
    assert one == other


def test_a_group_keeps_its_side_whoever_comes_and_goes() -> None:
    placed = layout.place(people.team(ash(), FIRST, AS_AT))
    sides = {(w.group, w.anchor) for cast in placed.casts for w in cast.wedges}
    assert len(sides) == len({group for group, _ in sides})


def test_nobody_stands_for_an_empty_picture() -> None:
    of = records("child | born\n Ash | 2012-05-12")
    team = people.team(of, AS_AT, AS_AT)
    assert layout.place(team).casts[0].seats == ()
    assert "0 people and services" in ecomap_svg.draw(team, AS_AT, "Ash")


# --- one layout, three drawings ---


def test_pyvis_the_svg_and_the_table_have_the_same_people_in_the_same_places_and_order() -> None:
    team = people.team(ash(), FIRST, AS_AT)
    placed = layout.place(team)
    expected = {
        track.id: cast.points[state.ring]
        for track, state in team.on(AS_AT)
        if (cast := placed.on(AS_AT).seat(track.id))
    }
    nodes = {n["id"]: n for n in ecomap.network(team, placed)["nodes"]}
    assert {id: (nodes[id]["x"], nodes[id]["y"]) for id in expected} == expected

    svg = ElementTree.fromstring(ecomap_svg.draw(team, AS_AT, "Ash", interactive=True))
    ns = "{http://www.w3.org/2000/svg}"
    options = [g for g in svg.iter(f"{ns}g") if g.get("role") == "option"]
    assert [g.get("data-id") for g in options] == list(expected)
    for g in options:
        circle, square = g.find(f"{ns}circle"), g.findall(f"{ns}rect")[-1]
        if circle is not None:
            at = (float(circle.get("cx", "")), float(circle.get("cy", "")))
        else:
            half = float(square.get("width", "")) / 2
            at = (float(square.get("x", "")) + half, float(square.get("y", "")) + half)
        assert at == pytest.approx(expected[g.get("data-id", "")])

    names = [track.name for track, _ in team.on(AS_AT)]
    assert child_page.people_table(team, AS_AT)["Person or service"].to_list() == [words.markdown(n) for n in names]
    assert [row["name"] for row in export.people(ash(), AS_AT)] == names


def test_physics_is_off_and_every_involvement_is_sent_once() -> None:
    team = people.team(ash(), FIRST, AS_AT)
    told = ecomap.scene(team, layout.place(team), "Ash", timeline.marks(ash(), AS_AT))
    assert [p["id"] for p in told["people"]] == [t.id for t in team.tracks]
    assert "Social care/doyle" in {p["id"] for p in told["people"]}  # left long before the last day
    json.dumps(told)  # plain data throughout
    assert "physics: false" in ecomap.file("ecomap.js")


def test_changes_are_the_days_on_which_someone_came_or_left() -> None:
    team = people.team(ash(), FIRST, AS_AT)
    changes = {FIRST + timedelta(days=n) for n in ecomap.changes(team, timeline.marks(ash(), AS_AT))}
    assert {D("2025-12-09"), D("2026-01-19"), D("2025-11-17"), D("2025-12-04")} <= changes


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2031-01-01", "1999-01-01", None, 7, "<b>"])
def test_only_a_day_of_the_picture_is_taken_from_the_frame(text: object) -> None:
    assert ecomap.day_of(FIRST, text, AS_AT) is None
    assert ecomap.day_of(FIRST, "2025-10-01", AS_AT) == D("2025-10-01")


# --- a name can do nothing ---


def test_hostile_names_stand_in_the_page_as_text_and_nothing_is_fetched() -> None:
    of = hostile()
    html = ecomap.page(people.team(of, FIRST, AS_AT), words.child_label(of.child), timeline.marks(of, AS_AT))
    own = html.replace(ecomap._vis_network(), "")
    assert "<img" not in own and "<svg onload" not in own and "<i>Ash" not in own
    assert len(re.findall(r"<script", own)) == len(re.findall(r"</script>", own)) == 4
    assert not re.search(r"""<(?:script|img|iframe)[^>]*\ssrc=|<link|@import|url\(""", own)
    assert "default-src 'none'" in own and "unsafe" not in own


def test_hostile_names_are_text_in_the_svg_and_the_timeline() -> None:
    of = hostile()
    team = people.team(of, FIRST, AS_AT)
    for svg in (
        ecomap_svg.draw(team, AS_AT, words.child_label(of.child), interactive=True),
        ecomap_svg.draw(team, AS_AT, words.child_label(of.child)),
        timeline.draw(of, FIRST, AS_AT, AS_AT),
    ):
        tags = {e.tag.rpartition("}")[2] for e in ElementTree.fromstring(svg).iter()}
        assert not tags & {"script", "img", "image", "a", "foreignObject", "i"}
        assert not [a for e in ElementTree.fromstring(svg).iter() for a in e.attrib if a.startswith("on")]


@pytest.mark.parametrize("text", ["**b**", "[x](http://a)", "![x](y)", ":red[x]", "$a$", "# t", "`c`", "<b>", "a|b"])
def test_markdown_is_written_out(text: str) -> None:
    assert not re.search(r"(?<!\\)[*\[\]()!:$#`<>|_]", words.markdown(text))


# --- the command line ---


def test_people_since_a_day_are_marked() -> None:
    rows = {r["name"]: r for r in export.people(ash(), AS_AT, D("2025-12-04"))}
    assert (rows["Dina Hassan"]["change"], rows["Lena Brandt"]["change"]) == ("joined", "left")
    assert rows["Anne Whitfield"]["change"] == ""
    assert rows["Jo Tremayne"]["area"] == "Cornwall"


def test_an_ecomap_is_written_as_svg_or_html_and_nothing_else(tmp_path: Path) -> None:
    export.write_ecomap(ash(), AS_AT, tmp_path / "a.svg")
    export.write_ecomap(ash(), AS_AT, tmp_path / "a.html")
    assert ElementTree.parse(tmp_path / "a.svg").getroot().get("role") == "img"
    assert "Dina Hassan" in (tmp_path / "a.html").read_text(encoding="utf-8")
    with pytest.raises(TeamaroundError, match="as .svg or .html"):
        export.write_ecomap(ash(), AS_AT, tmp_path / "a.pdf")
    with pytest.raises(TeamaroundError, match="could not be written"):
        export.write_ecomap(ash(), AS_AT, tmp_path / "none" / "a.svg")


def test_a_track_is_in_one_state_at_a_time() -> None:
    def overlaps(track: Track) -> bool:
        pairs = zip(track.states, track.states[1:], strict=False)
        return any(a.end is None or a.end > b.start for a, b in pairs)

    assert not [t.id for of in (ash(), crowd(60)) for t in people.team(of, FIRST, AS_AT).tracks if overlaps(t)]


def test_an_employer_places_someone_in_an_area_while_they_work_there() -> None:
    of = records("""
    involved_with | from | role      | start
                  | jo   | lac_nurse | 2025-01-01

    works_for | from | to              | start      | end
              | jo   | health:City     | 2024-01-01 | 2025-06-01
              | jo   | health:Cornwall | 2025-06-01 |

    serves | from            | to
           | health:Cornwall | E06000052
    """)
    team = people.team(of, D("2025-01-01"), D("2026-01-01"))
    told = [(s.agency, s.area) for t in team.tracks for s in t.states if s.line != "unknown"]
    assert list(dict.fromkeys(told)) == [("City", None), ("Cornwall", "Cornwall")]


def test_a_review_written_down_later_makes_nobody_old_before_it_is_known() -> None:
    of = records("""
    involved_with | from   | role          | start
                  | hassan | social_worker | 2026-01-19

    meetings | kind   | on         | recorded_on
    r1       | review | 2025-12-04 |
    r2       | review | 2026-02-02 | 2026-02-20
    """)
    team = people.team(of, D("2026-01-01"), D("2026-03-01"))
    hassan = team.tracks[0]
    assert [bool((s := hassan.on(D(d))) and s.new) for d in ("2026-02-19", "2026-02-20")] == [True, False]
