"""Questions that a call left open: nobody answered, or the answer was that one would have to see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.calls.line import Line

MOST = 6
REPLIES = 2
"""Turns of others after a question in which its answer is looked for."""

_SMALL_TALK = re.compile(
    r"\b(?:how are you|how's it going|how is everyone|can (?:you|everyone|everybody|anybody|anyone) (?:hear|see)|am i on mute|"
    r"is (?:that|this) better|"
    r"you there|who(?:'s| is| just) (?:that|this|join)|anything else|any (?:other )?questions|make sense|does that work|sound good|"
    r"you know what|shall we (?:start|begin)|ready to|good\?|what's up)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:what|when|where|which|who|whose|why|how|will|would|can|could|do|does|did|is|are|was|were|have|has|should|shall|may|any)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:i don't know|i do not know|don't know (?:yet|that)|not sure|no idea|no clue|good question|i'd have to|i would have to|"
    r"we'd have to|have to (?:check|ask|see|look)|need to (?:check|ask|look)|let me (?:check|find out|ask|look|get back|come back)|"
    r"(?:get|come|circle) back to you|i'll (?:check|find out|ask|look)|we'll (?:check|find out|see)|can't say|couldn't say|hard to say|"
    r"too early|not yet decided|haven't decided|tbd|to be decided|remains to be seen|depends)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\b(?:how (?:many|much)|what (?:volume|number|quantity|figure)|which (?:volume|number))\b", re.IGNORECASE)
_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    r"hundred|thousand|dozen|half|none|all|same|yes|yeah|yep|no|nope|correct|right|agreed|both|a couple|a few)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stayed open; `dodged`: there was a reply, which left it open."""

    line: Line
    asked: str
    dodged: bool


def left_open(lines: Sequence[Line]) -> tuple[Question, ...]:
    """The open questions of a call, in order; one that is asked again later counts where it was asked last."""
    found: dict[str, Question] = {}
    for place, line in enumerate(lines):
        asked = [one for one in line.sentences if _is_question(one)]
        if (
            not asked
            or any(asked[-1] in one.quote or one.quote in asked[-1] for one in line.findings)
            or not line.sentences
            or not _ends_with(line, asked[-1])
        ):
            continue
        reply = _replies(lines, place)
        if not reply or _left_open(asked[-1], reply):
            key = " ".join(re.findall(r"\w{4,}", asked[-1].casefold()))
            found.pop(key, None)
            found[key] = Question(line, asked[-1][:240], bool(reply))
    return tuple(found.values())[-MOST:]


def _is_question(sentence: str) -> bool:
    words = sentence.split()
    return sentence.endswith("?") and len(words) > 3 and bool(_ASKS.search(sentence)) and not _SMALL_TALK.search(sentence)


def _ends_with(line: Line, question: str) -> bool:
    """Whether the turn ends with the question; whoever goes on talking has mostly answered it."""
    return line.text.rstrip().endswith(question)


def _replies(lines: Sequence[Line], place: int) -> list[Line]:
    """What others said next, up to the asker's next words of weight."""
    replies: list[Line] = []
    for line in lines[place + 1 : place + 1 + 2 * REPLIES]:
        if line.speaker == lines[place].speaker:
            if replies and len(line.text.split()) > 6:
                break
            continue
        replies.append(line)
        if len(replies) == REPLIES:
            break
    return replies


def _left_open(asked: str, replies: Sequence[Line]) -> bool:
    if any(finding.scenario == "avoiding-commitment" for line in replies for finding in line.findings):
        return True
    words = " ".join(line.text for line in replies)
    if _OPEN.search(replies[0].text) and not re.search(r"\d", words):
        return True
    return bool(_AMOUNT.search(asked)) and not _FIGURE.search(words)
