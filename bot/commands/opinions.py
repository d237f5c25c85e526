"""An exchange with the strong reader, explained: what was sent, what came back, what was done with it and why."""

from __future__ import annotations

from typing import Any

from bot.playbook.scenarios import FINDINGS, title
from bot.strong.opinion import Opinion
from templates.quote import clean

_CAME = {"answered": "answered", "remembered": "answered before", "late": "answered late", "failed": "no answer to use"}


def told(opinion: Opinion | None) -> list[str]:
    """Lines for people; none where there is no strong reader."""
    if opinion is None:
        return []
    if opinion.outcome == "not-asked":
        return [f"strong reader: not asked, {opinion.why}"]
    lines = [f"strong reader: sent {opinion.sent}", f"strong reader: {_CAME[opinion.outcome]} after {opinion.seconds:.1f} s"]
    if opinion.why:
        lines[1] += f", {opinion.why}"
    if opinion.said:
        lines.append(f"strong reader: came back “{clean(opinion.said, 400)}”")
    if not opinion.why and not opinion.rulings:
        lines.append("strong reader: nothing to do")
    return lines + [f"strong reader: {_named(one.scenario)} {one.done}: {one.why}" for one in opinion.rulings]


def plain(opinion: Opinion | None) -> dict[str, Any] | None:
    """The same for machines."""
    if opinion is None:
        return None
    return {
        "outcome": opinion.outcome,
        "why": opinion.why or None,
        "sent": opinion.sent or None,
        "seconds": round(opinion.seconds, 3),
        "came_back": opinion.said or None,
        "rulings": [{"scenario": one.scenario, "done": one.done, "why": one.why} for one in opinion.rulings],
    }


def _named(scenario: str) -> str:
    return f"“{title(scenario)}”" if scenario in FINDINGS else "something else"
