"""The homes as the case system has them, who was told of each, who approved it, and what the child was told."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from graph.calendars import add_working_days
from graph.reference import adjoins
from graph.reference.codes import CONNECTED_PERSON, FOSTER, UNPLANNED
from ingest.generate import chance as by
from ingest.generate.childhood import Home
from ingest.generate.partners.desk import Desk
from ingest.generate.told import Episode

ALL_TOLD, EACH_TOLD = 0.86, 0.75  # of placements, those of which everyone was told in time; else of each, how many
CHILD_TOLD = 0.93  # of moves and of changes of worker, those of which the child was told before
APPROVED, CONSULTED = 0.93, 0.93
EMERGENCY = 0.7  # of moves after an unplanned end, those made in an emergency


def write(desk: Desk) -> None:
    """The episodes, and what came before and after each new home."""
    chance = desk.chance("homes")
    homes = {h.start: (n, h) for n, h in enumerate(desk.child.homes)}
    for episode in desk.told.episodes:
        if episode.end and episode.end <= desk.first:
            continue
        n, home = homes.get(episode.start, (0, None))
        emergency = home is not None and _emergency(desk, n, chance)
        _episode(desk, episode, emergency)
        if home and desk.covers(home.start):
            _told(desk, home, n, emergency, chance)
            _approved(desk, home, emergency, chance)
    _workers_announced(desk, chance)


def change(number: str, start: date) -> str:
    """How a record points at the stay that began on a day."""
    return f"PlacedAt:{number}|{start}"


def _emergency(desk: Desk, n: int, chance: Random) -> bool:
    if n == 0:
        return desk.child.statuses[0][1] in ("L1", "L2") or chance.random() < 0.15
    return desk.child.homes[n - 1].reason in UNPLANNED and chance.random() < EMERGENCY


def _episode(desk: Desk, episode: Episode, emergency: bool) -> None:
    child = desk.child
    home = f"{child.number}|{episode.urn}|{episode.spot.postcode}"
    if desk.anew(home):
        desk.case.add("placements", id=home, urn=episode.urn, postcode=episode.spot.postcode,
                      provider=episode.provider)  # fmt: skip
    basis = None
    if episode.place in CONNECTED_PERSON:
        basis = "connected person"
    elif episode.place in FOSTER and episode.provider == "PR1":
        basis = "own foster carer"
    desk.case.join(
        "placed_at", child.number, home, id=f"{child.number}|{episode.start}", place_type=episode.place,
        provider=episode.provider, start=episode.start, end=episode.end, start_reason=episode.rne,
        end_reason=episode.rec, change_reason=episode.reason, emergency=emergency or None, basis=basis,
    )  # fmt: skip


# --- regulation 13, and regulation 11 ---


def _told(desk: Desk, home: Home, n: int, emergency: bool, chance: Random) -> None:
    """The notices of a placement: before it, in an emergency within five working days; now and then one is missing."""
    child, well = desk.child, chance.random() < ALL_TOLD
    for recipient, to in _recipients(desk, home, n):
        sent = home.start - by.days(chance, 1, 9)
        if emergency and recipient != "child":
            sent = by.weekday(home.start + by.days(chance, 0, 3))
        if not well and chance.random() > EACH_TOLD:
            sent = add_working_days(home.start, chance.randint(6, 25)) if chance.random() < 0.4 else date.max
            desk.plant("area.notice", recipient, home.start, "left out, or sent weeks later")
            if recipient == "area authority" and not (_own(home) or adjoins(child.home.authority, home.spot.authority)):
                desk.plant("area.approval", "the area authority", home.start, "not consulted before")
            if recipient == "child" and n:
                desk.plant("continuity.unannounced", "a move", home.start, "the child was not told")
        if recipient == "child" and n and sent < home.start and chance.random() > CHILD_TOLD:
            sent = home.start
            desk.plant("area.notice", recipient, home.start, "told on the day and not before")
            desk.plant("continuity.unannounced", "a move", home.start, "told on the day and not before")
        if sent <= desk.last:
            _notice(desk, recipient, sent, change(child.number, home.start), to)


def _own(home: Home) -> bool:
    """Whether the carer is a connected person or one whom the authority itself approved: regulation 11(3)."""
    return home.type in CONNECTED_PERSON or (home.type in FOSTER and home.provider == "PR1")


def _recipients(desk: Desk, home: Home, n: int) -> list[tuple[str, str | None]]:
    """Whom regulation 13 has told, and who that is where the case system names them."""
    child = desk.child
    found: list[tuple[str, str | None]] = [("child", None) for _ in range(child.age(home.start) >= 4)]
    found += [("parent", f"Person:{p}") for p in desk.parents]
    found += [("health commissioner", None), ("gp", None), ("new gp", None), ("education", None), ("iro", None)]
    found += [("previous carer", None) for _ in range(n > 0)]
    found += [("contact order", f"Person:{p}") for p in desk.ordered]
    outside = home.spot.authority != child.home.authority
    return found + [("area authority", f"LocalAuthority:{home.spot.authority}") for _ in range(outside)]


def _notice(desk: Desk, recipient: str, sent: date, of: str | None, to: str | None = None) -> None:
    number = desk.child.number
    whom = f"-{to.partition(':')[2]}" if to else ""
    what = (of or "worker").rpartition("|")[2]
    id = f"notice-{number}-{what}-{recipient.replace(' ', '-')}{whom}-{sent}"
    if desk.anew(id):
        desk.case.add("notices", id=id, change=of, recipient=recipient, sent_on=sent, about=number, to=to,
                      by=f"Agency:{desk.social_care()}")  # fmt: skip


def _approved(desk: Desk, home: Home, emergency: bool, chance: Random) -> None:
    """The approval regulation 11 asks for outside the authority: an officer's or, at a distance, the director's."""
    child, area = desk.child, home.spot.authority
    if area == child.home.authority or _own(home):
        return
    if chance.random() > APPROVED:
        desk.plant("area.approval", "a home outside", home.start, "no approval was drawn")
        return
    near = adjoins(child.home.authority, area)
    on = home.start - by.days(chance, 0, 1 if emergency else 8)
    desk.case.add(
        "decisions", id=f"approval-{child.number}-{home.start}", kind="placement approval",
        change=change(child.number, home.start), on=max(on, desk.first), about=child.number,
        by_role="nominated officer" if near else "director of children's services",
    )  # fmt: skip


# --- changes of worker ---


def _workers_announced(desk: Desk, chance: Random) -> None:
    """A notice to the child before most changes of social worker or reviewing officer."""
    for role in ("social_worker", "iro"):
        ties = [t for t in desk.team.of(role) if t.start > desk.child.start and desk.covers(t.start)]
        for tie in ties:
            sent = tie.start - timedelta(days=chance.randint(2, 12))
            if desk.child.age(tie.start) >= 4 and sent >= desk.first and chance.random() < CHILD_TOLD:
                _notice(desk, "child", sent, None, f"Child:{desk.child.number}")
            elif desk.child.age(tie.start) >= 4 and tie != desk.team.of(role)[0]:
                desk.plant("continuity.unannounced", role.replace("_", " "), tie.start, "the child was not told")
