"""What somebody pressed on a finding, and whether they may; what comes back from Slack may be anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.house import House
from handlers.which import deal_behind
from store import findings
from store.records import KnownDeal, StoredFinding

_VALUE = re.compile(r"(?:([a-z-]{1,40}):)?([0-9]{1,17})(?::([a-z0-9-]{1,40}))?")


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a value carries: what was chosen ("" where there is no choice), the id, and what else (the state shown, or a number)."""

    what: str
    number: int
    seen: str | None = None


def pressed(action: Mapping[str, Any]) -> Pressed | None:
    """The press behind an action; None where its value is not one of ours."""
    option = action.get("selected_option")
    value = (option if isinstance(option, dict) else action).get("value")
    found = _VALUE.fullmatch(value) if isinstance(value, str) else None
    return Pressed(found[1] or "", int(found[2]), found[3]) if found else None


async def finding_behind(house: House, user_id: str, finding_id: int | None) -> tuple[StoredFinding, KnownDeal] | None:
    """The finding with this id and its deal; None where there is none, or none for this person: they cannot tell which."""
    async with house.store.reading() as s:
        stored = await findings.get(s, finding_id) if finding_id is not None else None
    known = await deal_behind(house, user_id, stored.deal_id) if stored else None
    if stored is None or known is None:
        house.log.info("press refused", finding=finding_id, user=user_id)
        return None
    return stored, known
