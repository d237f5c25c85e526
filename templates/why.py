"""Why something was said about a message, or was not: what was read, by which rule, beside which terms, and what came of it then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.playbook.explanation import Explanation
from bot.playbook.finding import Finding
from bot.playbook.usefulness import Usefulness
from templates.explained import Row, rows
from templates.form import View, modal, notice
from templates.kit import Block, lines, moment, quoted, section
from templates.quote import neutral
from templates.verdicts import VERDICTS, name

TITLE = "Why / why not?"

HeldBack = Literal["vetoed", "unsure", "muted", "rests", "chosen", "unwanted", "same-day", "nobody"]
"""Why no direct message went out: not borne out by the strong reader, not sure enough, muted, of little use to this person lately, by this
person's choice for this scenario, or for all that is no surer, one had gone out already that day, nobody of the deal can get one.
"""

_SIDES = {"customer": "customer", "implementation": "implementation team", "own": "our side", "unknown": "side unknown"}
_STATES = {
    "open": "it is open",
    "used": "marked “Used”",
    "not-an-issue": "marked “Not an issue”",
    "snoozed": "snoozed",
    "withdrawn": "withdrawn, as its message was deleted or edited",
    "resolved": "resolved",
    "suppressed": "set aside",
    "terms-changed": "settled by a change of terms",
    "escalated": "escalated",
}


@dataclass(frozen=True, slots=True)
class Held:
    """Why no direct message went out, for whom (None: for nobody), until or since when (UTC), and by which figures."""

    why: HeldBack
    who: str | None = None
    at: datetime | None = None
    usefulness: Usefulness | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was recorded of a message: its finding and what became of it; who was told, is about to be, or could not be; and why nobody.

    `again`: the message only said again what `at` (UTC) had been said first. Times are UTC.
    """

    finding: Finding
    state: str
    at: datetime
    count: int = 1
    changed_by: str | None = None
    told: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """A message beside one deal: read again, with the figure agreed for that day in words, and what was recorded when it was said.

    `explanation` None: the message itself cannot be had any more, and only what was recorded is known.
    """

    customer: str
    agreed: str
    speaker: str
    said_at: datetime
    side: str
    explanation: Explanation | None
    kept: Sequence[Kept] = ()
    edited: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """How people and times are written."""

    who: Callable[[str], str]
    when: Callable[[datetime], str]


def in_slack(zone: str) -> Speech:
    """People as mentions, times in each reader's own zone."""
    there = ZoneInfo(zone)
    return Speech(lambda user: f"<@{user}>" if user.isalnum() else neutral(user, 60), lambda at: moment(at, there))


def why_rows(why: Why, speech: Speech) -> list[Row]:
    """All that is known, in rows; those about what was recorded come last, as "recorded"."""
    found = rows(why.explanation) if why.explanation else []
    if why.explanation is not None and not why.explanation.silent:
        found.append(("terms", f"held against: {why.agreed}"))
    return [*found, *(("recorded", told) for told in _recorded(why, speech))]


def _recorded(why: Why, speech: Speech) -> Iterator[str]:
    for kept in why.kept:
        yield from _of_kept(kept, speech)
    if why.edited:
        yield "the message was edited since; this is how it reads now"
    if why.missed:
        yield (
            "nothing was recorded when it was said: I was not listening there yet, the deal was not linked to the channel, or its terms "
            "were others. “Check against deal” raises it"
        )
    elif not why.kept:
        yield "nothing: there was nothing to record"


