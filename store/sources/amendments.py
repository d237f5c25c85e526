"""The `amendments:` of a deal file: one change of one term each, checked value by value."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from bot.deal import Term
from store.sources import values
from store.sources.values import Read, Wrong, closest, shown

TERMS: tuple[str, ...] = get_args(Term)
MUST = frozenset({"volume.committed_per_day", "test.volume_per_day", "test.starts"})
"""Terms without which there is no deal: an amendment cannot do away with them."""


def _term(value: object) -> str:
    if value in TERMS:
        return str(value)
    meant = closest(str(value), TERMS)
    raise Wrong(f"{shown(value)} is not a term; write one of {', '.join(TERMS)}{f' (did you mean {meant}?)' if meant else ''}")


_READS: Mapping[str, Read] = {
    "term": _term,
    "effective": values.day,
    "ours": values.words("who agreed on our side", 200),
    "theirs": values.words("who agreed on the customer's side", 200),
    "link": values.words("the address of the message or email", 2000),
    "by": values.words("who recorded it", 200),
}
_NEEDED = {"term": "test.volume_per_day", "effective": "2026-11-09", "ours": "Riley Chen", "theirs": "Dana Ortiz"}
_KNOWN = (*_READS, "old", "new", "at")

ReadTerm = Callable[[str, object], Any]
"""A value of a deal file as plain data of a term; raises Wrong."""


def read_amendments(plain: object, read_term: ReadTerm) -> tuple[list[dict[str, Any]], list[str]]:
    """The entries that can be used, and one line for each mistake."""
    if not isinstance(plain, list):
        return [], [f"amendments: {shown(plain)} is not a list; write one line per change, starting with a hyphen"]
    good, wrong = [], []
    for number, entry in enumerate(plain[:1000], start=1):
        place = f"amendments, entry {number}"
        if not isinstance(entry, dict):
            wrong.append(f"{place}: {shown(entry)} is not a mapping; write {{term: …, old: …, new: …, effective: …, ours: …, theirs: …}}")
            continue
        found, mistakes = _entry(entry, read_term)
        wrong += [f"{place}: {mistake}" for mistake in mistakes]
        good += [] if mistakes else [found]
    return good, wrong


def as_plain(value: Any) -> Any:
    """Read values as plain data: dates as text, tuples as lists."""
    return json.loads(json.dumps(value, default=str))


def _entry(entry: dict[Any, Any], read_term: ReadTerm) -> tuple[dict[str, Any], list[str]]:
    found: dict[str, Any] = {}
    wrong = [f"{str(key)[:60]}: is not a field of an amendment; the fields are {', '.join(_KNOWN)}" for key in entry if key not in _KNOWN]
    for key, example in _NEEDED.items():
        if entry.get(key) in (None, ""):
            wrong.append(f"{key}: is missing; write for instance {key}: {example}")
    for key, value in entry.items():
        if key in _READS and value not in (None, ""):
            _try(key, lambda key=key, value=value: _READS[key](value), found, wrong)  # type: ignore[misc]
    term = found.get("term")
    for key in ("old", "new") if term else ():
        if entry.get(key) in (None, "", []):
            found[key] = None
            if term in MUST:
                wrong.append(f"{key}: is missing; {term} always has a value")
        else:
            _try(key, lambda key=key: as_plain(read_term(str(term), entry[key])), found, wrong)  # type: ignore[misc]
    if entry.get("at"):
        _try("at", lambda: _instant(entry["at"]), found, wrong)
    return found, wrong


def _try(key: str, read: Callable[[], Any], found: dict[str, Any], wrong: list[str]) -> None:
    try:
        found[key] = read()
    except Wrong as reason:
        wrong.append(f"{key}: {reason}")


def _instant(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise Wrong(f"{shown(value)} is not a time; write for instance 2026-11-04T14:16:00+00:00") from None
    if at.tzinfo is None:
        raise Wrong(f"{shown(value)} has no time zone; write for instance 2026-11-04T14:16:00+00:00")
    return at.astimezone(UTC)
