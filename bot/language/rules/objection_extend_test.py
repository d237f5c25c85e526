"""The test should be longer."""

from bot.language import cues
from bot.language.rules.rule import Rule
from bot.language.wording import words

_LONGER = words(
    """
    extend*/prolong*/stretch*/lengthen* ... test/trial/pilot, longer test/trial/pilot/run, keep*/continue*/carry/leave/run/stay
    ... test/trial/pilot ... running/going/until/till/through/past/on, test/trial/pilot ...
    extended/longer/stretched/prolonged/dragged, test/trial/pilot ... another/more/extra/further ...
    week/weeks/month/months/fortnight, another/more/extra/further/additional week/weeks/month/months/fortnight ...
    test/trial/pilot/testing/data, another/extra/further/additional two/three/four/few weeks/months ...
    test/trial/pilot/testing/data, too short ... test/trial/pilot, stay/keep/leave ... trial/test/pilot mode, treat ... as/also
    trial/test
    """
)
_ENOUGH = words(
    """
    no need, not/don't/won't extend, no extension, needn't, rather than, not longer, test label*, test print*, test order*, test
    tenant*, test data, sandbox, staging, api, runs from, starts, label*
    """
)

RULES = (Rule("longer test", "objection-extend-test", _LONGER, 0.7, None, (_ENOUGH, cues.NEGATION, cues.HYPOTHETICAL, cues.PAST)),)
