"""Claims about agreed terms: which quantity speaks of which term of the deal (spec: subjects of a contradiction)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.clauses import Clause, clause_at
from bot.language.cues import CAPACITY, CLAIM, OTHER_CARRIER, PARCELS, PAST
from bot.language.evidence import Scene, may_be_volume
from bot.language.statement import Quantity, Statement
from bot.language.wording import words

_TEST = words("test, trial, pilot, test period, trial period, test phase, trialing, trialling, testing")
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
_TRANSIT = words(
    """
    transit, deliver*, arrive*, get there, lands, land, overnight, next day, next-day, same day, day service, service, lane,
    reach*, takes, take, receive, promise*, -day
    """
)
_NEXT_DAY = re.compile(
    r"\b(?:next[- ](?:business |working )?day|overnight|one[- ]day|1[- ]day|next morning|the (?:morning|day) after)\b", re.IGNORECASE
)
_N_DAY = re.compile(r"\b(two|three|four|five|six|seven|2|3|4|5|6|7)[- ](?:business[- ]|working[- ])?days?\b", re.IGNORECASE)
_NUMBER = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_SHARE_OF = words(
    """
    parcels, parcel, volume, volumes, packages, orders, shipments, freight, business, total, spend
    """
)
_COMMITTED = words(
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


@dataclass(frozen=True, slots=True)
class _Spot:
    """A quantity with the words around it."""

    quantity: Quantity
    clause: str
    sentence: str
    claimed: bool


def _about_volume(spot: _Spot) -> str | None:
    """Which volume term a counted quantity claims to be, if it is claimed at all."""
    quantity = spot.quantity
    if not spot.claimed or _REPORTING.search(spot.clause) or CAPACITY.search(spot.clause):
        return None
    if quantity.kind in ("percent", "fraction"):
        return "volume.share" if _SHARE_OF.search(quantity.of or "") or _SHARE_OF.search(spot.clause) else None
    return _about_count(spot) if quantity.kind == "number" and not quantity.role else None


def _about_count(spot: _Spot) -> str | None:
    quantity = spot.quantity
    if quantity.per == "year" or (_ANNUAL.search(spot.clause) and (quantity.low or 0) >= 5_000):
        return "volume.annual"
    counted = quantity.per in ("day", "week") or (quantity.unit is not None and PARCELS.search(quantity.unit))
    if counted and _TEST.search(spot.sentence):
        return "volume.test"
    return "volume.committed" if counted and _COMMITTED.search(spot.sentence) else None


def _about_money(spot: _Spot) -> str | None:
    """Money per package, as a claim about the price; totals, surcharges and values are something else."""
    if spot.quantity.kind != "money" or not may_be_term(spot.quantity):
        return None
    if _NO_PRICE.search(spot.clause) or not _PRICE.search(spot.sentence):
        return None
    return "price"


def _about_duration(spot: _Spot) -> str | None:
    """The test's length, said as a length ("it's a four-week test"), not as a wish or a date."""
    if spot.quantity.kind != "duration" or not may_be_term(spot.quantity) or not _TEST.search(spot.clause):
        return None
    if _LONGER.search(spot.clause) or not (_LENGTH.search(spot.clause) or spot.claimed):
        return None
    return "test.duration"


_PRICES, _DAYS = (0.3, 200), (5, 200)
_READERS = (_about_money, _about_duration, _about_volume)


def may_be_term(quantity: Quantity) -> bool:
    """Whether the quantity can be what a claim is about: a volume, the price of a package, the length of a test."""
    if quantity.kind == "money":
        return _PRICES[0] <= (quantity.low or 0) <= _PRICES[1]
    if quantity.kind == "duration":
        return _DAYS[0] <= (quantity.low or 0) / 86_400 <= _DAYS[1]
    return may_be_volume(quantity)


def claims(pieces: list[Clause], quantities: Sequence[Quantity], scene: Scene) -> list[Statement]:
    """What the message claims about agreed terms, each with its quantity; judging whether it is true is the playbook's part."""
    found = []
    for quantity in quantities:
        piece = clause_at(pieces, quantity.start) if may_be_term(quantity) else None
        if piece is None or scene.has(OTHER_CARRIER, piece.text) or scene.has(PAST, piece.text):
            continue
        spot = _Spot(quantity, piece.text, piece.sentence, scene.has(CLAIM, piece.sentence))
        about = next((subject for reader in _READERS if (subject := reader(spot))), None)
        if about:
            sure = 0.85 if spot.claimed else 0.7
            quote, start, end = piece.quoted(scene.text, quantity.start, quantity.end)
            found.append(Statement("claims-term", quote, start, end, sure, f"claim: {about}", quantity, about))
    return found + _transit_claims(pieces, scene)


def _transit_claims(pieces: list[Clause], scene: Scene) -> list[Statement]:
    """Transit times said of a lane or service: "next-day to Boston", "two days to Ontario"; `notes` carry the words around."""
    if not scene.vocabulary.services and not scene.vocabulary.lanes:
        return []
    found = []
    for piece in pieces:
        match = _NEXT_DAY.search(piece.text) or _N_DAY.search(piece.text)
        if match is None or scene.has(OTHER_CARRIER, piece.text) or not _said_of_service(piece, scene):
            continue
        days = float(_NUMBER.get(match[1].lower()) or match[1]) if match.re is _N_DAY else 1.0
        start = piece.start + match.start()
        quantity = Quantity(
            match[0], start, start + len(match[0]), "duration", days * 86_400, days * 86_400, unit="day", role="transit time"
        )
        sure = 0.85 if CLAIM.search(piece.sentence) else 0.7
        quote, begin, end = piece.quoted(scene.text, quantity.start, quantity.end)
        found.append(
            Statement(
                "claims-term", quote, begin, end, sure, "claim: service.transit", quantity, "service.transit", notes=(piece.sentence,)
            )
        )
    return found


def _said_of_service(piece: Clause, scene: Scene) -> bool:
    named = (*scene.vocabulary.services, *scene.vocabulary.lanes)
    lowered = piece.sentence.lower()
    if any(name.lower() in lowered for name in named):
        return True
    return scene.has(CLAIM, piece.sentence) and scene.has(_TRANSIT, piece.sentence)
