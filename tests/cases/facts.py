"""The facts of every case, in the order of the reviews."""

from __future__ import annotations

from collections.abc import Mapping

from tests.cases import b, sophie, v
from tests.cases.common import Fact

CASES: Mapping[str, tuple[Fact, ...]] = {"sophie": sophie.FACTS, "b": b.FACTS, "v": v.FACTS}
