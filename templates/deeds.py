"""Where the volume stands, in a line or two: what was shipped lately, what kind of ramp that is, silence, and words that were not kept."""

from __future__ import annotations

from bot.playbook.case import day_name
from bot.playbook.deeds import Standing, kept_words

_STATES = {
    "before": "before the test",
    "test": "in the test",
    "full": "at the full volume",
    "ramping": "ramping",
    "partial": "stuck between test and full volume",
    "stalled": "stalled at the test's level",
    "leaking": "falling again after the full volume",
}


def standing_lines(there: Standing) -> list[str]:
    """As "Shipped lately: 148/day on average over 3 shipping days, 150 agreed: in the test". Not neutral yet."""
    over = "1 shipping day" if there.over == 1 else f"{there.over} shipping days"
    found = [f"Shipped lately: {there.mean:,.0f}/day on average over {over}, {there.agreed:,} agreed: {_STATES[there.state]}"]
    if there.silent:
        found.append(f"No data since {day_name(there.last.day)}: {there.silent} shipping days")
    if there.kept:
        found.append(kept_words(there.kept))
    return found
