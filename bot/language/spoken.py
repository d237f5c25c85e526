"""Speech as it was meant where hesitation parts a number: "a hundred and, uh, twenty", "fif- fifteen", "fifteen, you know, a day"."""

from __future__ import annotations

import re

LONGEST = 5_000
"""Characters that are looked at; a turn is far shorter."""

_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen|half"
)
_NUMBER = rf"(?:\d+(?:[.,]\d+)*|(?:{_WORDS})(?:-(?:{_WORDS}))?)"
_UNIT = r"(?:(?:a|per|each|every)\s+(?:business\s+|working\s+)?(?:day|week|month|year)|packages|parcels|boxes|pieces|percent|a\s+day)"
_HESITATION = (
    r"(?:(?:\s*[,…—–]\s*|\s*\.\.\.\s*|\s+)(?:u+h+m*|u+m+|e+r+m*|a+h+m+|h+m+|mm+|you know|i mean|like|let's say|let me see|"
    r"what is it|what was it)"
    r"(?=[\s,.…—–]))+(?:\s*[,…—–]\s*|\s*\.\.\.\s*|\s+)"
)
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_BEFORE_UNIT = re.compile(rf"\b({_NUMBER}){_HESITATION}(?={_UNIT}\b)", re.IGNORECASE)
_WITHIN = re.compile(
    rf"\b((?:hundred|thousand)(?:\s+and)?){_HESITATION}(?=(?:{_WORDS})\b)|\b({_TENS}){_HESITATION}(?=(?:{_ONES})\b(?!\s+(?:hundred|thousand)))",
    re.IGNORECASE,
)
_BROKEN = re.compile(rf"\b([^\W\d_]{{1,5}})(?:-|—|–|…|\.\.\.)+[\s,]+(?=\1[^\W\d_]*\b)(?=(?:{_WORDS}))", re.IGNORECASE)
_TWICE = re.compile(rf"\b((?:{_WORDS})(?:[\s-](?:{_WORDS}))?),?\s+(?=\1\b\s+{_UNIT})", re.IGNORECASE)


def plainly(text: str) -> str:
    """The text without what parts a number from its rest or its unit; all other words stay as they were said."""
    said, rest = text[:LONGEST], text[LONGEST:]
    said = _BROKEN.sub("", said)
    said = _WITHIN.sub(lambda found: f"{found[1] or found[2]} ", said)
    said = _BEFORE_UNIT.sub(r"\1 ", said)
    return _TWICE.sub("", said) + rest
