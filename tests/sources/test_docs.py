"""The deal file that the documentation shows is one."""

from __future__ import annotations

import re
from pathlib import Path

from bot.deal import Deal
from bot.playbook.terms import warnings
from store.sources.deal_file import parse_deal

PAGE = (Path(__file__).parents[2] / "docs" / "deal-file.md").read_text(encoding="utf-8")


def test_the_example_is_a_deal_without_remarks() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    found = parse_deal(example, "docs.yml")
    assert found.mistakes == ()
    assert found.deal is not None
    assert warnings(found.deal) == ()


def test_every_field_is_described() -> None:
    parts = {"volume", "test", "ramp"}
    names = [name for name in Deal.model_fields if name not in parts]
    names += [f"{part}.{name}" for part in parts for name in Deal.model_fields[part].annotation.model_fields]  # type: ignore[union-attr]
    assert [name for name in names if f"`{name}`" not in PAGE] == []
