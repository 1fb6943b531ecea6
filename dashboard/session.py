"""What is kept while one person looks: in their session alone, never where another could reach it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def kept(name: str, of: object, make: Callable[[], T]) -> T:
    """What was made of something, kept until it is asked for of something else: one thing a name."""
    held: dict[str, Any] = st.session_state.setdefault(f"kept {name}", {})
    if "value" not in held or held["of"] != of:
        held.update(of=of, value=make())
    value: T = held["value"]
    return value
