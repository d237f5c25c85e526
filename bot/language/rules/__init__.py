"""Ways of saying, one file per scenario: each names what it recognises in RULES; RULEBOOK is all of them in order."""

from bot.language.rules import (
    avoiding_commitment,
    new_stakeholder,
    not_ramping,
    objection_extend_test,
    objection_peak_season,
    objection_too_busy,
    objection_volume_unavailable,
    ramp_confirmed,
    start_small_and_ramp,
    strategic_question,
    wait_and_see,
)
from bot.language.rules.rule import Rule

RULEBOOK: tuple[Rule, ...] = (
    *start_small_and_ramp.RULES,
    *not_ramping.RULES,
    *wait_and_see.RULES,
    *objection_too_busy.RULES,
    *objection_extend_test.RULES,
    *objection_volume_unavailable.RULES,
    *objection_peak_season.RULES,
    *avoiding_commitment.RULES,
    *new_stakeholder.RULES,
    *strategic_question.RULES,
    *ramp_confirmed.RULES,
)
