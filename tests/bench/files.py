"""How fast files are read: messages a second on one core, and the time that hostile messages take."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.deal import Deal
from bot.demo.sample import sample
from bot.ears import Talk, hear
from bot.language.statement import Utterance

LONG = 20_000
HOSTILE = {
    "1,1,1,…": "1," * 20_000,
    "digits": "1" * 40_000,
    "half of half of …": "half of " * 5_000,
    "10 to 10 to …": "10 to " * 6_600,
    "per day per day …": "15 per day " * 3_600,
    "one word": "a" * 40_000,
    "no full stop": "we ship about twenty five boxes and then some " * 870,
    "brackets": "(" * 40_000,
    "zero-width": "1\u200b" * 20_000,
    "a long blank": "15 boxes a day" + " " * 39_000 + "and 20 boxes a day",
    "tracking numbers run together": '1Z999AA10123456784Z999AA1012345678ext: "' * 1_000,
}


def scan_speed() -> Iterator[str]:
    """`jumpin scan --json` over a long conversation, its start-up time taken off, and pinned to one core."""
    empty = min(_scan(_conversation(0)) for _ in range(3))
    whole = _scan(_conversation(LONG))
    yield f"scan: {LONG / (whole - empty):,.0f} messages/s on one core ({LONG:,} messages in {whole - empty:.2f} s, start {empty:.2f} s)"


def hostile() -> Iterator[str]:
    """The median of five hearings of each hostile message of about 40,000 characters."""
    deal = Deal.model_validate(sample(datetime.now(UTC).date()).deal)
    for name, text in HOSTILE.items():
        took = statistics.median(_hear(deal, text) for _ in range(5))
        yield f"hostile message ({name}, {len(text):,} characters): {took * 1000:.1f} ms"


def _hear(deal: Deal, text: str) -> float:
    utterance = Utterance(text, side="customer", speaker="U0PRIYA", at=datetime.now(UTC).replace(tzinfo=None), key="1")
    began = perf_counter()
    hear(deal, Talk(), utterance)
    return perf_counter() - began


def _scan(conversation: dict[str, Any]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "long.json"
        file.write_text(json.dumps(conversation), encoding="utf-8")
        began = perf_counter()
        core = {min(os.sched_getaffinity(0))}
        order = [sys.executable, "-m", "bot", "scan", "--json", str(file)]
        subprocess.run(order, check=True, stdout=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, core))
        return perf_counter() - began


def _conversation(length: int) -> dict[str, Any]:
    scene = sample(datetime.now(UTC).date()).conversation
    begins = datetime.fromisoformat(scene["messages"][0]["at"])
    said = [(message["speaker"], message["text"]) for message in scene["messages"]]
    messages = [
        {"n": n + 1, "at": (begins + timedelta(seconds=n)).isoformat(), "speaker": said[n % len(said)][0], "text": said[n % len(said)][1]}
        for n in range(max(length, 1))
    ]
    return {**scene, "messages": messages}
