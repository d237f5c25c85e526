"""read(): one utterance with what was said before it, into quantities and statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.language.acts import acts, pickup, talks_of_volume
from bot.language.clauses import clauses
from bot.language.evidence import Scene
from bot.language.glance import glance
from bot.language.quantities import find_quantities
from bot.language.statement import Aside, Quantity, Reading, Statement, Utterance, Vocabulary
from bot.language.terms import claims
from bot.language.terms.figures import may_be_term
from bot.language.terms.perhaps import perhaps_claims
from bot.language.volume import asked_for_volume, moves_on, perhaps, volumes

SPOKEN, SPOKEN_AT_MOST = 6, 600
"""Earlier messages in which "that" is looked for, and characters of each."""

WEIGHED_AT_MOST = 24
"""Numbers of a message whose meaning is looked for."""

TABLE, OF_A_TABLE = 128, 6
"""So many numbers make a table, not talk; only the first few of it are looked at, for what stands above it."""

_SILENCE = Reading()


def perhaps_meant(
    utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, reading: Reading, volumes: Sequence[Quantity]
) -> tuple[Statement, ...]:
    """Latent statements of volumes that the words of the utterance do not carry by themselves, dated by the dates in their clauses."""
    pieces = clauses(utterance.head)
    scene = Scene(utterance.head, asked=False, vocabulary=vocabulary, spoken=_spoken(before))
    dates = _dates(reading.quantities)
    return tuple(_dated(perhaps(volume, pieces, scene), dates, utterance.head) for volume in volumes) if pieces else ()


def _spoken(before: Sequence[Utterance]) -> tuple[str, ...]:
    return tuple(said.text[:SPOKEN_AT_MOST] for said in before[-SPOKEN:])


def read(utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary) -> Reading:
    """What grammar and rules read in `utterance`; `before` (oldest first) gives antecedents and questions. Never raises on any text.

    Most messages hold no figure and no saying, and are passed over before anything is cut up.
    """
    text = utterance.head
    seen = glance(text)
    quantities = find_quantities(text, said_at=utterance.at) if seen.quantity else ()
    transit = (seen.transit or seen.quantity) and bool(vocabulary.services or vocabulary.lanes)
    if not (seen.rules or seen.pickup or seen.terms or transit or any(may_be_term(quantity) for quantity in quantities)):
        asides = tuple(Aside(quantity, quantity.role or quantity.kind) for quantity in quantities[: _weighed(quantities)])
        notes = _notes(utterance, quantities, asides)
        return Reading(quantities, notes=notes, asides=asides) if notes else _SILENCE
    pieces = clauses(text)
    scene = Scene(text, bool(quantities) and asked_for_volume(before, utterance.speaker), vocabulary, _spoken(before))
    looked_at = quantities[: _weighed(quantities)]
    claimed = claims(pieces, looked_at, scene)
    taken = {statement.quantity for statement in claimed}
    found = volumes(pieces, [quantity for quantity in looked_at if quantity not in taken], scene)
    about_volume = bool(seen.rules) and (bool(found.stated) or talks_of_volume(text, before))
    done = acts(text, pieces, seen.rules, about_volume=about_volume)
    if seen.pickup and (taken_away := pickup(pieces, quantities)):
        done.append(taken_away)
    dates = _dates(quantities)
    statements = tuple(_dated(statement, dates, text) for statement in (*claimed, *found.stated, *done))
    perhaps = perhaps_claims(pieces, [quantity for quantity in looked_at if quantity not in taken], scene)
    latent = tuple(_dated(statement, dates, text) for statement in (*found.latent, *perhaps))
    return Reading(quantities, statements, _notes(utterance, quantities, found.asides), None, latent, found.asides)


def _dates(quantities: Sequence[Quantity]) -> list[Quantity]:
    return [quantity for quantity in quantities if quantity.kind == "date" and quantity.low is not None]


def _weighed(quantities: Sequence[Quantity]) -> int:
    return OF_A_TABLE if len(quantities) >= TABLE else WEIGHED_AT_MOST


def _notes(utterance: Utterance, quantities: Sequence[Quantity], asides: Sequence[Aside]) -> tuple[str, ...]:
    """What was seen and set aside, and what was not looked at."""
    return (*map(str, asides), *_left_out(utterance, quantities))


def _left_out(utterance: Utterance, quantities: Sequence[Quantity]) -> Iterator[str]:
    if len(quantities) > WEIGHED_AT_MOST:
        yield f"only the first {_weighed(quantities)} of {len(quantities)} numbers were weighed"
    if len(utterance.text) > len(utterance.head):
        yield f"only the first {len(utterance.head):,} characters were read"


def _dated(statement: Statement, dates: list[Quantity], text: str) -> Statement:
    """The statement with the day it speaks of: the first date in its clause that is said of it, where one stands there."""
    figure = statement.quantity
    until = statement.end if figure is None or not dates else min(statement.end, moves_on(text, figure.end))
    for date in dates:
        if statement.start <= date.start < until and date.low is not None:
            return replace(statement, when=datetime.combine(datetime.fromordinal(int(date.low)), time()))
    return statement
