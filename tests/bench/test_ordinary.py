"""The count of what the bot would say of ordinary talk."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.bench.ordinary import BLOCK, blocks, main

SAID = ("morning all", "we'd start with 10 to 15 boxes a day instead of the 150", "did you see the game?")


def test_a_line_a_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "talk.jsonl.gz"
    rows = [{"source": source, "conversation": "1", "speaker": "a", "text": text} for source in ("chat", "calls") for text in SAID]
    file.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    main(str(file))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [["calls", "3"], ["chat", "3"], ["all", "6"]]
    assert all(float(line.split()[2]) >= 3333 for line in lines[1:])


def test_blocks_are_taken_whole() -> None:
    rows = [{"text": str(number)} for number in range(4 * BLOCK + 10)]
    taken = [int(row["text"]) for row in blocks(rows, 2)]
    assert taken == [*range(BLOCK), *range(2 * BLOCK, 3 * BLOCK), *range(4 * BLOCK, 4 * BLOCK + 10)]
