"""A deal's terms in sentences for the customer: services with their exceptions, prices, pickup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from bot.deal import Deal, Price, Promise
from bot.playbook.finding import Finding
from templates.language import Language

MOST = 4
"""Promises or prices named in one script; more would not be read."""

_WITH_ARTICLE = re.compile(
    r"(?:(?:upper|lower|deep|far) )?(?:north|south|mid)?-?(?:east|west|south|north)(?:ern)?(?: coast| us| states)?|mid-?west|mid-?atlantic|"
    r"pacific northwest|great lakes|gulf coast|ohio valley|(?:great )?plains|contiguous (?:us|48(?: states)?)|lower 48(?: states)?|us|"
    r"mountain west|carolinas|bay area|rockies|.* (?:area|region|corridor|coast)",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(r"national(?:ly)?|nationwide|everywhere|all", re.IGNORECASE)


def transit(deal: Deal, finding: Finding, language: Language) -> str | None:
    """As "Expedited is 2-3 days to the Northeast and next day only to New York tri-state (through our JFK facility)"; None without any."""
    promises = [promise for promise in _concerned(deal, finding) if promise.days][:MOST]
    return _by_service(promises, language) if promises else None


def coverage(deal: Deal, finding: Finding, language: Language) -> str | None:
    """Which services go where, with their exceptions; None where the deal names no lane and no exception."""
    promises = [promise for promise in _concerned(deal, finding) if promise.lane or promise.note][:MOST]
    return _by_service(promises, language) if promises else None


def prices(deal: Deal, language: Language) -> str | None:
    """As "Expedited at 4.85 per package and Ground at 3.10 per package"; None where the deal names no price."""
    return language.listed([_price(price, language) for price in deal.price[:MOST]]) if deal.price else None


def pickup(deal: Deal, language: Language) -> str | None:
    """As "Mon-Fri at 4:00 PM", or the half of it that was agreed."""
    agreed = deal.pickup
    if agreed is None or not (agreed.days or agreed.time):
        return None
    at = language.phrase("pickup_at", time=language.clock(agreed.time)) if agreed.time else None
    return " ".join(part for part in (language.told(agreed.days or ""), at) if part)


def _concerned(deal: Deal, finding: Finding) -> Sequence[Promise]:
    """The services spoken of, each with all its lanes (an exception is part of the term); all of them where none is named."""
    words = f"{finding.quote} {finding.agreed or ''}".lower()
    named = {
        promise.service for promise in deal.services if any(name and name.lower() in words for name in (promise.service, promise.lane))
    }
    return [promise for promise in deal.services if promise.service in named] or list(deal.services)


def _price(price: Price, language: Language) -> str:
    said = language.phrase("price", service=price.service, price=language.money(price.per_package))
    return f"{said} ({language.called(price.note)})" if price.note else said


def _by_service(promises: Sequence[Promise], language: Language) -> str:
    ordered = sorted(promises, key=lambda promise: [other.service for other in promises].index(promise.service))
    said = []
    for service, group in groupby(ordered, key=lambda promise: promise.service):
        lanes = list(group)
        slowest = max((promise.days[1] for promise in lanes if promise.days), default=0)
        said.append(language.phrase("service", service=service, lanes=language.listed([_lane(one, slowest, language) for one in lanes])))
    return "; ".join(said)


def _lane(promise: Promise, slowest: int, language: Language) -> str:
    how_long = _days(promise.days, language) if promise.days else language.phrase("transit_available")
    if promise.days == (1, 1) and slowest > 1:
        how_long = language.phrase("transit_only", days=how_long)
    note = f" ({language.called(promise.note)})" if promise.note else ""
    return _where(how_long, promise.lane, language) + note


def _where(how_long: str, lane: str | None, language: Language) -> str:
    if not lane:
        return how_long
    if _EVERYWHERE.fullmatch(lane):
        return language.phrase("lane_everywhere", days=how_long)
    return language.phrase("lane_the" if _WITH_ARTICLE.fullmatch(lane) else "lane", days=how_long, lane=language.called(lane))


def _days(span: tuple[int, int], language: Language) -> str:
    fewest, most = span
    if fewest != most:
        return language.phrase("transit", fewest=str(fewest), most=str(most))
    return {0: language.phrase("transit_same_day"), 1: language.phrase("transit_next_day")}.get(most) or language.days(most)
