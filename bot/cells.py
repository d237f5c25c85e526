"""Cells of tables for spreadsheets: what a spreadsheet would take for a formula is led by an apostrophe, and comes back without it."""

from __future__ import annotations

import re

LIVE = re.compile(r"[\s'\"]*[=+\-@|%\t\r\n＝＋－＠]")
"""How a text begins that some spreadsheet may run."""


def safe_cell(text: str) -> str:
    """A text as a cell that a spreadsheet shows and never runs."""
    return f"'{text}" if LIVE.match(text) else text


def cell_text(cell: str) -> str:
    """The text of a cell that safe_cell() made, or of any other."""
    return cell[1:] if cell.startswith("'") and LIVE.match(cell[1:]) else cell
