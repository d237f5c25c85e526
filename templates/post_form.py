"""Post for me: the form with the script and who will see it, and one clear sentence for whatever keeps it from being posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from templates.blocks import PostedView, posted_line
from templates.form import View, modal, notice, text_field
from templates.kit import Block, Message, lines, link, literal, moment, section
from templates.quote import neutral, unpinging

CALLBACK = "jumpin-post-form"
TITLE = "Post for me"
NAMED = 10
"""People from outside who are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads along in a channel. `name` is "" and `people` None where Slack does not tell; `more`: there are more people than counted.

    `outside` are the people who are not full members of our own team, id -> name where known; `untold` counts those of whom Slack tells
    nothing, who are taken for outside. `shared`: with another company; `public`: whoever is in our workspace may look in.
    """

    channel: str
    name: str = ""
    people: int | None = None
    more: bool = False
    outside: Mapping[str, str | None] | None = None
    untold: int = 0
    shared: bool = False
    public: bool = False


@dataclass(frozen=True, slots=True)
class PostForm:
    """The form for a finding: the text to start with, whose message is answered (name and permalink), for whom, and who will see it.

    `said_at` (UTC) is given where the message is old enough to say so; `note` stands above all; `seen` comes back with the form.
    """

    finding_id: int
    text: str
    rep: str
    audience: Audience
    speaker: str | None = None
    permalink: str | None = None
    said_at: datetime | None = None
    timezone: str = "America/New_York"
    note: str = ""
    seen: str = ""
    generation: int = 0


def looking() -> View:
    """What stands while Slack is asked who is in the channel."""
    return notice(TITLE, "Looking up who will see it …")


def post_form(form: PostForm) -> View:
    """The form."""
    top: list[Block] = [section(form.note)] if form.note else []
    top.append(section("\n".join([f"*Where:* {_place(form)}", *who_sees_it(form.audience)])))
    if form.said_at is not None:
        top.append(section(f"⚠️ This was said {moment(form.said_at, ZoneInfo(form.timezone))}: is it still what you want to say?"))
    script = text_field(
        "script",
        "What is posted",
        form.text,
        hint="Only this is posted. Nothing in it pings anybody, neither @channel nor names.",
        optional=False,
        many_lines=True,
    )
    script["block_id"] += f"#{form.generation}"
    above = lines(f"Jump-In posts it once, with “{neutral(form.rep, 200)}” above it.")
    kept = {"finding": form.finding_id, "seen": form.seen, "generation": form.generation}
    return modal(CALLBACK, TITLE, [*top, script, above], submit="Post", kept=kept)


def who_sees_it(audience: Audience) -> list[str]:
    """Lines about who will see it, the doubtful ones as warnings."""
    told = []
    if audience.people is None:
        told.append("⚠️ Slack does not tell who is in this channel. Take it that people from outside will see this.")
    else:
        told.append(f"*Who will see it:* {_people(audience)}")
        outside = audience.outside or {}
        if outside:
            told.append(f"*From outside ({len(outside)}):* {_named(outside)}")
        if audience.untold:
            them = "one of them" if audience.untold == 1 else f"{audience.untold} of them"
            told.append(f"⚠️ Slack tells nothing about {them}. Take them for people from outside.")
    if audience.shared:
        told.append("⚠️ This channel is shared with another company, whose people see what is posted.")
    return told


def message(text: str, above: str) -> Message:
    """What is posted: on whose behalf, and the text as typed."""
    line = neutral(above, 200) or "…"
    return Message(f"{line}:\n{unpinging(text)}", [lines(line), literal(text)])


def on_its_way(audience: str, speaker: str | None) -> View:
    """It was confirmed, and the courier has it."""
    whose = f"{neutral(speaker, 80)}'s thread" if speaker else "the thread"
    return notice(TITLE, f"✅ On its way to {audience}, into {whose}. My message to you will show the link, or I'll tell you why not.")


def there_already(posted: PostedView, timezone: str) -> Message:
    """Somebody was first."""
    return _plain(f"{posted_line(posted, timezone)}. A script is posted once, so nothing more was posted.")


def on_its_way_already(by: str, reader: str) -> Message:
    """Somebody was first, or the reader was a moment ago, and it is not posted yet."""
    who = "You have" if by == reader else f"<@{by}> has"
    return _plain(f"{who} just confirmed a script for this message, and it is on its way. Nothing more will be posted.")


def switched_off() -> Message:
    """The installation does not post."""
    return _plain("Posting for you is switched off here, so nothing was posted. The script in my message can be copied as it is.")


def nothing_to_post(code: str, channel: str) -> Message:
    """Why a script cannot be posted (a finding's state, one of our own reasons, or Slack's error code), before anybody confirmed it."""
    return _plain(f"Nothing was posted: {because(code, channel)}")


def taken_back() -> Message:
    """Undo, pressed by whoever had the script posted."""
    return _plain("Undone, and what I posted for you is gone from the thread. Whoever had it open may have read it.")


def stays(by: str | None) -> Message:
    """Undo, where the posted script stays in the thread: it is somebody else's (`by`), or Slack did not delete it (None)."""
    if by is not None:
        whose = f"<@{by}>" if by.isalnum() else neutral(by, 80)
        return _plain(f"Undone here. What I posted for {whose} stays in the thread: only they can take it back.")
    return _plain("Undone here, but Slack did not let me take the post out of the thread: it still stands there, for everybody to read.")


