"""Whose a channel is: the question to whoever invited the bot, what was answered, and what is told when a channel is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from templates.kit import BUTTON, Block, Message, button, lines, moment, section, select
from templates.quote import clean, neutral

LIKELY: tuple[str, ...] = ("jumpin-link-1", "jumpin-link-2", "jumpin-link-3")
CHOOSE, NEW, NO_DEAL, ASK_AGAIN = "jumpin-link-choose", "jumpin-link-new", "jumpin-link-none", "jumpin-link-again"
ALSO, UNLINK, HERE = "jumpin-link-also", "jumpin-unlink", "jumpin-link-here"
"""Action ids. A value is "<channel>:<deal's id>", or the channel alone for NEW, NO_DEAL, ASK_AGAIN and HERE."""

BLOCK = "link-"
"""The beginning of the buttons' block_id; the channel follows."""

SHOWN = 5
"""Linked deals that are shown, each with a button."""

LISTED = 40
"""Channels named in one message."""


@dataclass(frozen=True, slots=True)
class Known:
    """A linked deal that the reader may see: its id, the customer, and who linked it in Slack, and when (UTC)."""

    deal_id: int
    customer: str
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkView:
    """A channel and its deals, for one person.

    `likely` and `more` are deals (id -> customer) that it could be linked to; `many`: more than can be listed, so they are asked for.
    `taken_by`: who linked it to a deal that this person may not see. `no_deal`: who said that it is no deal's, and when.
    `asked`: this is the question to whoever invited us. `inside`: whether we are in the channel (None: not known).
    """

    channel: str
    linked: Sequence[Known] = ()
    likely: Mapping[int, str] = field(default_factory=dict)
    more: Mapping[int, str] = field(default_factory=dict)
    many: bool = False
    taken_by: str | None = None
    no_deal: tuple[str | None, datetime] | None = None
    asked: bool = False
    inside: bool | None = None
    timezone: str = "America/New_York"


@dataclass(frozen=True, slots=True)
class LostView:
    """A deal's channel that can no longer be heard: how it was lost, and by whom where known."""

    channel: str
    customer: str
    how: str
    by: str | None = None
    deleted: bool = False


def link_card(view: LinkView) -> Message:
    """The question whose a channel is, or the answer as it stands."""
    if view.linked:
        return _linked(view)
    if view.taken_by is not None:
        who = f"<@{view.taken_by}>" if view.taken_by.isalnum() else "Somebody"
        return _told(f"✅ {who} has said whose {_room(view.channel)} is. There is nothing left to do.")
    if view.no_deal is not None:
        by, at = view.no_deal
        said = f", said {_person(by)}" if by else ""
        text = f"☑️ {_room(view.channel)} is no deal's channel{said}, {moment(at, ZoneInfo(view.timezone))}. I leave it alone."
        return Message(text, [section(text), _actions(view.channel, [button("Undo", ASK_AGAIN, view.channel)])])
    return _question(view)


def many_card(channels: Sequence[str]) -> Message:
    """One message about many channels to which somebody invited us at once."""
    named = ", ".join(map(_room, channels[:LISTED])) + (f" and {len(channels) - LISTED} more" if len(channels) > LISTED else "")
    one = len(channels) == 1
    count = "Another channel that you invited me to belongs" if one else f"{len(channels)} more channels that you invited me to belong"
    where = "it" if one else "each"
    return _told(f"{count} to no deal: {named}.\nType `/deal-link` in {where} to say whose it is; only you see the answer.")


def lost_card(view: LostView) -> Message:
    """What the people of a deal are told when its channel can no longer be heard."""
    whose = f"{_room(view.channel)}, a channel of *{neutral(view.customer, 80)}*,"
    if view.how == "archived":
        by = f" by {_person(view.by)}" if view.by else ""
        return _told(f"📦 {whose} was archived{by}. I stop listening there. If it is opened again, I go on from where I stopped.")
    if view.how == "left":
        return _told(f"🔇 {whose} no longer has me in it, so I hear nothing there. To bring me back, type `/invite @Jump-In` in it.")
    gone = "was deleted" if view.deleted else "is not shown to me by Slack any more; that happens when a shared channel is disconnected"
    return _told(f"🔇 {whose} {gone}. If the talk goes on elsewhere, invite me there and type `/deal-link`.")


