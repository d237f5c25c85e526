"""Whoever must find every door shut, each for another reason; all but the last are named in the deal as its own side."""

from __future__ import annotations

from typing import Any

from tests.handlers.telling import PEOPLE, Stage, acme

SHUT_OUT = {
    "foreign team": ("UFOREIGN", {"team_id": "T2"}),
    "multi-channel guest": ("UMULTI", {"is_restricted": True}),
    "single-channel guest": ("USINGLE", {"is_restricted": True, "is_ultra_restricted": True}),
    "deactivated": ("UGONE", {"deleted": True}),
    "a bot": ("UROBOT", {"is_bot": True}),
    "unknown to Slack": ("UNOBODY", None),
    "member of another deal": ("U5", {}),
    "customer": ("U1", {"team_id": "T2"}),
    "implementation": ("U2", {}),
}
WHO = [user for user, _ in SHUT_OUT.values()]
WHY = list(SHUT_OUT)


async def with_outsiders(at: Stage, **terms: Any) -> int:
    """Acme's deal (with these terms) with all of them about, and another deal of U5's; Acme's id."""
    listed = [user for user in WHO if user not in ("U1", "U2", "U5")]
    for user, facts in SHUT_OUT.values():
        if facts is not None and user not in at.slack.people:
            at.slack.person(user, f"Name of {user}", **facts)
    people = [*PEOPLE, *({"id": user, "name": user, "role": "rep"} for user in listed)]
    await at.know(acme(customer="Other", people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}], channels=["C9"]))
    return (await at.know(acme(**({"people": people} | terms)))).id
