"""The doctor's look at the strong reader: one made-up question, with no words of any customer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from time import monotonic

from bot.commands.checks import Check
from bot.commands.opening import strong_reader
from bot.mistake import SettingsMistake
from bot.settings import Settings
from bot.strong.answer import Unusable, answer_of
from bot.strong.endpoint import Endpoint, Failed
from bot.strong.question import Question, prompt
from bot.strong.redact import Redacted
from store.records import KnownDeal

WHAT = "strong reader"
PATIENCE = 15.0
"""Seconds that a person waits for it."""

_NEXT = {
    401: "it does not accept JUMPIN_READER_KEY: copy the key again",
    403: "it does not accept JUMPIN_READER_KEY for this model: copy the key again, or name another model in JUMPIN_READER_MODEL",
    404: "it knows no such address or model: JUMPIN_READER_URL mostly ends in /v1, and JUMPIN_READER_MODEL is the server's own name",
    429: "it has no room now: wait, or raise its limit",
}


async def strong_reader_answers(settings: Settings, known: Sequence[KnownDeal]) -> Check:
    """Whether the endpoint answers, in the JSON asked for and in time."""
    try:
        strong = strong_reader(settings)
    except SettingsMistake as wrong:
        return Check(WHAT, mend=str(wrong))
    if strong is None:
        return Check(WHAT, "off; JUMPIN_READER=both switches it on (docs/strong-reader.md)")
    endpoint, begun = Endpoint(strong.address, PATIENCE), monotonic()
    try:
        answer_of(await endpoint.ask(_greeting()))
    except (Failed, Unusable) as failed:
        return Check(WHAT, mend=_mend(failed))
    finally:
        await endpoint.close()
    seconds = monotonic() - begun
    if seconds > settings.reader_seconds:
        return Check(WHAT, mend=f"it took {seconds:.1f} s: raise JUMPIN_READER_SECONDS or name a faster model, or all it hears will wait.")
    deals = sum(one.deal.reader == "both" for one in known)
    return Check(WHAT, f"answers in {seconds:.1f} s; {deals} deal{'' if deals == 1 else 's'} may be sent")


def _greeting() -> Question:
    said = {"side": "customer", "text": "Thanks, see you on Monday."}
    content = json.dumps({"deal": {}, "talk": [], "message": said, "candidates": []})
    return Question(prompt(), content, Redacted(said["text"]), "")


def _mend(failed: Failed | Unusable) -> str:
    status = failed.status if isinstance(failed, Failed) else None
    if status in _NEXT:
        return f"{failed}: {_NEXT[status]}."
    if status == 400:
        return f"{failed}: the server must know response_format json_schema (structured outputs); see docs/strong-reader.md."
    if isinstance(failed, Unusable) or str(failed).startswith(("no chat", "cut off")):
        return f"what it answers is {failed}: name a model that keeps to a JSON schema; see docs/strong-reader.md."
    return f"{failed}: check JUMPIN_READER_URL, and that the server runs and can be reached from here."
