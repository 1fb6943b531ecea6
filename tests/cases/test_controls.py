"""Practice that protects stays quiet, or is said with what worries (S002, S003 in `tests/cases/controls.py`)."""

from __future__ import annotations

import pytest

from tests.cases.controls import CONTROLS, Control

ASKED = [pytest.param(c, *rule, id=f"{c.n}-{rule[0]}") for c in CONTROLS for rule in c.rules]


@pytest.mark.parametrize(("control", "rule", "status", "words"), ASKED)
def test_a_control_is_said_as_it_must_be(control: Control, rule: str, status: str, words: str) -> None:
    found = control.found(rule)
    assert status in {f.status for f in found}
    assert {f.status for f in found} <= {status, "not applicable"}
    assert any(words in f.sentence for f in found if f.status == status)


def test_four_controls() -> None:
    assert [c.n for c in CONTROLS] == [1, 2, 3, 4]


def test_the_service_that_follows_is_continued() -> None:
    (found,) = (f for f in CONTROLS[3].found("area.service_gap") if "exploitation_worker" in f.subject)
    assert found.measures["state"] == "continued"
