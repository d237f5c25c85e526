"""How fast a back-test goes through an export: messages a second on one core, by what the messages are."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random

from tests.backtest.exports import OURS, THEIRS, Made, export_of, talks
from tests.bench.talk import ordinary

CHANNELS, LONG = 2, 8_000
OWN_SHARE, DEAL_SHARE = 0.35, 0.10
"""Of a channel's months: what our own side says, and talk of volumes and terms as in labelled conversations; the rest is ordinary."""


def backtest_speed() -> Iterator[str]:
    """`jumpin backtest` over a made-up export, in processor time of one core, its start-up taken off."""
    rng = Random(7)
    small = [line for talk in ordinary() for line in talk if line.strip()]
    labelled = [message["text"] for talk in talks(every=4) for message in talk["messages"]]
    with tempfile.TemporaryDirectory() as folder:
        start = _run(Path(folder), _export([small[:1]]), "start")
        mixed = [_mixed(rng, small, labelled) for _ in range(CHANNELS)]
        for name, said in (
            ("a channel's months", mixed),
            ("ordinary talk alone", [list(islice(cycle(small), LONG))]),
            ("talk of terms alone", [labelled]),
        ):
            count = sum(map(len, said))
            took = _run(Path(folder), _export(said), name.replace(" ", "-").replace("'", "")) - start
            yield f"backtest ({name}): {count / took:,.0f} messages/s on one core, a million in {1e6 / count * took / 60:.1f} minutes"


def _mixed(rng: Random, small: Sequence[str], labelled: Sequence[str]) -> list[str]:
    own, deal = int(LONG * OWN_SHARE), int(LONG * DEAL_SHARE)
    said = [f"OWN {rng.choice(small)}" for _ in range(own)] + [rng.choice(labelled) for _ in range(deal)]
    said += [rng.choice(small) for _ in range(LONG - own - deal)]
    rng.shuffle(said)
    return said


def _export(channels: Sequence[Sequence[str]]) -> Made:
    """An export with these messages; the deal of the first labelled conversation stands for each channel."""
    made = export_of([talk for talk in talks(every=10) if any(person["role"] == "rep" for person in talk["deal"]["people"])][:1])
    deal, people = made.deals[0], made.deals[0]["people"]
    customer = next(person["id"] for person in people if person["role"] == "customer")
    rep = next(person["id"] for person in people if person["role"] == "rep")
    made.files, made.channels, made.deals = {}, [], []
    for number, said in enumerate(channels):
        name = f"impl-{number}"
        made.deals.append({**deal, "customer": f"Customer {number}", "channels": [f"#{name}"]})
        at = datetime.fromisoformat(deal["test"]["starts"] + "T08:00")
        for text in said:
            at += timedelta(seconds=400)
            made.say(name, at, rep if text.startswith("OWN ") else customer, text)
    made.users = {customer: {"id": customer, "team_id": THEIRS}, rep: {"id": rep, "team_id": OURS}, "U0": {"id": "U0", "team_id": OURS}}
    return made


def _run(folder: Path, made: Made, name: str) -> float:
    source, deals = made.zip(folder / f"{name}.zip"), folder / f"{name}-deals"
    made.write_deals(deals)
    core = {min(os.sched_getaffinity(0))}
    order = [sys.executable, "-m", "bot", "backtest", "--json", str(source), "--deals", str(deals), "--keep", str(folder / f"{name}-kept")]
    before = _used()
    subprocess.run(
        order, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, core)
    )
    return _used() - before


def _used() -> float:
    """Processor seconds of the programs started so far: what else runs on the machine does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    for line in backtest_speed():
        print(line)
