"""`make read-bench`: the labelled conversations heard by readers that never saw their author, for score.py; rules alone beside."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from bot.language.model.hunch import Weights
from bot.language.statement import Hunch
from bot.playbook.finding import Finding
from tests.bench.folds import Fold, first_looks, folds, reader_without
from tests.bench.talk import Conversation, conversations, heard


@dataclass(frozen=True, slots=True)
class Lines:
    """What was found, and what the trained reader thought of each message that it was asked about, as lines of JSON."""

    findings: list[str]
    chances: list[str]


def lines_without(fold: Fold, folder: Path) -> Lines:
    """Lines on the conversations of a fold's authors, by the reader trained on all others."""
    weights = reader_without(fold, folder)
    return lines([talk for talk in conversations() if talk.author in fold], weights)


def lines(talks: Sequence[Conversation], weights: Weights | None) -> Lines:
    """Findings as `jumpin scan --json` gives them, as far as score.py reads them, and chances."""
    told = Lines([], [])
    for talk in talks:
        for message, hearing in heard(talk, lambda: weights):
            told.findings.extend(_finding(talk, message, found) for found in hearing.findings)
            if hearing.reading.hunch is not None:
                told.chances.append(_chances(talk, message, hearing.reading.hunch))
    return told


def _finding(talk: Conversation, message: dict[str, Any], found: Finding) -> str:
    return json.dumps(
        {
            "conversation": talk.id,
            "message": str(message["n"]),
            "scenario": found.scenario,
            "subject": found.subject,
            "said_per_day": found.said_per_day,
            "urgency": found.urgency,
            "suppressed": found.suppressed,
        }
    )


def _chances(talk: Conversation, message: dict[str, Any], hunch: Hunch) -> str:
    labels = {label: round(chance, 4) for label, chance in hunch.labels.items()}
    told = {"any": hunch.any, "worth": hunch.worth, "acquainted": hunch.acquainted, "labels": labels}
    return json.dumps({"conversation": talk.id, "message": str(message["n"]), **told})


def main(folder: str) -> None:
    """Write findings-unseen.jsonl, the chances that bars are chosen on (chances-unseen.jsonl) and findings-rules.jsonl into `folder`."""
    talks, out = conversations(), Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    first_looks(folds(talks), folds(talks), out)
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(partial(lines_without, folder=out), folds(talks)))
    _write(out / "findings-unseen.jsonl", chain.from_iterable(fold.findings for fold in found))
    _write(out / "chances-unseen.jsonl", chain.from_iterable(fold.chances for fold in found))
    _write(out / "findings-rules.jsonl", lines(talks, None).findings)
    sys.stdout.write(f"findings of {len(talks)} conversations are in {out}; score them with score.py\n")


def _write(file: Path, told: Iterable[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
