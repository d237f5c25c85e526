"""The jump-in DM: headline, who and where, the quote, the script to copy, why it fired, and the buttons; and how it changes afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.deal import Deal
from bot.playbook.deeds import FEED
from bot.playbook.finding import Finding
from bot.playbook.scenarios import title
from templates.charts.blocks import Volume, volume
from templates.decided import Settled, decided, state_words
from templates.figures import short_day
from templates.kit import Block, Message, copyable, header, lines, link, moment, quoted, section, struck, usable
from templates.presses import MORE, NOT_AN_ISSUE, OPEN, SNOOZE, TERMS_CHANGED, USED, State, behind_choices, presses, reasons, undo, unmute
from templates.quote import clean, isolated, neutral
from templates.said_as import reckoned
from templates.scripts import OURS, Scripts
from templates.status import Said, StatusView, refusal, status, status_help, unknown
from templates.words import headline, said_and_agreed

__all__ = [
    "MORE",
    "NOT_AN_ISSUE",
    "OPEN",
    "SNOOZE",
    "TERMS_CHANGED",
    "USED",
    "AlertView",
    "Behind",
    "Message",
    "Muted",
    "Said",
    "Settled",
    "State",
    "StatusView",
    "Words",
    "alert",
    "neutral",
    "refusal",
    "status",
    "status_help",
    "unknown",
]

MOST_BEHIND = 3
"""Findings shown one by one beside the one that the DM is about; the rest is counted."""

_SETTLED = frozenset({"not-an-issue", "resolved", "terms-changed"})
"""States in which there is nothing left to say to the customer."""

_AMBIGUOUS = "This channel belongs to more than one deal, and the message does not say which is meant."

_PLACES = {"call": "on a call", "email": "in an email", "example": "in #impl-acme"}
_SIDES = {"customer": "customer", "implementation": "implementation team", "own": "our side", "unknown": "side unknown"}


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody said: the quote, who (id, and name where known), when (UTC), and where."""

    quote: str
    speaker_id: str
    speaker_name: str | None
    at: datetime
    permalink: str | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """A finding of the same matter and day that has no DM of its own."""

    finding_id: int
    finding: Finding
    words: Words
    state: State = "open"


@dataclass(frozen=True, slots=True)
class Muted:
    """The mute of this scenario on this deal: until when (UTC), by whom, and whether it was made just now."""

    id: int
    until: datetime
    by: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class PostedView:
    """A script that stands in the customer's channel: for whom it was posted, when (UTC), and its permalink."""

    by: str
    at: datetime
    link: str | None = None


@dataclass(frozen=True, slots=True)
class AlertView:
    """All that the DM shows. Times are UTC-aware; `today` (the customer's calendar) is what dates in the script count from.

    `again` are the last words with which it was repeated; `behind`, newest first, what was found of the same matter that day and has no
    DM of its own; `undo` the version of the decision that can be taken back now; `settled` what was said that settles it. `short` is for
    those to whom it was escalated: without the script, and with the decision first.
    `may_post`: whether the script can be posted for whoever reads this; `posted` once it has been.
    `volume` is what was shipped lately, for a gap in it. `below`: the quote of the finding of the same message below which it stands, so
    that who, where and the same words are not repeated.
    """

    finding: Finding
    deal: Deal
    finding_id: int
    speaker_id: str
    speaker_name: str | None
    channel_id: str
    said_at: datetime
    permalink: str | None = None
    state: State = "open"
    count: int = 1
    changed_by: str | None = None
    changed_at: datetime | None = None
    until: datetime | None = None
    timezone: str = "America/New_York"
    today: date | None = None
    scripts: Scripts = OURS
    reason: str | None = None
    again: Words | None = None
    behind: Sequence[Behind] = ()
    undo: int | None = None
    settled: Words | None = None
    muted: Muted | None = None
    short: bool = False
    may_post: bool = False
    posted: PostedView | None = None
    volume: Volume | None = None
    below: str | None = None


def alert(view: AlertView) -> Message:
    """The DM as it should look now, by the finding's state."""
    name = clean(view.deal.customer, 50)
    told = headline(view.finding, view.deal, view.today).removeprefix(name)
    head = f"{neutral(name)}{neutral(told)}"
    if view.state == "withdrawn":
        gone = "The message was deleted or edited; nothing to do."
        return Message(f"Withdrawn: {head}\n{gone}", [struck(f"{isolated(name)}{told}"), section(gone), lines(_where(view))])
    done = decided(view.state, _decision(view), ZoneInfo(view.timezone))
    said_done = [section(done)] if done else []
    again = _again(view)
    blocks = [
        header(told, of=name) if view.below is None else section(f"*Also: {neutral(told.removeprefix(': '))}*"),
        *(said_done if view.short else []),
        *_said(view, again),
        *_behind(view),
        *volume(view.volume),
    ]
    if view.state not in _SETTLED and not view.short:
        blocks += _scripts(view)
    how = reckoned(view.finding, view.deal)
    why = [f"Why: {neutral(view.finding.why)}{f' {neutral(how)}' if how else ''}", *([_AMBIGUOUS] if view.finding.ambiguous else [])]
    blocks += [lines(*why), *([] if view.short else said_done)]
    blocks += [section(posted_line(view.posted, view.timezone))] if view.posted is not None else []
    if view.state == "not-an-issue" and view.reason is None:
        blocks += [lines("What was it? This helps to ring less often for nothing.")]
        blocks += [_buttons(f"reason-{view.finding_id}", reasons(view.finding_id))]
    blocks += _muted(view)
    elements = presses(view.finding_id, view.state, view.permalink, may_post=view.may_post)
    elements += [undo(view.finding_id, view.undo)] if view.undo is not None else []
    elements += [unmute(view.muted.id, view.finding_id, fresh=view.muted.fresh)] if view.muted else []
    if elements:
        blocks.append(_buttons(f"finding-{view.finding_id}", elements))
    who = "" if view.finding.rule == FEED else f"{_name(view.speaker_id, view.speaker_name)}: "
    return Message(f"{head}\n{who}{neutral(view.finding.quote)}", blocks)


