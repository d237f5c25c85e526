"""A second look: from all that the first gave for a message, how sure it is that the rep must know of it.

The first look learns each label by itself from words. The second learns, on authors that the first did not know, how far its chances may
be trusted together: whether some scenario is as likely as "any finding", and what rules, length, phase and side have to do with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import log
from zlib import crc32

from bot.language.model.features import BITS
from bot.language.model.hunch import GOOD_NEWS, SUBJECT
from bot.language.statement import Hunch, Reading, Utterance, Vocabulary

SCALE = 0.3
"""By what every value is multiplied: the learner's steps suit values about as large as those of words."""

DIGITS = 3
"""Decimals that count: the last bits of a chance depend on the order in which it was summed up, and training must not."""

LOOKED_AT = 0.10
"""From this chance of any finding, or of good news, at the first look on, a message is one to learn its second look from."""


def second_features(
    hunch: Hunch, utterance: Utterance, vocabulary: Vocabulary, reading: Reading, marks: Collection[str]
) -> dict[int, float]:
    """Place -> value for the second look, each from something with a name."""
    named = seen_twice(hunch, utterance, vocabulary, reading, marks)
    return _hashed("second", named)


def _hashed(look: str, named: Mapping[str, float]) -> dict[int, float]:
    return {crc32(f"{look} {name}".encode()) & ((1 << BITS) - 1): SCALE * value for name, value in named.items() if value}


def signal_features(hunch: Hunch, phase: str, marks: Collection[str], lying: Mapping[str, float]) -> dict[int, float]:
    """Place -> value for the second look at good news; `lying`: the chance that the volume meant lies so to the deal's (figure.lies())."""
    return _hashed("good", seen_again(hunch, phase, marks, lying))


def seen_again(hunch: Hunch, phase: str, marks: Collection[str], lying: Mapping[str, float]) -> dict[str, float]:
    """The chances of good news as log-odds, what the rules found, and how the volume meant lies in this phase."""
    found = {f"chance of {label}": _odds(hunch.labels.get(label, 0.0)) for label in sorted(GOOD_NEWS)}
    found |= {f"lies {level}": round(chance, DIGITS) for level, chance in lying.items()}
    found |= {f"{name} in {phase}": round(sum(lying.get(level, 0.0) for level in levels), DIGITS) for name, levels in _HEIGHTS.items()}
    found |= {mark: 1.0 for mark in marks if mark in _FOUND}
    return found | {"any": _odds(hunch.any), f"phase {phase}": 1.0}


_FOUND = frozenset({"found now", *(f"found {label}" for label in GOOD_NEWS)})
_HEIGHTS = {
    "test volume": ("at test", "test"),
    "full volume": ("at committed", "full", "above"),
    "low volume": ("tiny", "low"),
}


def seen_twice(hunch: Hunch, utterance: Utterance, vocabulary: Vocabulary, reading: Reading, marks: Collection[str]) -> dict[str, float]:
    """The chances of the first look as log-odds, and what the message is like."""
    scenarios = {label: chance for label, chance in hunch.labels.items() if label not in GOOD_NEWS and not label.startswith(SUBJECT)}
    likeliest = sorted(scenarios, key=lambda label: (-scenarios[label], label))[:2]
    found = {f"chance of {label}": _odds(chance) for label, chance in scenarios.items()}
    found |= {f"chance by place {place}": _odds(scenarios[label]) for place, label in enumerate(likeliest)}
    found |= {f"likeliest {label}": 1.0 for label in likeliest[:1]}
    found |= {mark: 1.0 for mark in marks if mark.startswith("found ") or mark == "nothing found"}
    return found | {
        "any": _odds(hunch.any),
        "words": round(log(1 + len(utterance.text.split())), DIGITS),
        "figures": float(bool(reading.quantities)),
        f"phase {vocabulary.phase}": 1.0,
        f"side {utterance.side}": 1.0,
    }


def _odds(chance: float) -> float:
    kept = min(max(chance, 1e-4), 1 - 1e-4)
    return round(log(kept / (1 - kept)), DIGITS)
