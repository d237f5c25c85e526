"""A deal's terms in sentences for the customer: services with their exceptions, prices, pickup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from bot.deal import Deal, Price, Promise
from bot.playbook.finding import Finding
from templates.figures import clock, days, listed

MOST = 4
"""Promises or prices named in one script; more would not be read."""

_WITH_ARTICLE = re.compile(
    r"(?:(?:upper|lower|deep|far) )?(?:north|south|mid)?-?(?:east|west|south|north)(?:ern)?(?: coast| us| states)?|mid-?west|mid-?atlantic|"
    r"pacific northwest|great lakes|gulf coast|ohio valley|(?:great )?plains|contiguous (?:us|48(?: states)?)|lower 48(?: states)?|us|"
    r"mountain west|carolinas|bay area|rockies|.* (?:area|region|corridor|coast)",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(r"national(?:ly)?|nationwide|everywhere|all", re.IGNORECASE)


def transit(deal: Deal, finding: Finding) -> str | None:
    """As "Expedited is 2-3 days to the Northeast and next day only to New York tri-state (through our JFK facility)"; None without any."""
    promises = [promise for promise in _concerned(deal, finding) if promise.days][:MOST]
    return _by_service(promises) if promises else None


def coverage(deal: Deal, finding: Finding) -> str | None:
    """Which services go where, with their exceptions; None where the deal names no lane and no exception."""
    promises = [promise for promise in _concerned(deal, finding) if promise.lane or promise.note][:MOST]
    return _by_service(promises) if promises else None


def prices(deal: Deal) -> str | None:
    """As "Expedited at 4.85 per package and Ground at 3.10 per package"; None where the deal names no price."""
    return listed([_price(price) for price in deal.price[:MOST]]) if deal.price else None


def pickup(deal: Deal) -> str | None:
    """As "Mon-Fri at 4:00 PM", or the half of it that was agreed."""
    agreed = deal.pickup
    if agreed is None or not (agreed.days or agreed.time):
        return None
    at = f"at {clock(agreed.time)}" if agreed.time else None
    return " ".join(part for part in (agreed.days, at) if part)


def _concerned(deal: Deal, finding: Finding) -> Sequence[Promise]:
    """The services spoken of, each with all its lanes (an exception is part of the term); all of them where none is named."""
    words = f"{finding.quote} {finding.agreed or ''}".lower()
    named = {
        promise.service for promise in deal.services if any(name and name.lower() in words for name in (promise.service, promise.lane))
    }
    return [promise for promise in deal.services if promise.service in named] or list(deal.services)


def _price(price: Price) -> str:
    return f"{price.service} at {price.per_package:,.2f} per package" + (f" ({price.note})" if price.note else "")


def _by_service(promises: Sequence[Promise]) -> str:
    ordered = sorted(promises, key=lambda promise: [other.service for other in promises].index(promise.service))
    said = []
    for service, group in groupby(ordered, key=lambda promise: promise.service):
        lanes = list(group)
        slowest = max((promise.days[1] for promise in lanes if promise.days), default=0)
        said.append(f"{service} is " + listed([_lane(promise, slowest) for promise in lanes]))
    return "; ".join(said)


def _lane(promise: Promise, slowest: int) -> str:
    how_long = _days(promise.days) if promise.days else "available"
    only = " only" if promise.days == (1, 1) and slowest > 1 else ""
    note = f" ({promise.note})" if promise.note else ""
    return f"{how_long}{only}{_where(promise.lane)}{note}"


def _where(lane: str | None) -> str:
    if not lane:
        return ""
    if _EVERYWHERE.fullmatch(lane):
        return " nationwide"
    return f" to the {lane}" if _WITH_ARTICLE.fullmatch(lane) else f" to {lane}"


def _days(span: tuple[int, int]) -> str:
    fewest, most = span
    if fewest != most:
        return f"{fewest}-{most} days"
    return {0: "same day", 1: "next day"}.get(most, days(most))
