"""Why the bot did, or did not, say something about a message: all that is known of it, for people and machines alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.commands.listening import Heard
from bot.deal import Deal
from bot.language.model.examples import Nearest, shipped_examples
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


def of_heard(heard: Heard, deal: Deal, conversation: str) -> Explanation:
    """Of a turn of a conversation; `conversation` is its id, from which no example is taken."""
    hearing = heard.hearing
    if hearing.silent:
        return Explanation(heard.turn.text, hearing.reading, silent=hearing.silent)
    said = Utterance(heard.turn.text, heard.side, heard.speaker, heard.at, heard.turn.key, heard.turn.thread)
    return Explanation(
        text=said.text,
        reading=hearing.reading,
        entries=account(deal, hearing.reading, said),
        outcomes=hearing.outcomes,
        meant=meant(hearing.reading, deal),
        example=_example(said.text, conversation),
        unasked=_unasked(hearing.reading),
    )


def of_sentence(text: str, reading: Reading) -> Explanation:
    """Of a sentence by itself, without a deal."""
    return Explanation(
        text=text,
        reading=reading,
        entries=unjudged(reading),
        meant=meant(reading, None),
        example=_example(text, None),
        unasked=_unasked(reading),
        judged=False,
    )


def _example(text: str, conversation: str | None) -> Nearest | None:
    examples = shipped_examples()
    return examples.nearest(text, conversation) if examples else None


def _unasked(reading: Reading) -> Unasked | None:
    if reading.hunch is None:
        return "no weights"
    return "not about shipping" if reading.hunch.foreign else None
