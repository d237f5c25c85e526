"""Holds blocks against Slack's documented limits, as the real Web API would refuse them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Block = dict[str, Any]

MOST_BLOCKS = 50
_ELEMENT_TYPES = {"button", "checkboxes", "overflow", "static_select", "external_select", "users_select", "datepicker"}
_INPUTS = {
    "checkboxes",
    "plain_text_input",
    "static_select",
    "datepicker",
    "users_select",
    "multi_users_select",
    "multi_conversations_select",
}
_RICH = {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"}


def mistakes(blocks: Any) -> list[str]:
    """Everything Slack would refuse in a message's blocks; empty when they are fine."""
    if not isinstance(blocks, list):
        return ["blocks is no list"]
    found = [f"more than {MOST_BLOCKS} blocks"] if len(blocks) > MOST_BLOCKS else []
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(ids) != len(set(ids)):
        found.append("block_id twice")
    for number, block in enumerate(blocks):
        found += [f"block {number}: {mistake}" for mistake in _of_block(block)]
    return found


def view_mistakes(view: Any) -> list[str]:
    """Everything Slack would refuse in a modal."""
    if not isinstance(view, dict) or view.get("type") != "modal" or not isinstance(view.get("blocks"), list):
        return ["no modal"]
    blocks = view["blocks"]
    found = [f"block {number}: {mistake}" for number, block in enumerate(blocks) for mistake in _of_block(block)]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    found += ["block_id twice"] if len(ids) != len(set(ids)) else []
    found += ["not 1 to 100 blocks"] if not 1 <= len(blocks) <= 100 else []
    found += ["inputs without submit"] if "submit" not in view and any(block["type"] == "input" for block in blocks) else []
    found += ["private_metadata"] if len(view.get("private_metadata", "")) > 3000 else []
    found += ["callback_id"] if not 0 < len(view.get("callback_id", "")) <= 255 else []
    found += ["view over 250 kB"] if len(json.dumps(view)) > 250_000 else []
    for name in ("title", "submit", "close"):
        if name in view or name == "title":
            found += [f"{name}: {mistake}" for mistake in _text(view.get(name), 24, ("plain_text",))]
    return found


def home_mistakes(view: Any) -> list[str]:
    """Everything Slack would refuse in a Home tab."""
    if not isinstance(view, dict) or view.get("type") != "home" or not isinstance(view.get("blocks"), list):
        return ["no home"]
    blocks = view["blocks"]
    found = [f"block {number}: {mistake}" for number, block in enumerate(blocks) for mistake in _of_block(block)]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    found += ["block_id twice"] if len(ids) != len(set(ids)) else []
    found += ["not 1 to 100 blocks"] if not 1 <= len(blocks) <= 100 else []
    found += [f"{name} in a home" for name in ("title", "submit", "close") if name in view]
    found += ["private_metadata"] if len(view.get("private_metadata", "")) > 3000 else []
    found += ["callback_id"] if len(view.get("callback_id", "x")) > 255 else []
    found += ["view over 250 kB"] if len(json.dumps(view)) > 250_000 else []
    return found


def texts(blocks: list[Block]) -> Iterator[str]:
    """Every text in the blocks, in order."""
    for block in blocks:
        yield from _texts(block)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


def _of_block(block: Any) -> Iterator[str]:
    if not isinstance(block, dict) or block.get("type") not in _BLOCKS:
        yield f"unknown type {block.get('type') if isinstance(block, dict) else block!r}"
        return
    if not 0 < len(block.get("block_id", "x")) <= 255:
        yield "block_id length"
    yield from _BLOCKS[block["type"]](block)


def _header(block: Block) -> Iterator[str]:
    yield from _text(block.get("text"), 150, ("plain_text",))


