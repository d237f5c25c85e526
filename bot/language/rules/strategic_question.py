"""Whether to use us at all, not how."""

from bot.language.rules.rule import Rule
from bot.language.wording import words

_CARRIER = "carrier/carriers/you/ups/fedex/usps/dhl/provider/incumbent/courier/transporter"
_WHETHER = words(
    f"""
    why do/did/would/should/are/is ...
    need/leave/leaving/change/changing/switch/switching/split/splitting/bother/bothering/keep/keeps ... {_CARRIER}, why ...
    need/have/using/use ... second/another/other carrier/courier/provider, need ... second/another carrier ... all, should we
    ... be doing this, be doing this at all, what is/was/what's the/actual/your point/case/reason/benefit/advantage of/for, what
    problem/issue ... solve/solves/solving/fix, what ... gain/gains, what would we lose, worth the bother/trouble/hassle/effort,
    not sure/certain/convinced ... need, case for moving/switching/changing/having, why ... bother, at all ... why, make sense
    ... next to/at
    """
)

RULES = (Rule("whether, not how", "strategic-question", _WHETHER, 0.7),)
