"""The fields of a deal file: how each value is read, which must be there, and an example of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from bot.deal import Coverage, Readers, Role, Stage
from store.sources import values
from store.sources.values import Read

_PACKAGES = "packages per shipping day"
_EXCLUDED = "packages per year that cannot come"
_PERSON: Mapping[str, Read] = {
    "id": values.words("the Slack user id, or the id used as speaker", 64),
    "name": values.words("the person's name", 200),
    "role": values.one_of("role", get_args(Role)),
    "email": values.words("the person's email address", 320),
}
_SERVICE: Mapping[str, Read] = {
    "service": values.words("the name of the service"),
    "lane": values.words("where the promise holds"),
    "days": values.transit,
    "note": values.words("a remark"),
}
_PRICE: Mapping[str, Read] = {
    "service": values.words("the name of the service"),
    "per_package": values.money,
    "note": values.words("a remark"),
}
PARTS: Mapping[str, Mapping[str, Read]] = {
    "volume": {
        "committed_per_day": values.whole(_PACKAGES, "500"),
        "annual": values.whole("packages per year", "130000", most=2_000_000_000),
        "share_of_total": values.share,
        "shipping_days_per_week": values.whole("shipping days per week", "5", 1, 7),
    },
    "test": {
        "volume_per_day": values.whole(_PACKAGES, "150"),
        "starts": values.day,
        "weeks": values.whole("the length of the test in weeks", "2", 1, 52),
    },
    "ramp": {
        "to_per_day": values.whole(_PACKAGES, "500"),
        "days_after_test": values.whole("calendar days after the test's last day", "0", 0, 365),
    },
    "discovery": {
        "claimed_annual": values.whole("packages per year, as claimed", "200000", most=2_000_000_000),
        "other_carriers": values.whole(_EXCLUDED, "20000", 0, 2_000_000_000),
        "not_controlled": values.whole(_EXCLUDED, "10000", 0, 2_000_000_000),
        "not_serviceable": values.whole(_EXCLUDED, "5000", 0, 2_000_000_000),
    },
    "pickup": {"days": values.words("the days of pickup, such as Mon-Fri"), "time": values.clock},
}
_CALL: Mapping[str, Read] = {"at": values.local_time, "title": values.words("what the call is about, or with whom", 200)}
LISTS: Mapping[str, Mapping[str, Read]] = {"people": _PERSON, "services": _SERVICE, "price": _PRICE, "calls": _CALL}
WORD_LISTS: Mapping[str, Read] = {
    "success": values.words("one criterion"),
    "channels": values.channel,
    "brands": values.words("a brand's name", 200),
    "closed": values.day,
    "open": values.day,
}
PLAIN_LISTS = ("channels", "brands", "closed", "open")
"""Lists of single values at the top of a deal file."""
LIST_EXAMPLES: Mapping[str, str] = {
    "success": "[transit times, billing accuracy]",
    "channels": '["#impl-acme"]',
    "brands": "[Zest, Harbor Kids]",
    "closed": "[2026-12-24, 2026-12-31]",
    "open": "[2026-11-11]",
}
SINGLE: Mapping[str, Read] = {
    "customer": values.words("the customer's name", 200),
    "stage": values.one_of("stage", get_args(Stage)),
    "coverage": values.one_of("coverage", get_args(Coverage)),
    "billing": values.words("when invoices come, such as weekly"),
    "trade": values.words("the customer's line of business, such as apparel", 80),
    "timezone": values.timezone,
    "country": values.country,
    "state": values.words("the state or province by its code, such as NY", 8),
    "signed": values.day,
    "kickoff": values.day,
    "reader": values.one_of("reader", get_args(Readers)),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "": ("customer", "people", "volume", "test"),
    "volume": ("committed_per_day",),
    "test": ("volume_per_day", "starts"),
    "discovery": ("claimed_annual",),
    "people": ("id", "name", "role"),
    "services": ("service",),
    "price": ("service", "per_package"),
    "calls": ("at", "title"),
}
EXAMPLES: Mapping[str, str] = {
    "customer": "Acme Outfitters",
    "people": "[{id: U1, name: Dana Ortiz, role: customer}]",
    "volume": "{committed_per_day: 500}",
    "test": "{volume_per_day: 150, starts: 2026-11-02, weeks: 2}",
    "committed_per_day": "500",
    "claimed_annual": "200000",
    "volume_per_day": "150",
    "starts": "2026-11-02",
    "id": "U0123456789",
    "name": "Dana Ortiz",
    "role": "customer",
    "service": "Expedited",
    "per_package": "4.85",
    "at": "2026-11-04T15:00",
    "title": "weekly status",
}
