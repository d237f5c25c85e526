"""The message that brought a call was deleted: what was said on it is forgotten here too, and what it raised is withdrawn."""

from __future__ import annotations

from handlers.calls.hearing import leave_report
from handlers.hearing.message import Said
from handlers.hearing.recording import tell, withdraw
from handlers.house import House
from store import calls, deals


async def forget(house: House, said: Said) -> bool:
    """Forget the call, or the mails, that a message had brought; whether it had."""
    async with house.store.reading() as s:
        call = await calls.brought_with(s, said.channel, said.ts)
        known = await deals.deal_by_id(s, call.deal_id) if call and call.deal_id else None
    if call is None:
        return False
    waiting = False
    async with house.store.writing() as s:
        await calls.change(s, call.id, state="left", notes=[])
        await calls.drop_words_of(s, call.id)
        for ts in await calls.moments(s, call.place):
            waiting |= await withdraw(house, s, Said(call.place, ts))
        if known is not None and call.state == "heard" and call.medium != calls.EMAIL:
            waiting |= await leave_report(house, s, call, known)
    tell(house, [], waiting=waiting)
    house.log.info("call forgotten", call=call.id, deal=call.deal_id)
    return True
