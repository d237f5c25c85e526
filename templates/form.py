"""Pieces of a modal, each within Slack's limits whatever is put in.

A block's id is "<field>#<generation>": with another generation Slack shows the initial values given, not what was typed before.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from templates.kit import Block, section
from templates.quote import clean

VALUE = "value"
"""The action id of every input."""

TITLE, LABEL, HINT, PLACEHOLDER, TEXT, OPTION, METADATA, BLOCKS = 24, 2000, 2000, 150, 3000, 75, 3000, 100
"""Slack's limits: characters of a title, of an input's label, hint, placeholder and text, of an option, of private_metadata; blocks."""

BOXES = 10
"""Boxes to tick in one field."""

View = dict[str, Any]


def modal(callback: str, title: str, blocks: Sequence[Block], *, submit: str | None, kept: Mapping[str, Any]) -> View:
    """A modal; `kept` comes back with its submission. Without `submit` it only shows."""
    return {
        "type": "modal",
        "callback_id": callback,
        "title": _plain(title, TITLE),
        "close": _plain("Cancel" if submit else "Close", TITLE),
        **({"submit": _plain(submit, TITLE)} if submit else {}),
        "private_metadata": json.dumps(kept, separators=(",", ":")),
        "blocks": list(blocks)[:BLOCKS],
    }


def notice(title: str, *paragraphs: str) -> View:
    """A modal that only tells something; the texts must be neutral mrkdwn."""
    return modal("jumpin-notice", title, [section(paragraph) for paragraph in paragraphs], submit=None, kept={})


def text_field(
    name: str, label: str, initial: str = "", *, hint: str = "", example: str = "", optional: bool = True, many_lines: bool = False
) -> Block:
    """A field for text. What is too long for Slack to show is left empty, so that nothing is cut unseen."""
    element: Block = {"type": "plain_text_input", "action_id": VALUE, "multiline": many_lines, "max_length": TEXT}
    if initial and len(initial) <= TEXT:
        element["initial_value"] = initial
    if example:
        element["placeholder"] = _plain(example, PLACEHOLDER)
    return _input(name, label, element, hint=hint, optional=optional)


def choice_field(name: str, label: str, options: Mapping[str, str], initial: str | None = None, *, hint: str = "") -> Block:
    """A choice of one; `options` is value -> label."""
    made = {value: {"text": _plain(shown, OPTION), "value": value} for value, shown in options.items()}
    element: Block = {"type": "static_select", "action_id": VALUE, "options": list(made.values())}
    if initial in made:
        element["initial_option"] = made[initial]
    return _input(name, label, element, hint=hint, optional=False)


def checks_field(name: str, label: str, options: Mapping[str, str], initial: Collection[str] = (), *, hint: str = "") -> Block:
    """Boxes to tick, ten at most; `options` is value -> label."""
    made = {value: {"text": _plain(shown, OPTION), "value": value} for value, shown in list(options.items())[:10]}
    element: Block = {"type": "checkboxes", "action_id": VALUE, "options": list(made.values())}
    ticked = [option for value, option in made.items() if value in initial]
    if ticked:
        element["initial_options"] = ticked
    return _input(name, label, element, hint=hint, optional=True)


def day_field(name: str, label: str, initial: str | None = None, *, hint: str = "", optional: bool = True) -> Block:
    """A day by the calendar; `initial` is ISO."""
    element: Block = {"type": "datepicker", "action_id": VALUE}
    if initial:
        element["initial_date"] = initial
    return _input(name, label, element, hint=hint, optional=optional)


def person_field(name: str, label: str, initial: str | None = None) -> Block:
    """One person of the workspace."""
    element: Block = {"type": "users_select", "action_id": VALUE}
    if initial:
        element["initial_user"] = initial
    return _input(name, label, element, optional=False)


def people_field(name: str, label: str, initial: Sequence[str] = (), *, hint: str = "", optional: bool = True) -> Block:
    """Several people."""
    element: Block = {"type": "multi_users_select", "action_id": VALUE, "max_selected_items": 50}
    if initial:
        element["initial_users"] = list(initial)[:50]
    return _input(name, label, element, hint=hint, optional=optional)


def channels_field(name: str, label: str, initial: Sequence[str] = (), *, hint: str = "") -> Block:
    """Several channels, public or private."""
    element: Block = {
        "type": "multi_conversations_select",
        "action_id": VALUE,
        "max_selected_items": 20,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if initial:
        element["initial_conversations"] = list(initial)[:20]
    return _input(name, label, element, hint=hint, optional=True)


def boxes_field(name: str, label: str, options: Mapping[str, str], ticked: Sequence[str] = ()) -> Block:
    """Up to ten boxes to tick, value -> label; a label too long for one line goes on in small print."""
    element: Block = {"type": "checkboxes", "action_id": VALUE, **box_options(options, ticked)}
    return _input(name, label, element, optional=True)


def box_options(options: Mapping[str, str], ticked: Sequence[str]) -> Block:
    """The part of a checkboxes element that says what may be ticked, and what is."""
    made = {value: _box(value, shown) for value, shown in list(options.items())[:BOXES]}
    initial = [made[value] for value in ticked if value in made]
    return {"options": list(made.values()), **({"initial_options": initial} if initial else {})}


def generation(blocks: Sequence[Block], number: int) -> list[Block]:
    """The blocks as those of a generation."""
    return [block | {"block_id": f"{block['block_id']}#{number}"} if "block_id" in block else block for block in blocks]


def _input(name: str, label: str, element: Block, *, hint: str = "", optional: bool) -> Block:
    block: Block = {"type": "input", "block_id": name, "label": _plain(label, LABEL), "element": element, "optional": optional}
    return block | ({"hint": _plain(hint, HINT)} if hint else {})


def _box(value: str, shown: str) -> Block:
    head, mark, rest = shown, "", ""
    if len(shown) > OPTION:
        head, mark, rest = shown[:OPTION].rpartition(", ")
        head, rest = (head, f"{rest}{shown[OPTION:]}") if mark else (shown, "")
    return {"text": _plain(head, OPTION), "value": value, **({"description": _plain(rest, OPTION)} if rest else {})}


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": clean(text, most) or "…", "emoji": False}
