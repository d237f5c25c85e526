"""`make train`: learns the reader's weights from the labelled conversations; the same conversations give the same file."""

from __future__ import annotations

import sys
import time

from bot.language import model
from bot.language.model.hunch import pack
from tests.bench.talk import conversations, taught, trained_on


def main() -> None:
    """Write bot/language/model/weights.bin.gz."""
    begun = time.monotonic()
    talks = conversations()
    what = taught(talks)
    packed = pack(trained_on(what))
    target = f"{model.__path__[0]}/weights.bin.gz"
    with open(target, "wb") as file:  # noqa: PTH123 - the package's own folder as Python names it
        file.write(packed)
    sys.stdout.write(
        f"{len(talks)} conversations, {len(what.messages)} utterances, {len(packed):,} bytes, {time.monotonic() - begun:.0f} s\n"
    )


if __name__ == "__main__":
    main()
