"""`make read-bench`: leave-one-author-out over the labelled conversations, as findings for score.py, rules alone beside."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from bot.language.model.hunch import Weights, pack, unpack
from tests.bench.talk import Conversation, conversations, examples, heard, trained_on


def findings_without(author: str, folder: Path) -> list[str]:
    """The findings in one author's conversations, by a reader trained on all the others.

    The weights stay in `folder`: after a change of the playbook alone the next run takes them from there. Empty it after a change of
    the reader.
    """
    talks, kept = conversations(), folder / f"without-{author}.bin.gz"
    if not kept.exists():
        kept.write_bytes(pack(trained_on([example for talk in talks if talk.author != author for example in examples(talk)])))
    return lines([talk for talk in talks if talk.author == author], unpack(kept.read_bytes()))


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
    talks, out = conversations(), Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(partial(findings_without, folder=out), sorted({talk.author for talk in talks})))
    (out / "findings-loao.jsonl").write_text("\n".join(line for author in found for line in author) + "\n", encoding="utf-8")
    (out / "findings-rules.jsonl").write_text("\n".join(lines(talks, None)) + "\n", encoding="utf-8")
    sys.stdout.write(f"findings of {len(talks)} conversations are in {out}; score them with score.py\n")


if __name__ == "__main__":
    main(sys.argv[1])
