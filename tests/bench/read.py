"""`make read-bench`: the labelled conversations heard by readers that never saw their author, for score.py; rules alone beside."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from bot.language.model.hunch import Weights
from tests.bench.folds import first_looks, folds, reader_without
from tests.bench.talk import Conversation, conversations, heard


def findings_without(fold: str, folder: Path) -> list[str]:
    """The findings in the conversations of a fold's authors, by the reader trained on all others."""
    weights = reader_without(fold, folder)
    return lines([talk for talk in conversations() if talk.author in fold], weights)


def lines(talks: Sequence[Conversation], weights: Weights | None) -> list[str]:
    """Findings as `jumpin scan --json` gives them, as far as score.py reads them."""
    return [
        json.dumps(
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
        for talk in talks
        for message, hearing in heard(talk, lambda: weights)
        for found in hearing.findings
    ]


def main(folder: str) -> None:
    """Write findings-unseen.jsonl and findings-rules.jsonl into `folder`."""
    talks, out = conversations(), Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    first_looks(folds(talks), folds(talks), out)
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(partial(findings_without, folder=out), folds(talks)))
    (out / "findings-unseen.jsonl").write_text("\n".join(line for fold in found for line in fold) + "\n", encoding="utf-8")
    (out / "findings-rules.jsonl").write_text("\n".join(lines(talks, None)) + "\n", encoding="utf-8")
    sys.stdout.write(f"findings of {len(talks)} conversations are in {out}; score them with score.py\n")


if __name__ == "__main__":
    main(sys.argv[1])
