"""What a pasted deal file says beside the form's fields: carried along by the form, and read again when it comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from store.sources.deal_file import read_term
from store.sources.values import Wrong

BESIDE = ("coverage", "trade", "timezone", "reader", "country", "state", "signed", "kickoff", "calls", "closed", "open")
"""Facts of a deal that have no field in the form, in the order in which there is room for them."""

ROOM = 2500
"""Characters that a form carries of them; Slack takes 3,000 with the rest."""


def beside(good: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What the form is to carry of a deal file's good values, plain; and the names of those for which there is no room."""
    carried: dict[str, Any] = {}
    left: list[str] = []
    for name in BESIDE:
        if good.get(name):
            more = {**carried, name: json.loads(json.dumps(good[name], default=lambda value: value.isoformat()))}
            if _length(more) > ROOM:
                left.append(name)
            else:
                carried = more
    return carried, left


def carried_on(kept: Any) -> dict[str, Any]:
    """What came back with the form, to be carried by the next one; anything that is none of ours is dropped."""
    found = {name: kept[name] for name in BESIDE if kept.get(name)} if isinstance(kept, dict) else {}
    return found if _length(found) <= ROOM else {}


def read_beside(kept: Any) -> dict[str, Any]:
    """The values that came back with the form, each read as in a deal file; what is no such value is dropped."""
    found: dict[str, Any] = {}
    for name, value in carried_on(kept).items():
        try:
            found[name] = read_term(name, value)
        except Wrong:
            continue
    return found


def _length(plain: Any) -> int:
    return len(json.dumps(plain, separators=(",", ":")))
