"""Talk without a figure: objections, open ends, new people, and doubts, as the rule that heard them names them."""

from __future__ import annotations

from bot.playbook.case import Case
from bot.playbook.finding import Finding

WHY = {
    "wait-and-see": "No date and no decision: every delay needs a next milestone.",
    "objection-too-busy": "Bandwidth was given as the reason; find the help that removes it.",
    "objection-extend-test": "A longer test was asked for; the agreement has a length and criteria.",
    "objection-volume-unavailable": "The volume is said not to be there, or to go elsewhere.",
    "objection-peak-season": "Peak season was given as the reason; the agreed baseline is outside peak.",
    "avoiding-commitment": "The volume question was not answered.",
    "new-stakeholder": "Somebody new brings another expectation or approval.",
    "strategic-question": "The question is whether to use us, no longer how.",
}
"""Scenario -> why the rep is to know of it."""


def judge_talk(case: Case) -> Finding | None:
    """A finding of the statement's own scenario; implementation may relay what the customer says, but not dodge or doubt for it."""
    scenario = case.statement.act
    if scenario in _CUSTOMER_ONLY and case.side == "implementation":
        return None
    return case.finding(scenario, WHY[scenario])


_CUSTOMER_ONLY = ("avoiding-commitment", "strategic-question")

TALK = tuple(WHY)
"""The scenarios judged here."""
