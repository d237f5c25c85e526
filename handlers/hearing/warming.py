"""Makes ready, once the bot listens, what the first message would wait for: the reader's weights and patterns, the words of a script."""

from __future__ import annotations

import asyncio
import gc
from datetime import UTC, datetime

from bot.deal import Deal
from bot.ears import Talk, hear
from bot.language.model.hunch import shipped
from bot.language.statement import Utterance
from handlers.house import House
from templates.blocks import AlertView, alert
from templates.kit import Message
from templates.scripts import Scripts
from templates.voice import Voice

_DAY = datetime(2026, 11, 4, 12)  # noqa: DTZ001 - the customer's own time
_DEAL = {
    "customer": "Nobody",
    "volume": {"committed_per_day": 500},
    "test": {"volume_per_day": 150, "starts": _DAY.date()},
    "people": [{"id": "UNOBODY", "name": "Nobody", "role": "customer"}],
}
_SAID = ("good morning, the labels are printed and the pickup is booked", "we'll start with 15 packages a day")


async def warm(house: House) -> None:
    """Rehearse in a thread, beside the work that there is already."""
    try:
        await asyncio.to_thread(rehearse, house.scripts.voice)
    except Exception as failed:
        house.log.warning("not warm yet", exc_info=failed)
    gc.collect()
    gc.freeze()  # as at the start: what is loaded now stays for good


def rehearse(voice: Voice) -> list[Message]:
    """Hear messages and write a direct message, of nobody and for nobody."""
    shipped()
    deal, talk, written = Deal.model_validate(_DEAL), Talk(), list[Message]()
    for number, text in enumerate(_SAID):
        heard = hear(deal, talk, Utterance(text, side="customer", speaker="UNOBODY", at=_DAY, key=str(number)))
        for finding in heard.findings:
            at = _DAY.replace(tzinfo=UTC)
            view = AlertView(finding, deal, 0, "UNOBODY", "Nobody", "CNOWHERE", at, today=at.date(), scripts=Scripts(voice))
            written.append(alert(view))
    return written
