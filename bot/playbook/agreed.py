"""What the deal says about a term, in words: what a claim is held beside."""

from __future__ import annotations

from collections.abc import Callable

from bot.deal import Deal, Promise
from bot.playbook.case import agreed_words, day_name, weeks


def term(subject: str, deal: Deal) -> str | None:
    """The term of this subject (bot/playbook/scenarios.py) as agreed: "two weeks (2 Nov - 15 Nov)"; None where the deal has none."""
    words = _TERMS.get(subject)
    return (words(deal) or None) if words else None


def annual(deal: Deal) -> int:
    """Packages a year, as agreed or as the daily commitment makes them."""
    volume = deal.volume
    return volume.annual or volume.committed_per_day * 52 * volume.shipping_days_per_week


def length(deal: Deal) -> str:
    """ "two weeks (2 Nov - 15 Nov)"."""
    return f"{weeks(deal.test.weeks)} ({day_name(deal.test.starts)} - {day_name(deal.test_ends)})"


def ramp(deal: Deal) -> str:
    """ "500/day from 16 Nov"."""
    return f"{deal.ramp_per_day:,}/day from {day_name(deal.ramp_starts)}"


def promised(promise: Promise) -> str:
    """ "Ground to Ohio: 2-3 days (by noon)"."""
    low, high = promise.days or (0, 0)
    days = f"{low} day{'s' if low != 1 else ''}" if low == high else f"{low}-{high} days"
    lane = f" to {promise.lane}" if promise.lane else ""
    return f"{promise.service}{lane}: {days}" + _note(promise.note)


def _reach(promise: Promise) -> str:
    return f"{promise.service} {promise.lane or ''}".strip() + _note(promise.note)


def _note(note: str | None) -> str:
    return f" ({note})" if note else ""


def _share(deal: Deal) -> str:
    share = deal.volume.share_of_total
    return f"{share:.0%} of the total" if share else ""


def _pickup(deal: Deal) -> str:
    return " at ".join(part for part in (deal.pickup.days, deal.pickup.time) if part) if deal.pickup else ""


_TERMS: dict[str, Callable[[Deal], str]] = {
    "volume.committed": lambda deal: f"{deal.volume.committed_per_day:,}/day",
    "volume.annual": lambda deal: f"{annual(deal):,} a year",
    "volume.share": _share,
    "volume.test": lambda deal: agreed_words(deal.agreed_on(deal.test.starts)).removeprefix("test volume "),
    "test.duration": length,
    "test.end": length,
    "test.start": lambda deal: day_name(deal.test.starts),
    "test.criteria": lambda deal: ", ".join(deal.test.success),
    "ramp.timing": ramp,
    "ramp.volume": ramp,
    "service.transit": lambda deal: "; ".join(promised(promise) for promise in deal.services if promise.days),
    "service.coverage": lambda deal: "; ".join(_reach(promise) for promise in deal.services),
    "price": lambda deal: "; ".join(f"{price.service} {price.per_package:.2f} a package" for price in deal.price),
    "pickup": _pickup,
    "billing": lambda deal: f"{deal.billing} invoices" if deal.billing else "",
}
"""Subject -> its term in words, "" where the deal has none."""
