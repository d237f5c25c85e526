"""A small cascade engine: rules written over the classes of words rewrite a row of nodes; it knows no domain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


class Node:
    """A stretch of the text with its class; what rules learn about it gathers in its fields."""

    approximate = False
    unit: str | None = None
    per: str | None = None
    role: str | None = None
    days: float | None = None
    hedges: tuple[str, ...] = ()
    of: tuple[int, int] | None = None
    scale = 1.0
    rule = ""

    def __init__(self, cls: str, start: int, end: int, word: str = "", low: float | None = None, *, name: str = "") -> None:
        self.cls = cls
        self.start = start
        self.end = end
        self.word = word
        self.low = low
        self.high = low
        self.name = name

    def over(self, nodes: Sequence[Node], **changes: Any) -> Node:
        """This node, now standing for all of `nodes`, with its fields changed."""
        self.start = nodes[0].start
        self.end = nodes[-1].end
        self.rule = ""
        for key, value in changes.items():
            setattr(self, key, value)
        return self


FIRST = 0x4E00
"""The first of the characters that stand for classes; none of them means anything to `re`."""

Make = Callable[[Sequence[Node]], Sequence[Node] | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """Rewrites what `pattern` matches into what `make` returns; None leaves it as it was."""

    name: str
    pattern: str
    make: Make


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The classes of words, each with a character of its own, and groups of them."""

    classes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[str], groups: dict[str, str]) -> Alphabet:
        """Characters for `names`, then for each group the set of its members' characters."""
        chars = {name: chr(FIRST + at) for at, name in enumerate(names)}
        for group, members in groups.items():
            chars[group] = "".join(chars[member].strip("[]") for member in members.split())
            chars[group] = f"[{chars[group]}]"
        return cls(chars)

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern of class names, blanks for legibility, and the signs of `re`."""
        return re.compile(re.sub(r"[a-z_]+", lambda name: self.classes[name.group()], pattern).replace(" ", ""))


@dataclass(frozen=True, slots=True)
class Step:
    """A rule ready to run."""

    name: str
    regex: re.Pattern[str]
    make: Make
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cascade:
    """Steps in order, and for each class the bits of the steps that it wakes: a step sleeps until one of the classes is there of which
    it needs one and which are rare; `always` are those that need nothing."""

    steps: tuple[Step, ...]
    wakes: dict[str, int]
    always: int


def prepare(rules: Iterable[Rule], alphabet: Alphabet, frequent: Iterable[str] = ()) -> Cascade:
    """The rules in order, compiled; `frequent` names classes that stand in most rows and wake nothing where a rarer one can."""
    steps = []
    wakes: Counter[str] = Counter()
    always = 0
    named = list(rules)
    wanted = [needs(rule.pattern, alphabet) for rule in named]
    common = Counter(char for sets in wanted for needed in sets for char in needed)
    common.update({alphabet.classes[name]: _FREQUENT for name in frequent})
    for at, (rule, sets) in enumerate(zip(named, wanted, strict=True)):
        steps.append(Step(rule.name, alphabet.compile(rule.pattern), rule.make, tuple(map(_bits, sets))))
        if not sets:
            always |= 1 << at
        for char in min(sets, key=lambda needed: sum(common[char] for char in needed), default=()):
            wakes[char] |= 1 << at
    return Cascade(tuple(steps), dict(wakes), always)


_FREQUENT = 10_000
_BITS = {chr(FIRST + at): 1 << at for at in range(256)}


def _bits(classes: Iterable[str]) -> int:
    """A set of classes as the bits of a number: the quickest to compare."""
    return sum(map(_BITS.__getitem__, set(classes)))


_AROUND = re.compile(r"\(\?[=!<][^()]*\)")
_GROUP = re.compile(r"\((?:\?:)?([^()]*)\)(\?|\{0,\d+\})?(?:\{[1-9]\d*(?:,\d+)?\})?")
_NAME = re.compile(r"([a-z_]+|#\d+#)(\?|\{0,\d+\})?")


def needs(pattern: str, alphabet: Alphabet) -> tuple[frozenset[str], ...]:
    """The sets of classes of which a row must hold one each before the pattern can match at all: a cheap look before the search."""
    sets: list[frozenset[str]] = []

    def chars(name: str) -> frozenset[str]:
        return sets[int(name[1:-1])] if name.startswith("#") else frozenset(alphabet.classes[name].strip("[]"))

    def required(text: str) -> list[frozenset[str]]:
        return [chars(name) for name, optional in _NAME.findall(text) if not optional]

    def either(text: str) -> list[frozenset[str]]:
        branches = [required(branch) for branch in text.split("|")]
        if len(branches) == 1:
            return branches[0]
        return [frozenset().union(*(branch[0] for branch in branches))] if all(branches) else []

    def folded(group: re.Match[str]) -> str:
        found = [] if group[2] else either(group[1])
        sets.extend(found)
        return "".join(f" #{len(sets) - len(found) + at}# " for at in range(len(found)))

    while _AROUND.search(pattern):
        pattern = _AROUND.sub(" ", pattern)
    while _GROUP.search(pattern):
        pattern = _GROUP.sub(folded, pattern, count=1)
        pattern = _AROUND.sub(" ", pattern)
    return tuple(either(pattern))


def _apply(step: Step, row: list[Node], classes: str, first: re.Match[str]) -> list[Node]:
    out: list[Node] = []
    kept = 0
    match: re.Match[str] | None = first
    while match:
        begin, end = match.span()
        made = step.make(row[begin:end])
        if made is None:
            match = step.regex.search(classes, begin + 1)
            continue
        for node in made:
            node.rule = node.rule or step.name
        out.extend(row[kept:begin])
        out.extend(made)
        kept = end
        match = step.regex.search(classes, end)
    if not kept:
        return row
    out.extend(row[kept:])
    return out


def rewrite(row: list[Node], cascade: Cascade) -> list[Node]:
    """Runs every step over the row once, in order. Patterns are bounded, so the work grows with the row's length."""
    steps, wakes = cascade.steps, cascade.wakes
    classes = "".join([node.cls for node in row])
    present, awake = _bits(classes), cascade.always
    for char in set(classes):
        awake |= wakes.get(char, 0)
    while awake:
        at = (awake & -awake).bit_length() - 1
        awake &= awake - 1
        step = steps[at]
        for need in step.needs:
            if not need & present:
                break
        else:
            first = step.regex.search(classes)
            made = _apply(step, row, classes, first) if first else row
            if made is not row:
                row = made
                classes = "".join([node.cls for node in row])
                present = _bits(classes)
                for char in set(classes):
                    awake |= wakes.get(char, 0) >> at + 1 << at + 1
    return row
