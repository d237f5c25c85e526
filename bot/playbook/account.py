"""What each statement of a message came to beside the deal's terms, for those who ask: nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.deal import Deal
from bot.language.rates import Range, days_in
from bot.language.statement import Quantity, Reading, Statement, Utterance
from bot.playbook.agreed import term
from bot.playbook.arithmetic import per_day
from bot.playbook.case import Case, agreed_words
from bot.playbook.contradiction import compared
from bot.playbook.judge import JUDGES, day_of
from bot.playbook.volume import beside

Came = Literal["speaks", "falls", "differs", "agrees", "no term", "not judged"]
"""What came of it by itself: a finding or signal (`speaks`) or none (`falls`); a claim that differs from its term, or does not, or has
none; `not judged` without a deal.
"""

USUAL_DAYS = 5
"""Shipping days a week where no deal says how many."""

_OF_VOLUME = ("proposes-volume", "reports-volume")
_FALLS = {
    "start-small-and-ramp": "the test is over, so how it starts is no longer the matter",
    "not-ramping": "the ramp is far off: such talk counts from a week before the test's end",
    "ramp-confirmed": "it is for a later day than agreed",
    "avoiding-commitment": "our implementation team relays it; only the customer's own words count",
    "strategic-question": "our implementation team relays it; only the customer's own words count",
}
_UNSAID = {"rejected": "it is denied", "hypothetical": "it is only supposed", "hearsay": "it is only what others say"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement beside the deal: packages per shipping day said, the term it was held against in words, and what came of it."""

    statement: Statement
    said: Range | None
    term: str | None
    came: Came
    why: str

    @property
    def is_claim(self) -> bool:
        """Whether it is, or may be, a claim about an agreed term."""
        return self.statement.act in ("claims-term", "latent-claim")

    @property
    def perhaps(self) -> bool:
        """Whether it counts only if the trained reader says so."""
        return self.statement.act.startswith("latent")


def account(deal: Deal, reading: Reading, utterance: Utterance) -> tuple[Entry, ...]:
    """Every statement of the reading, and every claim that may be meant, held against the deal one by one."""
    day = day_of(deal, utterance)
    claims = [made for made in reading.latent if made.act == "latent-claim"]
    return tuple(_entries([Case(deal, made, utterance.side, day) for made in (*reading.statements, *claims)]))


def _entries(cases: Sequence[Case]) -> Iterator[Entry]:
    for case in cases:
        if case.statement.act in ("claims-term", "latent-claim"):
            yield _claim(case)
        elif case.statement.act in _OF_VOLUME:
            yield _volume(case)
        elif case.statement.act in JUDGES:
            yield _talk(case)


def _claim(case: Case) -> Entry:
    agreed = term(case.statement.about or "", case.deal)
    differing = compared(case)
    if differing is None and agreed is None:
        return Entry(case.statement, None, None, "no term", "the deal has no such term")
    if differing is None:
        return Entry(case.statement, None, agreed, "agrees", f"no material difference from what is agreed: {agreed}")
    said, against, per_day_said = differing
    return Entry(case.statement, per_day_said, against, "differs", f"differs: {said} was said, agreed is {against}")


def _volume(case: Case) -> Entry:
    held = beside(case)
    agreed, words = held.agreed.per_day, agreed_words(held.agreed)
    under = 1 - sum(held.said) / 2 / agreed if held.said else 0.0
    why = {
        "below": f"{under:.0%} under the agreed {words}",
        "late": f"enough, but for later than the agreed {words}",
        "meets": f"meets the agreed {words}",
        "asked": f"only asked about, and enough for the agreed {words}",
        "unsaid": f"not counted, for {_UNSAID.get(case.statement.stance, 'it is not said as so')}",
        "no volume": "not counted: too small or too large beside the deal to be its volume",
    }[held.lies]
    counts = held.lies in ("below", "late", "meets")
    return Entry(case.statement, held.said, words, "speaks" if counts else "falls", why)


def _talk(case: Case) -> Entry:
    finding = JUDGES[case.statement.act](case)
    if finding is None:
        return Entry(case.statement, None, None, "falls", f"not counted, for {_FALLS.get(case.statement.act, 'it is not the time')}")
    return Entry(case.statement, None, finding.agreed, "speaks", "")


def unjudged(reading: Reading) -> tuple[Entry, ...]:
    """The statements of a reading without a deal: figures per shipping day at five a week, and nothing to hold them against."""
    return tuple(Entry(made, _at_usual_days(made.quantity), None, "not judged", "") for made in reading.statements)


def _at_usual_days(quantity: Quantity | None) -> Range | None:
    if quantity is None or quantity.kind != "number":
        return None
    ends = [end for end in (quantity.low, quantity.high) if end is not None]
    days = days_in(quantity.per, quantity.days_per_week or USUAL_DAYS)
    return (min(ends) / days, max(ends) / days) if ends and days else None


@dataclass(frozen=True, slots=True)
class Meant:
    """A figure that the trained reader may take as meant: as said, in packages per shipping day where a deal tells, and the chance."""

    quantity: Quantity
    said: Range | None
    chance: float


def meant(reading: Reading, deal: Deal | None) -> tuple[Meant, ...]:
    """All figures that may be meant, the likeliest first."""
    chances = reading.hunch.meant if reading.hunch else {}
    likeliest = sorted(chances, key=lambda quantity: -chances[quantity])
    return tuple(Meant(one, per_day(one, deal) if deal else _at_usual_days(one), chances[one]) for one in likeliest)
