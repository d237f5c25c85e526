"""Claims about agreed terms against the terms themselves: volumes, share, test length, transit, price."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.deal import Deal, Promise
from bot.language.statement import Quantity
from bot.playbook.arithmetic import Range, differs, per_day, shown
from bot.playbook.case import Case
from bot.playbook.finding import Finding
from bot.playbook.scenarios import SUBJECTS

_BUSINESS_DAYS = re.compile(r"\b(?:business|working|shipping)\b", re.IGNORECASE)
_LANE_WORD = re.compile(r"[a-z]{2,}(?:-[a-z]+)*")
_COMMON = frozenset(
    {"the", "of", "and", "in", "to", "metro", "area", "national", "new", "north", "south", "east", "west", "upper", "lower", "day", "days"}
)


def judge_claim(case: Case) -> Finding | None:
    """A contradiction where the claimed value differs materially from the term; None where it agrees or there is no such term."""
    quantity, subject = case.statement.quantity, case.statement.about
    if quantity is None or subject not in _COMPARED or case.statement.stance == "rejected":
        return None
    compared = _COMPARED[subject](case, quantity)
    if compared is None:
        return None
    said, agreed, said_per_day = compared
    why = f"The {SUBJECTS[subject]} was given as {said}; agreed is {agreed}."
    finding = case.finding("contradiction", why, said=said_per_day)
    return replace(finding, subject=subject, said=said, agreed=agreed, agreed_per_day=_agreed_per_day(subject, case.deal))


def compared(subject: str) -> bool:
    """Whether a claim about this subject is held against the term."""
    return subject in _COMPARED


def _agreed_per_day(subject: str, deal: Deal) -> float | None:
    volume = deal.volume
    if subject == "volume.annual" and volume.annual:
        return volume.annual / (52 * volume.shipping_days_per_week)
    return {"volume.test": deal.test.volume_per_day, "volume.committed": volume.committed_per_day}.get(subject)


def _daily(case: Case, quantity: Quantity, agreed: float) -> tuple[str, str, Range | None] | None:
    said = per_day(quantity, case.deal)
    if said is None or not 0.01 * agreed < said[1] < 20 * agreed or not all(differs(end, agreed) for end in said):
        return None
    if said[0] < agreed < said[1]:
        return None
    return f"{shown(said)}/day", f"{agreed:,.0f}/day", said


def _committed(case: Case, quantity: Quantity) -> tuple[str, str, Range | None] | None:
    said = per_day(quantity, case.deal)
    if said and not differs(said[1], case.deal.test.volume_per_day):
        return None
    return _daily(case, quantity, case.deal.volume.committed_per_day)


def _test_volume(case: Case, quantity: Quantity) -> tuple[str, str, Range | None] | None:
    said = per_day(quantity, case.deal)
    if said and not differs(said[1], case.deal.volume.committed_per_day):
        return None
    return _daily(case, quantity, case.deal.test.volume_per_day)


def _annual(case: Case, quantity: Quantity) -> tuple[str, str, Range | None] | None:
    volume = case.deal.volume
    agreed = volume.annual or volume.committed_per_day * 52 * volume.shipping_days_per_week
    low, high = quantity.low, quantity.high
    if low is None or high is None or not 0.01 * agreed < high < 20 * agreed or not differs(high, agreed) or not differs(low, agreed):
        return None
    days = 52 * volume.shipping_days_per_week
    return f"{shown((low, high))} a year", f"{agreed:,} a year", (low / days, high / days)


def _share(case: Case, quantity: Quantity) -> tuple[str, str, Range | None] | None:
    agreed, value = case.deal.volume.share_of_total, quantity.high
    if agreed is None or value is None:
        return None
    said = value / 100 if quantity.kind == "percent" else value
    if not 0.02 < said <= 1 or not differs(said, agreed):
        return None
    return f"{said:.0%} of the total", f"{agreed:.0%} of the total", None


def _duration(case: Case, quantity: Quantity) -> tuple[str, str, Range | None] | None:
    if quantity.low is None or quantity.high is None:
        return None
    agreed = case.deal.test_days
    # ten business days are two weeks, and a month is often said for four
    calendar = 7 / case.deal.volume.shipping_days_per_week if _BUSINESS_DAYS.search(quantity.span) else 1
    low, high = quantity.low / 86_400 * calendar, quantity.high / 86_400 * calendar
    if low - 3.5 <= agreed <= high + 3.5:
        return None
    return quantity.span.strip(), f"{case.deal.test.weeks} weeks ({_span(case.deal)})", None


def _span(deal: Deal) -> str:
    first, last = deal.test.starts, deal.test_ends
    return f"{first.day} {first:%b} - {last.day} {last:%b}"


def _price(case: Case, quantity: Quantity) -> tuple[str, str, Range | None] | None:
    prices, said = case.deal.price, quantity.low
    if not prices or said is None or quantity.low != quantity.high:
        return None
    sentence = case.statement.quote.lower()
    named = [price for price in prices if price.service.lower() in sentence] or list(prices)
    if any(abs(price.per_package - said) < 0.005 for price in prices):
        return None
    if all(not 1 / 3 < said / price.per_package < 3 for price in named):
        return None
    return f"{said:.2f} a package", "; ".join(f"{price.service} {price.per_package:.2f} a package" for price in named), None


def _transit(case: Case, quantity: Quantity) -> tuple[str, str, Range | None] | None:
    promises = [promise for promise in case.deal.services if promise.days]
    if not promises or quantity.low is None:
        return None
    said = round(quantity.low / 86_400)
    sentence = " ".join(case.statement.notes).lower()
    named = _on_lane(promises, sentence)
    named = named or [promise for promise in promises if promise.service.lower() in sentence] or promises
    if any(promise.days and promise.days[0] <= said <= promise.days[1] for promise in named):
        return None
    return f"{said} day{'s' if said != 1 else ''}", "; ".join(_promised(promise) for promise in named), None


def _on_lane(promises: list[Promise], sentence: str) -> list[Promise]:
    """The promises whose lane the sentence names: those that share most of its telling words."""
    said = set(_LANE_WORD.findall(sentence))
    shared = [(len(said & set(_LANE_WORD.findall((promise.lane or "").lower())) - _COMMON), promise) for promise in promises]
    most = max((count for count, _ in shared), default=0)
    return [promise for count, promise in shared if count == most] if most else []


def _promised(promise: Promise) -> str:
    low, high = promise.days or (0, 0)
    days = f"{low} day{'s' if low != 1 else ''}" if low == high else f"{low}-{high} days"
    lane = f" to {promise.lane}" if promise.lane else ""
    return f"{promise.service}{lane}: {days}" + (f" ({promise.note})" if promise.note else "")


_COMPARED: dict[str, Callable[[Case, Quantity], tuple[str, str, Range | None] | None]] = {
    "volume.committed": _committed,
    "volume.test": _test_volume,
    "volume.annual": _annual,
    "volume.share": _share,
    "test.duration": _duration,
    "price": _price,
    "service.transit": _transit,
}
"""Subject -> how a claim is compared with the term: (said, agreed, packages per day said) or None."""
