"""/deal-script: any script with a deal's figures, for the deal's own people only, and seen by nobody else."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.deal import Deal
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, SUBJECTS
from handlers.home.preferences import scripts_for
from handlers.house import House
from handlers.people import is_member
from handlers.telling.dm import name_of, zone_of
from handlers.which import deal_meant
from store import findings
from store.records import KnownDeal, StoredFinding
from templates.kit import Message
from templates.script_card import ScriptView, gone_wrong, script_card, script_list, unknown_script, unknown_term, which_term
from templates.scripts import Scripts
from templates.status import refusal

COMMAND = "/deal-script"
TERM = "contradiction"
_LONGEST_NAME, _OFFERED = 6, 3
_NO_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: the scenario, for a contradiction its subject where named, and the rest, which names the deal."""

    scenario: str
    subject: str | None
    customer: str


def register(app: AsyncApp, house: House) -> None:
    """Acknowledged at once; the answer comes by the response_url, since a company's own script may take a moment."""

    async def on_command(ack: AsyncAck) -> None:
        await ack()

    async def answer(command: dict[str, Any], respond: AsyncRespond) -> None:
        try:
            said = await answer_to(house, str(command["user_id"]), str(command["channel_id"]), str(command.get("text") or ""))
        except Exception as failed:
            house.log.warning("script not given", exc_info=failed)
            said = gone_wrong()
        said = house.dress(said)
        await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=False)

    app.command(COMMAND)(ack=on_command, lazy=[answer])


async def answer_to(house: House, user_id: str, channel: str, text: str) -> Message:
    """The answer to `/deal-script text` in a channel. Deals that the asker may not see do not exist for them.

    Guests and other companies' people learn not even what scripts there are.
    """
    if not await is_member(house, user_id):
        return refusal()
    words = unescape(text).split()
    if not words or words[0].casefold() in ("help", "?", "list"):
        return script_list()
    asked = understood(words)
    if asked is None:
        return unknown_script(" ".join(words), _closest(words))
    meant = await deal_meant(house, user_id, channel, asked.customer)
    if isinstance(meant, KnownDeal):
        return await _card(house, meant, asked, await scripts_for(house, user_id))
    return _mistyped_term(asked) or meant


def _mistyped_term(asked: Asked) -> Message | None:
    """A contradiction whose term was not understood, and so was looked for among the customers."""
    if asked.scenario != TERM or asked.subject is not None or not asked.customer:
        return None
    typed = asked.customer.split()[0]
    close = get_close_matches(_folded(typed), _SUBJECTS, n=1, cutoff=0.7)
    return unknown_term(typed, _SUBJECTS[close[0]]) if close else None


def understood(words: list[str]) -> Asked | None:
    """The longest beginning that names a script, by its name, without "objection-", or by its title; None where none does."""
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        scenario = _NAMES.get(_folded(" ".join(words[:count])))
        if scenario is not None:
            rest = words[count:]
            subject = _SUBJECTS.get(_folded(rest[0])) if rest and scenario == TERM else None
            return Asked(scenario, subject, " ".join(rest[1:] if subject else rest))
    return None


async def script_of(house: House, known: KnownDeal, scenario: str, scripts: Scripts) -> Message:
    """The script of a scenario for a deal, by what is open there, with its second step; a name that is none is told so."""
    scenario = scenario.removesuffix("-step-2")
    if scenario not in FINDINGS:
        return unknown_script(scenario, _closest([scenario or "none"]))
    return await _card(house, known, Asked(scenario, None, ""), scripts)


async def _card(house: House, known: KnownDeal, asked: Asked, scripts: Scripts) -> Message:
    async with house.store.reading() as s:
        waiting = await findings.open_findings(s, known.id)
    heard = next((stored for stored in waiting if _is_meant(stored, asked)), None)
    if heard is None and asked.scenario == TERM and asked.subject is None:
        return which_term()
    today = house.now().astimezone(ZoneInfo(zone_of(house, known.deal))).date()
    deal = known.deal.on(today)
    finding = _as_of(heard.finding, deal, today) if heard else _supposed(asked, deal, today)
    speaker = await name_of(house, known.deal, heard.origin.speaker) if heard else None
    view = ScriptView(finding, deal, today, scripts, speaker, heard is not None)
    return await asyncio.to_thread(script_card, view)


def _is_meant(stored: StoredFinding, asked: Asked) -> bool:
    return stored.finding.scenario == asked.scenario and asked.subject in (None, stored.finding.subject)


def _as_of(finding: Finding, deal: Deal, today: date) -> Finding:
    """What was heard, seen from today: the agreed figure may be another one by now."""
    phase = deal.phase(today)
    agreed = finding.agreed_per_day if phase == finding.phase else None
    return replace(finding, phase=phase, test_day=deal.test_day(today), agreed_per_day=agreed)


def _supposed(asked: Asked, deal: Deal, today: date) -> Finding:
    """Nobody has said it, but it may be about to be said."""
    return Finding(asked.scenario, "", "", "log", "customer", phase=deal.phase(today), test_day=deal.test_day(today), subject=asked.subject)


def _closest(words: list[str]) -> list[str]:
    typed = {_folded(" ".join(words[:count])) for count in range(1, min(_LONGEST_NAME, len(words)) + 1)}
    close = [name for one in sorted(typed) for name in get_close_matches(one, _NAMES, n=2, cutoff=0.7)]
    terms = [f"{TERM} {_SUBJECTS[one]}" for one in (_folded(words[0]),) if one in _SUBJECTS]
    held = [name for name in _NAMES if len(words[0]) > 2 and _folded(words[0]) in name]
    return list(dict.fromkeys([*terms, *(_NAMES[name] for name in [*close, *held])]))[:_OFFERED]


def _folded(name: str) -> str:
    return _NO_WORD.sub("-", name.casefold()).strip("-")


_NAMES = {
    _folded(called): scenario
    for scenario, words in FINDINGS.items()
    for called in (scenario, scenario.removeprefix("objection-"), words, f"{scenario}-step-2")
}
"""What may be typed -> scenario."""

_UNCLEAR = frozenset({"volume", "test"})
_SUBJECTS = {
    _folded(called): subject
    for subject, words in SUBJECTS.items()
    for called in (subject, subject.rpartition(".")[2], words)
    if called not in _UNCLEAR
}
"""What may be typed for a term -> subject; the last part alone will do where it is clear."""
