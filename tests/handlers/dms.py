"""What stands in somebody's DMs, and its elements to press."""

from __future__ import annotations

from typing import Any

from tests.handlers.telling import Stage
from tests.live.block_kit import texts

LOW, LOWER, HIGHER, AGREED = (f"we'll start with {count} packages a day" for count in (15, 12, 20, 150))


def shown(at: Stage, user: str = "U3", number: int = -1) -> str:
    """All that one of somebody's DMs says, the last by default."""
    return "\n".join(texts(at.slack.dms(user)[number]["blocks"]))


def heads(at: Stage, user: str = "U3") -> list[str]:
    """What each of somebody's DMs is about: "15/day said"."""
    return [next(texts(dm["blocks"])).partition(": ")[2].partition(",")[0] for dm in at.slack.dms(user)]


def element(at: Stage, action_id: str, user: str = "U3", number: int = -1) -> dict[str, Any]:
    """The element as it stands in one of somebody's DMs."""
    return next(one for one in elements(at, user, number) if one["action_id"] == action_id)


def elements(at: Stage, user: str = "U3", number: int = -1) -> list[dict[str, Any]]:
    """All elements of one of somebody's DMs, also those beside a section."""
    blocks = at.slack.dms(user)[number]["blocks"]
    beside = [block["accessory"] for block in blocks if "accessory" in block]
    return beside + [one for block in blocks if block["type"] == "actions" for one in block["elements"]]


def labels(at: Stage, user: str = "U3", number: int = -1) -> list[str]:
    """What may be pressed in one of somebody's DMs, choices included."""
    names = []
    for one in elements(at, user, number):
        names += [option["text"]["text"] for option in one["options"]] if "options" in one else [one["text"]["text"]]
    return names


def choose(menu: dict[str, Any], label: str) -> dict[str, Any]:
    """One option of a menu, as Slack sends it."""
    option = next(option for option in menu["options"] if option["text"]["text"] == label)
    return {"action_id": menu["action_id"], "type": menu["type"], "selected_option": option}


def replies(at: Stage) -> list[str]:
    """What people who pressed something were told, each in one text."""
    return ["\n".join(texts(response["blocks"])) for response in at.slack.responses]
