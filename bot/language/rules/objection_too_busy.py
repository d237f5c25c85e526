"""Too busy with other priorities."""

from bot.language.rules.rule import Rule
from bot.language.wording import words

_BUSY = words(
    """
    too busy, swamped, slammed, stretched thin, stretched too thin, too stretched, snowed under, underwater, buried, drowning,
    flat out, maxed out, up to my/our neck/ears/eyes/eyeballs, hands are full, hands full, no hands, short-staffed, short
    staffed, short-handed, understaffed, other/higher/bigger priorities, nobody/no-one/noone free/available, knee deep,
    knee-deep, all hands on deck, no/zero bandwidth/capacity/time/hours/resources, no dev/it/developer/engineering
    time/hours/resources, don't/doesn't/haven't/hasn't/has/have ... bandwidth/manpower/headcount, code freeze, frozen until,
    nobody/no-one/noone ... can/could/to ... change/touch/do/redo/set/sit, have/has/got no time/hours/people
    """
)

RULES = (Rule("too busy", "objection-too-busy", _BUSY, 0.65, volume=True),)
