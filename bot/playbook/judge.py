"""judge(): a reading against the deal's terms on the day it speaks of, into findings and signals."""

from __future__ import annotations

from collections.abc import Sequence

from bot.deal import Deal
from bot.language.statement import Reading, Utterance
from bot.playbook.finding import Finding, Raised


def judge(deal: Deal, reading: Reading, utterance: Utterance, raised: Sequence[Raised]) -> tuple[Finding, ...]:
    """What the rep must know of this utterance; a repetition of the same side's words comes back with `suppressed` "repeat"."""
    return ()
