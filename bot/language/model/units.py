"""Hidden units: sums over an utterance's features like those of the labels, of which only what is above nought counts.

A label's own weights add up what each feature says by itself. Units see which features come together, and what they say counts half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

UNIT = "unit "
"""What stands before a unit's number to make the name under which its weights lie beside the labels'."""

SHARE = 0.5
"""How much of a label's score comes of the units; the rest is its own."""


@dataclass(frozen=True, slots=True)
class Upper:
    """What units say of labels: for each label what is added, and the weight of every unit."""

    labels: tuple[str, ...] = ()
    added: tuple[float, ...] = ()
    weights: tuple[tuple[float, ...], ...] = ()

    def score(self, label: str, own: float, units: Sequence[float]) -> float:
        """The label's score by its own weights and the units together; its own where units say nothing of it."""
        if label not in self.labels:
            return own
        at = self.labels.index(label)
        said: float = sum(map(mul, units, self.weights[at]))
        return (1 - SHARE) * own + SHARE * (self.added[at] + said)


NO_UNITS = Upper()


def unit_names(count: int) -> tuple[str, ...]:
    """The names of so many units."""
    return tuple(f"{UNIT}{number}" for number in range(count))


@lru_cache(maxsize=16)
def units_among(labels: tuple[str, ...]) -> tuple[int, ...]:
    """Where the units stand among the names of rows."""
    return tuple(at for at, label in enumerate(labels) if label.startswith(UNIT))
