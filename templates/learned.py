"""What a person is told when a scenario stops ringing for them, when it rings again, and after they have decided."""

from __future__ import annotations

from bot.playbook.scenarios import title
from bot.playbook.usefulness import ABOVE, LAST, UNDER, Usefulness
from templates.kit import Message, button, lines, section

KEEP, FINE = "jumpin-keep-dms", "jumpin-digest-is-fine"
"""Action ids; the value is the demotion's id."""


def rests_now(scenario: str, lately: Usefulness, demotion_id: int) -> Message:
    """A scenario waits for the digest from now on, with the figures and what to do about it."""
    name = title(scenario)
    told = f"“{name}” goes to your digest from now on, so that your direct messages stay worth reading."
    why = (
        f"Of the last {lately.decided} of these in your deals, {_many(lately.useful)} of use ({lately.percent}%); the others were marked "
        f"“Not an issue”. Under {UNDER}% I stop ringing for them."
    )
    then = (
        "Nothing is lost: I still note each one. You find them in your daily digest and under `/deal-status`, and what you decide there "
        f"counts as well. When more than {ABOVE}% of the last {LAST} are of use, they ring again by themselves."
    )
    buttons = [button("Keep the DMs anyway", KEEP, str(demotion_id), style="primary"), button("Fine", FINE, str(demotion_id))]
    actions = {"type": "actions", "block_id": f"rests-{demotion_id}", "elements": buttons}
    return Message(f"{told}\n{why}", [section(f"*{told}*"), section(f"{why}\n{then}"), actions])


def rings_again(scenario: str, lately: Usefulness) -> Message:
    """A scenario rings again."""
    told = f"“{title(scenario)}” rings again."
    why = f"Of the last {lately.decided} of these in your deals, {_many(lately.useful)} of use ({lately.percent}%)."
    return Message(f"{told}\n{why}", [section(f"*{told}* {why} New ones come to you as direct messages, as before.")])


def kept(scenario: str) -> Message:
    """They want the direct messages."""
    told = f"Done: “{title(scenario)}” keeps coming to you as direct messages."
    return Message(told, [section(f"✅ {told}"), lines("I will not change that by myself. You can, at any time, in my Home tab.")])


def fine(scenario: str) -> Message:
    """They agree."""
    told = f"All right: “{title(scenario)}” waits in your digest."
    back = f"It rings again when more than {ABOVE}% of the last {LAST} are of use. You can change that at any time in my Home tab."
    return Message(told, [section(f"👍 {told}"), lines(back)])


def _many(count: int) -> str:
    return "none was" if count == 0 else "one was" if count == 1 else f"{count} were"
