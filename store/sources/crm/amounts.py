"""Amounts as people type them into a CRM ("~500/day", "2,500 / wk", "30%"): understood where there is one meaning, else asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.language.quantities import find_quantities
from bot.language.rates import days_in
from bot.language.statement import Quantity
from store.sources import values
from store.sources.values import Wrong, shown

_NUMBER = re.compile(r"\d[\d, ]*(?:\.0+)?")
_MILLIS = re.compile(r"\d{12,13}")
_ISO_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")


@dataclass(frozen=True, slots=True)
class Understood:
    """A value, and a sentence on how it was read where that is not plain to see."""

    value: object
    note: str | None = None


def packages(text: str, per: str, days_a_week: int, committed: int | None = None) -> Understood:
    """Packages per shipping day. `per`: the period of a bare number; a percentage is one of `committed`. Raises Wrong."""
    plain = text.strip()
    if _NUMBER.fullmatch(plain) and per == "day":
        return Understood(_whole(plain))
    said = _one_figure(plain)
    if said.kind == "percent":
        if committed is None:
            raise Wrong(f"{shown(plain)} of what? The committed volume is not known")
        number = max(1, round(committed * (said.low or 0) / 100))
        return Understood(_whole(number), f"{shown(plain)} of {committed:,} are {number:,} packages per shipping day")
    figure, period = _exact(plain, said), said.per or per
    shipping = days_in(period, said.days_per_week or days_a_week)
    if shipping is None:
        raise Wrong(f"{shown(plain)} is no volume by time; write packages per shipping day, such as 500")
    daily = max(1, round(figure / shipping))
    note = (
        None if shipping == 1 and plain.replace(",", "").isdecimal() else f"{shown(plain)} was read as {daily:,} packages per shipping day"
    )
    return Understood(_whole(daily), note)


def total(text: str, days_a_week: int) -> Understood:
    """Packages a year. Raises Wrong."""
    plain, most = text.strip(), 2_000_000_000
    read = values.whole("packages per year", "130000", most=most)
    if _NUMBER.fullmatch(plain):
        return Understood(read(plain))
    said = _one_figure(plain)
    number = _exact(plain, said)
    if said.per not in (None, "year"):
        shipping = days_in(said.per, days_a_week)
        if shipping is None:
            raise Wrong(f"{shown(plain)} is no volume by time; write packages per year, such as 130000")
        number *= 52 * days_a_week / shipping
    return Understood(read(round(number)), f"{shown(plain)} was read as {round(number):,} packages a year")


def day(text: str) -> Understood:
    """A calendar day: ISO, a time of which the day counts, or milliseconds since 1970 as some CRMs keep them. Raises Wrong."""
    plain = text.strip()
    if _MILLIS.fullmatch(plain):
        return Understood((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(plain))).date())
    timed = _ISO_TIME.fullmatch(plain)
    found = values.day(timed[1] if timed else plain)
    assert isinstance(found, date)
    return Understood(found)


def weeks(text: str) -> Understood:
    """Weeks: a number, or a length of time of whole weeks. Raises Wrong."""
    plain = text.strip()
    read = values.whole("the length of the test in weeks", "2", 1, 52)
    if _NUMBER.fullmatch(plain):
        return Understood(read(plain))
    said = [one for one in find_quantities(plain) if one.kind == "duration"]
    if len(said) == 1 and said[0].low == said[0].high and said[0].low and said[0].low % 604_800 == 0:
        return Understood(read(int(said[0].low // 604_800)), f"{shown(plain)} was read as {int(said[0].low // 604_800)} weeks")
    raise Wrong(f"{shown(plain)} is no whole number of weeks; write for instance 2")


def share(text: str) -> Understood:
    """A share 0-1; a percent field gives 60 for 60 %. Raises Wrong."""
    plain = text.strip()
    bare = plain.removesuffix("%").strip()
    if re.fullmatch(r"\d{1,3}(?:\.\d+)?", bare) and 1 < float(bare) <= 100:
        return Understood(float(bare) / 100, None if plain.endswith("%") else f"{shown(plain)} was read as {float(bare):g}%")
    return Understood(values.share(plain))


def _one_figure(plain: str) -> Quantity:
    found = [one for one in find_quantities(plain) if one.kind in ("number", "percent") and not one.role]
    if not found:
        raise Wrong(f"{shown(plain)} holds no volume; write packages per shipping day, such as 500")
    if len(found) > 1:
        raise Wrong(f"{shown(plain)} holds {len(found)} figures; write the one that was agreed, such as 500")
    return found[0]


def _exact(plain: str, said: Quantity) -> float:
    if said.low is None or said.high is None:
        raise Wrong(f"{shown(plain)} has an open end; write the figure that was agreed, such as {said.low or said.high or 500:g}")
    if said.low != said.high:
        raise Wrong(f"{shown(plain)} is a range; write the figure that was agreed, such as {said.low:g}")
    return said.low


def _whole(value: object) -> object:
    return values.whole("packages per shipping day", "500")(value)
