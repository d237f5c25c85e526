"""Deals and findings for the template tests: one full deal, one bare, one with awkward words in it."""

from __future__ import annotations

from typing import Any

from bot.deal import Deal
from bot.playbook.finding import Finding

PEOPLE = [
    {"id": "U1", "name": "Dana Ortiz", "role": "customer"},
    {"id": "U2", "name": "Ivan Petrov", "role": "implementation"},
    {"id": "U3", "name": "Riley Chen", "role": "rep"},
]

SAID = {
    "volume.committed": "200/day",
    "volume.annual": "75,000 a year",
    "volume.share": "40% of the total",
    "volume.test": "80/day",
    "test.duration": "four weeks",
    "test.start": "9 Nov",
    "ramp.timing": "1 Dec",
    "ramp.volume": "300/day",
    "service.transit": "2 days",
    "service.coverage": "Alaska",
    "price": "4.10 a package",
    "pickup": "noon",
    "billing": "monthly",
}
"""What a customer may claim of each term."""


def deal(**other: Any) -> Deal:
    """Acme's deal with everything agreed; `other` replaces parts."""
    parts: dict[str, Any] = {
        "customer": "Acme Outfitters",
        "people": PEOPLE,
        "volume": {"committed_per_day": 500, "annual": 130_000, "share_of_total": 0.6},
        "test": {"volume_per_day": 150, "starts": "2026-11-02", "success": ["transit times", "billing accuracy", "operational smoothness"]},
        "ramp": {"to_per_day": 500},
        "services": [
            {"service": "Expedited", "lane": "Northeast", "days": [2, 3]},
            {"service": "Expedited", "lane": "New York tri-state area", "days": [1, 1], "note": "through our JFK facility"},
            {"service": "Ground", "lane": "National", "days": [3, 5], "note": "no Alaska or Hawaii"},
        ],
        "price": [{"service": "Expedited", "per_package": 4.85}],
        "pickup": {"days": "Mon-Fri", "time": "16:00"},
        "billing": "weekly",
    }
    return Deal(**(parts | other))


def bare() -> Deal:
    """A deal with only what must be there."""
    return Deal(
        customer="Bo",
        people=[{"id": "U3", "name": "Riley", "role": "rep"}],
        volume={"committed_per_day": 1200},
        test={"volume_per_day": 400, "starts": "2026-02-09", "weeks": 3},
    )


def finding(scenario: str, **other: Any) -> Finding:
    """A finding of test day 3, 10-15/day said by the customer; `other` replaces parts."""
    parts: dict[str, Any] = {
        "scenario": scenario,
        "quote": "figure 10, maybe 15 boxes a day from us",
        "why": "10-15/day is 92% under the agreed 150/day.",
        "urgency": "now",
        "side": "customer",
        "phase": "test",
        "test_day": 3,
        "said_per_day": (10.0, 15.0),
        "agreed_per_day": 150.0,
    }
    return Finding(**(parts | other))


MOMENTS: dict[str, dict[str, Any]] = {
    "before the test": {"phase": "before-test", "test_day": -2},
    "in the test": {"phase": "test", "test_day": 3},
    "at its end": {"phase": "test", "test_day": 13},
    "after it": {"phase": "after-test", "test_day": 18, "agreed_per_day": 500.0, "said_per_day": (300.0, 300.0)},
}
"""Where in the deal something may be said."""
