"""Reads a message of Slack again for somebody who asks: by the same path as when it was said, and without any effect."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from bot.ears import Hearing, Talk, hear
from bot.language.statement import Reading, Side, Utterance
from bot.playbook.explanation import Explanation, of_utterance
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS
from handlers.hearing.context import talk_of, utterance
from handlers.hearing.message import Change, Said, from_history
from handlers.hearing.rooms import Room
from handlers.house import House
from handlers.people import side_of
from handlers.refused import code_of
from store import looking_back
from store.records import KnownDeal
from store.sources.slack_text import plain_text

SHUT = frozenset({"channel_not_found", "not_in_channel", "missing_scope", "method_not_supported_for_channel_type", "no_permission"})
"""What Slack says of a channel that it does not let us read."""

_NOT_THERE = frozenset({"thread_not_found", "message_not_found"})


class NotRead(Exception):
    """A message that cannot be read. Its text is one plain sentence with what to do about it."""


class ShutChannel(NotRead):
    """A channel that Slack does not let us read."""


@dataclass(frozen=True, slots=True)
class Reread:
    """A message read again beside a deal: what was said, by whose side (None: a bot that the deal does not list), and what came of it."""

    known: KnownDeal
    said: Said
    side: Side | None
    utterance: Utterance
    explanation: Explanation
    findings: tuple[Finding, ...] = ()

    @property
    def raised(self) -> tuple[Finding, ...]:
        """What the rep must know of it, repetitions included; no signals."""
        return tuple(finding for finding in self.findings if finding.scenario in FINDINGS)


async def message_at(house: House, channel: str, ts: str, thread: str | None = None) -> Said:
    """The message as it stands in Slack now. Raises NotRead where there are no words to read, and what Slack raises when it is silent."""
    found = await shown_at(house, channel, ts, thread)
    if found is None:
        raise NotRead("That message is not there: it was deleted, or the channel or its ts is another one.")
    change = from_history(channel, found)
    if change is None:
        raise NotRead("That is a notice about the channel, not something that somebody said.")
    return with_words(change.said)


async def shown_at(house: House, channel: str, ts: str, thread: str | None = None) -> dict[str, object] | None:
    """The message as Slack shows it, whatever it is; None where there is none. Raises ShutChannel, and what Slack raises else."""
    try:
        return await _found(house, channel, ts, thread)
    except SlackApiError as refused:
        code = code_of(refused)
        if code in SHUT:
            raise ShutChannel("I am not in that channel, so I cannot read it: type /invite @Jump-In there, then ask again.") from None
        if code not in _NOT_THERE:
            raise
        return None


def with_words(said: Said) -> Said:
    """The message, if there are words in it. Raises NotRead."""
    if not plain_text(said.text).strip():
        raise NotRead("There are no words in that message, and pictures, files and canvases I do not understand.")
    return said


async def read_again(house: House, known: KnownDeal, said: Said, *, asked: bool = False, alone: bool = False) -> Reread:
    """Read and judge a message beside a deal, with what had been said and raised before it. Nothing is recorded or remembered.

    `asked`: somebody wants to know, so that a deal on standard coverage is read too; `alone`: what was said before cannot be had.
    Raises what Slack raises when it does not tell who spoke.
    """
    side = await side_of(house, known.deal, said)
    heard_as = utterance(house, known.deal, said, side or "unknown")
    own = said.user == house.bot_user_id or (house.bot_id is not None and said.bot_id == house.bot_id)
    if own or (side is None and not asked):
        return Reread(known, said, side, heard_as, Explanation(heard_as.text, Reading(), silent="own-message" if own else "bot"))
    # a room of its own: what the live bot remembers of the channel stays as it is
    talk = Talk() if alone else await talk_of(house, known, Room(), Change("said", said))
    async with house.store.reading() as s:
        raised = await looking_back.raised_before(s, known.id, said.at)
    deal = known.deal.model_copy(update={"coverage": "white-glove"}) if asked else known.deal
    heard = hear(deal, talk, heard_as, raised, thorough=True)
    return Reread(known, said, side, heard_as, _explained(known, heard_as, heard), heard.findings)


def _explained(known: KnownDeal, said: Utterance, heard: Hearing) -> Explanation:
    if heard.silent:
        return Explanation(said.text, heard.reading, silent=heard.silent)
    deal = known.deal.on(said.at.date()) if said.at else known.deal
    return of_utterance(deal, said, heard.reading, heard.outcomes)


async def _found(house: House, channel: str, ts: str, thread: str | None) -> dict[str, object] | None:
    """The message itself: a reply lies in its thread, and where nobody says in which, Slack finds it by its own ts."""
    if thread is None or thread == ts:
        answer = await house.slack.conversations_history(channel=channel, oldest=ts, latest=ts, inclusive=True, limit=1)
        there = _of(answer.get("messages"), ts)
        if there is not None:
            return there
    answer = await house.slack.conversations_replies(channel=channel, ts=thread or ts, oldest=ts, latest=ts, inclusive=True, limit=2)
    return _of(answer.get("messages"), ts)


def _of(messages: list[dict[str, object]] | None, ts: str) -> dict[str, object] | None:
    return next((message for message in messages or () if message.get("ts") == ts), None)
