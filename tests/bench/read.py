"""`make read-bench`: leave-one-author-out over the labelled conversations, as findings for score.py, rules alone beside."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bot.language.model.hunch import Weights
from tests.bench.talk import Conversation, conversations, examples, heard, trained_on


def findings_without(author: str) -> list[str]:
    """The findings in one author's conversations, by a reader trained on all the others."""
    talks = conversations()
    weights = trained_on([example for talk in talks if talk.author != author for example in examples(talk)])
    return list(lines([talk for talk in talks if talk.author == author], weights))


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
    """Write findings-loao.jsonl and findings-rules.jsonl into `folder`."""
    talks = conversations()
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(findings_without, sorted({talk.author for talk in talks})))
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    (out / "findings-loao.jsonl").write_text("\n".join(line for author in found for line in author) + "\n", encoding="utf-8")
    (out / "findings-rules.jsonl").write_text("\n".join(lines(talks, None)) + "\n", encoding="utf-8")
    sys.stdout.write(f"findings of {len(talks)} conversations are in {out}; score them with score.py\n")


if __name__ == "__main__":
    main(sys.argv[1])
