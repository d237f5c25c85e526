"""The table of all nudges as a page of the documentation, made from the very table that the clock goes by."""

from __future__ import annotations

from bot.playbook.clock.patience import NUDGES, Habits, Nudge

_URGENCY = {"now": "at its own hour", "today": "makes a daily message", "can-wait": "can wait"}

_HEAD = """# Nudges: what the clock says, when, to whom, and how often at most

This page is made from the code (`bot/playbook/clock/patience.py`); a test holds the two equal.

Nudges are merged: one direct message per person and business day, at {hour}:00 in that person's own time zone, and none when there is
nothing worth an interruption. One that *can wait* rides along with the next message, and makes one of its own only after the days in the
column *waits*. *Distance* is the number of the reader's business days between two reminders about the same thing. What is late is said in
another tone, not more often; once the column *at most* is reached, it is only listed as still open. What is announced before its day is
announced once, beside that count. In the last {quarter_end} shipping days of a quarter, nudges marked † keep twice the distance, wait twice
as long, and say so: they lead to a message to the customer.

| nudge | what | when | to | urgency | waits | distance | at most | why it can wait |
|---|---|---|---|---|---|---|---|---|
"""


def nudge_page() -> str:
    """The page docs/nudges.md."""
    habits = Habits()
    return _HEAD.format(hour=habits.hour, quarter_end=habits.quarter_end) + "".join(f"{_row(nudge)}\n" for nudge in NUDGES)


def _row(nudge: Nudge) -> str:
    ends = nudge.rides >= 99
    waits = "always" if ends else _days(nudge.rides) if nudge.urgency == "can-wait" else ""
    cells = (
        f"`{nudge.name}`{' †' if nudge.customer else ''}",
        nudge.what,
        nudge.when,
        ", ".join(role.replace("-", " ") for role in nudge.to),
        _URGENCY[nudge.urgency],
        waits,
        _days(nudge.gap) if nudge.most != 1 else "",
        {None: "no limit", 1: "once"}.get(nudge.most, f"{nudge.most} times"),
        nudge.why,
    )
    return f"| {' | '.join(cells)} |"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
