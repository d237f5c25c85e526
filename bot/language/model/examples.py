"""The labelled message most like one that is asked about: shown beside a verdict, and never part of it."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from math import log, sqrt

from bot.language.model.features import tokens_of

LONGEST = 160
"""Characters of an example that are kept."""

ALIKE = 0.30
"""Similarity from which on an example tells a reader something: seven in ten then bear the right label; under it, common words only."""

SHARED = 3
"""Words that an example must share: two words in common make no likeness."""

PAIRED = 0.5
"""What a pair of words counts beside a word."""

COMMON = 0.15
"""Words and pairs in more than this part of the examples find nothing, and are not looked up."""

DAMPED, LEAST = 8, 0.02
"""Labels that every term is taken to have seen before its own, and what a term tells at least."""

LOOKED_AT = 20
"""Best examples among which one is looked for that shares enough words."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message of the labelled conversations with the scenarios (a contradiction with its subject) that it was labelled with."""

    text: str
    labels: tuple[str, ...]
    conversation: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The labelled message most like another one, and how alike they are (0-1)."""

    example: Labelled
    similarity: float


class Examples:
    """Labelled messages, found by the cosine over words and pairs of words, each weighed by how rare and how telling it is."""

    def __init__(self, labelled: Sequence[Labelled]) -> None:
        self.labelled = tuple(labelled)
        self._seen = [_terms(one.text) for one in self.labelled]
        counts = Counter(term for terms in self._seen for term in terms)
        telling = _telling(self._seen, [sorted({label.split()[0] for label in one.labels}) for one in self.labelled])
        every = len(self.labelled) + 1
        self._weights = {term: log(every / count) * telling[term] * _share(term) for term, count in counts.items()}
        self._unknown = log(every) * max(telling.values(), default=1.0) / 2
        self._found: dict[str, list[tuple[int, float]]] = {}
        for at, terms in enumerate(self._seen):
            length = self._length(terms)
            for term in terms:
                if counts[term] <= 1 + COMMON * every:
                    self._found.setdefault(term, []).append((at, self._weights[term] / length))

    def nearest(self, text: str, besides: str | None = None) -> Nearest | None:
        """The example most like `text`, if it is like it at all; none of the conversation `besides`."""
        terms = _terms(text[:LONGEST])
        length = self._length(terms)
        scores: dict[int, float] = {}
        for term in sorted(terms & self._found.keys()):
            weight = self._weights[term] / length
            for at, share in self._found[term]:
                scores[at] = scores.get(at, 0.0) + weight * share
        words = {term for term in terms if term.isalpha()}
        likely = [at for at, score in scores.items() if score >= ALIKE and self.labelled[at].conversation != besides]
        best = sorted(likely, key=lambda at: (-scores[at], at))[:LOOKED_AT]
        return next((Nearest(self.labelled[at], scores[at]) for at in best if len(words & self._seen[at]) >= SHARED), None)

    def _length(self, terms: frozenset[str]) -> float:
        return sqrt(sum(self._weights.get(term, self._unknown * _share(term)) ** 2 for term in terms)) or 1.0


def _terms(text: str) -> frozenset[str]:
    """Words and pairs of words, figures as so many noughts as they have digits."""
    words = [token for token in tokens_of(text) if token[0].isalnum()]
    return frozenset(words) | {f"{one} {other}" for one, other in pairwise(words)}


def _share(term: str) -> float:
    return PAIRED if " " in term else 1.0


def _telling(seen: Sequence[frozenset[str]], labels: Sequence[Sequence[str]]) -> dict[str, float]:
    """How much each term tells of the labels: how far those of the messages that have it lie from those of all (Kullback-Leibler)."""
    together = Counter(label for named in labels for label in named)
    usual = {label: count / (together.total() or 1) for label, count in together.items()}
    by_term: dict[str, list[str]] = {}
    for terms, named in zip(seen, labels, strict=True):
        for term in terms:
            by_term.setdefault(term, []).extend(named)
    known: dict[tuple[str, ...], float] = {}  # most terms stand in one message, and are as telling as its labels
    for named in by_term.values():
        if tuple(named) not in known:
            known[tuple(named)] = sqrt(_divergence(Counter(named), usual) + LEAST)
    return {term: known[tuple(named)] for term, named in by_term.items()}


def _divergence(counts: Counter[str], usual: dict[str, float]) -> float:
    total = counts.total() + DAMPED
    shares = ((counts[label] + DAMPED * share) / total / share for label, share in usual.items())
    return sum(ratio * share * log(ratio) for ratio, share in zip(shares, usual.values(), strict=True))


@lru_cache(maxsize=1)
def shipped_examples() -> Examples | None:
    """The examples of this package; None where they were left out."""
    file = files("bot.language.model").joinpath("examples.json.gz")
    return Examples(unpack_examples(file.read_bytes())) if file.is_file() else None


def pack_examples(labelled: Sequence[Labelled]) -> bytes:
    """Examples as a file, their texts cut; the same examples, the same bytes."""
    rows = [[" ".join(one.text.split())[:LONGEST], list(one.labels), one.conversation] for one in labelled]
    return gzip.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), compresslevel=9, mtime=0)


def unpack_examples(packed: bytes) -> list[Labelled]:
    """Examples from a file made by pack_examples()."""
    return [Labelled(text, tuple(labels), conversation) for text, labels, conversation in json.loads(gzip.decompress(packed))]
