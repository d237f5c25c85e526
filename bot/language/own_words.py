"""A speaker's own words: not the quoted lines ("> ...") that a message answers, nothing struck through, and no log set as code."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.language.statement import Utterance
from bot.language.wording import words

LOOKED_AT = 10_000
"""Characters of a message in which quoted lines are told from its own."""

_QUOTED = re.compile(r"[ \t]*(?:>|&gt;)[>\s]*")
_CODE = re.compile(r"```(.*?)(?:```|\Z)", re.DOTALL)
_STRUCK = re.compile(r"(?<![\w~])~(?=[^\s~])[^~\n]{0,300}(?<=[^\s~])~(?![\w~])")
_MACHINE = re.compile(
    r"""\s*(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?(?:\w{3}[ ]{1,2}\d{1,2}[ ])?\d\d:\d\d:\d\d
    |[\[(]?(?:ERROR|WARN|WARNING|INFO|DEBUG|TRACE|FATAL|CRITICAL)\b|Traceback\b|File[ ]"|at[ ][\w.$]{1,80}\(
    |[{}\[\]<]|"[\w.-]{1,80}"\s*:|[$\#][ ]\w|(?:GET|POST|PUT|DELETE|SELECT|INSERT|UPDATE|curl)[ ]
    |[^\W_]{1,40}(?:[._][^\W_]{1,40}){1,8}\s*[:=]|\w{1,80}=)""",
    re.VERBOSE,
)
_GREETING = re.compile(
    r"\s*(?:(?:hi|hello|hey|dear|morning|good (?:morning|day|afternoon|evening)|hola|buenos días|buenas|bonjour|hallo|moin)\b[^.:?]{0,40}"
    r"|@\S{1,40}|[^\W\d_][^.:?!]{0,30},)\s*",
    re.IGNORECASE,
)
_PASSED_ON = words(
    "fyi, fwd, fw, forwarded, forwarding, passing this on, passing it on, passing this along, just got this, got this from, this came from,"
    " this is from, this just came, from our, from my"
)
_TAKEN_ON = re.compile(
    r"\W*(?:(?:yes|yep|yeah|yup|agreed?|exactly|correct|confirmed?|right|ok|okay|sounds good|works for|(?:fine|good) (?:by|with|for)"
    r"|approved|accepted|sí|ja|oui|1|100|white_check_mark|heavy_check_mark|thumbsup)\b|(?:this|that|same)\W*$|[👍✅✔💯^])",
    re.IGNORECASE,
)
_TURNED_DOWN = words("no, not, never, don't, doesn't, didn't, isn't, aren't, won't, can't, but, however, instead, rather, though")
FEW = 10
"""Words under a quote that do no more than agree with it."""


def answering(utterance: Utterance, before: tuple[Utterance, ...]) -> tuple[Utterance, tuple[Utterance, ...]]:
    """The utterance with blanks for the lines that it answers, so that places in its text stay, and what was said before with those lines.
    For what is struck through and logs set as code it has blanks, too.

    It answers what is quoted above its own words, with a greeting before it at most. Where words introduce what is quoted ("our COO
    writes:"), where they only pass it on ("FYI") or agree ("+1"), or where there are none, the speaker says it.
    """
    text = _meant(utterance.text)
    quoted = answered(text)
    if quoted is None:
        return (utterance if text == utterance.text else replace(utterance, text=text)), before
    own = "\n".join(" " * len(line) if _QUOTED.match(line) else line for line in text.split("\n"))
    return replace(utterance, text=own), (*before, Utterance(quoted, at=utterance.at, thread=utterance.thread))


def answered(text: str) -> str | None:
    """The quoted lines that a message answers, without their signs; None where it answers none."""
    parts = _parts(text)
    return parts[0] if parts else None


def own_words(utterance: Utterance) -> Utterance:
    """The utterance as remembered: without the lines that it answers, and without what is nobody's words."""
    text = _meant(utterance.text)
    parts = _parts(text)
    own = parts[1] if parts else text
    return utterance if own == utterance.text else replace(utterance, text=own)


def _meant(text: str) -> str:
    """The text with blanks for what is struck through, and for code most lines of which a machine wrote; a table of counts stays."""
    if len(text) > LOOKED_AT:
        return text
    if "~" in text:
        text = _STRUCK.sub(lambda found: " " * len(found[0]), text)
    if "```" not in text:
        return text
    return _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]) if _is_log(found[1]) else found[0], text)


def _is_log(block: str) -> bool:
    lines = [line for line in block.split("\n") if line.strip()]
    return 2 * sum(bool(_MACHINE.match(line)) for line in lines) >= max(1, len(lines))


def _parts(text: str) -> tuple[str, str] | None:
    """The quoted lines that a text answers, and its own words."""
    if not (">" in text or "&gt;" in text) or len(text) > LOOKED_AT:
        return None
    lines = [line for line in text.split("\n") if line.strip()]
    quoted = [bool(_QUOTED.match(line)) for line in lines]
    first = quoted.index(True) if True in quoted else len(lines)
    if first == len(lines) or not (first == 0 or (first == 1 and _GREETING.fullmatch(lines[0]))):
        return None
    below = " ".join(line for line, is_quoted in zip(lines[first:], quoted[first:], strict=True) if not is_quoted)
    if not below or _PASSED_ON.search(below) or _agrees(below):
        return None
    said = "\n".join(line for line, is_quoted in zip(lines, quoted, strict=True) if not is_quoted)
    return "\n".join(_QUOTED.sub("", line, count=1) for line, is_quoted in zip(lines, quoted, strict=True) if is_quoted), said


def _agrees(said: str) -> bool:
    return bool(_TAKEN_ON.match(said)) and "?" not in said and len(said.split()) <= FEW and not _TURNED_DOWN.search(said)
