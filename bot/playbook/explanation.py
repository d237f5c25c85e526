"""Why the bot did, or did not, say something about a message: all that is known of it, for people and machines alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.deal import Deal
from bot.language.model.examples import Nearest
from bot.language.statement import Quantity, Reading, Utterance
from bot.playbook.account import Entry, Meant, account, meant, unjudged
from bot.playbook.outcome import Outcome

Unasked = Literal["no weights", "not about shipping"]
"""Why the trained reader was not asked: without weights rules decide, in talk that is not about shipping nothing is raised."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was seen in a message, what each statement came to, what the trained reader thinks, and what was raised or dropped.

    `asides`: why a quantity (by where it starts) counts for nothing; `unasked`: None where the trained reader was asked; `silent`: why
    nothing was read at all; `judged`: whether there was a deal to hold it against.
    """

    text: str
    reading: Reading
    entries: tuple[Entry, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    meant: tuple[Meant, ...] = ()
    example: Nearest | None = None
    unasked: Unasked | None = None
    silent: str | None = None
    judged: bool = True

    @property
    def asides(self) -> dict[int, str]:
        """Where a quantity starts -> why it was set aside; those that made a statement were not."""
        used = {entry.statement.quantity.start for entry in self.entries if entry.statement.quantity and not entry.perhaps}
        return {one.quantity.start: one.why for one in self.reading.asides if one.quantity.start not in used}

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """All that looks like a quantity, in the order said."""
        return self.reading.quantities


def of_utterance(deal: Deal, said: Utterance, reading: Reading, outcomes: Sequence[Outcome], example: Nearest | None = None) -> Explanation:
    """Of something said about a deal, as read and judged; `example` is the labelled message most like it, where one is wanted."""
    return Explanation(
        text=said.text,
        reading=reading,
        entries=account(deal, reading, said),
        outcomes=tuple(outcomes),
        meant=meant(reading, deal),
        example=example,
        unasked=_unasked(reading),
    )


def of_text(text: str, reading: Reading, example: Nearest | None = None) -> Explanation:
    """Of a sentence by itself, without a deal."""
    return Explanation(
        text=text,
        reading=reading,
        entries=unjudged(reading),
        meant=meant(reading, None),
        example=example,
        unasked=_unasked(reading),
        judged=False,
    )


def _unasked(reading: Reading) -> Unasked | None:
    if reading.hunch is None:
        return "no weights"
    return "not about shipping" if reading.hunch.foreign else None
