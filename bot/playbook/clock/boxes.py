"""The checklists of the stages and of the partnership promise, as they stand on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ListName = Literal["discovery", "rate-creation", "proposal", "setup", "implementation", "post-test", "closed-won", "promise"]


@dataclass(frozen=True, slots=True)
class Box:
    """One item of a checklist; `key` is unique among all of them."""

    key: str
    words: str


TITLES: Mapping[ListName, str] = {
    "discovery": "02 Discovery",
    "rate-creation": "03 Rate creation",
    "proposal": "04 Proposal",
    "setup": "05 Setup documents",
    "implementation": "06 Implementation, weeks 1-2",
    "post-test": "06 Post-test, days 15-30",
    "closed-won": "07 Closed-won",
    "promise": "Partnership promise",
}

BOXES: Mapping[ListName, tuple[Box, ...]] = {
    "discovery": (
        Box("other-carriers", "Asked about commitments to other carriers"),
        Box("exclusions", "Found exclusions and service limits"),
        Box("real-volume", "Calculated the real volume, to within 10%"),
        Box("cannot-win", "Wrote down what cannot be won, and why"),
    ),
    "rate-creation": (
        Box("commitment", "Locked the commitment while the price was discussed"),
        Box("run-rate", "Confirmed the annual and the daily run rate"),
        Box("said-aloud", "The customer said aloud: at this price, this volume"),
    ),
    "proposal": (
        Box("test-terms", "Negotiated the test: volume, length, criteria"),
        Box("if-then", "Agreed: if it works, we ramp to the full volume"),
        Box("framework-sent", "Put the framework into the proposal or a follow-up email"),
        Box("ramp-terms", "Confirmed the ramp's date and target"),
    ),
    "setup": (
        Box("email-sent", "Sent the pre-kickoff email"),
        Box("timeline", "Had the time line confirmed"),
        Box("briefed", "Briefed the implementation team"),
        Box("reminder", "Set a reminder for the test's completion"),
    ),
    "implementation": (
        Box("in-threads", "In all threads"),
        Box("on-calls", "On all calls"),
        Box("first-pickups", "Watched the first pickups, days 3-5"),
        Box("contradictions", "Answered every contradiction"),
        Box("volume-agreed", "The actual volume is as agreed"),
    ),
    "post-test": (
        Box("performance", "Confirmed the performance with the customer"),
        Box("ramp-held", "Held the ramp to what was agreed"),
        Box("objections", "Answered objections with data and help"),
        Box("no-open-end", "Left no open end: every delay has its next milestone"),
        Box("changes", "Recorded changes of the commitment"),
    ),
    "closed-won": (
        Box("reviews", "Scheduled the monthly reviews"),
        Box("audits", "Did the quarterly audits"),
        Box("expansion", "Looked for volume that could come on top"),
        Box("early", "Handled issues early"),
    ),
    "promise": (
        Box("manager-introduced", "Account manager introduced before the signature, at the latest on acceptance"),
        Box("both-on-call", "Rep and account manager both on the first call"),
        Box("walked-through", "Walked through the onboarding process, before or at setup"),
        Box("welcome", "Welcome call by a senior leader within a week of the signature"),
        Box("survey", "Satisfaction survey when onboarding was completed"),
        Box("nps", "NPS every 6 months"),
        Box("updates", "A routine of updates for the customer"),
    ),
}
