"""The milestones that every deal has: what each is called, who owns it, how long it is asked for, and which draft goes with it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.deal import Role

_WORKSHOP = "Manager workshop: figures, what works, what is missing, and actions for 30 days"


@dataclass(frozen=True, slots=True)
class Kind:
    """A milestone of every deal, and the `task` that it is for whoever is asked for it ("": its title).

    `lapses`: calendar days after its day from which nobody asks for it any more; `ahead`: office days before its day on which it is
    announced (0: not at all); `draft`: the email that goes with it; `asked`: whether it is asked for at all; `markable`: whether somebody
    has to say that it is done, where the calendar or the volume does not.
    """

    key: str
    title: str
    owner: Role = "rep"
    task: str = ""
    lapses: int = 21
    ahead: int = 0
    draft: str | None = None
    asked: bool = True
    markable: bool = True


KINDS: tuple[Kind, ...] = (
    Kind("signed", "Agreement signed", asked=False),
    Kind("account-manager", "Account manager introduced", "account-manager", "Introduce the account manager"),
    Kind("framework", "Test framework confirmed by email", task="Confirm the test framework by email", lapses=10, draft="test-framework"),
    Kind("welcome-call", "Welcome call by a senior leader", "leadership", "Have a senior leader make the welcome call", ahead=2),
    Kind("pre-kickoff-email", "Pre-kickoff email sent", task="Send the pre-kickoff email", lapses=7, draft="pre-kickoff"),
    Kind("team-briefed", "Implementation team briefed", task="Brief the implementation team", lapses=5),
    Kind("kickoff", "Kickoff", lapses=5),
    Kind("test-start", "Test start: first pickup", "implementation", lapses=30),
    Kind("pickup-2", "Pickup of shipping day 2", "implementation", lapses=5),
    Kind("pickup-3", "Pickup of shipping day 3", "implementation", lapses=5),
    Kind("pickup-4", "Pickup of shipping day 4", "implementation", lapses=5),
    Kind("pickup-5", "Pickup of shipping day 5", "implementation", lapses=5),
    Kind("mid-test", "Mid-test check", task="Mid-test check: transit, billing and volume so far", lapses=4),
    Kind("test-completes", "Test completes", ahead=2, markable=False),
    Kind("criteria-review", "Review of the success criteria", task="Review the success criteria with the customer", lapses=14),
    Kind("ramp-day", "Ramp day", lapses=0, ahead=1, draft="ramp-confirmation", markable=False),
    Kind("ramp-check", "Ramp check", lapses=14, asked=False),
    Kind("step-1", "Ramp step 1: is the test's performance confirmed?", asked=False),
    Kind("step-2", "Ramp step 2: what prevents the ramp?", asked=False),
    Kind("ramp-settled", "Ramp settled", asked=False),
    Kind("onboarding-survey", "Onboarding survey", task="Send the onboarding survey", lapses=30, draft="onboarding-survey"),
    Kind("review-30", "30-day business review", lapses=30, ahead=5, draft="review-30"),
    Kind("variance-30", "Volume against the agreement, day 30", asked=False),
    Kind("workshop-30", "Manager workshop, day 30", "leadership", _WORKSHOP, lapses=14, ahead=3, markable=False),
    Kind("variance-60", "Volume against the agreement, day 60", asked=False),
    Kind("workshop-60", "Manager workshop, day 60", "leadership", _WORKSHOP, lapses=14, ahead=3, markable=False),
    Kind("variance-90", "Volume against the agreement, day 90", asked=False),
    Kind("monthly-review", "Monthly business review", lapses=14, ahead=4),
    Kind("quarterly-audit", "Quarterly volume audit", lapses=30, ahead=5, draft="quarterly-audit"),
    Kind("nps", "NPS question", task="Send the NPS question", lapses=30, draft="nps"),
    Kind("next", "Next milestone", lapses=30, markable=False),
    Kind("own", "Own milestone", lapses=30),
)
"""In the order in which they come. Repeated ones have a number after their key: "monthly-review-2"; `next` and `own` a key of their own."""

BY_KEY = {kind.key: kind for kind in KINDS}
