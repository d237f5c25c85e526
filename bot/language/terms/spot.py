"""What the readers of terms look at: a quantity with the words around it, or a whole sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.language.clauses import Clause
from bot.language.cues import CLAIM, OTHER_CARRIER
from bot.language.evidence import Scene
from bot.language.statement import Quantity, Statement
from bot.language.wording import Wording

CLAIMED = 0.85
"""How sure a claim is whose sentence appeals to what was agreed."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A quantity, its clause and sentence, and whether that sentence appeals to what was agreed."""

    quantity: Quantity
    clause: str
    sentence: str
    claimed: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that speaks of a term: its text and place, and whether it appeals to what was agreed."""

    text: str
    start: int
    claimed: bool

    def claim(self, subject: str, notes: tuple[str, ...], unclaimed: float, name: str | None = None) -> Statement:
        """The claim about `subject` that this sentence makes; `unclaimed` is how sure it is without an appeal to the agreement."""
        sure, end = CLAIMED if self.claimed else unclaimed, self.start + len(self.text)
        return Statement("claims-term", self.text.strip(), self.start, end, sure, f"claim: {name or subject}", None, subject, notes=notes)


def sentences(pieces: list[Clause], scene: Scene, about: Wording) -> Iterator[Sentence]:
    """Each sentence of the message that has one of the words `about` and speaks of no other carrier."""
    if not scene.has(about, scene.text):
        return
    seen = -1
    for piece in pieces:
        if piece.sentence_start == seen or not scene.has(about, piece.sentence) or scene.has(OTHER_CARRIER, piece.sentence):
            continue
        seen = piece.sentence_start
        yield Sentence(piece.sentence, seen, scene.has(CLAIM, piece.sentence))
