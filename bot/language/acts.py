"""What a message does without a figure: looks up the rulebook, and hears pickups confirmed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.language.clauses import Clause
from bot.language.rules.rule import Rule
from bot.language.statement import Quantity, Statement, Utterance
from bot.language.wording import words

PICKED = words(
    """
    picked up, pickup, pick up, pick-up, collected, collection, truck*, trailer*, driver*, van, courier*, left, pulled, out at,
    loaded, departed, on board, grabbed
    """
)
"""What is said when parcels are taken away."""
_PICKED_PAST = words(
    """
    picked up, collected, pulled, left, out at, is out, was out, were out, are out, in at, came, gone, departed, loaded, rolled
    out, took off, got there, was at, was in, were in, on board, confirmed, complete, completed, done, in the books, grabbed,
    was on the truck, trailers out, truck out, driver out, out by, in and out
    """
)
_NOT_YET = words(
    """
    will, tomorrow, could, can you, should, would, move the pickup, change the pickup, no pickup, missed, didn't, did not,
    never, not yet, if, please, late, no truck, no driver
    """
)
_BOL = re.compile(
    r"\b(?:bols?|b\s?/?\s?o\s?/?\s?l|bills? of lading)\b(?=.{0,40}?(?:\d|zero|one|two|three|four|five|six|seven|eight|nine|oh))",
    re.IGNORECASE | re.DOTALL,
)
_VOLUME_TALK = words(
    """
    volume*, ramp*, parcels, packages, boxes, orders, a day, per day, daily, test, trial, pilot, the rest, remaining, full,
    quantity, quantities, numbers, number, figure, forecast, how many, how much, step up, split, shipping rules, routing,
    carrier
    """
)
CONTEXT = 1
"""Utterances before that may carry what the talk is about."""


def talks_of_volume(text: str, before: Sequence[Utterance]) -> bool:
    """Whether the message, or the one before it, is about volume, test or ramp."""
    return _VOLUME_TALK.search(text) or any(_VOLUME_TALK.search(said.text[:1_000]) for said in before[-CONTEXT:])


def acts(text: str, pieces: list[Clause], rules: Sequence[Rule], *, about_volume: bool) -> list[Statement]:
    """The number-free acts of a message, each once, by the first of these rules that says so; some count only in talk about volume."""
    found: dict[str, Statement] = {}
    for rule in rules:
        if rule.act in found:
            continue
        said = next((piece for piece in pieces if rule.holds(piece, about_volume)), None)
        if said:
            quote, start, end = said.quoted(text, said.start, said.end)
            found[rule.act] = Statement(rule.act, quote, start, end, rule.sure, rule.name)
    return list(found.values())


def pickup(pieces: list[Clause], quantities: Sequence[Quantity]) -> Statement | None:
    """A pickup that happened (or is booked with its BOL): the words for it, with a time or a BOL number in the same sentence."""
    times = [quantity for quantity in quantities if quantity.kind == "time"]
    for piece in pieces:
        sentence, end = piece.sentence, piece.sentence_start + len(piece.sentence)
        if not PICKED.search(sentence) or sentence.rstrip().endswith("?"):
            continue
        bol = _BOL.search(sentence)
        timed = any(piece.sentence_start <= quantity.start < end for quantity in times)
        if bol or (timed and _PICKED_PAST.search(sentence) and not _NOT_YET.search(sentence)):
            rule = "pickup with BOL" if bol else "pickup with time"
            return Statement("pickup-confirmed", sentence.strip(), piece.sentence_start, end, 0.85 if bol else 0.75, rule)
    return None
