"""The pages in a real browser, on invented children: what people can do, and what a name cannot.

End-to-end tests on a real graph stand in `test_graph.py`.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import Visit

ASH, BO, CROWD, HOSTILE = (f"/child?child={ref}" for ref in ("k7q2w9", "p3d8r1", "cr0wd0", "h__st_l"))
PAGES = ("/", ASH, BO, CROWD, "/child", "/child?child=nobody", "/cohort")
SIZES: tuple[ViewportSize, ...] = ({"width": 1366, "height": 900}, {"width": 1920, "height": 1080})


def drag(visit: Visit, share: float) -> None:
    """Take the slider to a share of its way, and hold it there."""
    box = visit.frame().locator("#slider").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    visit.page.mouse.move(box["x"] + box["width"] - 9, y)
    visit.page.mouse.down()
    for step in range(1, 11):
        visit.page.mouse.move(box["x"] + box["width"] * (1 - (1 - share) * step / 10), y)
        visit.page.wait_for_timeout(40)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_whole(visit: Visit, path: str) -> None:
    visit.page.goto(path)
    expect(visit.page.locator("h1").first).to_be_visible()
    visit.settled()
    for size in SIZES:
        visit.page.set_viewport_size(size)
        visit.settled()
        wider = visit.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, size
    assert visit.page.locator("[data-testid=stException]").count() == 0
    assert "Something went wrong" not in visit.page.inner_text("body")
    assert hosts(visit) == {visit.page.url.split("/")[2]}


def hosts(visit: Visit) -> set[str]:
    """Every host the page asked anything of."""
    return {url.split("/")[2] for url in visit.asked if url.startswith(("http", "ws"))}


# --- the slider ---


def test_moving_the_slider_asks_the_server_nothing_and_letting_go_asks_once(visit: Visit) -> None:
    visit.page.goto(ASH)
    frame = visit.frame()
    visit.settled()
    sent, asked = len(visit.sent), len(visit.asked)
    assert frame.locator("#date").inner_text() == "31 March 2026"
    drag(visit, 0.5)
    moved = frame.locator("#date").inner_text()
    assert moved != "31 March 2026"
    assert frame.locator(".label:visible", has_text="Clare Doyle").count() == 1  # left in May 2025
    visit.page.wait_for_timeout(600)
    assert (len(visit.sent), len(visit.asked)) == (sent, asked)
    visit.page.mouse.up()
    visit.settled()
    assert len(visit.sent) == sent + 1
    assert frame.locator("#date").inner_text() == moved
    frame.get_by_role("button", name="Later change").click()
    visit.settled()
    assert len(visit.sent) == sent + 2


def test_what_stands_beside_and_below_follows_the_date_and_the_slider_stays(visit: Visit) -> None:
    visit.page.goto(ASH)
    visit.frame()
    expect(visit.page.locator(".head")).to_contain_text("living in a children's home in Cornwall")
    expect(visit.page.locator(".findings")).to_contain_text("No social worker on record for 41 days")
    drag(visit, 0.5)
    visit.page.mouse.up()
    expect(visit.page.locator(".head")).to_contain_text("living in a foster home in Coventry")
    expect(visit.page.locator(".findings")).not_to_contain_text("41 days")
    visit.settled()
    moved = visit.frame().locator("#date").inner_text()
    assert moved.endswith("2025")
    visit.open("The same people as a table")
    expect(visit.page.locator("[data-testid=stTable]").first).to_contain_text("Mrs Larch")
    title = visit.page.locator("svg title", has_text="Who is around").first
    assert moved in (title.text_content() or "")


def test_the_buttons_go_from_change_to_change(visit: Visit) -> None:
    visit.page.goto(ASH)
    frame = visit.frame()
    frame.get_by_role("button", name="Earlier change").click()
    assert frame.locator("#date").inner_text() == "9 March 2026"
    visit.settled()
    expect(visit.page.locator("svg title", has_text="as known on 9 March 2026")).to_have_count(1)
    frame.get_by_role("button", name="Later change").click()
    assert frame.locator("#date").inner_text() == "31 March 2026"


def test_a_longer_time_keeps_the_day(visit: Visit) -> None:
    visit.page.goto(ASH)
    visit.frame().get_by_role("button", name="Earlier change").click()
    visit.settled()
    visit.open("The whole record")
    expect(
        visit.page.locator("svg title", has_text="3 June 2019 to 31 March 2026, as known on 9 March 2026")
    ).to_have_count(1)
    frame = visit.frame()
    assert (frame.locator("#first").inner_text(), frame.locator("#date").inner_text()) == ("3 Jun 2019", "9 March 2026")


def test_the_slider_moves_by_key(visit: Visit) -> None:
    visit.page.goto(ASH)
    frame = visit.frame()
    frame.locator("#slider").focus()
    visit.page.keyboard.press("ArrowLeft")
    assert frame.locator("#date").inner_text() == "30 March 2026"
    assert "30 March 2026" in (frame.locator("#slider").get_attribute("aria-valuetext") or "")


def test_the_picture_is_drawn_when_its_frame_gets_its_width_late(visit: Visit) -> None:
    visit.page.goto(ASH)
    frame = visit.frame()
    frame.evaluate("document.querySelector('main').style.width = '400px'")  # no resize of the window tells of it
    visit.page.wait_for_timeout(300)
    small = frame.locator("#stage").bounding_box()
    frame.evaluate("document.querySelector('main').style.width = ''")
    visit.page.wait_for_timeout(300)
    large = frame.locator("#stage").bounding_box()
    assert small and large and small["height"] < 300 < large["height"]


# --- choosing someone ---


def test_a_click_on_a_name_opens_the_card(visit: Visit) -> None:
    visit.page.goto(ASH)
    visit.frame().locator(".label", has_text="Jo Tremayne").click()
    card = visit.page.locator(".card")
    for said in ("Jo Tremayne", "looked-after children's nurse", "Cornwall Partnership NHS", "15 December 2025",
                 "Last contact on record 22 January 2026", "31 March 2026", "involved_with.csv, row"):  # fmt: skip
        expect(card).to_contain_text(said)
    visit.page.get_by_role("button", name="Close this card").click()
    expect(card).to_have_count(0)
    visit.frame().locator(".label", has_text="Jo Tremayne").click()
    expect(card).to_have_count(1)  # the same person again


def test_a_click_on_the_picture_opens_the_card(visit: Visit) -> None:
    visit.page.goto(ASH)
    frame = visit.frame()
    visit.settled()
    box = frame.locator("#canvas").bounding_box()
    where = frame.evaluate(
        """() => { const at = network.getPosition("Social care/hassan"); return network.canvasToDOM(at); }"""
    )
    assert box
    visit.page.mouse.click(box["x"] + where["x"], box["y"] + where["y"])
    expect(visit.page.locator(".card h3")).to_have_text("Dina Hassan")


def test_the_drawing_is_walked_with_arrows_and_a_person_chosen_with_enter(visit: Visit) -> None:
    visit.page.goto(ASH)
    visit.frame()
    visit.open("The same picture for keyboard")
    options = visit.page.locator("[role=option]")
    expect(options.first).to_be_visible()
    assert visit.page.locator("[role=option][tabindex='0']").count() == 1  # one stop for Tab
    options.first.focus()
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("End")
    visit.page.keyboard.press("ArrowUp")
    focused = visit.page.evaluate(
        """() => { let at = document.activeElement;
                   while (at.shadowRoot) at = at.shadowRoot.activeElement;
                   return at.getAttribute("aria-label"); }"""
    )
    assert focused.startswith("Jude Hale independent visitor; The Barn")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".card h3")).to_have_text("Jude Hale")


def test_the_picture_is_saved_without_a_name_in_its_file_name(visit: Visit) -> None:
    visit.page.goto(ASH)
    visit.frame()
    visit.open("The same picture for keyboard")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Save this picture").click()
    assert download.value.suggested_filename == "ecomap-k7q2w9-2026-03-31.svg"
    text = download.value.path().read_text(encoding="utf-8")
    assert "Dina Hassan" in text and "From records, not the child’s own view" in text


# --- labels ---


@pytest.mark.parametrize("path", [ASH, CROWD])
def test_names_in_the_picture_do_not_meet(visit: Visit, path: str) -> None:
    visit.page.goto(path)
    frame = visit.frame()
    for size in SIZES:
        visit.page.set_viewport_size(size)
        visit.settled()
        assert frame.evaluate(MEETING) == []


# The labels and headings whose boxes overlap, in pairs.
MEETING = """() => {
  const boxes = [...document.querySelectorAll(".label, .group")].filter((e) => !e.hidden)
    .map((e) => [e.textContent, e.getBoundingClientRect()]);
  const met = [];
  boxes.forEach(([a, p], n) => boxes.slice(n + 1).forEach(([b, q]) => {
    const x = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (x > 1 && y > 1.5) met.push([a, b, x, y]);
  }));
  return met;
}"""


# --- a name can do nothing ---


def test_hostile_names_do_nothing_anywhere(visit: Visit) -> None:
    visit.page.goto(HOSTILE)
    frame = visit.frame()
    for summary in ("The same picture", "The same people", "The same as a table"):
        visit.open(summary)
    frame.locator(".label", has_text="</script>").click()
    expect(visit.page.locator(".card h3")).to_contain_text("</script><img src=x")
    assert "PWNED" not in [t for t in visit.page.locator(".card h3").all_inner_texts()]
    assert visit.page.locator("[data-testid=stMain] img, [data-testid=stMain] script").count() == 0
    assert visit.page.locator("a[href*='192.0.2.1'], a[href^='javascript']").count() == 0
    assert frame.locator("img, a, svg[onload]").count() == 0
    assert {url.split("/")[2] for url in visit.asked if url.startswith(("http", "ws"))} == {
        visit.page.url.split("/")[2]
    }


def test_the_frame_can_neither_read_the_page_nor_reach_a_server(visit: Visit) -> None:
    visit.page.goto(ASH)
    frame = visit.frame()
    assert visit.page.locator("iframe[sandbox]").get_attribute("sandbox") == "allow-scripts"
    tried: dict[str, Any] = frame.evaluate(
        """async () => {
          const tried = {};
          try { parent.document.body; tried.parent = "read"; } catch (e) { tried.parent = e.name; }
          try { document.cookie; tried.cookie = "read"; } catch (e) { tried.cookie = e.name; }
          try { await fetch("http://127.0.0.1:9/"); tried.fetch = "sent"; } catch (e) { tried.fetch = e.name; }
          return tried;
        }"""
    )
    assert tried == {"parent": "SecurityError", "cookie": "SecurityError", "fetch": "TypeError"}
    assert not [url for url in visit.asked if ":9/" in url]


def test_a_message_from_elsewhere_chooses_nobody(visit: Visit) -> None:
    visit.page.goto(ASH)
    visit.frame()
    visit.settled()
    sent = len(visit.sent)
    visit.page.evaluate(
        "() => window.postMessage({ ecomap: true, select: 'Social care/hassan', day: '2025-01-01' }, '*')"
    )
    visit.frame().evaluate("() => parent.postMessage({ ecomap: true, select: 'nobody', day: 'soon' }, '*')")
    visit.page.wait_for_timeout(800)
    assert len(visit.sent) == sent
    assert visit.page.locator(".card").count() == 0


# --- for everyone ---


def violations(found: Any) -> list[str]:
    """What axe finds wrong, with where."""
    return [f"{v['id']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found.response["violations"]]


@pytest.mark.parametrize("path", ["/", ASH, "/cohort"])
def test_axe_finds_nothing_wrong(visit: Visit, path: str) -> None:
    visit.page.goto(path)
    expect(visit.page.locator("h1").first).to_be_visible()
    visit.settled()
    for summary in visit.page.locator("[data-testid=stExpander] summary, details.fold summary").all():
        summary.click()
    visit.settled()
    if path == ASH:
        visit.page.locator(".finding summary").first.click()
        assert violations(Axe().run(visit.frame())) == []
    assert violations(Axe().run(visit.page)) == []


# --- from page to page ---


def test_my_children_are_in_the_order_of_the_diary_and_a_link_opens_the_child(visit: Visit) -> None:
    visit.page.goto("/")
    rows = visit.page.locator("table.plain").first.locator("tbody tr")
    expect(rows.first).to_contain_text("Review due by 1 July 2025, no record of it")
    expect(visit.page.get_by_text("the diary, not a ranking")).to_be_visible()
    visit.page.get_by_label("Reviewing officer").click()
    visit.page.get_by_role("option", name="Anne Whitfield").click()
    visit.settled()
    assert all("Anne Whitfield" in text for text in rows.all_inner_texts())
    visit.page.get_by_role("link", name="Ash Vale").click()
    expect(visit.page.locator(".head h1")).to_have_text("Ash Vale, 13")
    assert visit.page.url.endswith(ASH)
    visit.page.get_by_role("link", name="My children").click()
    visit.settled()
    assert all("Anne Whitfield" in text for text in rows.all_inner_texts())  # the choice is kept
    visit.page.get_by_role("link", name="One child").click()
    expect(visit.page.locator(".head h1")).to_have_text("Ash Vale, 13")


def test_a_cell_of_the_cohort_says_who_under_random_names_and_why(visit: Visit) -> None:
    visit.page.goto("/cohort")
    visit.page.locator("[role=button][data-id^='4,']").first.click()
    card = visit.page.locator(".card")
    expect(card).to_contain_text("with 4 features")
    expect(card).to_contain_text("Chronic abuse and neglect")
    assert "Ash" not in card.inner_text()
    card.get_by_role("link").first.click()
    expect(visit.page.locator(".head h1")).to_be_visible()
    assert "/child?child=inv" in visit.page.url


def test_no_page_holds_a_childs_number_or_name_in_its_address(visit: Visit) -> None:
    visit.page.goto("/")
    visit.settled()
    links = visit.page.locator("table.plain a")
    hrefs = [links.nth(n).get_attribute("href") or "" for n in range(links.count())]
    assert len(hrefs) == 50
    assert not [h for h in hrefs if "Ash" in h or "404" in h or "41000" in h]
