"""`make train`: learns the reader's weights from the labelled conversations; the same conversations give the same file.

`python -m tests.bench.train --examples` only writes the labelled messages that explanations show, which takes seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.language import model
from bot.language.model.examples import Labelled, pack_examples
from bot.language.model.hunch import pack
from tests.bench.folds import first_looks, folds, reader_without
from tests.bench.talk import Conversation, conversations, utterances

FOLDER = Path(next(iter(model.__path__)))


def examples(talks: Sequence[Conversation]) -> Iterator[Labelled]:
    """Every message that is labelled with a finding or signal."""
    for talk in talks:
        for message, utterance in utterances(talk):
            labels = [_name(label) for label in message.get("expect", ())]
            if labels and utterance.side != "own":
                yield Labelled(utterance.text, tuple(dict.fromkeys(labels)), talk.id)


def _name(label: dict[str, str]) -> str:
    subject = label.get("subject")
    return f"{label['scenario']} {subject}" if subject else label["scenario"]


def write_examples(talks: Sequence[Conversation]) -> str:
    """Write bot/language/model/examples.json.gz; a line on what is in it."""
    labelled = list(examples(talks))
    packed = pack_examples(labelled)
    (FOLDER / "examples.json.gz").write_bytes(packed)
    return f"{len(labelled):,} labelled messages, {len(packed):,} bytes"


def write_weights(talks: Sequence[Conversation]) -> str:
    """Write bot/language/model/weights.bin; a line on what it was learned from."""
    with tempfile.TemporaryDirectory() as folder:
        first_looks(folds(talks), [()], Path(folder))
        packed = pack(reader_without((), Path(folder)))
    (FOLDER / "weights.bin").write_bytes(packed)
    return f"{len(talks)} conversations, {len(packed):,} bytes"


def main(*asked: str) -> None:
    """Write both files, or with --examples the one."""
    begun, talks = time.monotonic(), conversations()
    told = [write_examples(talks)]
    if "--examples" not in asked:
        told.append(write_weights(talks))
    sys.stdout.write("".join(f"{line}\n" for line in told) + f"{time.monotonic() - begun:.0f} s\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
