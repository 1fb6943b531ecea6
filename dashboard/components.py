"""The parts of the pages that Streamlit does not have: the ecomap in its frame, drawings one can choose in, links.

Their own script is written here and never holds anything from a file. The ecomap's page runs in a frame without
an origin: it can neither read this page nor reach a server, and only two kinds of message are taken from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import streamlit as st

FRAME = """
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const host = parentElement.querySelector("#host");
  const iso = /^\\d{4}-\\d{2}-\\d{2}$/;
  const known = new Set(data.known);
  let frame = host.querySelector("iframe");
  if (!frame || host.drawn !== data.html) {
    frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.title = data.title;
    frame.style.cssText = "display:block;width:100%;border:0;height:" + data.height + "px";
    frame.srcdoc = data.html;
    host.drawn = data.html;
    host.replaceChildren(frame);
  }
  const heard = (event) => {
    if (event.source !== frame.contentWindow || !event.data || event.data.ecomap !== true) return;
    const { select, day, height, drawn } = event.data;
    if (typeof height === "number" && height > 100 && height < 4000) frame.style.height = Math.ceil(height) + "px";
    if (drawn) tell({ chosen: data.chosen, day: data.day });
    if (typeof select === "string" && known.has(select)) setTriggerValue("chosen", select);
    if (typeof day === "string" && iso.test(day)) setStateValue("day", day);
  };
  const tell = (what) => frame.contentWindow && frame.contentWindow.postMessage({ ecomap: true, ...what }, "*");
  window.addEventListener("message", heard);
  tell({ chosen: data.chosen });
  return () => window.removeEventListener("message", heard);
}
"""

DRAWING = """
export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector("#host");
  if (host.drawn === data.svg) return;
  const parsed = new DOMParser().parseFromString(data.svg, "image/svg+xml");
  host.drawn = data.svg;
  host.replaceChildren(document.importNode(parsed.documentElement, true));
  const parts = [...host.querySelectorAll("[data-id]")];
  const choose = (part) => setTriggerValue("chosen", part.dataset.id);
  const go = (part) => {
    parts.forEach((p) => p.setAttribute("tabindex", p === part ? "0" : "-1"));
    part.focus();
  };
  parts.forEach((part, n) => {
    part.addEventListener("click", () => { go(part); choose(part); });
    part.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step) go(parts[(n + step + parts.length) % parts.length]);
      else if (event.key === "Home") go(parts[0]);
      else if (event.key === "End") go(parts[parts.length - 1]);
      else if (event.key === "Enter" || event.key === " ") choose(part);
      else return;
      event.preventDefault();
    });
  });
}
"""
LINKS = """
export default function ({ setTriggerValue }) {
  const open = (event) => {
    const link = event.target.closest && event.target.closest('a[href^="child?child="]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("ref", new URLSearchParams(link.getAttribute("href").split("?")[1]).get("child"));
  };
  document.addEventListener("click", open);
  return () => document.removeEventListener("click", open);
}
"""
HOST = '<div id="host"></div>'
FITS = "svg { display: block; width: 100%; height: auto; }"


@cache
def _frame() -> Any:
    return st.components.v2.component("teamaround_ecomap", html=HOST, js=FRAME)


@cache
def _drawing() -> Any:
    return st.components.v2.component("teamaround_drawing", html=HOST, css=FITS, js=DRAWING)


@cache
def _links() -> Any:
    return st.components.v2.component("teamaround_links", js=LINKS)


def opened() -> str | None:
    """The ref of the child whose link was followed: the page changes without a new session."""
    found: Mapping[str, Any] = _links()(key="links", on_ref_change=_nothing)
    ref = found.get("ref")
    return str(ref) if ref else None


def frame(
    html: str, *, key: str, title: str, height: float, known: list[str], chosen: str | None, day: str
) -> Mapping[str, Any]:
    """The ecomap's page in its frame, which begins on a day.

    What people did in it comes back: `chosen`, a track's id, once when it is clicked; `day` (ISO), where the slider
    was left.
    """
    found: Mapping[str, Any] = _frame()(
        data={"html": html, "title": title, "height": height, "known": known, "chosen": chosen, "day": day},
        key=key,
        on_chosen_change=_nothing,
        on_day_change=_nothing,
    )
    return found


def drawing(svg: str, *, key: str) -> Mapping[str, Any]:
    """An SVG of ours in the page; `chosen` is the `data-id` of a part, once when it is chosen."""
    found: Mapping[str, Any] = _drawing()(data={"svg": svg}, key=key, on_chosen_change=_nothing)
    return found


def _nothing() -> None:
    """A change needs a callback to be heard; what follows from it is drawn by the run it starts."""
