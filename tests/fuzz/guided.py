"""`python -m tests.fuzz.guided TARGET SECONDS`: a target under atheris, which steers its changes by what they reach."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["bot.language", "store.sources", "handlers.signed", "templates"]):
    from tests.fuzz.targets import TARGETS, seeds


def main(name: str, seconds: int) -> None:
    """Until the time is over, or something breaks: then the input is in build/."""
    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(seeds(name)):
            (Path(corpus) / f"{number}").write_bytes(data)
        order = [sys.argv[0], corpus, f"-max_total_time={seconds}", "-artifact_prefix=build/", "-max_len=20000", "-print_final_stats=1"]
        atheris.Setup(order, TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
