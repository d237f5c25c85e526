"""What the trained reader makes of an utterance: how likely each act was done, from weights that come with the package."""

from __future__ import annotations

import gzip
import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp, log
from operator import mul

from bot.language.model.domain import Domain
from bot.language.model.features import BITS
from bot.language.statement import Hunch

ANY = "any finding"
"""The label for "this is something the rep must know", whatever it is."""

SUBJECT = "subject "
"""What stands before a contradiction's subject to make its label."""

FIGURE = "the figure meant"
"""The label, of a figure and not of an utterance, for "this is what it is about"."""

WORTH = "worth a direct message"
"""The label of the second look (bot/language/model/second.py), which sees the other chances and not the words."""

UNLIKELY = 0.04
"""Below this chance of any finding only good news is looked for."""

GOOD_NEWS = frozenset({"pickup-confirmed", "volume-confirmed", "ramp-confirmed"})
"""The labels of what is no finding."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Per label: the weight of every place, the factor by which the whole numbers must be multiplied, and what is added."""

    labels: tuple[str, ...]
    places: tuple[array[int], ...]
    factors: tuple[float, ...]
    added: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Weights(Rows):
    """The whole trained reader: rows for all its labels, and `domain`, which tells whether talk is about shipping at all."""

    domain: Domain


def joined(parts: Sequence[Rows], domain: Domain) -> Weights:
    """Rows learned from different examples as one reader."""
    return Weights(
        labels=tuple(label for part in parts for label in part.labels),
        places=tuple(places for part in parts for places in part.places),
        factors=tuple(factor for part in parts for factor in part.factors),
        added=tuple(added for part in parts for added in part.added),
        domain=domain,
    )


def chance(score: float) -> float:
    """The logistic function, safe at both ends."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def shifted(likely: float, by: float) -> float:
    """A chance with its log-odds moved."""
    return chance(log(max(likely, 1e-9) / max(1 - likely, 1e-9)) + by)


def hunch_of(found: Mapping[int, float], weights: Weights) -> Hunch:
    """The chances for an utterance with these features."""
    any_finding = chance_of(ANY, found, weights)
    if any_finding < UNLIKELY:
        return Hunch(any_finding, {label: chance_of(label, found, weights) for label in weights.labels if label in GOOD_NEWS})
    acts = [label for label in weights.labels if label not in (ANY, FIGURE, WORTH) and not label.startswith(SUBJECT)]
    labels = {label: chance_of(label, found, weights) for label in acts}
    if labels.get("contradiction", 0.0) >= UNLIKELY:
        labels |= {label: chance_of(label, found, weights) for label in weights.labels if label.startswith(SUBJECT)}
    return Hunch(any_finding, labels)


def chance_of(label: str, found: Mapping[int, float], weights: Weights) -> float:
    """The chance of one label for these features."""
    at = weights.labels.index(label)
    total: float = sum(map(mul, found.values(), map(weights.places[at].__getitem__, found)))
    return chance(weights.added[at] + weights.factors[at] * total)


@lru_cache(maxsize=1)
def shipped() -> Weights | None:
    """The weights of this package; None where they were left out (the reader then works by its rules alone)."""
    file = files("bot.language.model").joinpath("weights.bin.gz")
    return unpack(file.read_bytes()) if file.is_file() else None


def pack(weights: Weights) -> bytes:
    """Weights as a file: a line of JSON, then the places of each label as 16-bit numbers; the same weights, the same bytes."""
    head: dict[str, object] = {"labels": weights.labels, "factors": weights.factors, "added": weights.added, "bits": BITS}
    head["domain"] = {"words": weights.domain.words, "added": weights.domain.added}
    body = b"".join(places.tobytes() for places in weights.places)
    return gzip.compress(json.dumps(head).encode() + b"\n" + body, compresslevel=9, mtime=0)


def unpack(packed: bytes) -> Weights:
    """Weights from a file made by pack(); raises ValueError for one made for other features."""
    head_line, _, body = gzip.decompress(packed).partition(b"\n")
    head = json.loads(head_line)
    size = 2 << BITS
    if head["bits"] != BITS or len(body) != size * len(head["labels"]):
        raise ValueError("the weights were trained for other features: run `make train`")
    places = []
    for at in range(len(head["labels"])):
        one = array("h")
        one.frombytes(body[at * size : (at + 1) * size])
        places.append(one)
    domain = Domain(head["domain"]["words"], head["domain"]["added"])
    return Weights(tuple(head["labels"]), tuple(places), tuple(head["factors"]), tuple(head["added"]), domain)
