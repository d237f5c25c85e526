"""When a scenario stops ringing for somebody, and when it rings again: by what came of its last findings."""

from __future__ import annotations

from dataclasses import dataclass

LAST = 20
"""So many decided findings are looked at; with fewer nothing is changed."""

UNDER, ABOVE = 60, 85
"""Per cent of use: under the first a scenario goes to the digest, above the second it comes back. Between them all stays as it is."""


@dataclass(frozen=True, slots=True)
class Usefulness:
    """Of so many decided findings so many were of use."""

    useful: int = 0
    decided: int = 0

    @property
    def percent(self) -> int:
        """The share of use in per cent, rounded down, so that 59.9 % is never shown as 60 %; 0 where nothing is decided."""
        return self.useful * 100 // self.decided if self.decided else 0


def rests(before: bool, lately: Usefulness) -> bool:
    """Whether a scenario waits for the digest from now on; `before` whether it did so until now."""
    if lately.decided < LAST:
        return before
    if before:
        return lately.useful * 100 <= ABOVE * lately.decided
    return lately.useful * 100 < UNDER * lately.decided
