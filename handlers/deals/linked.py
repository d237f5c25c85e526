"""Which deals a channel belongs to: from memory until something changes, else from the store; names become channel ids here."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from handlers.house import House
from handlers.refused import code_of
from store import channels, deals
from store.records import KnownDeal

_STAMP = "stamp"
_NOT_SHOWN = frozenset({"channel_not_found", "not_in_channel", "missing_scope", "method_not_supported_for_channel_type"})


async def deals_of(house: House, channel: str) -> tuple[KnownDeal, ...]:
    """The deals of a channel; none for most channels of a workspace.

    They come from memory; every few seconds one look at the store tells whether anything has changed anywhere.
    """
    if house.deals_stamp.get(_STAMP) is None:
        await _look(house)
    known = house.deals.get(channel)
    if known is not None:
        return known
    seen = house.deals_seen
    async with house.store.reading() as s:
        found = await deals.deals_of_channel(s, channel)
        wanted = await channels.unresolved_names(s)
    if wanted and await resolve(house, channel, await name_of(house, channel), wanted):
        async with house.store.reading() as s:
            found = await deals.deals_of_channel(s, channel)
    if house.deals_seen != seen:
        return tuple(found)  # a change was noticed meanwhile: this may be from before it
    return house.deals.put(channel, tuple(found))


async def _look(house: House) -> None:
    """Forget the deals when they have changed. Whoever comes meanwhile goes by what is in memory, unless that look fails."""
    house.deals_stamp.put(_STAMP, house.deals_seen)
    try:
        async with house.store.reading() as s:
            stamp = await deals.stamp(s)
    except BaseException:
        house.deals_stamp.clear()
        raise
    if stamp != house.deals_seen:
        house.deals.clear()
        house.deals_seen = stamp


async def resolve(house: House, channel: str, name: str, wanted: list[str]) -> bool:
    """Link `channel` to the deals that named it, if `name` is among the `wanted` names. Whether it was."""
    asked = [other for other in wanted if name and other.removeprefix("#").casefold() == name.casefold()]
    if not asked:
        return False
    async with house.store.writing() as s:
        for other in asked:
            await channels.resolve_name(s, other, channel)
    house.deals.clear()
    house.log.info("channel linked by its name", channel=channel)
    return True


async def name_of(house: House, channel: str) -> str:
    """The channel's name; "" for a direct message, or when Slack does not show it to us.

    Raises what Slack raises when it cannot be asked now: to take the channel for an unlinked one would lose its message.
    """
    if channel.startswith("D"):
        return ""
    known = house.names.get(channel)
    if known is not None:
        return known
    try:
        answer = await house.slack.conversations_info(channel=channel)
    except SlackApiError as refused:
        if code_of(refused) not in _NOT_SHOWN:
            raise
        return house.names.put(channel, "")
    return house.names.put(channel, str((answer.get("channel") or {}).get("name") or ""))
