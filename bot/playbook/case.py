"""One statement before the judge: with its deal, side and day, and the making of findings from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.deal import Agreed, Deal
from bot.language.rates import Range
from bot.language.statement import Side, Statement
from bot.playbook.arithmetic import shown
from bot.playbook.finding import Finding, Urgency

SURE_ENOUGH = 0.75
"""From this certainty on a finding is a DM; below it waits for the digest (precision first)."""


_IN_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


def weeks(count: int) -> str:
    """As "two weeks", "one week", "12 weeks"."""
    return f"{_IN_WORDS.get(count, str(count))} week{'' if count == 1 else 's'}"


def day_name(day: date) -> str:
    """A date as people write it: "2 Nov"."""
    return f"{day.day} {day:%b}"


def agreed_words(agreed: Agreed) -> str:
    """The agreed figure in words: "test volume 150/day (2 Nov - 15 Nov)"."""
    if agreed.last is None:
        return f"ramp volume {agreed.per_day:,}/day (from {day_name(agreed.first)})"
    return f"test volume {agreed.per_day:,}/day ({day_name(agreed.first)} - {day_name(agreed.last)})"


@dataclass(frozen=True, slots=True)
class Case:
    """A statement of `side` on `day` (the customer's calendar), to be held against `deal`: the terms in force on the day spoken of."""

    deal: Deal
    statement: Statement
    side: Side
    day: date

    @classmethod
    def of(cls, deal: Deal, statement: Statement, side: Side, day: date) -> Case:
        """The case by the deal's ledger."""
        return cls(deal.on(statement.when.date() if statement.when else day), statement, side, day)

    @property
    def spoken_day(self) -> date:
        """The day that the statement speaks of; the day it was said where it names none."""
        return self.statement.when.date() if self.statement.when else self.day

    def finding(self, scenario: str, why: str, *, said: Range | None = None, agreed: Agreed | None = None) -> Finding:
        """A finding of this statement, with urgency by how surely it was read."""
        agreed = agreed or self.deal.agreed_on(self.spoken_day)
        urgency: Urgency = "now" if self.statement.sure >= SURE_ENOUGH else "digest"
        return Finding(
            scenario=scenario,
            quote=self.statement.quote,
            why=why,
            urgency=urgency,
            side=self.side,
            phase=self.deal.on(self.day).phase(self.day),
            test_day=self.deal.on(self.day).test_day(self.day),
            said_per_day=said,
            agreed_per_day=agreed.per_day,
            said=f"{shown(said)}/day" if said else None,
            agreed=agreed_words(agreed),
            rule=self.statement.rule,
            sure=self.statement.sure,
        )

    def signal(self, scenario: str, why: str, *, said: Range | None = None, agreed: Agreed | None = None) -> Finding:
        """A signal: logged, never a DM."""
        finding = self.finding(scenario, why, said=said, agreed=agreed)
        return Finding(**{name: getattr(finding, name) for name in finding.__slots__ if name != "urgency"}, urgency="log")
