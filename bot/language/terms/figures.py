"""Which term a counted quantity, money or a length of time speaks of: volumes, share, price, the test's length."""

from __future__ import annotations

from bot.language.cues import CAPACITY, PARCELS, RAMP
from bot.language.evidence import may_be_volume
from bot.language.statement import Quantity
from bot.language.terms.spot import Spot
from bot.language.wording import words

TEST = words("test, trial, pilot, test period, trial period, test phase, trialing, trialling, testing")
_LENGTH = words(
    """
    last*, runs, run for, long, weeks of, week of testing, for, is, it's, was, of, over, through, pilot's, test's, trial's, has,
    anyway, span*, takes
    """
)
_LONGER = words(
    """
    extend*, extension, another, longer, more, extra, additional, stretch*, prolong*, push*, instead, ago, into, after, left,
    remain*, within, every, since, in, first, last, next, past, half, halfway
    """
)
_PRICE = words(
    """
    price, priced, pricing, rate, rates, tariff, flat, per piece, per parcel, per package, per box, a parcel, a piece, a
    package, a box, each, quote*, cost*, charge*, billed at, paying
    """
)
_NO_PRICE = words(
    """
    surcharge*, fuel, fee, fees, oversize, insurance, insured, declared, cover*, liability, invoice total, total, refund*,
    credit, savings, retail, worth, postage, duty, value, more, less, cheaper, off, discount
    """
)
_SHARE_OF = words(
    """
    parcels, parcel, volume, volumes, packages, orders, shipments, freight, business, total, spend
    """
)
COMMITTED = words(
    """
    commit*, contract*, obligat*, engagement, signed, inked, agreement, term sheet, the number, order form
    """
)
_ANNUAL = words("annual*, year, yearly, annum, a year, per year")
_REPORTING = words(
    """
    scanned, average*, averaging, yesterday, so far, picked up, shipped, came in, actual*, today
    """
)


_AFTER = words("after, past, later, from, following, out")
BEGINS = words(
    """
    start date, starting date, go live, go-live, going live, goes live, went live, first truck, first pickup, first collection, first
    parcels, first parcel, first packages, first pick-up, day one, day 1, launch, launching, launches, kick off, kicking off, kicks off, we
    begin, begin with you, beginning on, we start, we'd start, you start, start the/our test/trial/pilot, test/trial/pilot
    starts/begins/kicks, start on, starts on, starting on, start from, live on
    """
)
_ELSE_BEGINS = words(
    """
    training, meeting, call, session, holiday*, sale, audit, shift, school, season, semester, hires, hire, starts her/his/their, vacation,
    leave, workshop, webinar, campaign, warehouse manager, new job, invoice*, billing, review, after the test, after the trial, ramp*, full
    volume, website
    """
)


def _about_volume(spot: Spot) -> str | None:
    """Which volume term a counted quantity claims to be, if it is claimed at all."""
    quantity = spot.quantity
    if not spot.claimed or _REPORTING.search(spot.clause) or CAPACITY.search(spot.clause):
        return None
    if quantity.kind in ("percent", "fraction"):
        return "volume.share" if _SHARE_OF.search(quantity.of or "") or _SHARE_OF.search(spot.clause) else None
    return _about_count(spot) if quantity.kind == "number" and not quantity.role else None


def _about_count(spot: Spot) -> str | None:
    quantity = spot.quantity
    if quantity.per == "year" or (_ANNUAL.search(spot.clause) and (quantity.low or 0) >= 5_000):
        return "volume.annual"
    counted = quantity.per in ("day", "week") or (quantity.unit is not None and PARCELS.search(quantity.unit))
    if counted and TEST.search(spot.sentence) and not RAMP.search(spot.clause):
        return "volume.test"
    if counted and RAMP.search(spot.sentence):
        return "ramp.volume"
    return "volume.committed" if counted and COMMITTED.search(spot.sentence) else None


def _about_money(spot: Spot) -> str | None:
    """Money per package, as a claim about the price; totals, surcharges and values are something else."""
    if spot.quantity.kind != "money" or not may_be_term(spot.quantity):
        return None
    if _NO_PRICE.search(spot.clause) or not _PRICE.search(spot.sentence):
        return None
    return "price"


def _about_duration(spot: Spot) -> str | None:
    """The test's length, said as a length ("it's a four-week test"), not as a wish or a date."""
    if spot.quantity.kind != "duration" or not may_be_term(spot.quantity) or not TEST.search(spot.clause):
        return None
    if _LONGER.search(spot.clause) or not (_LENGTH.search(spot.clause) or spot.claimed):
        return None
    return "test.duration"


def _about_day(spot: Spot) -> str | None:
    """The day on which the test is said to begin, or on which the ramp was agreed to come."""
    quantity = spot.quantity
    if quantity.kind == "duration" and spot.claimed and RAMP.search(spot.clause) and _AFTER.search(spot.clause):
        return "ramp.timing"
    if quantity.kind != "date" or quantity.low is None:
        return None
    if spot.claimed and RAMP.search(spot.sentence):
        return "ramp.timing"
    return "test.start" if BEGINS.search(spot.clause) and not _ELSE_BEGINS.search(spot.sentence) else None


READERS = (_about_money, _about_duration, _about_day, _about_volume)
"""Each names the term that a quantity claims to be, or None."""

_PRICES, _DAYS = (0.3, 200), (5, 200)


def may_be_term(quantity: Quantity) -> bool:
    """Whether the quantity can be what a claim is about: a volume, the price of a package, the length of a test, a day."""
    if quantity.kind == "money":
        return _PRICES[0] <= (quantity.low or 0) <= _PRICES[1]
    if quantity.kind == "duration":
        return _DAYS[0] <= (quantity.low or 0) / 86_400 <= _DAYS[1]
    return quantity.kind == "date" or may_be_volume(quantity)
