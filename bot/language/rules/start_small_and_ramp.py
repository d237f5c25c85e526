"""Start small, ease in, build from there."""

from bot.language import cues
from bot.language.rules.rule import Rule
from bot.language.wording import words

_STARTING = words(
    """
    start*, begin*, first, launch*, open*, test, trial, pilot, monday, kick*, volume, we, let's, lets, i'd, i'll, let, i would,
    everyone, things
    """
)
_DENIED = words("no need to, not/don't/won't start, rather than, instead of, not a reason, no reason to, not the time, without")
_ELSE = words("training, api, group*, call*, session*, users")

RULES = (Rule("start small", "start-small-and-ramp", cues.SMALL, 0.8, _STARTING, (_DENIED, _ELSE, cues.HYPOTHETICAL, cues.PAST)),)
