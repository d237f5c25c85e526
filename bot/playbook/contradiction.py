"""Claims about agreed terms against the terms themselves: a comparator for every term that a deal can hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from bot.deal import Deal, Promise
from bot.language.rates import Range
from bot.language.statement import Quantity
from bot.language.terms.billing import cycle
from bot.language.terms.coverage import places
from bot.language.terms.criteria import metrics
from bot.language.terms.pickup import clock_times, week_days
from bot.playbook.agreed import annual, length, promised, ramp
from bot.playbook.arithmetic import differs, per_day, shown
from bot.playbook.case import Case, day_name
from bot.playbook.finding import Finding
from bot.playbook.scenarios import SUBJECTS

_BUSINESS_DAYS = re.compile(r"\b(?:business|working|shipping)\b", re.IGNORECASE)
_LANE_WORD = re.compile(r"[a-z]{2,}(?:-[a-z]+)*")
_NONE_OF = re.compile(r"\b(?:no|not|except|excluding|without|excl\.?)\b", re.IGNORECASE)
_COMMON = frozenset(
    {"the", "of", "and", "in", "to", "metro", "area", "national", "new", "north", "south", "east", "west", "upper", "lower", "day", "days"}
)


_CLOCK = re.compile(r"\d\d:\d\d")
_MAINLAND = re.compile(r"\b(?:contiguous|lower 48|48|continental|mainland)\b", re.IGNORECASE)

FIRST_DAYS = timedelta(days=3)
"""Until so many days after the test's first day somebody may still have another first day in mind."""
A_SEASON, A_WEEK = 120, 7
"""Days: dates further off are about something else; a ramp that comes no more than a week later is not told apart."""
PUNCTUAL = 30
"""Minutes by which a pickup time may be told differently."""

Compared = tuple[str, str, Range | None]
"""What was said, what is agreed, and packages per day said, where it is a volume."""


def judge_claim(case: Case) -> Finding | None:
    """A contradiction where the claimed value differs materially from the term; None where it agrees or there is no such term."""
    subject = case.statement.about or ""
    differing = compared(case)
    if differing is None or case.statement.stance == "rejected":
        return None
    subject = _CALLED.get(subject, subject)
    said, agreed, said_per_day = differing
    why = f"The {SUBJECTS[subject]} was given as {said}; agreed is {agreed}."
    finding = case.finding("contradiction", why, said=said_per_day)
    return replace(finding, subject=subject, said=said, agreed=agreed, agreed_per_day=agreed_per_day(subject, case.deal))


def compared(case: Case) -> Compared | None:
    """The claim beside the term, where they differ materially; None where they agree, or the deal has no such term."""
    compare = _COMPARED.get(case.statement.about or "")
    return compare(case) if compare else None


def comparable(subject: str) -> bool:
    """Whether a figure claimed for this subject can be held against the term; others are compared by their words."""
    return subject in _BY_FIGURE


def agreed_per_day(subject: str, deal: Deal) -> float | None:
    """The agreed figure of a subject in packages per shipping day; None where it is no volume."""
    volume = deal.volume
    if subject == "volume.annual" and volume.annual:
        return volume.annual / (52 * volume.shipping_days_per_week)
    return {"volume.test": deal.test.volume_per_day, "volume.committed": volume.committed_per_day}.get(subject)


def _daily(case: Case, quantity: Quantity, agreed: float) -> Compared | None:
    said = per_day(quantity, case.deal)
    if said is None or not 0.01 * agreed < said[1] < 20 * agreed or not all(differs(end, agreed) for end in said):
        return None
    if said[0] < agreed < said[1]:
        return None
    return f"{shown(said)}/day", f"{agreed:,.0f}/day", said


def _committed(case: Case, quantity: Quantity) -> Compared | None:
    said = per_day(quantity, case.deal)
    if said and not differs(said[1], case.deal.test.volume_per_day):
        return None
    return _daily(case, quantity, case.deal.volume.committed_per_day)


def _test_volume(case: Case, quantity: Quantity) -> Compared | None:
    said = per_day(quantity, case.deal)
    if said and not differs(said[1], case.deal.volume.committed_per_day):
        return None
    return _daily(case, quantity, case.deal.test.volume_per_day)


