"""Packs for a meeting with a customer: a page that may be handed over, with that customer's figures and agreed terms and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.deal import Amendment, Deal
from bot.playbook.arithmetic import TOLERANCE
from bot.playbook.case import weeks
from bot.playbook.clock.calendar import months_after
from bot.playbook.review import Figures, Review
from templates.charts.svg import svg
from templates.figures import days, short_day
from templates.pages.page import filled

TITLES = {"review": "Monthly business review", "audit": "Quarterly volume audit"}
_BEFORE = {"review": "the month before", "audit": "the quarter before"}
_UNIT = {"review": "week", "audit": "month"}

_TERM_NAMES = {
    "volume.committed_per_day": "Committed volume a day",
    "volume.annual": "Annual volume",
    "volume.share_of_total": "Share of the total",
    "volume.shipping_days_per_week": "Shipping days a week",
    "test.volume_per_day": "Test volume a day",
    "test.starts": "Test start",
    "test.weeks": "Weeks of the test",
    "test.success": "Success criteria",
    "ramp.to_per_day": "Ramp volume a day",
    "ramp.days_after_test": "Days from test to ramp",
    "services": "Services",
    "price": "Prices",
    "pickup": "Pickup",
    "billing": "Billing",
}


def customer_pack(made: Review) -> str:
    """The page of a review or audit."""
    kind = made.period.kind
    return filled(
        "customer_pack.html.j2",
        title=f"{made.deal.customer}: {TITLES[kind].lower()}, {made.period.name}",
        customer=made.deal.customer,
        kind=TITLES[kind],
        period=made.period.name,
        span=f"{_long(made.period.first)} – {_long(made.period.last)}",
        lead=_lead(made),
        cards=list(_cards(made)),
        chart=svg(made.course, "Packages a day" if kind == "review" else "Packages a day, weekly mean") if made.whole.days else "",
        unit=_UNIT[kind],
        rows=[_row(part, kind) for part in made.parts],
        total=_row(made.whole, kind),
        graded=made.whole.on_time is not None or made.whole.billed_right is not None,
        terms=list(_terms(made.deal)),
        changed=[_changed(one) for one in made.changed],
        agenda=list(_agenda(made)),
        data=_data(made),
        people=[f"{person.name} ({_ROLES[person.role]})" for person in made.deal.people if person.role in _ROLES],
    )


_ROLES = {"rep": "your contact", "account-manager": "account manager", "leadership": "leadership"}


def _lead(made: Review) -> str:
    """The period in a sentence."""
    whole = made.whole
    if whole.per_day is None or whole.agreed is None or whole.share is None:
        return f"No volume data for {made.period.name} yet."
    shipped = f"{whole.packages:,} packages in {days(whole.days).replace('day', 'shipping day')}: {whole.per_day:,.0f} a day"
    average = " on average" if len({part.agreed for part in made.parts if part.agreed}) > 1 else ""
    agreed = f"the agreed {whole.agreed:,.0f}{average}"
    if abs(whole.share - 1) <= TOLERANCE:
        return f"{shipped}, as agreed ({whole.agreed:,.0f}{average})."
    how = f"{1 - whole.share:.0%} under {agreed}" if whole.share < 1 else f"{whole.share - 1:.0%} over {agreed}"
    return f"{shipped}, {how}."


def _cards(made: Review) -> Iterator[tuple[str, str]]:
    whole, before = made.whole, made.before
    yield f"{whole.packages:,}" if whole.days else "–", "packages shipped"
    yield _figure(whole.per_day), f"packages a shipping day, agreed {_figure(whole.agreed)}"
    if whole.per_day is not None and before.per_day:
        change = whole.per_day / before.per_day - 1
        yield f"{change:+.0%}".replace("-", "−").replace("+0%", "0%"), f"against {_BEFORE[made.period.kind]} ({before.per_day:,.0f} a day)"
    if whole.on_time is not None:
        yield f"{whole.on_time:.1%}", "delivered on time"
    if whole.billed_right is not None:
        yield f"{whole.billed_right:.1%}", "billed right the first time"
    if made.period.kind == "audit":
        yield f"{made.year.packages:,}", f"packages in {made.period.first.year} so far; committed {made.committed_year:,} a year"


def _row(one: Figures, kind: str) -> list[str]:
    span = short_day(one.first) if one.first == one.last else f"{short_day(one.first)} – {short_day(one.last)}"
    name = f"{one.first:%B}" if kind == "audit" else span
    share = f"{one.share:.0%}" if one.share is not None else "no data"
    shown = [
        name,
        f"{one.packages:,}" if one.days else "–",
        f"{one.days} of {one.shipping_days}",
        _figure(one.per_day),
        _figure(one.agreed),
        share,
    ]
    return [*shown, _percent(one.on_time), _percent(one.billed_right)]


def _terms(deal: Deal) -> Iterator[tuple[str, str]]:
    """What both sides agreed, as it stands at the end of the period."""
    yield "Committed volume", f"{deal.volume.committed_per_day:,} packages a shipping day"
    if deal.volume.annual:
        yield "Annual volume", f"{deal.volume.annual:,} packages"
    if deal.volume.share_of_total:
        yield "Share of the total", f"{deal.volume.share_of_total:.0%}"
    test = f"{deal.test.volume_per_day:,} a day for {weeks(deal.test.weeks)} from {_long(deal.test.starts)}"
    yield "Test", test
    yield "Ramp", f"{deal.ramp_per_day:,} a day from {_long(deal.ramp_starts)}"
    for promise in deal.services:
        low, high = promise.days or (0, 0)
        time = f"{low} to {days(high)}" if low != high else days(high)
        where = f" to {promise.lane}" if promise.lane else ""
        yield promise.service, f"{time}{where}" if promise.days else promise.note or "as agreed"
    if deal.pickup and (deal.pickup.days or deal.pickup.time):
        yield "Pickup", " ".join(part for part in (deal.pickup.days, deal.pickup.time) if part)


def _changed(one: Amendment) -> list[str]:
    return [_TERM_NAMES[one.term], _plain(one.old), _plain(one.new), _long(one.effective), f"{one.ours}, {one.theirs}"]


def _agenda(made: Review) -> Iterator[str]:
    """What to go through together; the same for every customer, with this one's figures."""
    whole = made.whole
    yield "How pickups, transit and billing went, seen from your side."
    if whole.share is not None:
        agreed = made.deal.agreed_on(made.period.last).per_day
        yield f"The volume beside the agreed {agreed:,} a day, and what the coming weeks will bring."
    if made.period.kind == "audit":
        yield f"The year so far beside the {made.committed_year:,} packages committed, and peaks ahead."
    yield "Further lanes, services or volume that we could take over."
    following = months_after(made.period.first, 2 if made.period.kind == "review" else 6)
    yield f"The date of the next {made.period.kind}, early in {following:%B %Y}."


def _data(made: Review) -> str:
    """Where the figures come from, and what is missing in them."""
    missing = made.whole.shipping_days - made.whole.days
    until = f" Data until {_long(made.known_until)}." if made.known_until else ""
    without = f"{days(missing).replace('day', 'shipping day')} without data {'is' if missing == 1 else 'are'} left out"
    gaps = f" {without}." if missing > 0 else ""
    return f"Figures are packages handed over to us, by shipping day.{until}{gaps}"


def _figure(value: float | None) -> str:
    return f"{value:,.0f}" if value is not None else "–"


def _percent(value: float | None) -> str:
    return f"{value:.1%}" if value is not None else "–"


def _long(day: Any) -> str:
    return f"{day.day} {day:%b %Y}"


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and 0 < value <= 1:
        return f"{value:.0%}"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return "; ".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(_plain(one) for one in value.values() if one is not None)
    return str(value)
