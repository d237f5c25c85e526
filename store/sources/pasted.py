"""Whether a chat message is a pasted transcript: several turns by at least two people, or cues; never an ordinary message."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from store.sources.conversation import Conversation, Found
from store.sources.cues import is_timing
from store.sources.heads import Heads, like_a_name, not_said, time_line
from store.sources.recognised import LINES, NAMED
from store.sources.transcript import parse_transcript

FEWEST = 3
"""Turns that make a transcript: somebody says something, is answered, and goes on. `Name:` alone needs one more where people talk."""

CALLED = "pasted call"
"""What a pasted transcript is called that has no title."""

_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?|•[ \t]+)", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*`{3}[ \t]*$|^`{3}|`{3}$", re.MULTILINE)
_BOLD = re.compile(r"^([ \t]*(?:\[?\(?\d{1,3}:\d{2}(?::\d{2})?[\])]?[ \t]+)?)\*([^*\n]{1,80})\*", re.MULTILINE)
_NUMBERED = re.compile(r"\W*\d|.*\s\d+$")

_SAID = (
    "a action actions after agenda also answer answers attachment attendees background bcc before billing blocker blockers but "
    "caution cc date day days deadline decision decisions default done due error eta example fact faq fix friday from goal goals "
    "hours how idea impact important info issue issues item lane lanes latest link location monday new next note notes old open "
    "option options owner owners p.s pickup pickups plan price prices problem progress ps q question questions reason request "
    "requests result results risk risks saturday scope service services solution start status step subject summary sunday task "
    "tasks test thursday time tip title tldr to today todo tomorrow topic total tuesday update updates volume volumes warning was "
    "wednesday week what when where who why yesterday "
)
_LABELS = frozenset(_SAID.split())
"""Words that stand before a colon and are nobody's name."""


def unmarked(text: str) -> str:
    """The words of a paste without the marks that Slack puts around them: quotes, bullets, code fences, a name in bold."""
    text = _FENCE.sub("", text.replace("\r\n", "\n").replace("\xa0", " "))
    return _BOLD.sub(r"\1\2", _QUOTED.sub("", text)).strip("\n")


def is_pasted_call(text: str, names: Collection[str], *, surely: bool) -> bool:
    """Whether a message's plain text is a transcript that somebody pasted.

    `names`: people who may have taken part. `surely`: where people also talk to one another, lines such as `Dana: …` alone are
    a transcript only if one of these people speaks, or if whole names speak in sentences.
    """
    if text.count("\n") + 1 < FEWEST or text.count(":") < FEWEST:
        return False  # nearly every message ends here
    lines = [line.strip() for line in unmarked(text).split("\n")[:LINES]]
    if sum(map(is_timing, lines)) > (0 if lines[0].startswith("WEBVTT") else 1):
        return True
    heads = Heads(lines, names)
    timed = Counter(head.who for line in heads.joined(lines) if (head := heads.of(line)))
    if _several(timed, lines, share=8):
        return True
    found = (NAMED.fullmatch(line) for line in heads.joined(lines) if line)
    turns = [(who, one.string[one.end(one.lastindex or 0) :]) for one in found if one and _may_be(who := (one[one.lastindex or 0]).strip())]
    named = Counter(who for who, _ in turns)
    if not _several(named, lines, share=3) or not surely:
        return _several(named, lines, share=3)
    return len(turns) > FEWEST and (_are_known(named, names) or (_are_whole(named) and _are_sentences([said for _, said in turns])))


def parse_pasted_call(text: str, names: Sequence[str], starts: datetime | None = None) -> Found:
    """A pasted transcript as one call; a title above it gives its name. Raises NotReadable where it is far too long."""
    plain = unmarked(text)
    title = next((line.strip() for line in plain.split("\n") if line.strip()), "")
    found = parse_transcript(plain, CALLED, starts, names)
    said = {part for one in found.conversations for turn in one.turns for part in (turn.name, turn.text[: len(title)])}
    if not _is_title(title) or title in said:
        return found
    named = tuple(Conversation(title.strip(" #*"), one.medium, one.turns) for one in found.conversations)
    return Found(named, found.mistakes, found.notes)


def _several(turns: Counter[str], lines: Sequence[str], *, share: int) -> bool:
    """Whether enough of the lines are turns, by at least two people of whom one speaks again."""
    full = sum(1 for line in lines if line and not not_said(line) and time_line(line) is None)
    return len(turns) > 1 and sum(turns.values()) >= max(FEWEST, full // share) and max(turns.values()) > 1


def _may_be(who: str) -> bool:
    return like_a_name(who, square=True) and who.casefold().strip(" .") not in _LABELS and not _NUMBERED.match(who)


def _are_known(turns: Counter[str], names: Collection[str]) -> bool:
    """Whether one of the people who may have taken part speaks."""
    known = {part.casefold() for name in names for part in (name, *name.split()[:1])}
    return any(who.casefold() in known or who.split()[0].casefold() in known for who in turns)


def _are_whole(turns: Counter[str]) -> bool:
    """Whether first and last names speak; places and lanes have two words, too."""
    return sum(1 for who in turns if len(re.sub(r"\(.*?\)", "", who).split()) > 1) > 1


def _are_sentences(turns: Sequence[str]) -> bool:
    """Whether most of it was said: a list of places says a figure after each, or ends without a full stop."""
    said = [plain for turn in turns if (plain := turn.strip(" :*]\t"))]
    return 2 * sum(one[-1] in ".?!…" and not one[0].isdigit() for one in said) >= len(turns)


def _is_title(line: str) -> bool:
    plain = line.strip(" #*")
    return 3 < len(plain) <= 80 and ":" not in plain and not not_said(plain)
