"""Loads a library without what it would take along: another one that it finds, or all of its own modules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
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


def one_by_one(name: str) -> None:
    """Let the modules of a package, unless it is loaded already, be loaded as they are asked for; what loads them all is not run."""
    spec = None if name in sys.modules else find_spec(name)
    if spec is not None:
        sys.modules[name] = module_from_spec(spec)
