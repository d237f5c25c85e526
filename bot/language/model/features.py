"""What the trained reader sees of an utterance: its words with figures placed beside the deal's, what was said before, what rules say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from zlib import crc32

from bot.language.model.places import place, placed
from bot.language.statement import Reading, Utterance, Vocabulary

BITS = 18
"""Features are hashed into 2**BITS places."""

LONGEST = 2_000
"""Characters of an utterance that are looked at."""

_TOKEN = re.compile(r"<[a-z ]+>|[a-z]+(?:['’][a-z]+)?|\d+|[?!%$€£]")
_PLACES_KEPT = 20
"""Quantities of an utterance whose places count for themselves."""


def features(
    utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, reading: Reading, marks: Collection[str] = ()
) -> dict[int, float]:
    """Place -> value. Each group of features has a fixed weight in all, so that long messages do not shout.

    `marks` are what arithmetic says of the message (bot/playbook/marks.py); without a deal there are none.
    """
    text, today = utterance.head[:LONGEST], utterance.at.date() if utterance.at else None
    said, phase = tokens_of(text), vocabulary.phase
    tokens = placed_tokens(utterance, vocabulary, reading)
    context = tokens_of(" ".join(other.text[-300:] for other in before[-2:]))[-120:]
    figures = {place(quantity, vocabulary, today) for quantity in reading.quantities[:_PLACES_KEPT]}
    asked = any("?" in other.text for other in before[-1:] if other.speaker != utterance.speaker)
    acts = {f"act {made.act} {made.about} {made.stance}" for made in reading.carried}
    groups: tuple[tuple[float, Iterable[str]], ...] = (
        (1.0, _grams(tokens, 3, "w")),
        (0.6, _parts(said)),
        (0.5, _grams(context, 2, "p")),
        (0.3, {f"phase word {phase} {token}" for token in tokens}),
        (0.6, _by_phase({f"figure {name}" for name in figures}, phase)),
        (0.6, _by_phase(acts, phase)),
        (0.8, _by_phase({f"mark {mark}" for mark in marks}, phase)),
        (
            0.6,
            {
                f"phase {phase}",
                f"side {utterance.side}",
                f"{phase} {utterance.side}",
                f"asked {asked}",
                f"length {min(len(said) // 8, 6)}",
            },
        ),
    )
    return hashed(groups)


def placed_tokens(utterance: Utterance, vocabulary: Vocabulary, reading: Reading) -> list[str]:
    """The words of an utterance with each quantity replaced by how it lies to the deal's terms."""
    today = utterance.at.date() if utterance.at else None
    return tokens_of("".join(placed(utterance.head[:LONGEST], reading.quantities, vocabulary, today)))


def hashed(groups: Iterable[tuple[float, Iterable[str]]]) -> dict[int, float]:
    """Groups of names as places with values; each group weighs the same however many names it has."""
    found: dict[int, float] = {}
    for weight, names in groups:
        listed = set(names)
        share = weight / max(1.0, len(listed) ** 0.5)
        for name in listed:
            at = crc32(name.encode()) & ((1 << BITS) - 1)
            found[at] = found.get(at, 0.0) + share
    return found


def _by_phase(names: Collection[str], phase: str) -> set[str]:
    """The names, and each once more for the phase of the deal."""
    return {*names, *(f"{name} {phase}" for name in names)}


def tokens_of(text: str) -> list[str]:
    """The words and marks of a text, numbers as so many noughts as they have digits."""
    found = _TOKEN.findall(text.lower().replace("’", "'"))
    return ["0" * min(len(token), 5) if token.isdigit() else token for token in found]


def _grams(tokens: Sequence[str], longest: int, name: str) -> set[str]:
    padded = ["^", *tokens, "$"]
    return {f"{name} {' '.join(padded[at : at + size])}" for size in range(1, longest + 1) for at in range(len(padded) - size + 1)}


def _parts(tokens: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for token in set(tokens):
        padded = f"<{token}>"
        if len(padded) > 4:
            found.update(f"c {padded[at : at + size]}" for size in (3, 4, 5) for at in range(len(padded) - size + 1))
    return found
