"""Rows that fall out of the Standard Safeguarding Dataset: each is counted, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from ingest.ledger import Ledger


def once(rows: pd.DataFrame, key: Sequence[str], better: Sequence[str], reason: str, ledger: Ledger) -> pd.DataFrame:
    """One row a key: of several, the one that comes last by the columns `better`; a blank comes first."""
    ordered = rows.sort_values(list(better), kind="stable", key=lambda column: column.map(_rank)) if better else rows
    kept = ordered.loc[~ordered.duplicated(list(key), keep="last")].index
    return apart(rows, ~rows.index.isin(kept), reason, ledger)


def _rank(value: Any) -> float:
    if value is None or value != value:
        return -1.0
    return float(value.toordinal()) if isinstance(value, date) else float(value)


def longest(rows: pd.DataFrame, key: Sequence[str], reason: str, ledger: Ledger) -> pd.DataFrame:
    """One row a key, the one that ends last or is open; one that ended on the day it began holds on no day."""
    rows = apart(rows, rows["start"] == rows["end"], "began and ended on the same day", ledger)
    lasting = rows.assign(lasts=[end or date.max for end in rows["end"]])
    return once(lasting, key, ["lasts"], reason, ledger).drop(columns="lasts")


def apart(rows: pd.DataFrame, out: Any, reason: str, ledger: Ledger) -> pd.DataFrame:
    """The rows without some that are set aside. out: true for each of these."""
    gone = pd.Series(out, index=rows.index, dtype=bool)
    ledger.set_aside(rows["file"][gone], reason)
    return rows.loc[~gone]
