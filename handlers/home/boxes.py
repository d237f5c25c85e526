"""The tick boxes that stand in Home: what they show, and what a press on one of them enters, at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.checklists import Checklist, lists_of
from handlers.clock.deal_checklist import BOX_KEYS, Changes, enter
from handlers.clock.lists import lists_now
from handlers.house import House
from handlers.which import deal_behind
from store import deals
from templates.home_boxes import TICK, deal_of_block


async def boxes_of(house: House, s: AsyncSession, deal_id: int) -> tuple[Checklist, ...]:
    """The lists of a deal's stage as they stand now; none where there is no such deal."""
    known = await deals.deal_by_id(s, deal_id)
    return lists_of(known.deal.stage, (await lists_now(house, s, [known]))[known.id]) if known is not None else ()


async def ticked(house: House, user_id: str, view: Mapping[str, Any], action: Mapping[str, Any]) -> None:
    """Enter what a press on a box changes, for the deal's own people.

    Slack sends all boxes of the list that are ticked on this person's screen. Only what differs from what Home showed there is theirs;
    beside that only what they have just entered from this very view and now take back, before Home was shown anew.
    """
    known = await deal_behind(house, user_id, deal_of_block(action.get("block_id")))
    if known is None:
        house.log.info("tick refused", user=user_id)
        return
    chosen, offered, shown = _values(action.get("selected_options")), *_shown(view, action)
    async with house.store.reading() as s:
        lists = (await lists_now(house, s, [known]))[known.id]
    now_done = {box.box.key for one in lists for box in one.boxes if box.done}
    own = house.homes.entered.get((user_id, str(view.get("hash")))) or frozenset()
    changed = {
        key for key in offered & BOX_KEYS if (key in chosen) != (key in now_done) and (key in own or (key in chosen) != (key in shown))
    }
    if changed:
        house.homes.entered.put((user_id, str(view.get("hash"))), own | changed)
        await enter(house, known, user_id, Changes({key: key in chosen for key in sorted(changed)}, None))


def _shown(view: Mapping[str, Any], action: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """The boxes that Home offered in the block pressed in, and those of them that it showed ticked."""
    for block in view.get("blocks") or ():
        if isinstance(block, dict) and block.get("block_id") == action.get("block_id"):
            for element in block.get("elements") or ():
                if isinstance(element, dict) and element.get("action_id") == TICK:
                    return _values(element.get("options")), _values(element.get("initial_options"))
    return set(), set()


def _values(options: Any) -> set[str]:
    return {str(one.get("value")) for one in options if isinstance(one, dict)} if isinstance(options, list) else set()