def not_posted(customer: str, channel: str, code: str, text: str) -> Message:
    """A DM to whoever confirmed a script that could not be posted; the text comes with it, for them to post."""
    told = f"Your script for *{neutral(customer, 80)}* was not posted: {because(code, channel)}"
    return Message(told, [section(f"⚠️ {told}"), lines("What you had confirmed:"), literal(text)])


def unanswered() -> View:
    """Slack or the store did not answer in time; nothing was done."""
    return notice(TITLE, "Slack did not answer in time, so nothing was posted. Please try again.")


def told(message: Message) -> View:
    """A sentence as a modal."""
    return notice(TITLE, message.text)


def because(code: str, channel: str) -> str:
    """The reason as one sentence with the next step. `channel` is mrkdwn."""
    reason = _REASONS.get(code)
    if reason is None and code.startswith("restricted_action"):
        reason = _REASONS["restricted_action"]
    return (reason or "Slack refused it with “{code}”. Ask whoever runs Jump-In.").format(channel=channel, code=neutral(code, 60))


_INVITE = "type `/invite @Jump-In` there, then press “Post for me” again."
_REASONS: Mapping[str, str] = {
    "withdrawn": "the message that it answers was deleted or edited.",
    "resolved": "this has been resolved meanwhile.",
    "terms-changed": "the terms have been changed meanwhile.",
    "not-an-issue": "it is marked as not an issue.",
    "used": "it is marked as used already. If it has not been said yet, copy the script into the thread.",
    "switched-off": "posting is switched off here now.",
    "not-linked": "{channel} is no longer linked to this deal.",
    "not-allowed": "it is open only to our own people on the deal.",
    "too-late": "Slack could not be reached for ten minutes, and the talk may have moved on. Press “Post for me” again if it still fits.",
    "unanswered": "Slack did not answer for so long that I gave up. Look into the thread before you try again: it may stand there.",
    "not_in_channel": f"Jump-In is not in {{channel}}: {_INVITE}",
    "channel_not_found": f"Jump-In is not in the channel, or the channel is gone. If it is there, {_INVITE}",
    "is_archived": "{channel} is archived.",
    "missing_scope": "the Slack app lacks the permission to post in channels. Ask whoever runs Jump-In to run `jumpin doctor`.",
    "no_permission": "the Slack app lacks the permission to post in {channel}. Ask whoever runs Jump-In to run `jumpin doctor`.",
    "restricted_action": "{channel} lets only some people post or answer in threads. Copy the script, or ask the channel's manager.",
    "cannot_reply_to_message": "Slack lets nobody answer that message in a thread.",
    "thread_not_found": "the thread is gone.",
}
"""Reasons by code, ours with hyphens and Slack's with underscores."""


def _place(form: PostForm) -> str:
    whose = f"{neutral(form.speaker, 80)}'s thread" if form.speaker else "the thread of that message"
    return f"{place(form.audience.channel, form.audience.name)}, in {link(form.permalink, whose)}"


def place(channel: str, name: str = "") -> str:
    """A channel by its name, else as a mention."""
    if name:
        return f"*#{neutral(name, 80)}*"
    return f"<#{channel}>" if channel.isalnum() else "the channel"


def _people(audience: Audience) -> str:
    people = audience.people or 0
    count = f"more than {people:,} people" if audience.more else "1 person" if people == 1 else f"{people:,} people"
    if not audience.outside and not audience.untold and not audience.more:
        count += ", all of our own team"
    return f"{count}, and whoever else of our workspace opens this public channel" if audience.public else count


def _named(outside: Mapping[str, str | None]) -> str:
    names = sorted((neutral(name or "", 60) or (f"<@{one}>" if one.isalnum() else "somebody"), one) for one, name in outside.items())
    shown = ", ".join(name for name, _ in names[:NAMED])
    more = len(names) - NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _plain(text: str) -> Message:
    return Message(text, [section(text)])
