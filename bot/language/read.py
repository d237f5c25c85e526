"""read(): one utterance with what was said before it, into quantities and statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.language.acts import acts, pickup, talks_of_volume
from bot.language.clauses import clauses
from bot.language.evidence import Scene
from bot.language.glance import glance
from bot.language.model.domain import about_shipping
from bot.language.model.features import features
from bot.language.model.hunch import SUBJECT, Weights, hunch_of, shipped
from bot.language.quantities import find_quantities
from bot.language.statement import Hunch, Quantity, Reading, Statement, Utterance, Vocabulary
from bot.language.terms import claims, may_be_term
from bot.language.volume import asked_for_volume, said_before, volumes

READ_AT_MOST = 2_400
"""Characters of a message that are read; implementation talk is shorter, pasted exports are longer."""

SPOKEN, SPOKEN_AT_MOST = 6, 600
"""Earlier messages in which "that" is looked for, and characters of each."""

HEEDED = 0.3
"""From this chance of a finding on, a message without a figure is given the one that was talked of."""

WEIGHED_AT_MOST = 24
"""Numbers of a message whose meaning is looked for."""

TABLE, OF_A_TABLE = 128, 6
"""So many numbers make a table, not talk; only the first few of it are looked at, for what stands above it."""

_SILENCE = Reading()


def read(
    utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, weights: Callable[[], Weights | None] = shipped
) -> Reading:
    """Everything said in `utterance`; `before` (oldest first) gives antecedents and questions. Never raises on any text.

    `weights` gives the trained reader's; without any, and in talk that is not about shipping, the reading rests on rules alone.
    """
    heard = _by_rules(utterance, before, vocabulary)
    trained = weights() if about_shipping(utterance, before) else None
    if trained is None:
        return heard
    hunch = hunch_of(features(utterance, before, vocabulary, heard.quantities, heard.carried), trained)
    latent = heard.latent or (_meant(utterance, before, vocabulary) if hunch.any >= HEEDED else ())
    return replace(heard, hunch=hunch, notes=(*heard.notes, *_told(hunch)), latent=latent)


def _meant(utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary) -> tuple[Statement, ...]:
    """The figures of the talk that a message without any of its own is about ("ok by me", "same again")."""
    text = utterance.text[:READ_AT_MOST]
    return said_before(clauses(text), Scene(text, asked=False, vocabulary=vocabulary, spoken=_spoken(before)))


def _spoken(before: Sequence[Utterance]) -> tuple[str, ...]:
    return tuple(said.text[:SPOKEN_AT_MOST] for said in before[-SPOKEN:])


def _by_rules(utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary) -> Reading:
    """What grammar and rules read; most messages hold no figure and no saying, and are passed over before anything is cut up."""
    text = utterance.text[:READ_AT_MOST]
    seen = glance(text)
    quantities = find_quantities(text, said_at=utterance.at) if seen.quantity else ()
    transit = (seen.transit or seen.quantity) and bool(vocabulary.services or vocabulary.lanes)
    if not (seen.rules or seen.pickup or transit or any(may_be_term(quantity) for quantity in quantities)):
        notes = tuple(_set_aside(utterance, quantities))
        return Reading(quantities, notes=notes) if notes else _SILENCE
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
    dates = [quantity for quantity in quantities if quantity.kind == "date" and quantity.low is not None]
    statements = tuple(_dated(statement, dates) for statement in (*claimed, *found.stated, *done))
    latent = tuple(_dated(statement, dates) for statement in found.latent)
    return Reading(quantities, statements, (*found.notes, *_left_out(utterance, quantities)), None, latent)


def _weighed(quantities: Sequence[Quantity]) -> int:
    return OF_A_TABLE if len(quantities) >= TABLE else WEIGHED_AT_MOST


def _set_aside(utterance: Utterance, quantities: Sequence[Quantity]) -> Iterator[str]:
    """What was seen where nothing can be volume or a term, and what was not looked at."""
    for quantity in quantities[: _weighed(quantities)]:
        yield f"{quantity.span!r}: {quantity.role or quantity.kind}"
    yield from _left_out(utterance, quantities)


def _left_out(utterance: Utterance, quantities: Sequence[Quantity]) -> Iterator[str]:
    if len(quantities) > WEIGHED_AT_MOST:
        yield f"only the first {_weighed(quantities)} of {len(quantities)} numbers were weighed"
    if len(utterance.text) > READ_AT_MOST:
        yield f"only the first {READ_AT_MOST:,} characters were read"


def _told(hunch: Hunch | None) -> Iterator[str]:
    """What the trained reader thinks, for those who want to know why."""
    labels = {label: chance for label, chance in hunch.labels.items() if not label.startswith(SUBJECT)} if hunch else {}
    if hunch and labels:
        yield f"trained reader: {hunch.any:.0%} that the rep must know; most like {max(labels, key=lambda label: labels[label])}"


def _dated(statement: Statement, dates: list[Quantity]) -> Statement:
    """The statement with the day it speaks of: the first date in its clause, where one stands there."""
    for date in dates:
        if statement.start <= date.start < statement.end and date.low is not None:
            return replace(statement, when=datetime.combine(datetime.fromordinal(int(date.low)), time()))
    return statement