def link_help() -> Message:
    """How the command is used."""
    return _told(
        "*/deal-link* — whose this channel is: link it to a deal, or take it off one\n"
        "*/deal-link Acme* — link this channel to a deal by its customer's name; part of it is enough\n"
        "*/deal-link help* — this text\n"
        "A channel may belong to several deals: names in a message, and who speaks, decide which of them it is about.\n"
        "Only you see the answer, and only your own deals are shown."
    )


def not_here() -> Message:
    """The command was typed where no customer talks."""
    return _told("Type `/deal-link` in the channel that you want to link; direct messages belong to no deal.")


def with_link(message: Message, channel: str) -> Message:
    """An answer in a channel of no deal, with the way to link it."""
    return Message(message.text, [*message.blocks, _actions(channel, [button("Link this channel to a deal", HERE, channel)])])


def _linked(view: LinkView) -> Message:
    zone = ZoneInfo(view.timezone)
    told = [f"✅ {_room(view.channel)} is linked to *{neutral(one.customer, 80)}*{_by(one, zone)}." for one in view.linked[:SHOWN]]
    if len(view.linked) > SHOWN:
        told.append(f"… and to {len(view.linked) - SHOWN} more.")
    blocks = [section("\n".join(told)), *_notes(view)]
    if len(view.linked) > 1:
        blocks.append(lines("Names in a message, and who speaks, decide which of these deals it is about."))
    alone = len(view.linked) == 1
    value = f"{view.channel}:"
    buttons = [
        _button("Undo" if alone and view.asked else f"Unlink {one.customer}", f"{UNLINK}-{place}", f"{value}{one.deal_id}")
        for place, one in enumerate(view.linked[:SHOWN], start=1)
    ]
    others = {**view.likely, **view.more}
    if others or view.many:
        buttons.append(select(ALSO, "Link another deal too", None if view.many else _values(view.channel, others)))
    return Message("\n".join(told), [*blocks, _actions(view.channel, buttons)])


def _question(view: LinkView) -> Message:
    room = _room(view.channel)
    invited = f"You invited me to {room}, and it belongs to no deal yet. Whose channel is it?"
    text = invited if view.asked else f"{room} belongs to no deal of yours. Whose is it?"
    elements = [
        _button(customer, action, f"{view.channel}:{deal_id}", **({"style": "primary"} if place == 0 else {}))
        for place, (action, (deal_id, customer)) in enumerate(zip(LIKELY, view.likely.items(), strict=False))
    ]
    if view.more or view.many:
        placeholder = "Another deal" if view.likely else "Choose a deal"
        elements.append(select(CHOOSE, placeholder, None if view.many else _values(view.channel, view.more)))
    elements += [button("Make a new deal", NEW, view.channel), button("Not a deal's channel", NO_DEAL, view.channel)]
    hint = lines("I listen there once I know. What was said before is context only, and nobody in the channel sees me speak.")
    return Message(text, [section(text), *_notes(view), _actions(view.channel, elements), hint])


def _notes(view: LinkView) -> list[Block]:
    return [lines("I am not in this channel yet: type `/invite @Jump-In` there.")] if view.inside is False else []


def _values(channel: str, deals: Mapping[int, str]) -> dict[str, str]:
    return {f"{channel}:{deal_id}": customer for deal_id, customer in deals.items()}


def _by(one: Known, zone: ZoneInfo) -> str:
    if one.by is None or one.at is None:
        return ", as its terms say"
    return f" by {_person(one.by)}, {moment(one.at, zone)}"


def _person(user_id: str) -> str:
    return f"<@{user_id}>" if user_id.isalnum() else neutral(user_id, 60)


def _room(channel: str) -> str:
    return f"<#{channel}>" if channel.isalnum() else "this channel"


def _button(label: str, action: str, value: str, **more: str) -> Block:
    return button(clean(label, BUTTON) or "…", action, value, **more)


def _actions(channel: str, elements: Sequence[Block]) -> Block:
    """The block's id tells the channel where options are asked for."""
    return {"type": "actions", "block_id": f"{BLOCK}{channel}"[:255], "elements": list(elements)}


def _told(text: str) -> Message:
    return Message(text, [section(text)])
