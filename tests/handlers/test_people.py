"""Who speaks, who is told, and who may receive a deal's DMs."""

from __future__ import annotations

import pytest

from bot.deal import Person
from handlers.hearing.message import Said
from handlers.people import may_receive, recipients, side_of
from tests.handlers.conftest import PEOPLE, Bot, acme, ts


@pytest.mark.parametrize(
    ("user", "side"),
    [
        ("UDANA", "customer"),
        ("UIVAN", "implementation"),
        ("URILEY", "own"),
        ("UFOREIGN", "customer"),
        ("UGUEST", "customer"),
        ("UOWN", "implementation"),
        ("UROBOT", None),
        ("USLACKBOT", None),
    ],
)
async def test_deal_people_come_first_then_the_team(bot: Bot, user: str, side: str | None) -> None:
    bot.web.users |= {"UROBOT": {"team_id": "TOWN", "is_bot": True}, "USLACKBOT": {"team_id": "TOWN"}}
    assert await side_of(bot.house, acme(), Said("CACME", ts(), user=user)) == side


async def test_one_organisation_is_one_side_though_workspaces_differ(bot: Bot) -> None:
    bot.house.own_enterprise_id = "EGRID"
    bot.web.users["UGRID"] = {"team_id": "TSISTER", "enterprise_user": {"enterprise_id": "EGRID"}}
    assert await side_of(bot.house, acme(), Said("CACME", ts(), user="UGRID")) == "implementation"


@pytest.mark.parametrize(("teams", "side"), [(("TACME",), "customer"), (("TOWN",), "implementation"), ((), "unknown")])
async def test_somebody_slack_does_not_show_us_speaks_for_the_team_in_the_message(bot: Bot, teams: tuple[str, ...], side: str) -> None:
    for _ in range(2):
        assert await side_of(bot.house, acme(), Said("CACME", ts(), user="UGHOST", teams=teams)) == side
    assert len(bot.web.called("users.info")) == 1


def test_the_reps_are_told_else_account_managers_else_leadership() -> None:
    dana, manager = PEOPLE[0], Person(id="UANNA", name="Anna", role="account-manager")
    boss, rep = PEOPLE[3], PEOPLE[2]
    assert recipients(acme(people=(dana, boss, manager, rep))) == ("URILEY",)
    assert recipients(acme(people=(dana, boss, manager))) == ("UANNA",)
    assert recipients(acme(people=(dana, boss))) == ("UMORGAN",)
    assert recipients(acme(people=(dana, Person(id="rep 1", name="R", role="rep")))) == ()


async def test_only_own_people_of_the_deal_may_receive(bot: Bot) -> None:
    bot.web.users |= {"UMORGAN": {"team_id": "TOWN", "deleted": True}}
    deal = acme(people=(*PEOPLE, Person(id="UFOREIGN", name="Fay", role="rep"), Person(id="UGUEST", name="Gus", role="rep")))
    allowed = [
        user for user in ("URILEY", "UDANA", "UIVAN", "UOWN", "UFOREIGN", "UGUEST", "UMORGAN") if await may_receive(bot.house, deal, user)
    ]
    assert allowed == ["URILEY"]


@pytest.mark.parametrize(("team", "side"), [("TACME", "customer"), ("TOWN", "implementation")])
async def test_in_a_shared_channel_the_message_tells_whose_somebody_is_whom_slack_does_not_show_us(bot: Bot, team: str, side: str) -> None:
    """The fields of Slack Connect: the envelope's and the message's."""
    of_message = {"team": team, "user_team": team, "source_team": team, "user_profile": {"team": team}}
    assert await bot.says("UGHOST", "let's start with 15 a day", **of_message) == 200
    assert [one.finding.side for one in await bot.findings()] == [side]
