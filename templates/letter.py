"""What a follow-up email after a call is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BULLETS = re.compile(r"^(- .*)\n\n(?=- )", re.MULTILINE)
_UNDER = re.compile(r"(:)\n\n(?=- )")


@dataclass(frozen=True, slots=True)
class Letter:
    """Texts ready to stand in it: the greeting, what is to be set right, what was confirmed, who does what, what is open, who signs."""

    hello: str
    points: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    rep: str | None = None


def bulleted(text: str) -> str:
    """The text with the lines of a list one below the other."""
    return _UNDER.sub(r"\1\n", _BULLETS.sub(r"\1\n", text))
