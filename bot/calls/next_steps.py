"""What people said they would do, and the days that were named for what comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.calls.line import Line
from bot.language.quantities import find_quantities

AHEAD = timedelta(days=120)
"""A day further off is not what comes next."""

MOST = 8
LONGEST = 240

_DO = (
    r"send|email|e-mail|mail|share|forward|get (?:back|you|them|it|that|those|this|the)|set (?:\w+ )?up|schedule|book|check|"
    r"confirm|find out|look (?:into|up|at)|ask|call|ring|phone|text|talk (?:to|with)|speak (?:to|with)|follow up|circle back|"
    r"update|fix|order|ship|bring|drop|print|install|train|add|change|move|write|draft|prepare|"
    r"put (?:together|in|up|the|that|it|you)|pull|run|sign|introduce|loop|invite|arrange|make sure|come (?:back|by|over|in)|"
    r"let you know|have (?:it|that|them|those|the|an answer|a number|an update)|give (?:you|it)|file|configure|upload|"
    r"do (?:the|that|it)|take care|report|raise|escalate|show you|walk you|cancel|replace|credit"
)
_WILL = re.compile(
    r"\b(?P<who>i|we)(?:'ll| will|'m going to| am going to|'re going to| are going to|'m gonna|'re gonna| gonna|'d be happy to)\s+"
    rf"(?:(?:just|also|then|probably|definitely|quickly|go ahead and|try to|be able to|have to)\s+)*(?P<do>(?:{_DO})\b.*)|"
    r"\blet me (?P<let>(?:send|email|get|check|find out|look into|ask|set|schedule|book|confirm|follow up|talk to|come back)\b.*)",
    re.IGNORECASE,
)
_NO_PROMISE = re.compile(
    r"\?\s*$|\b(?:i'll|let me) (?:check you|run through|get (?:started|going)|share my screen|ask you|call it)|\bif i were\b", re.IGNORECASE
)
_MEET = re.compile(
    r"\b(?:meet|meeting|call|talk|speak|touch base|check[- ]?in|sync|review|catch up|regroup|decide|decision|see you|go[- ]?live|kick ?off|"
    r"start\w*|begin\w*|first (?:pickup|truck)|pickup|switch|ramp|next|let's|deadline|due|ready|by)\b",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
_PAST = re.compile(
    r"\b(?:went|came|happened|started|began|arrived|met|got|sent|left|ran|shipped|picked|delivered|collected|was|were|did|had)\b"
    r"(?:\s+\w+){0,3}?\s+(?:on\s+|this\s+|last\s+)?" + _WEEKDAY + r"(?!\s+(?:next|in))",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"\b(?:next|coming|will|going to|'ll|to|for|until|till|by)\s+\w*\s*" + _WEEKDAY, re.IGNORECASE)
_YES = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|yup|sure|ok|okay|fine|great|perfect|good|absolutely|definitely)\b(?!.*\b(?:can't|cannot|but|not)\b)|"
    r"(?:that |it )?works\b|(?:that )?sounds (?:good|great|fine)|see you (?:then|there)|let's do (?:that|it)|happy to|"
    r"(?:i|we)'ll be there)",
    re.IGNORECASE,
)

_EMPTY = frozenset(
    ("on", "that", "it", "this", "with", "you", "them", "to", "back", "and", "know", "out", "into", "up", "get", "for", "at", "so")
)


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody said they would do (`action`, from the verb on), and by which day, where one was named."""

    line: Line
    action: str
    by: date | None = None


@dataclass(frozen=True, slots=True)
class NextDate:
    """A day that was named for what comes next, with the sentence."""

    line: Line
    day: date
    said: str


def promises(lines: Sequence[Line], day: date) -> tuple[Promise, ...]:
    """What was promised on a call of that day, each once, in the order said; talk that a finding or signal is about is none."""
    found: dict[str, Promise] = {}
    for line in lines:
        for sentence in line.sentences:
            said = _WILL.search(sentence)
            if not said or not _says_something(said["do"] or said["let"]) or _NO_PROMISE.search(sentence) or _is_finding(line, sentence):
                continue
            action = _whole(said["do"] or said["let"])
            found.setdefault(action.casefold(), Promise(line, action, next(iter(_days(sentence, day)), None)))
    return tuple(found.values())[:MOST]


def next_dates(lines: Sequence[Line], day: date, told: Sequence[Promise] = ()) -> tuple[NextDate, ...]:
    """The days ahead that were named, each once, the nearest first; those of promises and findings are told there."""
    promised = {promise.by for promise in told}
    found: dict[date, NextDate] = {}
    for place, line in enumerate(lines):
        for sentence in line.sentences:
            if not _MEET.search(sentence) or _is_over(sentence) or _is_finding(line, sentence):
                continue
            if sentence.endswith("?") and not _agreed_to(lines[place : place + 3]):
                continue
            for named in _days(sentence, day):
                if named not in promised:
                    found[named] = NextDate(line, named, _whole(sentence))  # what was said last of a day counts
    return tuple(found[named] for named in sorted(found))[:MOST]


def _days(sentence: str, day: date) -> Iterator[date]:
    for quantity in find_quantities(sentence, said_at=datetime.combine(day, time(12))):
        if quantity.kind == "date" and quantity.low is not None:
            named = date.fromordinal(int(quantity.low))
            if day < named <= day + AHEAD:
                yield named


def _is_over(sentence: str) -> bool:
    """Whether the weekday in a sentence is the last one: "the first pickup went out on Monday"."""
    return _PAST.search(sentence) is not None and _AHEAD.search(sentence) is None


def _agreed_to(lines: Sequence[Line]) -> bool:
    """Whether one of the turns after the first, by somebody else, agrees to what it proposes."""
    first, *others = lines
    return any(other.speaker != first.speaker and _YES.search(other.text.strip()) for other in others)


def _is_finding(line: Line, sentence: str) -> bool:
    """Whether a sentence names a volume that was raised, and so is told there."""
    raised = (finding.quote for finding in line.findings if finding.said_per_day is not None)
    return any(quote in sentence or sentence in quote for quote in raised)


def _says_something(action: str) -> bool:
    return any(word.casefold() not in _EMPTY for word in re.findall(r"[\w']+", action)[1:])


def _whole(words: str) -> str:
    words = words.strip().rstrip(" .!…,;")
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
