"""Sample days that drafts are tried on: before, in and after the test, ramping and not, with figures and without any."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.deal import Deal, Person
from bot.playbook.clock.due import due
from bot.playbook.clock.history import Actual, Actuals, Delay, Happened, History, Next
from bot.playbook.clock.performance import performance, story
from templates.draft_facts import DraftOccasion
from templates.language import Language
from templates.samples import DEALS

_DAYS = (-3, 5, 20, 120)
"""Calendar days of the test."""


def draft_samples(language: Language) -> list[dict[str, object]]:
    """The facts of many situations."""
    return [occasion.facts(language) for occasion in occasions()]


def occasions() -> list[DraftOccasion]:
    """The situations themselves."""
    deals = [DEALS[0].model_copy(update={"people": (*DEALS[0].people, *_OTHERS), "signed": date(2026, 10, 1)}), *DEALS[1:]]
    return [_occasion(deal, day, share) for deal in deals for day in _DAYS for share in (None, 0.6, 1.02)]


_OTHERS = (
    Person(id="U1", name="Dana Ortiz", role="customer"),
    Person(id="U2", name="Ivan Petrov", role="implementation"),
    Person(id="U5", name="Ana Silva", role="account-manager"),
)


def _occasion(deal: Deal, number: int, share: float | None) -> DraftOccasion:
    start = deal.test.starts
    today = start + timedelta(days=number - 1)
    actuals = _fed(deal, today, share) if share is not None and number > 0 else None
    history = _history(start, today) if share != 1.02 and number > 0 else History()
    day = due(deal, history, actuals, datetime(today.year, today.month, today.day, 15, tzinfo=UTC))
    about = today + timedelta(days=7) if share else None
    return DraftOccasion(day, performance(day, actuals), story(day, history), about=about, call="weekly status" if share else None)


def _history(start: date, today: date) -> History:
    objection = Delay(
        "1", "objection-too-busy", today - timedelta(days=6), Next("decision on a second dock door", today + timedelta(days=4))
    )
    return History(
        happened=(Happened("pickup", start, "BOL 4711"), Happened("performance", start + timedelta(days=12))), delays=(objection,)
    )


def _fed(deal: Deal, today: date, share: float) -> Actuals:
    days = (deal.test.starts + timedelta(days=ahead) for ahead in range((today - deal.test.starts).days))
    return Actuals(tuple(Actual(day, round(deal.agreed_on(day).per_day * share), 0.985, 0.997) for day in days if day.weekday() < 5))
