"""Loads a library without another one that it would take along where it finds it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast


@contextmanager
def without(name: str) -> Iterator[None]:
    """Let a package, unless it is loaded already, be none that can be imported: None in sys.modules is Python's own way to say so."""
    if name in sys.modules:
        yield
        return
    modules = cast("dict[str, Any]", sys.modules)
    modules[name] = None
    try:
        yield
    finally:
        del modules[name]
