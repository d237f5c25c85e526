"""The volume stays at the test level, or the ramp comes late."""

from bot.language import cues
from bot.language.rules.rule import Rule
from bot.language.wording import words

_STAY = words(
    """
    stay*/remain*/keep*/leave*/hold*/stick*/continue*/carry/run ... current/test/present/same/pilot/trial
    volume/level/number/quantity/flow/pace/split/size, stay/stays/remain/leave/keep/hold ... where/as it/we/they/things
    is/are/stand, stay/stays/staying put, leave/keep it/things as is, carry on as is/are/usual
    """
)
_LATER = words(
    """
    push*/postpone*/delay*/defer*/move/shift/slide ... ramp*/step-up/switchover/cutover, hold off ... ramp*/increase/rest, hold
    the ramp, ramp/remainder/rest ... later/wait/postponed/delayed/pushed/hold, full volume ...
    later/wait/postponed/delayed/pushed/hold
    """
)
_NOT = words("not/won't/aren't/isn't/can't ... ramp/ramping, no ramp, not/won't/aren't ... ready to ramp, not increasing ... volume")
_OTHER = words("dock, door, price, rate, login, template, label*, parked, open, open enrollment")

RULES = (
    Rule("stays at the test level", "not-ramping", _STAY, 0.7, None, (cues.HYPOTHETICAL, cues.PAST, cues.JOKE, _OTHER), volume=True),
    Rule("ramp put off", "not-ramping", _LATER, 0.8, None, (cues.HYPOTHETICAL, cues.NEGATION, cues.PAST)),
    Rule("not ramping", "not-ramping", _NOT, 0.8),
)
