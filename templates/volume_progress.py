"""What is said while a large volume file is read and imported."""

from __future__ import annotations

from dataclasses import dataclass

from templates.kit import Message, section
from templates.quote import clean, neutral

BAR = 10
"""Signs of the bar."""


@dataclass(frozen=True, slots=True)
class Far:
    """How far it is: rows read, and which share (0-1) of the file they are; then days kept, of how many."""

    rows: int = 0
    share: float = 0.0
    kept: int = 0
    of: int = 0


def reading(name: str | None, far: Far) -> Message:
    """A dropped file is being read, which takes longer than a moment; None: its name is not known yet."""
    return _said(f"Reading {_file(name)}", far, nothing="Nothing is kept before you say so.")


def importing(name: str | None, far: Far) -> Message:
    """Import was pressed; None: the file's name is not known yet."""
    return _said(f"Importing {_file(name)}", far)


def _file(name: str | None) -> str:
    return f"“{neutral(clean(name, 80))}”" if name else "the file"


def _said(doing: str, far: Far, nothing: str = "") -> Message:
    if far.of:
        text = f"{doing}: {far.kept:,} of {far.of:,} days kept."
        share = far.kept / far.of
    elif far.rows:
        share = min(max(far.share, 0.0), 1.0)
        text = f"{doing}: {far.rows:,} rows read, {share:.0%}."
    else:
        return Message(f"{doing}…", [section(f"{doing}… {nothing}".rstrip())])
    full = round(min(share, 1.0) * BAR)
    return Message(text, [section(f"{text} {nothing}\n`{'▓' * full}{'░' * (BAR - full)}`".replace(" \n", "\n"))])
