"""What the trained reader sees of an utterance: its words, parts of words, what was said before, and how its figures lie to the deal's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from zlib import crc32

from bot.language.statement import Quantity, Statement, Utterance, Vocabulary

BITS = 18
"""Features are hashed into 2**BITS places."""

LONGEST = 2_000
"""Characters of an utterance that are looked at."""

_TOKEN = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+|[?!%$€£]")
_PERIOD_DAYS = {"week": 5.0, "fortnight": 10.0, "month": 21.7, "quarter": 65.0, "year": 260.0}


def features(
    utterance: Utterance,
    before: Sequence[Utterance],
    vocabulary: Vocabulary,
    quantities: Sequence[Quantity],
    statements: Sequence[Statement],
) -> dict[int, float]:
    """Place -> value. Each group of features has a fixed weight in all, so that long messages do not shout."""
    tokens = _tokens(utterance.text[:LONGEST])
    said = _tokens(" ".join(other.text[-300:] for other in before[-2:]))[-120:]
    figures = sorted(set(_figures(quantities, vocabulary)))
    frame = (vocabulary.phase, utterance.side)
    asked = any("?" in other.text for other in before[-1:] if other.speaker != utterance.speaker)
    acts = {f"act {statement.act} {statement.about} {statement.stance}" for statement in statements}
    groups: tuple[tuple[float, Iterable[str]], ...] = (
        (1.0, _grams(tokens, 3, "w")),
        (0.6, _parts(tokens)),
        (0.5, _grams(said, 2, "p")),
        (0.3, (f"phase word {frame[0]} {token}" for token in set(tokens))),
        (0.6, [f"figure {name} {frame[0]}" for name in figures] + [f"figure {name}" for name in figures]),
        (0.6, acts | {f"{act} {frame[0]}" for act in acts}),
        (0.6, (f"phase {frame[0]}", f"side {frame[1]}", f"{frame[0]} {frame[1]}", f"asked {asked}", f"length {min(len(tokens) // 8, 6)}")),
    )
    found: dict[int, float] = {}
    for weight, names in groups:
        listed = set(names)
        share = weight / max(1.0, len(listed) ** 0.5)
        for name in listed:
            place = crc32(name.encode()) & ((1 << BITS) - 1)
            found[place] = found.get(place, 0.0) + share
    return found


def _tokens(text: str) -> list[str]:
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


def _figures(quantities: Sequence[Quantity], vocabulary: Vocabulary) -> Iterable[str]:
    """How each figure lies to the deal's own: far under the test volume, at it, between, at the commitment, above."""
    test, committed = vocabulary.test_per_day, vocabulary.committed_per_day
    for quantity in quantities[:20]:
        value = quantity.high if quantity.high is not None else quantity.low
        if quantity.kind not in ("number", "percent", "fraction"):
            yield quantity.kind
        elif quantity.role or value is None or not test or not committed:
            yield f"aside {quantity.role}"
        elif quantity.kind == "number":
            yield f"{_place(value / _PERIOD_DAYS.get(quantity.per or '', 1.0), test, committed)} {'rate' if quantity.per else 'bare'}"
        else:
            yield quantity.kind


def _place(value: float, test: float, committed: float) -> str:
    for name, top in (
        ("tiny", 0.08 * test),
        ("low", 0.9 * test),
        ("test", 1.12 * test),
        ("between", 0.9 * committed),
        ("full", 1.2 * committed),
    ):
        if value < top:
            return name
    return "above"
