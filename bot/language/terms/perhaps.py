"""Figures that may be claims about a term though few words say so: kept aside, and statements only if the trained reader says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.language.clauses import Clause, clause_at
from bot.language.cues import RAMP
from bot.language.evidence import Scene
from bot.language.statement import Quantity, Statement
from bot.language.terms.figures import BEGINS, COMMITTED, TEST
from bot.language.wording import words

AT_MOST = 8
"""Figures of a message that are kept as perhaps claims."""

_ENDS = words(
    "till, until, through, end, ends, ended, ending, over, last day, finish*, done, closes, close, lasts, lasting, run to, runs to, up on"
)
_DAY = 86_400
_LIKE_A_PRICE = (1 / 3, 3.0)
_DECIMALS = re.compile(r"\d[.,]\d\d?$")
_SPOKEN = re.compile(r"[a-z]+[ -][a-z-]+$", re.IGNORECASE)


def perhaps_claims(pieces: list[Clause], quantities: Sequence[Quantity], scene: Scene) -> Iterator[Statement]:
    """A statement for each figure and each term that it may be meant for."""
    left = AT_MOST
    for quantity in quantities:
        piece = clause_at(pieces, quantity.start)
        if piece is None or not left:
            continue
        for subject, meant in _terms(quantity, piece, scene):
            quote, start, end = piece.quoted(scene.text, quantity.start, quantity.end)
            yield Statement("latent-claim", quote, start, end, 0.3, f"perhaps: {subject}", meant, subject)
            left -= 1


def _terms(quantity: Quantity, piece: Clause, scene: Scene) -> Iterator[tuple[str, Quantity]]:
    if quantity.low is None:
        return
    price = _price(quantity, scene)
    if price is not None:
        yield "price", price
        return
    for subject in _OF_KIND.get(quantity.kind, _none)(quantity, piece, scene):
        yield subject, quantity


def _lengths(quantity: Quantity, piece: Clause, scene: Scene) -> Iterator[str]:
    days = (quantity.low or 0.0) / _DAY
    if 5 <= days <= 200:
        yield "ramp.timing" if scene.has(RAMP, piece.sentence) else "test.duration"
    elif 1 <= days < 8:
        yield "service.transit"


def _dates(_: Quantity, piece: Clause, scene: Scene) -> Iterator[str]:
    if scene.has(RAMP, piece.sentence):
        yield "ramp.timing"
    elif scene.has(_ENDS, piece.sentence):
        yield "test.end"
    if scene.has(BEGINS, piece.sentence):
        yield "test.start"


def _counts(quantity: Quantity, piece: Clause, scene: Scene) -> Iterator[str]:
    if quantity.role:
        return
    if scene.has(RAMP, piece.sentence):
        yield "ramp.volume"
    if scene.has(COMMITTED, piece.sentence):
        yield "volume.committed"
    if scene.has(TEST, piece.sentence):
        yield "volume.test"


def _shares(_: Quantity, __: Clause, ___: Scene) -> Iterator[str]:
    yield "volume.share"


def _none(_: Quantity, __: Clause, ___: Scene) -> Iterator[str]:
    yield from ()


def _price(quantity: Quantity, scene: Scene) -> Quantity | None:
    """The figure as money per package, if it has the size of one of the deal's prices: 4.20, "five thirty-five"."""
    low = quantity.low
    if low is None or low != quantity.high or not scene.vocabulary.prices:
        return None
    span = quantity.span.strip().rstrip(".,")
    if quantity.kind == "number" and not (_DECIMALS.search(span) and low < 1_000):
        if not (_SPOKEN.fullmatch(span) and 100 < low < 2_000 and low % 100):
            return None
        low /= 100
    elif quantity.kind not in ("number", "money"):
        return None
    if not any(_LIKE_A_PRICE[0] < low / price < _LIKE_A_PRICE[1] for price in scene.vocabulary.prices):
        return None
    return Quantity(quantity.span, quantity.start, quantity.end, "money", low, low, role="price")


_OF_KIND: dict[str, Callable[[Quantity, Clause, Scene], Iterator[str]]] = {
    "duration": _lengths,
    "date": _dates,
    "number": _counts,
    "percent": _shares,
    "fraction": _shares,
}
"""Kind of quantity -> the terms that it may be meant for."""
