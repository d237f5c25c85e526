"""What somebody typed into a form: out of Slack's payload, whatever is in it, into plain values, with one sentence per mistake."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from store.sources.deal_file import read_term
from store.sources.values import Wrong, shown

_NOTE = re.compile(r"\(([^()]*)\)\s*$")
_DAYS = re.compile(r"(\d{1,2})(?:\s*(?:-|–|to)\s*(\d{1,2}))?\s*(?:business\s+|working\s+)?(?:days?|d)?", re.IGNORECASE)
_PRICE = re.compile(r"(.*?)[\s:,]+[$€£]?\s*(\d[\d,.]*)(?:\s*(?:each|per package|a package|/\s*package))?\s*", re.IGNORECASE)
_MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a submitted form: texts and lists of ids by field, the block id of each for errors, and what the form carried."""

    texts: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]
    blocks: Mapping[str, str]
    kept: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field's text; "" where it is empty or not there."""
        return self.texts.get(name, "")

    def errors(self, wrong: Mapping[str, str]) -> dict[str, str]:
        """Errors by field as Slack wants them: by block, 2,000 characters at most; a field that is not in the form goes to the first."""
        first = next(iter(self.blocks.values()), "none")
        return {self.blocks.get(name, first): sentence[:1].upper() + sentence[1:1990] for name, sentence in wrong.items()}


def typed(view: Mapping[str, Any]) -> Typed:
    """What a view holds. Never raises."""
    state = view.get("state")
    found = state.get("values") if isinstance(state, dict) else None
    texts: dict[str, str] = {}
    chosen: dict[str, tuple[str, ...]] = {}
    blocks: dict[str, str] = {}
    for block, actions in (found if isinstance(found, dict) else {}).items():
        name = str(block).partition("#")[0]
        blocks[name] = str(block)
        for element in actions.values() if isinstance(actions, dict) else ():
            if isinstance(element, dict):
                texts[name] = _text(element)
                chosen[name] = _ids(element)
    return Typed(texts, chosen, blocks, _kept(view.get("private_metadata")))


def read_field(name: str, text: str) -> Any:
    """A term's plain value (None: nothing) from what was typed. Raises Wrong, in one sentence."""
    if not text.strip():
        return None
    if name == "test.success":
        return read_term(name, _lines(text, lambda line: line))
    if name == "services":
        return read_term(name, _lines(text, _service))
    if name == "price":
        return read_term(name, _lines(text, _priced))
    if name.startswith("pickup."):
        try:
            return read_term("pickup", {name.removeprefix("pickup."): text})[name.removeprefix("pickup.")]
        except Wrong as reason:
            raise Wrong(str(reason).removeprefix(f"{name}: ")) from None
    return _share(text) if name == "volume.share_of_total" else read_term(name, text)


def volume_of_test(text: str, committed: int | None) -> Any:
    """A test volume as packages a day (None: nothing typed), or as a share of the commitment ("30%"). Raises Wrong."""
    text = text.strip()
    if not text.endswith("%"):
        return read_field("test.volume_per_day", text)
    share = _share(text)
    if committed is None:
        raise Wrong(f"{text} of what? Write the committed volume, or the test as packages a day")
    return max(1, round(share * committed))


def _share(text: str) -> Any:
    percent = text.strip().removesuffix("%").strip()
    if text.strip().endswith("%") and percent.replace(".", "", 1).isdecimal() and not 0 < float(percent) <= 100:
        raise Wrong(f"{shown(text.strip())} is no share; write more than 0% and at most 100%")
    return read_term("volume.share_of_total", text)


def _text(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option")
    candidates = (
        element.get("value"),
        element.get("selected_date"),
        element.get("selected_time"),
        element.get("selected_user"),
        option.get("value") if isinstance(option, dict) else None,
    )
    return next((candidate for candidate in candidates if isinstance(candidate, str)), "").strip()


def _ids(element: Mapping[str, Any]) -> tuple[str, ...]:
    for name in ("selected_users", "selected_conversations", "selected_channels"):
        if isinstance(element.get(name), list):
            return tuple(dict.fromkeys(one for one in element[name] if isinstance(one, str) and one.isalnum()))
    ticked = element.get("selected_options")
    values = (one.get("value") for one in ticked if isinstance(one, dict)) if isinstance(ticked, list) else ()
    return tuple(dict.fromkeys(value for value in values if isinstance(value, str)))


def _kept(metadata: Any) -> Mapping[str, Any]:
    try:
        kept = json.loads(metadata) if isinstance(metadata, str) else None
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _lines(text: str, read: Callable[[str], Any]) -> list[Any]:
    lines = [line.strip(" \t•-*") for line in text.splitlines()]
    found = []
    for number, line in enumerate((line for line in lines if line), start=1):
        if number > _MOST_LINES:
            raise Wrong(f"is more than {_MOST_LINES} lines long")
        try:
            found.append(read(line))
        except Wrong as reason:
            raise Wrong(f"line {number}: {reason}") from None
    return found


def _service(line: str) -> dict[str, Any]:
    """ "Expedited, Northeast, 2-3 days (a remark)": the service first, days and remark last, all between is the lane."""
    line, note = _without_note(line)
    parts = [part.strip() for part in line.split(",") if part.strip()]
    if not parts:
        raise Wrong(f"{shown(line)} names no service; write for instance Expedited, Northeast, 2-3 days")
    days = _DAYS.fullmatch(parts[-1]) if len(parts) > 1 else None
    lane = ", ".join(parts[1:-1] if days else parts[1:])
    promise: dict[str, Any] = {"service": parts[0]} | ({"lane": lane} if lane else {})
    if days:
        promise["days"] = [days[1], days[2] or days[1]]
    return promise | ({"note": note} if note else {})


def _priced(line: str) -> dict[str, Any]:
    """ "Expedited: 4.85 (a remark)"."""
    line, note = _without_note(line)
    found = _PRICE.fullmatch(line)
    if not found or not found[1].strip():
        raise Wrong(f"{shown(line)} is not a price; write for instance Expedited: 4.85")
    return {"service": found[1].strip(" :,"), "per_package": found[2].rstrip(".,")} | ({"note": note} if note else {})


def _without_note(line: str) -> tuple[str, str]:
    note = _NOTE.search(line)
    return (line[: note.start()].strip(), note[1].strip()) if note else (line.strip(), "")
