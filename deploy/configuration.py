"""Writes docs/configuration.md from the settings as the program has them; the words come from the table in docs/running.md: `make docs`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from bot.settings import Settings

ROOT = Path(__file__).parents[1]
HEAD = """# Configuration

Every setting, as the program has it; `make docs` writes this page. Settings come from the environment, or from a file `.env` in the
folder where the bot starts; the environment wins. A wrong one ends the start with one sentence that names it and never its value.
Secrets are marked: they are in no log.

| name | default | may be | what |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    told = words((ROOT / "docs/running.md").read_text(encoding="utf-8"))
    return HEAD + "".join(f"{line(name, field, told)}\n" for name, field in sorted(Settings.model_fields.items(), key=_order))


def words(text: str) -> Mapping[str, str]:
    """Setting -> what the table of settings says of it."""
    found = {}
    for row in re.findall(r"^\| (`[A-Z][^|]*) \|[^|]*\| (.*) \|$", text, re.MULTILINE):
        for name in re.findall(r"`([A-Z_]+)`", row[0]):
            found[name] = re.sub(r"\]\(#", "](running.md#", row[1])
    return found


def line(_name: str, field: FieldInfo, told: Mapping[str, str]) -> str:
    """A row of the table."""
    alias = str(field.validation_alias)
    return f"| `{alias}` | {_default(field)} | {_values(field)}{'; a secret' if not field.repr else ''} | {told.get(alias, '')} |"


def _order(item: tuple[str, FieldInfo]) -> tuple[bool, str]:
    alias = str(item[1].validation_alias)
    return not alias.startswith("SLACK_"), alias


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "in your data folder"
    return f"`{field.default}`" if field.default not in (None, "") else "none"


def _values(field: FieldInfo) -> str:
    kinds = [one for one in (get_args(field.annotation) or (field.annotation,)) if one is not type(None)]
    if kinds and not isinstance(kinds[0], type):
        inner: list[Any] = [value for kind in kinds for value in (get_args(kind) or (kind,))]
        return " ".join(f"`{value}`" for value in inner)
    bounds = {
        name: getattr(one, name) for one in field.metadata for name in ("ge", "gt", "le", "lt") if getattr(one, name, None) is not None
    }
    if bounds:
        return ", ".join(f"{_SAID[name]} {value:,}" for name, value in bounds.items())
    return {"Path": "a path", "str": "text", "int": "a whole number", "float": "a number"}.get(getattr(kinds[0], "__name__", ""), "text")


_SAID = {"ge": "from", "gt": "more than", "le": "up to", "lt": "less than"}


def main() -> None:
    """Write the page to the file named."""
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
