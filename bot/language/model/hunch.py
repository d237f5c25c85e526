"""What the trained reader makes of an utterance: how likely each act was done, from weights that come with the package."""

from __future__ import annotations

import json
import mmap
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import exp, log
from operator import add
from pathlib import Path
from struct import unpack as unpack_bytes
from threading import Lock

from bot.language.model.domain import Domain
from bot.language.model.features import BITS, Groups
from bot.language.model.units import NO_UNITS, UNIT, Upper, units_among
from bot.language.statement import Hunch

ANY = "any finding"
"""The label for "this is something the rep must know", whatever it is."""

SUBJECT = "subject "
"""What stands before a contradiction's subject to make its label."""

FIGURE = "the figure meant"
"""The label, of a volume and not of an utterance, for "this is what it is about"; what is added to it is the score of "none of them"."""

WORTH = "worth a direct message"
"""The label of the second look (bot/language/model/second.py), which sees the other chances and not the words."""

SURE_OF = "sure of "
"""What stands before good news to make its label at the second look."""

UNLIKELY = 0.04
"""Below this chance of any finding only good news is looked for."""

MIDDLE = 1 << 7
"""What is added to a weight in the table, so that none is negative."""

TOGETHER = 256
"""So many weights fit into two bytes when they are added up."""

GOOD_NEWS = frozenset({"pickup-confirmed", "volume-confirmed", "ramp-confirmed"})
"""The labels of what is no finding."""

_STRIDE = 4_096
_LOADING = Lock()
_FROM_MIDDLE = bytes(high ^ 0x80 for high in range(256))


@dataclass(frozen=True, slots=True)
class Rows:
    """Per label or unit: the weight of every place, the factor by which the whole numbers must be multiplied, and what is added."""

    labels: tuple[str, ...]
    places: tuple[array[int], ...]
    factors: tuple[float, ...]
    added: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The whole trained reader: labels and hidden units, what units say of labels, and `domain`: whether talk is about shipping at all.

    `table`: the weights of all labels and units for the first place, then those for the second, and so on, each of 8 bits and MIDDLE more
    than it is: what a feature says of every label lies side by side, and is added up as one long number.
    """

    labels: tuple[str, ...]
    factors: tuple[float, ...]
    added: tuple[float, ...]
    domain: Domain
    table: bytearray | memoryview = field(repr=False)
    upper: Upper = NO_UNITS

    @property
    def rows(self) -> Rows:
        """The weights by label, as they are learned and filed."""
        return Rows(self.labels, tuple(map(self._row, range(len(self.labels)))), self.factors, self.added)

    def _row(self, at: int) -> array[int]:
        places = array("b")
        places.frombytes(bytes(self.table[at :: len(self.labels)]).translate(_FROM_MIDDLE))
        return places


class Totals:
    """The sums over the features of an utterance, for all labels and units at once.

    Weights lie in bytes; those of labels at even and at odd positions are added up as two long numbers, so that each sum has two bytes of
    its own and runs over into no other.
    """

    def __init__(self, groups: Groups, weights: Weights) -> None:
        self._weights = weights
        pairs, middle = (len(weights.labels) + 1) // 2, 0.0
        even, odd = [0.0] * pairs, [0.0] * pairs
        for share, places in groups:
            middle += share * MIDDLE * len(places)
            for first in range(0, len(places), TOGETHER):
                evens, odds = _added_up(places[first : first + TOGETHER], weights)
                even = list(map(add, even, map(share.__mul__, evens)))
                odd = list(map(add, odd, map(share.__mul__, odds)))
        totals = [0.0] * (2 * pairs)
        totals[::2], totals[1::2] = even, odd
        self._scores = [
            added + factor * (total - middle) for total, added, factor in zip(totals, weights.added, weights.factors, strict=False)
        ]
        self._units = [max(0.0, self._scores[at]) for at in units_among(weights.labels)]

    def chance(self, label: str) -> float:
        """The chance of one label."""
        return chance(self._weights.upper.score(label, self._scores[self._weights.labels.index(label)], self._units))


def _added_up(places: Sequence[int], weights: Weights) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The sums over these places, at most TOGETHER of them, of the labels at even and at odd positions in the table."""
    table, wide, number = weights.table, len(weights.labels), int.from_bytes
    rows = [number(table[wide * at : wide * at + wide], "little") for at in places]
    pairs = (wide + 1) // 2
    evens = _evens(pairs)
    even = sum([row & evens for row in rows])
    odd = sum(rows) - even >> 8
    lanes = f"<{pairs}H"
    return unpack_bytes(lanes, even.to_bytes(2 * pairs, "little")), unpack_bytes(lanes, odd.to_bytes(2 * pairs, "little"))


@lru_cache(maxsize=16)
def _evens(pairs: int) -> int:
    return int.from_bytes(b"\xff\0" * pairs, "little")


