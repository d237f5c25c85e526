"""An example of the jump-in DM, on an invented deal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.playbook.finding import Finding
from templates.blocks import AlertView, alert
from templates.kit import Message, lines, section
from templates.samples import DEALS
from templates.scripts import Scripts

_SAID = Finding(
    scenario="volume-bait-and-switch",
    quote="we'd rather start with 10, maybe 15 boxes a day and build from there",
    why="10-15/day is 92% under the agreed 150/day.",
    urgency="now",
    side="customer",
    phase="test",
    test_day=3,
    said_per_day=(10.0, 15.0),
    agreed_per_day=150.0,
    said="10-15/day",
)
_SPEAKER = "Dana Ortiz"


def example(scripts: Scripts) -> Message:
    """The DM as it would come, without its buttons, in these scripts' words."""
    deal = DEALS[0]
    at = datetime(deal.test.starts.year, deal.test.starts.month, deal.test.starts.day, 14, 16, tzinfo=UTC) + timedelta(days=2)
    view = AlertView(_SAID, deal, 0, "U0", _SPEAKER, "example:impl-acme", at, today=at.date(), scripts=scripts)
    made = alert(view)
    blocks = [block for block in made.blocks if block["type"] != "actions"]
    first = section(
        "*An example*: the customer and every word below are invented. This is what you get when the talk leaves a deal of yours."
    )
    last = lines("A real one has buttons here: open the thread, used it, not an issue, terms have changed, snooze.")
    return Message(f"An example of a jump-in message\n{made.text}", [first, *blocks, last])