def _annual(case: Case, quantity: Quantity) -> Compared | None:
    agreed = annual(case.deal)
    low, high = quantity.low, quantity.high
    if low is None or high is None or not 0.01 * agreed < high < 20 * agreed or not differs(high, agreed) or not differs(low, agreed):
        return None
    days = 52 * case.deal.volume.shipping_days_per_week
    return f"{shown((low, high))} a year", f"{agreed:,} a year", (low / days, high / days)


def _share(case: Case, quantity: Quantity) -> Compared | None:
    agreed, value = case.deal.volume.share_of_total, quantity.high
    if agreed is None or value is None:
        return None
    said = value / 100 if quantity.kind == "percent" else value
    if not 0.02 < said <= 1 or not differs(said, agreed):
        return None
    return f"{said:.0%} of the total", f"{agreed:.0%} of the total", None


def _duration(case: Case, quantity: Quantity) -> Compared | None:
    if quantity.low is None or quantity.high is None:
        return None
    agreed = case.deal.test_days
    # ten business days are two weeks, and a month is often said for four
    calendar = 7 / case.deal.volume.shipping_days_per_week if _BUSINESS_DAYS.search(quantity.span) else 1
    low, high = quantity.low / 86_400 * calendar, quantity.high / 86_400 * calendar
    if low - 3.5 <= agreed <= high + 3.5:
        return None
    return quantity.span.strip(), length(case.deal), None


def _price(case: Case, quantity: Quantity) -> Compared | None:
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


def _transit(case: Case, quantity: Quantity) -> Compared | None:
    promises = [promise for promise in case.deal.services if promise.days]
    if not promises or quantity.low is None:
        return None
    said = round(quantity.low / 86_400)
    sentence = " ".join(case.statement.notes).lower()
    named = _on_lane(promises, sentence)
    named = named or [promise for promise in promises if promise.service.lower() in sentence] or promises
    if any(promise.days and promise.days[0] <= said <= promise.days[1] for promise in named):
        return None
    return f"{said} day{'s' if said != 1 else ''}", "; ".join(promised(promise) for promise in named), None


def _on_lane(promises: list[Promise], sentence: str) -> list[Promise]:
    """The promises whose lane the sentence names: those that share most of its telling words."""
    said = set(_LANE_WORD.findall(sentence))
    shared = [(len(said & set(_LANE_WORD.findall((promise.lane or "").lower())) - _COMMON), promise) for promise in promises]
    most = max((count for count, _ in shared), default=0)
    return [promise for count, promise in shared if count == most] if most else []


def _ramp_volume(case: Case, quantity: Quantity) -> Compared | None:
    said = per_day(quantity, case.deal)
    if said and not differs(said[1], case.deal.test.volume_per_day):
        return None
    return _daily(case, quantity, case.deal.ramp_per_day)


def _start(case: Case, quantity: Quantity) -> Compared | None:
    """Another first day of the test, said before it or in its first days."""
    starts = case.deal.test.starts
    if quantity.low is None or quantity.high is None or case.day > starts + FIRST_DAYS:
        return None
    if quantity.low - 1 <= starts.toordinal() <= quantity.high + 1 or abs(quantity.low - starts.toordinal()) > A_SEASON:
        return None
    return _day(quantity), day_name(starts), None


def _end(case: Case, quantity: Quantity) -> Compared | None:
    """Another last day of the test, told while it runs or before."""
    ends = case.deal.test_ends
    if quantity.low is None or quantity.high is None or case.day > ends + FIRST_DAYS:
        return None
    if quantity.low - 3 <= ends.toordinal() <= quantity.high + 3 or not 0 < quantity.low - case.deal.test.starts.toordinal() < A_SEASON:
        return None
    return f"test until {_day(quantity)}", length(case.deal), None


def _ramp_day(case: Case, quantity: Quantity) -> Compared | None:
    """A later day for the ramp, or more days after the test than agreed."""
    deal = case.deal
    if quantity.low is None:
        return None
    if quantity.kind == "duration":
        days = quantity.low / 86_400
        if days <= deal.ramp.days_after_test + A_WEEK:
            return None
        return f"{quantity.span.strip()} after the test", ramp(deal), None
    if not deal.ramp_starts.toordinal() + 3 < quantity.low < deal.ramp_starts.toordinal() + 2 * A_SEASON:
        return None
    return _day(quantity), ramp(deal), None


