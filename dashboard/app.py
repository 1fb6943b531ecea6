"""The dashboard: which pages there are, and what a person reads where something goes wrong."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard import child_page, children_page, cohort_page, ecomap, words
from graph.errors import TeamaroundError

WRONG = "Something went wrong on this page. Nothing was changed. Whoever runs the dashboard sees where in its window."


def main() -> None:
    """Draw the page that is asked for."""
    st.set_page_config(page_title="Team around the child", layout="wide", initial_sidebar_state="collapsed")
    st.html(f"<style>{ecomap.file('pages.css')}</style>")
    chosen = st.navigation(
        [
            st.Page(children_page.page, title="My children", url_path="children", default=True),
            child_page.as_page(),
            st.Page(cohort_page.page, title="Whom the usual process fails", url_path="cohort"),
        ],
        position="top",
    )
    shown(chosen.run)


def shown(page: Callable[[], None]) -> None:
    """Draw a page; what goes wrong is a sentence, and no page or log holds a child's details."""
    try:
        page()
    except TeamaroundError as error:
        st.error(words.markdown(error))
    except Exception as error:  # what nobody foresaw: its text may hold anything
        print(_where(error), file=sys.stderr)
        st.error(WRONG)


def _where(error: Exception) -> str:
    """Where an error came from, without what it says: its text may hold a name."""
    frames = traceback.extract_tb(error.__traceback__)
    steps = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    return f"teamaround: {type(error).__name__} at {' > '.join(steps[-6:])}"


if __name__ == "__main__":
    main()
