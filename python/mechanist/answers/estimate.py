"""Numbers with intervals."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..base.page import number


@dataclass(frozen=True)
class Estimate:
    """A number and its interval. Where nothing is known the interval is infinite."""

    value: float
    """The best estimate."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""

    @classmethod
    def _of(cls, e: Any) -> "Estimate":
        return cls(e.value, e.low, e.high)

    def __str__(self) -> str:
        return f"{number(self.value)} ({number(self.low)} to {number(self.high)})"
