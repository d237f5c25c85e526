"""read(): one utterance with what was said before it, into quantities and statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.language.acts import acts, talks_of_volume
from bot.language.clauses import clauses
from bot.language.evidence import Scene
from bot.language.quantities import find_quantities
from bot.language.statement import Quantity, Reading, Statement, Utterance, Vocabulary
from bot.language.terms import claims
from bot.language.terms.perhaps import perhaps_claims
from bot.language.volume import asked_for_volume, volumes

READ_AT_MOST = 2_400
"""Characters of a message that are read; implementation talk is shorter, pasted exports are longer."""

SPOKEN_AT_MOST = 600
"""Characters of an earlier message in which "that" is looked for."""

WEIGHED_AT_MOST = 32
"""Numbers of a message whose meaning is looked for."""

TABLE, OF_A_TABLE = 128, 6
"""So many numbers make a table, not talk; only the first few of it are looked at, for what stands above it."""


def read(utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary) -> Reading:
    """What grammar and rules read in `utterance`; `before` (oldest first) gives antecedents and questions. Never raises on any text."""
    text = utterance.text[:READ_AT_MOST]
    quantities = find_quantities(text, said_at=utterance.at)
    pieces = clauses(text)
    spoken = tuple(said.text[:SPOKEN_AT_MOST] for said in before[-3:])
    scene = Scene(text, asked_for_volume(before, utterance.speaker), vocabulary, spoken)
    looked_at = quantities[: _weighed(quantities)]
    claimed = claims(pieces, looked_at, scene)
    taken = {statement.quantity for statement in claimed}
    found = volumes(pieces, [quantity for quantity in looked_at if quantity not in taken], scene)
    done = acts(text, pieces, quantities, about_volume=bool(found.stated) or talks_of_volume(text, before))
    dates = [quantity for quantity in quantities if quantity.kind == "date" and quantity.low is not None]
    statements = tuple(_dated(statement, dates) for statement in (*claimed, *found.stated, *done))
    perhaps = perhaps_claims(pieces, [quantity for quantity in looked_at if quantity not in taken], scene)
    latent = tuple(_dated(statement, dates) for statement in (*found.latent, *perhaps))
    notes = (*found.notes, *_left_out(utterance, quantities))
    return Reading(quantities, statements, notes, latent=latent)


def _weighed(quantities: Sequence[Quantity]) -> int:
    return OF_A_TABLE if len(quantities) >= TABLE else WEIGHED_AT_MOST


def _left_out(utterance: Utterance, quantities: Sequence[Quantity]) -> Iterator[str]:
    if len(quantities) > WEIGHED_AT_MOST:
        yield f"only the first {_weighed(quantities)} of {len(quantities)} numbers were weighed"
    if len(utterance.text) > READ_AT_MOST:
        yield f"only the first {READ_AT_MOST:,} characters were read"


def _dated(statement: Statement, dates: list[Quantity]) -> Statement:
    """The statement with the day it speaks of: the first date in its clause, where one stands there."""
    for date in dates:
        if statement.start <= date.start < statement.end and date.low is not None:
            return replace(statement, when=datetime.combine(datetime.fromordinal(int(date.low)), time()))
    return statement
