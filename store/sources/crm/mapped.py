"""A record of a CRM into the terms of a deal: pure, with what was understood, what is missing and what must be asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.deal import Stage
from store.sources.crm import amounts
from store.sources.crm.amounts import Understood
from store.sources.crm.mapping import REQUIRED, TERMS, CrmMap
from store.sources.crm.plain import Record
from store.sources.deal_file import read_term
from store.sources.values import Wrong, words

_CUSTOMER = words("the customer's name", 200)
_VOLUMES = ("volume.committed_per_day", "test.volume_per_day", "ramp.to_per_day")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a record says. `values`: plain terms by name; `notes`: how texts were read; `missing` and `unclear`: one sentence by term."""

    customer: str
    stage: Stage | None
    values: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unclear: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether a deal can be made of it as it stands."""
        return not self.missing and not self.unclear


def terms_of(record: Record, mapping: CrmMap) -> Terms:
    """The terms of a record. Never raises, whatever stands in its fields."""
    found: dict[str, Any] = {}
    notes: list[str] = []
    unclear: dict[str, str] = {}
    for name in sorted(mapping.terms, key=_order):
        term = mapping.terms[name]
        text = record.fields.get(term.field, "").strip() if term.field else ""
        text = text or (term.default or "").strip()
        if not text:
            continue
        try:
            understood = _read(name, text, term.per, found)
        except Wrong as reason:
            unclear[name] = f"{TERMS[name]}: {reason}"
            continue
        found[name] = understood.value
        notes += [f"{TERMS[name]}: {understood.note}"] if understood.note else []
    if found.get("test.volume_per_day", 0) > found.get("volume.committed_per_day", 10**9):
        test, committed = found.pop("test.volume_per_day"), found["volume.committed_per_day"]
        unclear["test.volume_per_day"] = f"{TERMS['test.volume_per_day']}: {test:,} is more than the committed {committed:,}"
    missing = tuple(name for name in REQUIRED if name not in found and name not in unclear)
    return Terms(_customer(record), mapping.stages.get(record.stage), found, tuple(notes), missing, unclear)


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The terms as they stand in a deal file."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        part, _, inner = name.partition(".")
        if inner:
            plain.setdefault(part, {})[inner] = value
        else:
            plain[part] = value
    return plain


def text_of(name: str, value: Any) -> str:
    """A term's value as it goes into a field of a CRM; "" clears the field."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value))
    return f"{value:g}" if name == "volume.share_of_total" else str(value)


def _customer(record: Record) -> str:
    try:
        return str(_CUSTOMER(record.customer))
    except Wrong:
        return record.customer.strip()[:200] or f"Deal {record.id}"


def _order(name: str) -> tuple[int, str]:
    """Shipping days first and the commitment second: others are converted by them."""
    first = ("volume.shipping_days_per_week", "volume.committed_per_day")
    return (first.index(name) if name in first else len(first), name)


def _read(name: str, text: str, per: str, found: Mapping[str, Any]) -> Understood:
    days = found.get("volume.shipping_days_per_week", 5)
    if name in _VOLUMES:
        committed = found.get("volume.committed_per_day") if name != "volume.committed_per_day" else None
        return amounts.packages(text, per, days, committed)
    if name == "volume.annual":
        return amounts.total(text, days)
    reads: Mapping[str, Callable[[str], Understood]] = {
        "volume.share_of_total": amounts.share,
        "test.weeks": amounts.weeks,
        **dict.fromkeys(("test.starts", "signed", "kickoff"), amounts.day),
    }
    if name in reads:
        return reads[name](text)
    if name == "test.success":
        return Understood(read_term(name, [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]))
    if name.startswith("pickup."):
        inner = name.removeprefix("pickup.")
        return Understood(read_term("pickup", {inner: text})[inner])
    return Understood(read_term(name, re.sub(r"\.0+$", "", text)))
