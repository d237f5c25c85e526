"""A way of saying as a value, and how it is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language import cues
from bot.language.clauses import Clause
from bot.language.wording import Wording, any_of

UNSAID: tuple[Wording, ...] = (cues.HYPOTHETICAL, cues.PAST, cues.JOKE)
"""What takes most sayings back when it stands in the same clause."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Where `pattern` stands in a clause, `needs` in its sentence and none of `unless` in the clause, `act` was done.

    `sure` (0-1) is how far the rule is trusted; `volume` asks that the talk be about volume, test or ramp (in its own words or
    those just before).
    """

    name: str
    act: str
    pattern: Wording
    sure: float
    needs: Wording | None = None
    unless: tuple[Wording, ...] = UNSAID
    volume: bool = False

    def holds(self, clause: Clause, about_volume: bool) -> bool:
        """Whether the clause says it."""
        if (self.volume and not about_volume) or not self.pattern.search(clause.text):
            return False
        if self.needs is not None and not self.needs.search(clause.sentence):
            return False
        return not any_of(self.unless, clause.text)
