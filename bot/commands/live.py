"""`jumpin live`: plays a transcript through the signed door, as a service would stream the call, to try what rings and when."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import httpx
import typer
from standardwebhooks import Webhook

from bot.commands.trouble import Trouble
from bot.given import read_settings
from store.sources.conversation import Turn
from store.sources.files import read_talk

LONGEST_WAIT = 60.0
"""Seconds between two turns, however long nobody spoke."""

PER_WORD = 0.4
"""Seconds that a word takes, where the transcript tells no times."""


def live(
    replay: Annotated[Path, typer.Option("--replay", help="The transcript to play.", exists=True, dir_okay=False)],
    *,
    speed: Annotated[float, typer.Option(min=0.1, help="How many times faster than it was spoken.")] = 1.0,
    deal: Annotated[str | None, typer.Option(help="The customer whose call it is; else the bot asks.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the bot listens; this machine at PORT by default.")] = None,
) -> None:
    """Play a transcript to the running bot, word by word as if the call were held now; the report comes when it is over."""
    settings = read_settings()
    known = settings.hook_secrets.get("transcripts")
    if known is None:
        raise Trouble("The hook transcripts has no secret: make one with jumpin hooks secret and put it into JUMPIN_TRANSCRIPTS_SECRET.")
    found = list(read_talk(replay))
    turns = [turn for one in found for talk in one.conversations for turn in talk.turns]
    if not turns:
        raise Trouble("; ".join(mistake for one in found for mistake in one.mistakes) or f"{replay}: holds no speech")
    where = f"{(url or f'http://127.0.0.1:{settings.port}').rstrip('/')}/hooks/transcripts"
    with httpx.Client(timeout=30, params={"deal": deal} if deal else None) as http:
        for pause, event, shown in _events(turns, f"replay-{uuid4().hex[:12]}"):
            time.sleep(pause / speed)
            _send(http, where, known[0], event)
            if shown:
                typer.echo(shown)


def _events(turns: list[Turn], call: str) -> Iterator[tuple[float, dict[str, Any], str]]:
    """Seconds to wait, the event, and what to show: each turn twice, as what may still change and as final words."""
    began, second, last = datetime.now(UTC), 0.0, None
    for place, turn in enumerate(turns):
        length = PER_WORD * len(turn.text.split())
        told = _second(turn)
        pause = min(LONGEST_WAIT, max(0.0, told - last)) if told is not None and last is not None else length if place else 0.0
        last, second = told, second + pause
        about = {"began": began.isoformat(), "call": call, "title": "replay"}
        segment = {"id": str(place), "speaker": turn.name or turn.speaker, "start": round(second, 2), "text": turn.text}
        yield pause, {**about, "segments": [segment | {"text": turn.text[: len(turn.text) // 2]}], "final": False}, ""
        yield 0.0, {**about, "segments": [segment]}, f"{turn.moment or ''} {turn.name or turn.speaker}: {turn.text}".strip()
    yield 0.0, {"call": call, "ended": True}, ""


def _second(turn: Turn) -> float | None:
    """Where in the call a turn begins, as far as the transcript tells."""
    parts = (turn.moment or "").split(":")
    return float(sum(int(part) * 60**place for place, part in enumerate(reversed(parts)))) if all(map(str.isdecimal, parts)) else None


def _send(http: httpx.Client, where: str, secret: str, event: dict[str, Any]) -> None:
    body, stamp, delivery = json.dumps(event), datetime.now(UTC), f"msg_{uuid4().hex}"
    headers = {
        "content-type": "application/json",
        "webhook-id": delivery,
        "webhook-timestamp": str(int(stamp.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery, stamp, body),
    }
    try:
        answer = http.post(where, content=body.encode(), headers=headers)
    except httpx.HTTPError as away:
        raise Trouble(f"{where} does not answer ({type(away).__name__}): is the bot running, and does it listen there?") from None
    if not answer.is_success:
        raise Trouble(f"{where} refused it ({answer.status_code}): {answer.text[:300]}")
