"""How scripts sound: their language, tone and length, and which text of a file that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Tone = Literal["plain", "warm", "direct"]
Length = Literal["long", "short"]

TONES: tuple[Tone, ...] = get_args(Tone)
SHORT = "_short"
BLOCKS: tuple[str, ...] = tuple(f"{tone}{length}" for tone in TONES for length in ("", SHORT))
"""Names of the texts in a file: `{% block warm_short %}` is the short text in a warm tone."""


@dataclass(frozen=True, slots=True)
class Voice:
    """An installation's choice. `language` is a folder's name: "en", "es", "es-MX"."""

    language: str = "en"
    tone: Tone = "plain"
    length: Length = "long"

    @property
    def languages(self) -> tuple[str, ...]:
        """Where to look, in turn: "es-MX", "es", then English, which has every script."""
        return tuple(dict.fromkeys((self.language, self.language.partition("-")[0], "en")))

    @property
    def blocks(self) -> tuple[str, ...]:
        """Texts to take, the first that a file has: the tone before the length, the plain tone where the other is not written."""
        endings = (SHORT, "") if self.length == "short" else ("", SHORT)
        return tuple(dict.fromkeys(f"{tone}{ending}" for tone in (self.tone, "plain") for ending in endings))
