"""`make read-bench READER_URL=... READER_MODEL=...`: the labelled conversations once more, with a strong reader beside the local one.

It works from the folder that the first part left: for each author the local reader's weights that never saw that author.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

from bot.ears import Talk, hear
from bot.language.model.hunch import Weights
from bot.playbook.finding import Finding, Raised
from bot.strong.endpoint import Address
from bot.strong.opinion import Opinion
from bot.strong.question import Asking
from bot.strong.reader import Limits, StrongReader
from bot.strong.rulings import applied
from tests.bench.folds import fold_of, reader_without
from tests.bench.talk import Conversation, conversations, utterances

AT_ONCE = 8
"""Conversations heard side by side; within one, message follows message."""


@dataclass
class Measured:
    """Findings as score.py reads them, and what the exchanges came to."""

    lines: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    rulings: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def note(self, opinion: Opinion) -> None:
        """Count an exchange."""
        self.outcomes[opinion.outcome] += 1
        self.rulings.update(ruling.done for ruling in opinion.rulings)
        if opinion.outcome in ("answered", "late"):
            self.seconds.append(opinion.seconds)

    def summary(self) -> dict[str, Any]:
        """Counts, and the middle and the slowest twentieth of the answers in seconds."""
        cuts = quantiles(self.seconds, n=20) if len(self.seconds) > 1 else []
        p50, p95 = (round(cuts[9], 2), round(cuts[18], 2)) if cuts else (None, None)
        return {"exchanges": dict(self.outcomes), "rulings": dict(self.rulings), "answer_p50_s": p50, "answer_p95_s": p95}


async def measured(talks: Sequence[Conversation], weights: Callable[[str], Weights | None], strong: StrongReader) -> Measured:
    """All conversations through both readers; `weights` are the local reader's for an author."""
    found, turn = Measured(), asyncio.Semaphore(AT_ONCE)

    async def one(talk: Conversation) -> list[str]:
        async with turn:
            return await _heard(talk, weights(talk.author), strong, found)

    for lines in await asyncio.gather(*(one(talk) for talk in talks)):
        found.lines += lines
    return found


async def _heard(talk: Conversation, weights: Weights | None, strong: StrongReader, found: Measured) -> list[str]:
    deal = talk.deal.model_copy(update={"reader": "both"})  # made-up deals: nobody's words leave
    so_far, raised, lines = Talk(), list[Raised](), list[str]()
    for message, utterance in utterances(talk):
        hearing = hear(deal, so_far, utterance, raised, lambda: weights)
        opinion = await strong.opinion(Asking(deal, utterance, so_far.before(utterance), hearing))
        found.note(opinion)
        standing = applied(hearing.findings, opinion.rulings, raised)
        raised += [Raised(one.scenario, one.subject, one.side, one.said_per_day, one.said) for one in standing if one.suppressed is None]
        lines += [_line(talk.id, message["n"], one) for one in standing if one.suppressed != "vetoed"]
    return lines


def _line(conversation: str, number: int, found: Finding) -> str:
    fields = ("scenario", "subject", "said_per_day", "urgency", "suppressed")
    return json.dumps({"conversation": conversation, "message": str(number), **{name: getattr(found, name) for name in fields}})


def main(folder: str, url: str, model: str) -> None:
    """Write findings-strong.jsonl into `folder`, and print what the exchanges came to. The key is taken from JUMPIN_READER_KEY."""
    out, talks = Path(folder), conversations()

    def weights(author: str) -> Weights | None:
        return reader_without(fold_of(author, talks), out)

    async def run() -> Measured:
        limits = Limits(calls=10**9, characters=10**12, at_once=AT_ONCE, waiting=AT_ONCE)
        strong = StrongReader(Address(url, model, os.environ.get("JUMPIN_READER_KEY") or None), limits)
        try:
            return await measured(talks, weights, strong)
        finally:
            await strong.close()

    found = asyncio.run(run())
    (out / "findings-strong.jsonl").write_text("\n".join(found.lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{json.dumps(found.summary())}\nfindings with {model} are in {out}; score them with score.py\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
