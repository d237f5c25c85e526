"""Cells of tables: nothing that we write runs in a spreadsheet, and what we read back is what it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cells import cell_text, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-1", "@SUM(A1)", "\t=1", " =1", "'=1", '"=1', "＝1", "|x", "%x"])
def test_a_cell_never_leaves_live(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_other_text_stays_as_it_is() -> None:
    assert safe_cell("Acme = best") == "Acme = best"
    assert cell_text("'tis Acme") == "'tis Acme"


@given(st.text(alphabet=st.sampled_from("'\"= +-@a1|%\t"), max_size=8))
def test_it_reads_back_the_same(text: str) -> None:
    assert cell_text(safe_cell(text)) == text
