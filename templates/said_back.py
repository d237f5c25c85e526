"""What somebody who pressed a button is told where the message itself does not say it."""

from __future__ import annotations

from templates.decided import state_words
from templates.kit import Message, section
from templates.presses import State
from templates.quote import neutral

_OVER: dict[str, str] = {
    "withdrawn": "The message was deleted or edited meanwhile, so there is nothing left to decide.",
    "resolved": "This is resolved already. If you see it differently, press “Still open”.",
    "terms-changed": "This was settled by a change of terms; `/deal-terms` shows them.",
}

_STATES: dict[str, str] = {
    "used": "marked it as used",
    "not-an-issue": "found it to be no issue",
    "snoozed": "snoozed it",
    "escalated": "escalated it to leadership",
    "resolved": "marked it as resolved",
    "open": "opened it again",
}


def over(state: State) -> Message:
    """A press on a finding that is settled."""
    return _plain(_OVER[state])


def changed_meanwhile(state: State, by: str | None) -> Message:
    """A press on what somebody else has decided since; the message shows it by now."""
    who = f"<@{by}>" if by and by.isalnum() and by != "clock" else "Somebody"
    return _plain(
        f"{who} {_STATES.get(state, 'changed it')} in the meantime, so your press changed nothing. The message shows it now; "
        "press again if you see it differently."
    )


def too_late(state: State) -> Message:
    """Undo, after its minute."""
    word = state_words(state)
    stays = f" It stays as it is: {word}." if word else ""
    instead = "The other buttons still change it" if state not in ("resolved", "terms-changed") else "“Still open” opens it again"
    return _plain(f"The minute to undo is over.{stays} {instead}, and everything decided so far is kept.")


def nobody_leads(customer: str) -> Message:
    """An escalation on a deal without leadership."""
    whose = f"The deal of *{neutral(customer, 80)}* names nobody else of your leadership"
    return _plain(f"Marked as escalated. {whose}, so nobody was told; add them to its people.")


def mute_over() -> Message:
    """A mute that is over already."""
    return _plain("That mute is over already; this scenario rings again.")


def mute_ended(scenario_title: str, customer: str) -> Message:
    """A mute that was ended early."""
    return _plain(f"“{scenario_title}” rings again on *{neutral(customer, 80)}*.")


def _plain(text: str) -> Message:
    return Message(text, [section(text)])
