"""How often an invoice is said to come: "one collective invoice at month end", "billed every second Friday"."""

from __future__ import annotations

from collections.abc import Iterator

from bot.language.clauses import Clause
from bot.language.evidence import Scene
from bot.language.statement import Statement
from bot.language.terms.spot import sentences
from bot.language.wording import Wording, words

INVOICE = words(
    """
    invoice, invoices, invoiced, invoicing, bill, bills, billed, billing, statement, statements, payment run, billing
    cycle, payment cycle, remit
    """
)
_NO_INVOICE = words(
    """
    bill of lading, bills of lading, bol, review, call, meeting, report, accuracy, dispute*, credit note, forecast, volume*, parcels,
    packages
    """
)
_CYCLES: dict[str, Wording] = {
    "per shipment": words("per shipment, per parcel, per label, each shipment, by shipment, charged per, pay as you go"),
    "twice a month": words(
        "twice a month, twice monthly, semi-monthly, semimonthly, 1st and 15th, first and fifteenth, the 1st and the 15th"
    ),
    "every two weeks": words(
        """
        every two weeks, every 2 weeks, every other week, every second week, every second/other
        monday/tuesday/wednesday/thursday/friday, fortnightly, each fortnight, every fortnight, biweekly, bi-weekly, per fortnight
        """
    ),
    "quarterly": words("quarterly, per quarter, each quarter, every quarter, a quarter, once a quarter, end of the quarter, quarter end"),
    "monthly": words(
        """
        monthly, per month, each month, every month, once a month, a month, end of the/each/every month, month end, month-end, calendar
        month, end of month, per calendar month, last day of the/each month, first of the/each month, first of every month
        """
    ),
    "weekly": words(
        """
        weekly, per week, each week, every week, once a week, a week, each/every monday/tuesday/wednesday/thursday/friday, on
        mondays/tuesdays/wednesdays/thursdays/fridays, week by week
        """
    ),
    "daily": words("daily invoice*, daily bill*, invoice/invoices/bill/bills/billed daily, every day, each day"),
}
"""Cycle -> how it is said; the first that fits counts ("every second week" before "every week")."""


def cycle(text: str) -> str | None:
    """The one billing cycle that these words name; None for none, or for more than one."""
    named = [name for name, said in _CYCLES.items() if said.search(text)]
    if "every two weeks" in named:
        named = [name for name in named if name != "weekly"]
    if "twice a month" in named:
        named = [name for name in named if name != "monthly"]
    return named[0] if len(named) == 1 else None


def billing_claims(pieces: list[Clause], scene: Scene) -> Iterator[Statement]:
    """Each sentence that says how often is billed; `notes` carry the cycle."""
    for sentence in sentences(pieces, scene, INVOICE):
        named = cycle(sentence.text)
        if named and not scene.has(_NO_INVOICE, sentence.text):
            yield sentence.claim("billing", (named,), 0.6)
