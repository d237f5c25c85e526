"""Number words and digits into numbers, and two of them said side by side into what they mean together."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule
from bot.language.quantities.tally import NUM, read_run

LONGEST = 15
"""Digits of a number at most; longer ones are identifiers."""


def _run(nodes: Sequence[Node]) -> list[Node] | None:
    made = read_run(nodes)
    numbers = [node for node in made if node.cls == NUM]
    if len(numbers) == 2 and len(made) == 2:
        pair = _pair(numbers[0], numbers[1])
        return [pair] if pair else made
    return made if len(made) < len(nodes) or numbers else None


def _pair(first: Node, second: Node) -> Node | None:
    """Two numbers said side by side as a range: "forty forty five", "two three hundred"."""
    low, high = first.low or 0, second.low or 0
    if first.scale == 1 and second.scale > 1 and low < 10 and high == second.scale * (high // second.scale) and low < high / second.scale:
        low *= second.scale
    if low < high <= 2 * low and "digits" not in (first.name, second.name):
        first.name = "spelled"
        return first.over([first, second], low=low, high=high, approximate=True, word="")
    return None


def _between(nodes: Sequence[Node]) -> list[Node] | None:
    """ "between one hundred and one fifty": the "and" parts the two numbers, it does not join them."""
    joints = [at for at, node in enumerate(nodes) if node.cls == CLASS["and"]]
    for joint in reversed(joints):
        left = read_run(nodes[1:joint])
        right = read_run(nodes[joint + 1 :])
        if len(left) == len(right) == 1 and left[0].cls == right[0].cls == NUM and (left[0].low or 0) < (right[0].low or 0):
            return [nodes[0], left[0], nodes[joint], right[0]]
    return None


def _digits(nodes: Sequence[Node]) -> list[Node] | None:
    """Digits alone, or with k, M, MM glued on."""
    digits = nodes[0]
    if len(digits.word) > LONGEST and "." not in digits.word and "," not in digits.word:
        return [Node(CLASS["ident"], digits.start, digits.end, digits.word)]
    number = Node(NUM, digits.start, digits.end, digits.word, digits.low)
    number.name = "digits"
    return [number]


_CARDINAL = "(ones|teen|tens|hundred|scale)"
RULES = (
    Rule(
        "between two numbers",
        f"between a? {_CARDINAL}((hyphen|and)?{_CARDINAL}){{0,8}} and a? {_CARDINAL}((hyphen|and)?{_CARDINAL}){{0,8}}",
        _between,
    ),
    Rule("digits with words", f"dig hyphen? (hundred|scale)((hyphen|and)?({_CARDINAL}|dig)){{0,20}}", _run),
    Rule("number words", f"(a hyphen? (?=hundred|scale))? {_CARDINAL}((hyphen|and|oh)?({_CARDINAL}|dig)){{0,40}}", _run),
    Rule("digits", "dig", _digits),
)