def _of_kept(kept: Kept, speech: Speech) -> Iterator[str]:
    called = name(kept.finding.scenario, kept.finding.subject)
    if kept.again:
        yield (
            f"{called}: it repeats what was said {speech.when(kept.at)}, so it was counted there ({kept.count} times now) and that direct "
            "message was updated instead of a second one"
        )
        return
    state = _STATES.get(kept.state, kept.state)
    by = f" by {speech.who(kept.changed_by)}" if kept.changed_by and kept.changed_by[:1] in "UW" and kept.state != "open" else ""
    often = f", said {kept.count} times" if kept.count > 1 else ""
    if kept.finding.urgency == "log":
        yield f"{called}: a good sign, shown on the deal card only"
        return
    yield f"{called}: {state}{by}{often}"
    for people, told in (
        (kept.told, "the direct message went to {}"),
        (kept.waiting, "a direct message is on its way to {}"),
        (kept.failed, "the direct message could not be delivered to {}"),
    ):
        if people:
            yield told.format(", ".join(map(speech.who, people)))
    for held in kept.held:
        yield _held(held, speech)


def _held(held: Held, speech: Speech) -> str:
    who, at = speech.who(held.who) if held.who else "", speech.when(held.at) if held.at else ""
    figures = held.usefulness
    lately = f": {figures.useful} of the last {figures.decided} had been of use ({figures.percent}%)" if figures else ""
    return {
        "vetoed": "no direct message: the strong reader finds that it is not said",
        "unsure": "no direct message: it was not sure enough to ring, so it waits for the digest, under /deal-status",
        "muted": "no direct message: this was muted for the deal" + (f" until {at}" if at else ""),
        "rests": f"no direct message to {who}: since {at} this goes to their digest{lately}",
        "chosen": f"no direct message to {who}: they have chosen the digest for this",
        "unwanted": f"no direct message to {who}: they want only the surest as direct messages, or none; it stands in their Home tab",
        "same-day": "no direct message: the same matter had one that day already, and the figure was no worse",
        "nobody": "no direct message: nobody of the deal can get one; give the rep's Slack id in the deal",
    }[held.why]


def reading() -> View:
    """Shown while the message is read."""
    return notice(TITLE, "Reading it once more …")


def unlinked() -> View:
    """The channel has nothing to do with any deal of whoever asks."""
    return notice(
        TITLE,
        "I did not read it: this channel is linked to no deal of yours, and I listen to linked channels only.",
        "To mend that, invite me there (`/invite @Jump-In`) and link the channel to the deal. "
        "“Check against deal” in the message's menu reads it now, against a deal that you choose.",
    )


def why_view(found: Sequence[tuple[Why, str]], text: str) -> View:
    """The modal: for each deal (with its time zone) the answer first, then what was read and by which rule."""
    blocks: list[Block] = [quoted(text)]
    for why, zone in found:
        blocks += _of_deal(why, in_slack(zone))
    blocks.append(lines("Reading it again changed nothing. Only you see this."))
    return modal("jumpin-why", TITLE, blocks, submit=None, kept={})


def _of_deal(why: Why, speech: Speech) -> Iterator[Block]:
    speaker = neutral(why.speaker, 80)
    yield section(f"*{neutral(why.customer, 80)}* · {speaker} ({_SIDES[why.side]}), {speech.when(why.said_at)}")
    of_message = rows(why.explanation) if why.explanation else []
    answer = [told for about, told in of_message if about in VERDICTS]
    parts = {
        "In short": [neutral(told, 600) for told in answer],
        "What came of it": list(_recorded(why, speech)),
        "What I read": [neutral(told, 600) for about, told in of_message if about in ("figure", "said", "claim", "note")],
        "Held against": [neutral(why.agreed, 300)] if of_message and why.explanation and not why.explanation.silent else [],
        "Trained reader": [neutral(told.removeprefix("trained reader: "), 600) for about, told in of_message if about == "reader"],
    }
    for title, told in parts.items():
        if told:
            yield section("\n".join([f"*{title}*", *(f"• {_sentence(one)}" for one in told)]))


def _sentence(told: str) -> str:
    told = told if told[:1] in "<“" else told[:1].upper() + told[1:]
    return told if told.endswith((".", "…", "”", ")")) else f"{told}."
