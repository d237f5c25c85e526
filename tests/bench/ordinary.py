"""`make ordinary TALK=talk.jsonl.gz`: ordinary talk put into a live deal as the customer's words: how often the bot would speak of it.

Each line of the file is {"source": ..., "conversation": ..., "speaker": ..., "text": ...}, a conversation's messages in the order said.
`--every 10` hears one block of 300 messages in ten.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from time import process_time
from typing import Any

from bot.deal import Deal
from bot.demo.sample import sample
from bot.ears import Talk, hear
from bot.language.model.hunch import shipped
from bot.language.statement import Utterance
from bot.playbook.finding import Finding, Raised
from bot.playbook.outcome import Outcome
from bot.playbook.scenarios import FINDINGS

BLOCK = 300
"""Messages of a block, when only some are heard."""

TODAY = date(2026, 11, 4)
"""Some day of the deal's test; any would do."""

BY = {"rules": "rules alone", "heard": "trained reader alone", "both": "both"}
"""By what a finding was raised -> how it is printed."""

Row = dict[str, Any]


@dataclass
class Heard:
    """What was heard of one source."""

    messages: int = 0
    seconds: float = 0.0
    direct: int = 0
    by: Counter[str] = field(default_factory=Counter)

    def note(self, outcomes: Iterable[Outcome]) -> None:
        """Count the findings of a message; a repetition is none."""
        self.messages += 1
        for outcome in outcomes:
            if _counts(outcome.finding):
                self.by[outcome.by] += 1
                self.direct += outcome.finding is not None and outcome.finding.urgency == "now"

    def line(self, source: str) -> str:
        """One line of the table."""

        def share(count: int) -> str:
            return f"{10_000 * count / max(1, self.messages):9.1f}"

        parts = "".join(f"{share(self.by[by]):>21}" for by in BY)
        rate = self.messages / self.seconds if self.seconds else 0.0
        return f"{source:<28}{self.messages:>9,}{share(self.by.total()):>10}{share(self.direct):>10}{parts}{rate:>12,.0f}"


def rows(file: Path) -> Iterator[Row]:
    """The lines of a .jsonl file, packed or not."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def blocks(talk: Iterable[Row], every: int) -> Iterator[Row]:
    """One block in `every`, each of so many messages in a row."""
    whole = iter(talk)
    number = 0
    while block := list(islice(whole, BLOCK)):
        if number % every == 0:
            yield from block
        number += 1


def heard(talk: Iterable[Row], deal: Deal) -> dict[str, Heard]:
    """Source -> what was heard of it; every conversation is a channel of its own, on a day of the deal's test."""
    shipped()  # loading the weights is not hearing
    found: dict[str, Heard] = {}
    for (source, _), said in groupby(talk, key=itemgetter("source", "conversation")):
        _hear(list(said), deal, found.setdefault(source, Heard()))
    return found


def _hear(said: Sequence[Row], deal: Deal, into: Heard) -> None:
    talk, raised = Talk(), list[Raised]()
    begins = datetime.combine(deal.test.starts + timedelta(days=2), time(9))
    for number, row in enumerate(said, start=1):
        at = begins + timedelta(seconds=20 * number)
        utterance = Utterance(row["text"], "customer", str(row["speaker"]), at, str(number))
        began = process_time()
        hearing = hear(deal, talk, utterance, raised)
        into.seconds += process_time() - began
        into.note(hearing.outcomes)
        raised += [
            Raised(one.scenario, one.subject, one.side, one.said_per_day, one.said) for one in hearing.findings if not one.suppressed
        ]


def _counts(finding: Finding | None) -> bool:
    return finding is not None and finding.scenario in FINDINGS and finding.suppressed is None


def table(found: dict[str, Heard]) -> Iterator[str]:
    """The figures per 10,000 messages, a line a source."""
    parts = "".join(f"{name:>21}" for name in BY.values())
    yield f"{'per 10,000 messages':<28}{'messages':>9}{'findings':>10}{'DMs':>10}{parts}{'messages/s':>12}"
    yield from (one.line(source) for source, one in sorted(found.items()))
    whole = Heard(
        messages=sum(one.messages for one in found.values()),
        seconds=sum(one.seconds for one in found.values()),
        direct=sum(one.direct for one in found.values()),
        by=Counter(chain.from_iterable(one.by.elements() for one in found.values())),
    )
    yield whole.line("all")


def main(*words: str) -> None:
    """Hear a file and print the table."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.ordinary")
    asked.add_argument("talk", type=Path)
    asked.add_argument("--every", type=int, default=1, metavar="N", help=f"hear one block of {BLOCK} messages in N")
    chosen = asked.parse_args(words)
    deal = Deal.model_validate(sample(TODAY).deal)
    for line in table(heard(blocks(rows(chosen.talk), max(1, chosen.every)), deal)):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
