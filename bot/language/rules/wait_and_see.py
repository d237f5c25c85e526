"""No date, no decision: wait and see."""

from bot.language import cues
from bot.language.rules.rule import Rule
from bot.language.wording import words

_OPEN = words(
    """
    wait and see, we'll/we see, let's see how/where/what, see how it/we/they/things go/goes/feels/look/looks, play it by ear, no
    rush/hurry/timeline/timetable/eta, circle back, cross that bridge, when the time is right, when the time comes,
    whenever/when you're/we're/you/we ready, feels right, down the road/line, at some point/stage, sooner or later, no
    date/dates, don't/can't/cannot/won't/couldn't ... give/say/name/tell ... date/day/when, hard/difficult to say when,
    who knows, open-ended, open ended, up in the air, one day at a time, pin me down, don't want to commit, not ... commit to,
    think about it, have a think, once the dust settles, we'll get to that, time will tell, until further notice, not decided
    yet, no decision yet, haven't decided, undecided
    """
)

RULES = (Rule("no date, no decision", "wait-and-see", _OPEN, 0.65, None, (cues.PAST, cues.JOKE), volume=True),)