def _said(view: AlertView, again: Sequence[str]) -> list[Block]:
    """Who said it, where, when, and in which words; below another finding of the same message only words that do not stand there."""
    if view.below is None:
        return [lines(_where(view), *again), quoted(view.finding.quote)]
    told = [lines(*again)] if again else []
    return told if view.finding.quote in view.below else [*told, quoted(view.finding.quote)]


def _buttons(block_id: str, elements: list[Block]) -> Block:
    return {"type": "actions", "block_id": block_id, "elements": elements}


def posted_line(posted: PostedView, timezone: str) -> str:
    """As "💬 Posted for @Riley, today at 14:02 · message"."""
    name = f"<@{posted.by}>" if posted.by.isalnum() else neutral(posted.by, 80)
    line = f"💬 Posted for {name}, {moment(posted.at, ZoneInfo(timezone))}"
    return f"{line} · {link(posted.link, 'message')}" if usable(posted.link) else line


def _where(view: AlertView) -> str:
    """As "Dana Ortiz (customer) in #impl-acme, today at 9:16 · message"."""
    if view.finding.rule == FEED:
        return f"*Actual volumes* since {short_day(view.said_at.astimezone(ZoneInfo(view.timezone)).date())}"
    side = _SIDES[view.finding.side]
    place = f"in <#{view.channel_id}>" if view.channel_id.isalnum() else _PLACES.get(view.channel_id.partition(":")[0], "on a call")
    who = _name(view.speaker_id, view.speaker_name)
    said = f"*{who}* ({side}) {place}, {moment(view.said_at, ZoneInfo(view.timezone))}"
    return f"{said} · {link(view.permalink, 'message')}" if usable(view.permalink) else said


def _again(view: AlertView) -> list[str]:
    """As "Said 3 times, last by Dana Ortiz, today at 11:02: “as I wrote, 15 a day” · message"."""
    if view.count < 2:
        return []
    if view.again is None:
        return [f"Said {view.count} times"]
    return [f"Said {view.count} times, last by {said_words(view.again, ZoneInfo(view.timezone))}"]


def _behind(view: AlertView) -> list[Block]:
    """What was found of the same matter that day and has no DM of its own, newest first, each with its menu."""
    if not view.behind:
        return []
    zone = ZoneInfo(view.timezone)
    blocks = [lines(_when_behind(view, zone))]
    for one in view.behind[:MOST_BEHIND]:
        state = state_words(one.state)
        text = f"*{neutral(said_and_agreed(one.finding, view.deal), 120)}* — {said_words(one.words, zone)}{f' · {state}' if state else ''}"
        menu = behind_choices(one.finding_id, one.state)
        blocks.append(section(text) | ({"accessory": menu} if menu else {}))
    more = len(view.behind) - MOST_BEHIND
    return blocks + ([lines(f"… and {more} more, in `/deal-findings`")] if more > 0 else [])


def _when_behind(view: AlertView, zone: ZoneInfo) -> str:
    days = {one.words.at.astimezone(zone).date() for one in view.behind}
    if days == {view.today}:
        return "Also today:"
    return "Also that day:" if days == {view.said_at.astimezone(zone).date()} else "Also said:"


def said_words(words: Words, zone: ZoneInfo) -> str:
    """What somebody said, as "Dana Ortiz, today at 11:02: “as I wrote, 15 a day” · message"."""
    said = f"{_name(words.speaker_id, words.speaker_name)}, {moment(words.at, zone)}: “{neutral(words.quote)}”"
    return f"{said} · {link(words.permalink, 'message')}" if usable(words.permalink) else said


def _name(speaker_id: str, speaker_name: str | None) -> str:
    name = neutral(speaker_name or "", 80)
    if name:
        return name
    return f"<@{speaker_id}>" if speaker_id.isalnum() else neutral(speaker_id, 80) or "Somebody"


def _scripts(view: AlertView) -> list[Block]:
    first = view.scripts.script(view.finding, view.deal, view.speaker_name, view.today)
    blocks = [lines("Jump in with:"), copyable(first)] if first else []
    then = view.scripts.next_step(view.finding, view.deal, view.speaker_name, view.today)
    if then:
        blocks += [lines("Once they confirm that:"), copyable(then)]
    return blocks


def _decision(view: AlertView) -> Settled:
    words = said_words(view.settled, ZoneInfo(view.timezone)) if view.settled else None
    return Settled(view.changed_by, view.changed_at, view.until, view.reason, words, waits=view.undo is not None)


def _muted(view: AlertView) -> list[Block]:
    if view.muted is None:
        return []
    until = moment(view.muted.until, ZoneInfo(view.timezone))
    by = f", by <@{view.muted.by}>" if view.muted.by.isalnum() else ""
    what = f"“{title(view.finding.scenario)}” on {neutral(view.deal.customer, 80)}"
    return [lines(f"🔕 {what} is muted until {until}{by}: what is found is kept, and nobody is told.")]
