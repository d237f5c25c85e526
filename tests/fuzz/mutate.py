"""Random changes of bytes that keep much of what they were: the same number gives the same changes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

_PIECES = (
    b"",
    b" ",
    b"\n",
    b"\t",
    b",",
    b":",
    b'"',
    b"'",
    b"{",
    b"}",
    b"[",
    b"]",
    b"-",
    b"0",
    b"15",
    b"1e308",
    b"\x00",
    b"\xff",
    b"\xe2\x80\xae",
    b"<@U1>",
)
_WORDS = tuple(
    b"start with 15 a day week boxes packages test ramp not until maybe we they price transit next monday -> ~20ish 10-15k per 1/2".split()
)


def mutated(seeds: Sequence[bytes], number: int) -> Iterator[bytes]:
    """Endlessly, from the random number `number`."""
    dice = random.Random(number)
    while True:
        yield _one(dice, seeds)


def _one(dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    data = bytearray(dice.choice(seeds) if dice.random() < 0.8 else b" ".join(dice.choices(_WORDS, k=dice.randrange(1, 40))))
    for _ in range(dice.randrange(1, 8)):
        at, to = sorted((dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)))
        match dice.randrange(6):
            case 0:
                del data[at : min(to, at + 50)]
            case 1:
                data[at:at] = dice.choice(_PIECES)
            case 2:
                data[at:at] = data[at : min(to, at + 200)] * dice.choice((1, 2, 20))
            case 3:
                data[at:at] = b" " + dice.choice(_WORDS) + b" "
            case 4 if data:
                data[at - 1] = dice.randrange(256)
            case _:
                other = dice.choice(seeds)
                data[at:to] = other[: dice.randrange(len(other) + 1)]
    return bytes(data[:200_000])
