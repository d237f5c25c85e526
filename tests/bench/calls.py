"""`python -m tests.bench.calls [FILE …]`: how fast three hours of talk are read, and what real calls about other things would raise.

The files are transcripts of calls that have nothing to do with parcels. Each is heard in a live deal, everybody in it as the customer:
whatever is raised there is a false finding.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from bot.calls.belongs import belongs
from bot.deal import Deal
from bot.demo.sample import sample
from bot.language.model.hunch import shipped
from bot.listening import Heard, listen
from bot.playbook.scenarios import FINDINGS
from bot.speakers import Speaker, faces
from store.sources.conversation import Conversation
from store.sources.files import Call, read_talk
from store.sources.transcript import parse_transcript
from tests.bench.ordinary import TODAY

ZONE = ZoneInfo("America/New_York")
TALKS = Path(__file__).parents[1] / "conversations"
HOURS = 3
STARTS = datetime.combine(TODAY, time(9))


@dataclass
class Heap:
    """What came of some calls."""

    calls: int = 0
    turns: int = 0
    speakers: int = 0
    hours: float = 0.0
    mistakes: int = 0
    unnamed: int = 0
    asked: int = 0
    seconds: float = 0.0
    findings: Counter[str] = field(default_factory=Counter)
    quotes: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The figures, a line each."""
        raised, direct = self.findings.total() - self.findings["now"], self.findings["now"]
        kinds = ", ".join(f"{name} {count}" for name, count in self.findings.most_common() if name != "now")
        yield f"{self.calls} calls, {self.hours:.1f} hours, {self.turns:,} turns of {self.speakers} speakers"
        yield f"lines that could not be read: {self.mistakes}; turns without a speaker: {self.unnamed}"
        yield f"calls that one would be asked about first: {self.asked}"
        yield f"read all the same: {raised} findings ({raised / self.hours:.2f} an hour)"
        yield f"of them DMs: {direct} ({direct / self.hours:.2f} an hour)"
        yield kinds
        yield f"{self.seconds:.1f} s, {self.turns / self.seconds:,.0f} turns/s"


def everybody(conversation: Conversation) -> Conversation:
    """The call with everybody on the customer's side."""
    return replace(conversation, turns=tuple(replace(turn, side="customer") for turn in conversation.turns))


def silence(files: Sequence[Path], deal: Deal) -> Heap:
    """What would be raised of these calls."""
    heap = Heap()
    began = perf_counter()
    for found in (found for file in files for found in read_talk(file, Call(STARTS))):
        heap.mistakes += len(found.mistakes)
        for conversation in found.conversations:
            heap.calls += 1
            heap.turns += len(conversation.turns)
            heap.speakers += len({turn.speaker for turn in conversation.turns})
            heap.unnamed += sum(not turn.speaker for turn in conversation.turns)
            times = [turn.at for turn in conversation.turns if turn.at]
            heap.hours += (max(times) - min(times)).total_seconds() / 3600 if times else 0.0
            seen = faces(deal, (Speaker(turn.speaker) for turn in conversation.turns)).values()
            heap.asked += belongs(deal, conversation.id, [turn.text for turn in conversation.turns], tuple(seen)).asks
            for heard in listen(everybody(conversation), deal, ZONE):
                _note(heap, heard)
    heap.seconds = perf_counter() - began
    return heap


def _note(heap: Heap, heard: Heard) -> None:
    for finding in heard.hearing.findings:
        if finding.scenario in FINDINGS and finding.suppressed is None:
            heap.findings[finding.scenario] += 1
            heap.findings["now"] += finding.urgency == "now"
            heap.quotes.append(f"{finding.urgency:<7}{finding.scenario:<24}{finding.quote[:160]}")


def three_hours(deal: Deal) -> Iterator[str]:
    """A call of three hours, a cue every nine seconds, made of the labelled calls: parsing, and parsing with reading."""
    talk = (json.loads(file.read_text(encoding="utf-8")) for file in sorted(TALKS.glob("*.json")))
    said = chain.from_iterable((one["text"] for one in call["messages"]) for call in talk if call["medium"] == "call")
    cues = (
        f"{n}\n{_stamp(9 * n)} --> {_stamp(9 * n + 8)}\n{('Priya Natarajan', 'Sam Okafor')[n % 2]}: {' '.join(text.split())}\n"
        for n, text in enumerate(islice(said, HOURS * 400))
    )
    text = "WEBVTT\n\n" + "\n".join(cues)
    began, worked = perf_counter(), process_time()
    found = parse_transcript(text, "call.vtt", STARTS)
    parsed = perf_counter() - began
    (conversation,) = found.conversations
    heard = sum(1 for _ in listen(everybody(conversation), deal, ZONE))
    took, used = perf_counter() - began, process_time() - worked
    yield f"a call of {HOURS} hours ({len(text):,} characters, {heard:,} turns full of figures): parsed in {parsed:.2f} s"
    yield f"parsed and read in {took:.2f} s ({used:.2f} s of processor time)"


def _stamp(second: int) -> str:
    return f"{timedelta(seconds=second)!s:0>8}.000"


def main(*files: str) -> None:
    """Print the figures; `-v` first also prints what was raised."""
    deal = Deal.model_validate(sample(TODAY).deal)
    shipped()  # loading the weights is not hearing
    for line in three_hours(deal):
        sys.stdout.write(f"{line}\n")
    paths = [Path(file) for file in files if file != "-v"]
    if paths:
        heap = silence(paths, deal)
        for line in (*(heap.quotes if "-v" in files else ()), *heap.lines()):
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
