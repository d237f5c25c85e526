"""Calls for tests: a deal, and lines said on a call, heard as the bot hears them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.calls.line import Line
from bot.deal import Deal
from bot.listening import Heard, line_of, listen
from store.sources.transcript import parse_transcript

STARTS = datetime(2026, 11, 13, 10, 0)
DEAL = Deal.model_validate(
    {
        "customer": "Acme Outfitters",
        "people": [
            {"id": "U1", "name": "Dana Ortiz", "role": "customer"},
            {"id": "U2", "name": "Ivan Petrov", "role": "implementation"},
            {"id": "U3", "name": "Riley Chen", "role": "rep"},
        ],
        "volume": {"committed_per_day": 500},
        "test": {"volume_per_day": 150, "starts": "2026-11-02", "success": ["transit times", "billing accuracy"]},
        "pickup": {"days": "Mon-Fri", "time": "16:00"},
        "billing": "weekly",
    }
)


def heard(said: Sequence[str], starts: datetime = STARTS, deal: Deal = DEAL) -> list[Heard]:
    """Lines such as "Dana Ortiz: we start with 15", ten seconds apart."""
    cues = "\n\n".join(
        f"00:{10 * n // 60:02d}:{10 * n % 60:02d}.000 --> 00:{10 * n // 60:02d}:{10 * n % 60 + 5:02d}.000\n<v {who}>{words}</v>"
        for n, (who, _, words) in enumerate(line.partition(": ") for line in said)
    )
    (conversation,) = parse_transcript(f"WEBVTT\n\n{cues}", "call.vtt", starts).conversations
    return list(listen(conversation, deal, ZoneInfo("America/New_York")))


def lines(*said: str, starts: datetime = STARTS) -> list[Line]:
    """The same as lines of a report."""
    return [line_of(one) for one in heard(said, starts)]