def _day(quantity: Quantity) -> str:
    return day_name(date.fromordinal(int(quantity.low or 1)))


def _billing(case: Case) -> Compared | None:
    said, agreed = case.statement.notes[0], case.deal.billing
    known = cycle(f"billed {agreed}") if agreed else None
    if known is None or known == said:
        return None
    return f"{said} invoices", f"{agreed} invoices", None


def _pickup(case: Case) -> Compared | None:
    what, *values = case.statement.notes
    pickup = case.deal.pickup
    if pickup is None:
        return None
    return _pickup_time(pickup.time, values) if what == "time" else _pickup_days(pickup.days, values)


def _pickup_time(agreed: str | None, said: list[str]) -> Compared | None:
    times = clock_times(agreed or "")
    if not times:
        return None
    at = int(agreed[:2]) * 60 + int(agreed[3:5]) if agreed and _CLOCK.fullmatch(agreed) else times[0][-1]
    if any(abs(int(minutes) - at) <= PUNCTUAL for minutes in said):
        return None
    nearest = min((int(minutes) for minutes in said), key=lambda minutes: abs(minutes - at))
    return f"{nearest // 60}:{nearest % 60:02}", f"{agreed}", None


def _pickup_days(agreed: str | None, said: list[str]) -> Compared | None:
    days = week_days(agreed or "")
    if not days or days == set(said):
        return None
    if set(said) < days and len(said) == 1:
        return None
    return ", ".join(said), f"{agreed}", None


def _coverage(case: Case) -> Compared | None:
    """Places said to be served though the lanes leave them out, or the other way round."""
    what, *named = case.statement.notes
    lanes = [f"{promise.lane or ''} {_kept(promise.note)}" for promise in case.deal.services]
    if not lanes:
        return None
    left_out = {place for promise in case.deal.services for place in places(promise.note or "") if _NONE_OF.search(promise.note or "")}
    mainland = any(_MAINLAND.search(lane) for lane in lanes)
    served = {place for lane in lanes for place in places(lane)}
    if what == "in":
        wrong = [place for place in named if place not in served and (place in left_out or (mainland and place != "PO boxes"))]
    else:
        wrong = [place for place in named if place in served]
    if not wrong:
        return None
    agreed = "; ".join(
        f"{promise.service} {promise.lane or ''}{f' ({promise.note})' if promise.note else ''}" for promise in case.deal.services
    )
    return f"{' and '.join(wrong)} {'served' if what == 'in' else 'not served'}", agreed, None


def _kept(note: str | None) -> str:
    """A note as far as it says what is served."""
    return "" if _NONE_OF.search(note or "") else note or ""


def _criteria(case: Case) -> Compared | None:
    """Measures that are not among the agreed ones; agreed ones left unnamed are no contradiction."""
    agreed = {measure for item in case.deal.test.success for measure in metrics(item)}
    if not agreed:
        return None
    other = [measure for measure in case.statement.notes if measure not in agreed]
    return (", ".join(case.statement.notes), ", ".join(case.deal.test.success), None) if other else None


def _of_quantity(compare: Callable[[Case, Quantity], Compared | None]) -> Callable[[Case], Compared | None]:
    return lambda case: compare(case, case.statement.quantity) if case.statement.quantity else None


_BY_FIGURE: dict[str, Callable[[Case, Quantity], Compared | None]] = {
    "volume.committed": _committed,
    "volume.test": _test_volume,
    "volume.annual": _annual,
    "volume.share": _share,
    "test.duration": _duration,
    "test.end": _end,
    "test.start": _start,
    "ramp.timing": _ramp_day,
    "ramp.volume": _ramp_volume,
    "price": _price,
    "service.transit": _transit,
}
"""Subject -> how a figure claimed for it is compared with the term; None where it agrees, or where the deal has no such term."""

_COMPARED: dict[str, Callable[[Case], Compared | None]] = {
    **{subject: _of_quantity(compare) for subject, compare in _BY_FIGURE.items()},
    "test.criteria": _criteria,
    "service.coverage": _coverage,
    "pickup": _pickup,
    "billing": _billing,
}
"""The same for every subject: some are compared by the words of the claim."""

_CALLED = {"test.end": "test.duration"}
"""What a claim is about -> the subject that it is raised under, where that has another name."""
