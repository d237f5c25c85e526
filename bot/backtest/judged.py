"""What is there to judge in a back-test, and the labelled examples that come of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.backtest.hits import Hit, Opinion
from bot.deal import Deal
from bot.playbook.by_hand import entry_of, key_of
from bot.playbook.scenarios import SIGNALS
from store.sources.deal_file import export_deal


def for_judging(hits: Iterable[Hit]) -> list[Hit]:
    """The hits worth somebody's judgement: direct messages first, then what came beside them or waited, each in the order said."""
    order = {"dm": 0, "same-day": 1, "digest": 2}
    return sorted((hit for hit in hits if hit.came in order), key=lambda hit: (order[hit.came], hit.at, hit.id))


def examples(hits: Sequence[Hit], judged: Mapping[str, Opinion], deals: Sequence[Deal], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Labelled conversations, one for each deal, as `jumpin examples export` writes them; of messages of which nothing is left to judge."""
    by_deal: dict[str, dict[tuple[str, str], list[Hit]]] = {}
    for hit in hits:
        by_deal.setdefault(hit.customer, {}).setdefault((hit.channel, hit.key), []).append(hit)
    made = []
    for number, deal in enumerate(deals, start=1):
        there = ZoneInfo(deal.timezone) if deal.timezone else zone
        messages = list(_messages(by_deal.get(deal.customer, {}).values(), judged, there))
        if messages:
            plain = json.loads(export_deal(deal, as_json=True))
            made.append({"id": f"b-{number:03d}", "medium": "slack", "deal": plain, "messages": messages})
    return made


def _messages(found: Iterable[list[Hit]], judged: Mapping[str, Opinion], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    number = 0
    for ones in sorted(found, key=lambda ones: ones[0].at):
        asked = [hit for hit in ones if hit.finding.scenario not in SIGNALS and hit.came != "repeat"]
        if not asked or any(judged.get(hit.id) not in ("useful", "not") for hit in asked):
            continue
        number += 1
        first = ones[0]
        wrong = {key_of(entry_of(hit.finding)) for hit in asked if judged[hit.id] == "not"}
        right = [entry for entry in first.heard if key_of(entry) not in wrong]
        at = first.at.astimezone(zone).replace(tzinfo=None, microsecond=0)
        message = {"n": number, "at": at.isoformat(), "speaker": first.speaker, "side": first.side, "text": first.text}
        yield message | ({"expect": right} if right else {})
