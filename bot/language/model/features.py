"""What the trained reader sees of an utterance: its words with figures placed beside the deal's, what was said before, what rules say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from zlib import crc32

from bot.language.model.places import place, placed
from bot.language.statement import Reading, Utterance, Vocabulary

BITS = 18
"""Features are hashed into 2**BITS places."""

LONGEST = 2_000
"""Characters of an utterance that are looked at."""

_TOKEN = re.compile(r"<[a-z ]+>|[a-z]+(?:['’][a-z]+)?|\d+|[?!%$€£]")
_PLACES = (1 << BITS) - 1
_SENTENCE_ENDS = re.compile(r"(?<=[.?!])\s+")
_PLACES_KEPT = 20
"""Quantities of an utterance whose places count for themselves."""

SHORT = 8
"""Words of an utterance that says little without what it answers."""


Group = tuple[float, Sequence[int]]
"""Features that share a value, each a place."""

Groups = Sequence[Group]
"""All groups of an utterance; one place may stand in several of them."""


def features(
    utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, reading: Reading, marks: Collection[str] = ()
) -> dict[int, float]:
    """Place -> value: the groups of feature_groups() put together, to learn from."""
    return merged(feature_groups(utterance, before, vocabulary, reading, marks))


def feature_groups(
    utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, reading: Reading, marks: Collection[str] = ()
) -> Groups:
    """What is seen of an utterance. Each group of features has a fixed weight in all, so that long messages do not shout.

    `marks` are what arithmetic says of the message (bot/playbook/marks.py); without a deal there are none.
    """
    today = utterance.at.date() if utterance.at else None
    said, phase = tokens_of(utterance.head[:LONGEST]), vocabulary.phase
    tokens = placed_tokens(utterance, vocabulary, reading) if reading.quantities else said
    context = [token for other in before[-2:] for token in _tail_of(other.text)][-120:]
    figures = {place(quantity, vocabulary, today) for quantity in reading.quantities[:_PLACES_KEPT]}
    asked = any("?" in other.text for other in before[-1:] if other.speaker != utterance.speaker)
    answered = next((other for other in reversed(before) if other.speaker != utterance.speaker), None)
    acts = {f"act {made.act} {made.about} {made.stance}" for made in reading.carried}
    around = (f"phase {phase}", f"side {utterance.side}", f"{phase} {utterance.side}", f"asked {asked}", f"length {min(len(said) // 8, 6)}")
    in_phase, on_side = crc32(f"phase word {phase} ".encode()), crc32(f"side word {utterance.side} ".encode())
    groups: tuple[tuple[float, AbstractSet[int]], ...] = (
        (1.0, _grams(tokens, 3, "w")),
        (0.6, {mark for token in set(said) for mark in _parts(token)}),
        (0.5, _grams(context, 2, "p")),
        (0.3, {crc32(token.encode(), in_phase) for token in set(tokens)}),
        (0.3, {crc32(token.encode(), on_side) for token in set(tokens)}),
        *_answering(said, answered),
        (0.6, _marks_of(_by_phase({f"figure {name}" for name in figures}, phase))),
        (0.6, _marks_of(_by_phase(acts, phase))),
        (0.8, _marks_of(_by_phase({f"mark {mark}" for mark in marks}, phase))),
        (0.6, _marks_of(around)),
    )
    return [shared(weight, marks_) for weight, marks_ in groups if marks_]


def _answering(said: Sequence[str], answered: Utterance | None) -> Iterator[tuple[float, AbstractSet[int]]]:
    """The last question in what somebody else said last: by itself, for short answers once more, and with the first words said."""
    short = len(said) <= SHORT
    asked = _asked(answered.text) if answered else ()
    if asked:
        yield 0.5, _grams(asked, 2, "q") | (_grams(asked, 2, "qs") if short else set())
        yield 0.4, _marks_of(f"qa {word} {first}" for word in asked for first in said[:2])
    yield 0.2, _marks_of((f"answered {answered.side if answered else ''} {bool(asked)} {short}",))


@lru_cache(maxsize=2_048)
def _asked(text: str) -> tuple[str, ...]:
    """The words of the last question in a text."""
    questions = [sentence for sentence in _SENTENCE_ENDS.split(text[-LONGEST:]) if "?" in sentence]
    return tuple(tokens_of(questions[-1][-200:])[:30]) if questions else ()


def placed_tokens(utterance: Utterance, vocabulary: Vocabulary, reading: Reading) -> list[str]:
    """The words of an utterance with each quantity replaced by how it lies to the deal's terms."""
    today = utterance.at.date() if utterance.at else None
    return tokens_of("".join(placed(utterance.head[:LONGEST], reading.quantities, vocabulary, today)))


def merged(groups: Groups) -> dict[int, float]:
    """Groups as place -> value."""
    found: dict[int, float] = {}
    for share, places in groups:
        for at in places:
            found[at] = found.get(at, 0.0) + share
    return found


def shared(weight: float, found: AbstractSet[int]) -> Group:
    """A group of checksums as features: what the group weighs in all is shared out among its places."""
    return weight / len(found) ** 0.5, [mark & _PLACES for mark in found]


def _marks_of(names: Iterable[str]) -> set[int]:
    """A name's checksum stands for it: it can be reckoned on from the checksum of how the name begins, without writing the name."""
    return {crc32(name.encode()) for name in names}


def _by_phase(names: Collection[str], phase: str) -> set[str]:
    """The names, and each once more for the phase of the deal."""
    return {*names, *(f"{name} {phase}" for name in names)}


def tokens_of(text: str) -> list[str]:
    """The words and marks of a text, numbers as so many noughts as they have digits."""
    found = _TOKEN.findall(text.lower().replace("’", "'"))
    return ["0" * min(len(token), 5) if token.isdigit() else token for token in found]


@lru_cache(maxsize=2_048)
def _tail_of(text: str) -> tuple[str, ...]:
    """The last words of what was said before: the next two utterances look at them."""
    return tuple(tokens_of(text[-300:]))


def _grams(tokens: Sequence[str], longest: int, name: str) -> set[int]:
    """The checksums of all runs of up to `longest` tokens, as "name one two three"."""
    begins = crc32(f"{name} ".encode())
    padded = [b"^", *(token.encode() for token in tokens), b"$"]
    follow = [b" " + token for token in padded]
    found = set()
    for at, token in enumerate(padded):
        mark = crc32(token, begins)
        found.add(mark)
        for after in follow[at + 1 : at + longest]:
            mark = crc32(after, mark)
            found.add(mark)
    return found


@lru_cache(maxsize=8_192)
def _parts(token: str) -> tuple[int, ...]:
    """The checksums of a token's parts of three to five characters, as "c <to"."""
    padded = f"<{token}>"
    if len(padded) <= 4:
        return ()
    parts = {padded[at : at + size] for size in (3, 4, 5) for at in range(len(padded) - size + 1)}
    return tuple({crc32(f"c {part}".encode()) for part in parts})
