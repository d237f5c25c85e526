"""Which figure of an utterance is the one that its finding is about: what the trained reader sees of each candidate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.language.model.features import hashed, placed_tokens, tokens_of
from bot.language.model.places import place
from bot.language.statement import PERHAPS, Quantity, Reading, Statement, Utterance, Vocabulary

COUNTED = frozenset({"number", "percent", "fraction"})
"""Kinds of quantity that can be a volume."""

AROUND = 5
"""Words on each side of a figure that are looked at."""

_AT_MOST = 16
"""Candidates of an utterance."""


def candidates(reading: Reading) -> list[Statement]:
    """A statement for each figure that may be a volume, stated or only perhaps meant; the first that has it."""
    found: dict[tuple[int, int, float | None, float | None, str | None], Statement] = {}
    for made in (*reading.statements, *reading.latent):
        quantity = made.quantity
        if quantity is not None and quantity.kind in COUNTED and (quantity.low is not None or quantity.high is not None):
            found.setdefault((quantity.start, quantity.end, quantity.low, quantity.high, quantity.per), made)
    return list(found.values())[:_AT_MOST]


def figure_features(
    utterance: Utterance, vocabulary: Vocabulary, reading: Reading, among: Sequence[Statement]
) -> Iterator[tuple[Quantity, dict[int, float]]]:
    """Each candidate's quantity with its features: the words around it, how it lies to the deal's figures, what rules made of it."""
    today = utterance.at.date() if utterance.at else None
    words = {f"fig w {word}" for word in placed_tokens(utterance, vocabulary, reading)}
    for number, made in enumerate(among):
        quantity = made.quantity
        assert quantity is not None
        others = [other for other in reading.quantities if other.end <= quantity.start or other.start >= quantity.end]
        left = tokens_of(utterance.text[max(0, quantity.start - 80) : quantity.start])
        right = tokens_of(utterance.text[quantity.end : quantity.end + 80])
        level = place(quantity, vocabulary, today)
        about = f"{made.act} {made.about} {made.stance}"
        names = {
            f"level {level}",
            f"level {level} {vocabulary.phase}",
            f"about {about}",
            f"about {about} {level}",
            f"rule {made.rule == PERHAPS}",
            f"only {len(among) == 1}",
            f"first {number == 0}",
            f"last {number == len(among) - 1}",
            f"unit {quantity.unit}",
            f"per {quantity.per}",
            f"alone {not others}",
            f"approximate {quantity.approximate}",
            f"short {len(utterance.text) < 40}",
        }
        yield (
            quantity,
            hashed(
                (
                    (1.0, {f"fig {name}" for name in names}),
                    (0.8, _sides("l", left[::-1]) | _sides("r", right)),
                    (0.3, words),
                )
            ),
        )


def _sides(name: str, words: Sequence[str]) -> set[str]:
    """The words next to the figure, nearest first: by place, by themselves, and the nearest ones together."""
    near = words[:AROUND]
    found = {f"fig {name}{at} {word}" for at, word in enumerate(near[:3])} | {f"fig {name} {word}" for word in near}
    return found | {f"fig {name}{size} {' '.join(near[:size])}" for size in (2, 3) if len(near) >= size}