def joined(parts: Sequence[Rows], domain: Domain, upper: Upper = NO_UNITS) -> Weights:
    """Rows learned from different examples as one reader."""
    return Weights(
        labels=tuple(label for part in parts for label in part.labels),
        factors=tuple(factor for part in parts for factor in part.factors),
        added=tuple(added for part in parts for added in part.added),
        domain=domain,
        table=_table([memoryview(places).cast("B") for part in parts for places in part.places]),
        upper=upper,
    )


def _table(rows: Sequence[memoryview]) -> bytearray:
    """The rows of the labels turned into a table of places; some thousand places at a time, which stay near."""
    wide = len(rows)
    table = bytearray(wide << BITS)
    for at in range(0, 1 << BITS, _STRIDE):
        part = bytearray(wide * _STRIDE)
        for label, row in enumerate(rows):
            part[label::wide] = bytes(row[at : at + _STRIDE]).translate(_FROM_MIDDLE)
        table[at * wide : (at + _STRIDE) * wide] = part
    return table


def chance(score: float) -> float:
    """The logistic function, safe at both ends."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def shifted(likely: float, by: float) -> float:
    """A chance with its log-odds moved."""
    return chance(log(max(likely, 1e-9) / max(1 - likely, 1e-9)) + by)


def hunch_of(groups: Groups, weights: Weights) -> Hunch:
    """The chances for an utterance with these features."""
    totals = Totals(groups, weights)
    any_finding = totals.chance(ANY)
    if any_finding < UNLIKELY:
        return Hunch(any_finding, {label: totals.chance(label) for label in weights.labels if label in GOOD_NEWS})
    acts = [label for label in weights.labels if label not in (ANY, FIGURE, WORTH) and not label.startswith((SUBJECT, SURE_OF, UNIT))]
    labels = {label: totals.chance(label) for label in acts}
    if labels.get("contradiction", 0.0) >= UNLIKELY:
        labels |= {label: totals.chance(label) for label in weights.labels if label.startswith(SUBJECT)}
    return Hunch(any_finding, labels)


def chance_of(label: str, found: Mapping[int, float], weights: Weights) -> float:
    """The chance of one label for these features."""
    return chance(weights.added[weights.labels.index(label)] + score_of(label, found, weights))


def score_of(label: str, found: Mapping[int, float], weights: Weights) -> float:
    """What these features add up to for one label."""
    at, wide, table = weights.labels.index(label), len(weights.labels), weights.table
    return weights.factors[at] * sum([value * (table[wide * place + at] - MIDDLE) for place, value in found.items()])


def scores_of(label: str, each: Iterable[Groups], weights: Weights) -> list[float]:
    """The same for groups of features, of several candidates."""
    at, wide, table = weights.labels.index(label), len(weights.labels), weights.table
    factor = weights.factors[at]
    return [
        factor * sum([share * (sum([table[wide * place + at] for place in places]) - MIDDLE * len(places)) for share, places in groups])
        for groups in each
    ]


def shipped() -> Weights | None:
    """The weights of this package; None where they were left out (the reader then works by its rules alone)."""
    with _LOADING:  # a message that comes while they are loaded in a thread waits for them, and does not load them once more
        return _shipped()


@lru_cache(maxsize=1)
def _shipped() -> Weights | None:
    """The file is mapped, not read: what of it is needed is in memory once for all processes, and goes when memory is short."""
    file = shipped_file()
    if not file.is_file():
        return None
    if not isinstance(file, Path):  # inside an archive
        return unpack(file.read_bytes())
    with file.open("rb") as opened:
        return unpack(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))


def shipped_file() -> Traversable:
    """Where the weights of this package are, or would be."""
    return files("bot.language.model").joinpath("weights.bin")


def pack(weights: Weights) -> bytes:
    """Weights as a file: a line of JSON, then the table; the same weights, the same bytes."""
    head: dict[str, object] = {"labels": weights.labels, "factors": weights.factors, "added": weights.added, "bits": BITS}
    head["domain"] = {"words": weights.domain.words, "added": weights.domain.added}
    head["upper"] = {"labels": weights.upper.labels, "added": weights.upper.added, "weights": weights.upper.weights}
    return json.dumps(head).encode() + b"\n" + weights.table


def unpack(packed: bytes | mmap.mmap) -> Weights:
    """Weights from a file made by pack(), whose table is not copied; raises ValueError for one made for other features."""
    begins = packed.find(b"\n") + 1
    head, table = json.loads(packed[:begins]), memoryview(packed)[begins:]
    if head["bits"] != BITS or len(table) != len(head["labels"]) << BITS:
        raise ValueError("the weights were trained for other features: run `make train`")
    domain, upper = Domain(head["domain"]["words"], head["domain"]["added"]), head["upper"]
    said = Upper(tuple(upper["labels"]), tuple(upper["added"]), tuple(map(tuple, upper["weights"])))
    return Weights(tuple(head["labels"]), tuple(head["factors"]), tuple(head["added"]), domain, table, said)
