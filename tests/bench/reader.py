"""What the reader takes: time for a message worth reading, ordinary talk a second, and memory of its process with and without weights."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from importlib import import_module
from importlib.util import find_spec
from statistics import median, quantiles
from time import process_time
from typing import Any

from bot.deal import Deal
from bot.demo.sample import sample
from bot.ears import Talk, hear
from bot.language.glance import Glance, glance
from bot.language.model.hunch import shipped
from bot.language.quantities import find_quantities
from bot.language.statement import Utterance
from tests.bench.ordinary import TODAY
from tests.bench.talk import conversations, ordinary, utterances

EVERY = 8
"""One labelled conversation in so many is timed."""

COMPARED = 400
"""Messages with figures that are given to another parser as well."""

_ONE = """
from bot.demo.sample import sample
from bot.deal import Deal
from bot.ears import Talk, hear
from bot.language.model.hunch import shipped
from bot.language.statement import Utterance
from datetime import date, datetime
deal = Deal.model_validate(sample(date(2026, 11, 4)).deal)
hear(deal, Talk(), Utterance("let's start with 15 a day", "customer", "U1", datetime(2026, 11, 4, 10), "1"), (), {weights})
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


def candidates() -> Iterator[str]:
    """Messages of labelled talk that hold a figure or a cue, through the whole reader, in processor time."""
    shipped()
    took = sorted(_times())
    cuts = quantiles(took, n=100)
    yield f"candidate messages ({len(took):,} with a figure or cue): median {median(took) * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms"


def _times() -> Iterator[float]:
    for talk in conversations()[::EVERY]:
        heard = Talk()
        for _, utterance in utterances(talk):
            began = process_time()
            hear(talk.deal, heard, utterance)
            took = process_time() - began
            if utterance.side != "own" and glance(utterance.text) != Glance():
                yield took


def ordinary_speed() -> Iterator[str]:
    """Ordinary talk put into a live deal as the customer's words, through the whole reader, in processor time."""
    shipped()
    deal, count, took = Deal.model_validate(sample(TODAY).deal), 0, 0.0
    begins = datetime.combine(deal.test.starts + timedelta(days=2), time(9))
    for said in ordinary():
        talk = Talk()
        heard = [Utterance(text, "customer", "U1", begins + timedelta(seconds=n), str(n)) for n, text in enumerate(said)]
        began = process_time()
        for utterance in heard:
            hear(deal, talk, utterance)
        took += process_time() - began
        count += len(heard)
    yield f"ordinary talk: {count / took:,.0f} messages/s on one core through the whole reader ({count:,} messages)"


def memory() -> Iterator[str]:
    """Resident memory of a process that has read one message; Linux alone tells it."""
    if sys.platform != "linux":
        yield "memory of the reader's process: not measured here, only on Linux"
        return
    with_weights, without = _resident("shipped"), _resident("lambda: None")
    yield f"memory of the reader's process: {with_weights:.0f} MB with the trained reader, {without:.0f} MB without"


def _resident(weights: str) -> float:
    told = subprocess.run([sys.executable, "-c", _ONE.format(weights=weights)], check=True, capture_output=True, text=True)
    return int(told.stdout) / 1024


def another_parser() -> Iterator[str]:
    """quantulum3 on the same messages, where somebody has installed it beside (it is no dependency)."""
    if find_spec("quantulum3") is None:
        yield "quantulum3 on the same text: not installed"
        return
    parse = import_module("quantulum3.parser").parse
    said = [utterance.text for talk in conversations()[::EVERY] for _, utterance in utterances(talk)]
    texts = [text for text in said if glance(text).quantity][:COMPARED]
    ours, theirs = _rate(find_quantities, texts), _rate(parse, texts)
    yield f"quantities in {len(texts)} messages with figures: {ours:,.0f} messages/s here, {theirs:,.0f} by quantulum3"


def _rate(parse: Callable[[str], Any], texts: list[str]) -> float:
    parse(texts[0])  # what is loaded at first is not parsing
    began = process_time()
    for text in texts:
        parse(text)
    return len(texts) / (process_time() - began)
