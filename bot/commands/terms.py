"""A deal's terms in lines for the terminal, and what changed between two states of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.deal import Deal


def described(deal: Deal, channels: Sequence[str]) -> list[str]:
    """The deal, a term a line."""
    volume, test = deal.volume, deal.test
    more = [f"{volume.annual:,} a year"] if volume.annual else []
    more += [f"{volume.share_of_total:.0%} of the total"] if volume.share_of_total else []
    wait = f", {deal.ramp.days_after_test} days after the test" if deal.ramp.days_after_test else ""
    lines = [
        ("customer", deal.customer),
        ("stage", f"{deal.stage}, {deal.coverage}"),
        ("volume", ", ".join((f"{volume.committed_per_day:,} packages a day, {volume.shipping_days_per_week} days a week", *more))),
        ("test", f"{test.volume_per_day:,} packages a day, {short_day(test.starts)} to {short_day(deal.test_ends)} ({test.weeks} weeks)"),
        ("success", ", ".join(test.success)),
        ("ramp", f"{deal.ramp_per_day:,} packages a day from {short_day(deal.ramp_starts)}{wait}"),
        *(("people", f"{person.name} ({person.role}, {person.id})") for person in deal.people),
        *(("service", _service(one.service, one.lane, one.days, one.note)) for one in deal.services),
        *(("price", f"{one.service}: {one.per_package:,.2f} a package" + (f" ({one.note})" if one.note else "")) for one in deal.price),
        ("pickup", " ".join(part for part in (deal.pickup.days, deal.pickup.time) if part) if deal.pickup else ""),
        ("billing", deal.billing or ""),
        ("discovery", _discovered(deal)),
        ("channels", " ".join(channels)),
        ("brands", ", ".join(deal.brands)),
        ("trade", deal.trade or ""),
        ("time zone", deal.timezone or ""),
        ("calendar", _calendar(deal)),
        ("signed", short_day(deal.signed) if deal.signed else ""),
        ("kickoff", short_day(deal.kickoff) if deal.kickoff else ""),
        *(("call", f"{short_day(call.at.date())} {call.at:%H:%M} {call.title}") for call in deal.calls),
        ("reader", "both: talk may be sent to the strong reader" if deal.reader == "both" else ""),
    ]
    return [f"{name:<10} {value}" for name, value in lines if value]


def changes(before: Deal, after: Deal) -> list[str]:
    """One line per term that differs: "test.volume_per_day: 150 → 120"; people are told by their ids."""
    old, new = _flat(before), _flat(after)
    return [
        f"{key}: {old.get(key, 'none')} → {new.get(key, 'none')}" for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)
    ]


def ledger(deal: Deal) -> list[str]:
    """One line per amendment: "from 9 Nov 2026  test.volume_per_day: 150 → 120 (Riley Chen with Dana Ortiz)"."""
    return [
        f"from {short_day(one.effective)}  {one.term}: {_value(one.old)} → {_value(one.new)} ({one.ours} with {one.theirs})"
        + (f" {one.link}" if one.link else "")
        for one in deal.amendments
    ]


def short_day(day: date) -> str:
    """As "2 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"


def _calendar(deal: Deal) -> str:
    """As "US-NY, closed 24 Dec 2026"; nothing where it is the usual one."""
    place = f"{deal.country}-{deal.state}" if deal.state else deal.country
    days = [f"{word} {', '.join(map(short_day, some))}" for word, some in (("closed", deal.closed), ("open", deal.open)) if some]
    return ", ".join((place, *days)) if days or place != "US" else ""


def _discovered(deal: Deal) -> str:
    found = deal.discovery
    return f"{found.realistic:,} of {found.claimed_annual:,} packages a year claimed are realistic" if found else ""


def _service(service: str, lane: str | None, days: tuple[int, int] | None, note: str | None) -> str:
    parts = [service, lane or ""]
    if days:
        parts.append(f"{days[0]} day{'s' if days[0] > 1 else ''}" if days[0] == days[1] else f"{days[0]}-{days[1]} days")
    return ", ".join(part for part in parts if part) + (f" ({note})" if note else "")


def _flat(deal: Deal) -> dict[str, str]:
    return dict(_leaves("", deal.model_dump(mode="json", exclude_none=True, exclude={"amendments"})))


def _value(value: Any) -> str:
    return "none" if value is None else "; ".join(f"{place} {one}".strip() for place, one in _leaves("", value))


def _leaves(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every value by its path; entries of lists by id or service where they have one, so that a moved entry is no change."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{place}.{key}".removeprefix("."), inner)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value, start=1):
            name = inner.get("id") or " ".join(filter(None, (inner.get("service"), inner.get("lane")))) or number
            yield from _leaves(f"{place}[{name}]", {key: one for key, one in inner.items() if key != "id"})
    elif isinstance(value, list):
        yield place, ", ".join(map(str, value)) or "none"
    else:
        yield place, str(value)
