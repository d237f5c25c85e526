"""Files that hold what was said, or the terms of deals: only whoever writes them may read them."""

from __future__ import annotations

import os
from pathlib import Path


def write(file: Path, text: str) -> None:
    """Write a file that only its owner may read, also where it was there before. Raises OSError."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        if file.is_file():  # and no device
            file.chmod(0o600)
        out.write(text)
