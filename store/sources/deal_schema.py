"""The deal as JSON Schema, for whoever feeds us deals from another system; docs/schema/deal.v1.json is this, written out."""

from __future__ import annotations

import json
from typing import Any

from bot.deal import Deal

VERSION = 1
"""Grows when a deal that was right before would not be any more; new optional fields do not change it."""


def deal_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one deal, as it is exported and as it may be sent."""
    made = Deal.model_json_schema()
    _plainly(made)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:jump-in:deal:v{VERSION}",
        **made,
        "title": f"Deal, version {VERSION}",
        "description": "What was agreed with one customer. Figures are packages per shipping day unless a name says otherwise.",
    }


def schema_text() -> str:
    """The same as the file holds it."""
    return json.dumps(deal_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _plainly(schema: Any) -> None:
    """Without the titles that only repeat the names of fields."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            del schema["title"]
        for inner in schema.values():
            _plainly(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _plainly(inner)
