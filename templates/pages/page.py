"""Fills in a page: every value is escaped, styles stand inside, and nothing is loaded from anywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from templates.quote import clean


def filled(template: str, **values: Any) -> str:
    """A page of this folder with its values. Text of others is escaped, and marks that would turn or hide text are taken out."""
    return _pages().get_template(template).render(values)


@cache
def _pages() -> SandboxedEnvironment:
    pages = SandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: clean(value, 20_000) if type(value) is str else value,
    )
    pages.filters["n"] = lambda figure: f"{figure:,.0f}"
    return pages