def _section(block: Block) -> Iterator[str]:
    if "text" not in block and not block.get("fields"):
        yield "section without text or fields"
    if "text" in block:
        yield from _text(block["text"], 3000)
    fields = block.get("fields", [])
    if len(fields) > 10:
        yield "more than 10 fields"
    for field in fields:
        yield from _text(field, 2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _chart(block: Block) -> Iterator[str]:
    """data_visualization: a line, within what Slack's page tells."""
    if not 0 < len(block.get("title", "")) <= 50:
        yield "title not 1 to 50"
    made = block.get("chart") or {}
    labels = (made.get("axis_config") or {}).get("categories") or []
    if made.get("type") != "line" or not 1 <= len(made.get("series", [])) <= 6 or not 1 <= len(labels) <= 20:
        yield "no line of 1 to 6 series and 1 to 20 categories"
    if len(set(labels)) != len(labels) or any(not 0 < len(label) <= 20 for label in labels):
        yield "labels not unique, or not 1 to 20 long"
    for series in made.get("series", []):
        if [point["label"] for point in series["data"]] != labels or not all(isinstance(point["value"], int) for point in series["data"]):
            yield f"{series['name']} has no value for every category"


def _context(block: Block) -> Iterator[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
        yield "context needs 1 to 10 elements"
        return
    for element in elements:
        yield from _text(element, 3000)


def _actions(block: Block) -> Iterator[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 25:
        yield "actions needs 1 to 25 elements"
        return
    ids = [element.get("action_id") for element in elements]
    if len(ids) != len(set(ids)):
        yield "action_id twice"
    for element in elements:
        yield from _element(element)


def _element(element: Block) -> Iterator[str]:
    kind = element.get("type")
    if kind not in _ELEMENT_TYPES:
        yield f"unknown element {kind}"
    if not 0 < len(element.get("action_id", "")) <= 255:
        yield "action_id length"
    if kind == "button":
        yield from _text(element.get("text"), 75, ("plain_text",))
        if len(element.get("value", "")) > 2000:
            yield "button value length"
        if "url" in element and not (0 < len(element["url"]) <= 3000 and element["url"].startswith(("http://", "https://"))):
            yield "button url"
        if element.get("style", "primary") not in ("primary", "danger"):
            yield "button style"
    if "initial_option" in element and element["initial_option"] not in element.get("options", []):
        yield "initial option is none of the options"
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, ("plain_text",))
    if kind == "external_select" and element.get("options"):
        yield "an external select has no options of its own"
    yield from _initial_options(element)
    yield from _options(kind, element.get("options", []))


def _options(kind: Any, options: list[Block]) -> Iterator[str]:
    if kind == "overflow" and not 1 <= len(options) <= 5:
        yield "overflow needs 1 to 5 options"
    if kind in ("overflow", "static_select") and len({option.get("value") for option in options}) != len(options):
        yield "option value twice"
    if kind == "static_select" and not 1 <= len(options) <= 100:
        yield "select needs 1 to 100 options"
    if kind == "checkboxes" and not 1 <= len(options) <= 10:
        yield "checkboxes need 1 to 10 options"
    for option in options:
        if "description" in option:
            yield from _text(option["description"], 75, ("plain_text",))
        yield from _text(option.get("text"), 75, ("plain_text",))
        if not 0 < len(option.get("value", "")) <= 150:
            yield "option value length"


def _rich_text(block: Block) -> Iterator[str]:
    for part in block.get("elements") or [{}]:
        if part.get("type") not in _RICH:
            yield f"unknown rich text {part.get('type')}"
        inner = part.get("elements")
        if not isinstance(inner, list) or not inner:
            yield "rich text without elements"
            continue
        for element in inner:
            if element.get("type") == "text" and not element.get("text"):
                yield "empty rich text"
            if len(str(element.get("text", ""))) > 3000:
                yield "rich text length"


def _input(block: Block) -> Iterator[str]:
    yield from _text(block.get("label"), 2000, ("plain_text",))
    if "hint" in block:
        yield from _text(block["hint"], 2000, ("plain_text",))
    element = block.get("element", {})
    kind = element.get("type")
    if kind not in _INPUTS:
        yield f"unknown input {kind}"
    if not 0 < len(element.get("action_id", "")) <= 255:
        yield "action_id length"
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, ("plain_text",))
    yield from _initial(element)
    groups = element.get("option_groups")
    if groups is None:
        yield from _options(kind, element.get("options", []))
    elif "options" in element or not 1 <= len(groups) <= 100:
        yield "1 to 100 option groups, instead of options"
    for group in groups or []:
        yield from _text(group.get("label"), 75, ("plain_text",))
        yield from _options(kind, group.get("options", []))


def _initial(element: Block) -> Iterator[str]:
    if len(element.get("initial_value", "")) > element.get("max_length", 3000) or element.get("max_length", 1) > 3000:
        yield "initial value over max_length"
    if "initial_value" in element and not element["initial_value"]:
        yield "empty initial value"
    if "initial_option" in element and element["initial_option"] not in element.get("options", []):
        yield "initial option is none of the options"
    yield from _initial_options(element)
    for name in ("initial_users", "initial_conversations"):
        if name in element and not 1 <= len(element[name]) <= element.get("max_selected_items", 100):
            yield name
    if "initial_date" in element and not re.fullmatch(r"\d{4}-\d\d-\d\d", element["initial_date"]):
        yield "initial_date"


def _initial_options(element: Block) -> Iterator[str]:
    initial = element.get("initial_options")
    if initial is not None and not (initial and all(one in element["options"] for one in initial)):
        yield "initial options are none, or none of the options"


def _divider(_block: Block) -> Iterator[str]:
    yield from ()


def _text(text: Any, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds or not isinstance(text.get("text"), str):
        yield f"no text object of {kinds}"
        return
    if not 1 <= len(text["text"]) <= most:
        yield f"text of {len(text['text'])} characters, 1 to {most} allowed"
    if any("\ud800" <= character <= "\udfff" for character in text["text"]):
        yield "lone surrogate"
    if "emoji" in text and text["type"] != "plain_text":
        yield "emoji flag on mrkdwn"
    if "verbatim" in text and text["type"] != "mrkdwn":
        yield "verbatim flag on plain text"


_BLOCKS = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    "divider": _divider,
    "input": _input,
    "data_visualization": _chart,
}
