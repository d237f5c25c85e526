"""Somebody new, with other expectations or a new approval."""

from bot.language.rules.rule import Rule
from bot.language.wording import words

_OFFICE = (
    "coo/cfo/ceo/cto/director/head/manager/vp/boss/owner/president/buyer/controller/lead/chief/partner"
    "/procurement/finance/operations/leadership"
)
_NEW = words(
    f"""
    new {_OFFICE}, new ... {_OFFICE}, took/taking/takes/taken over, stepping in for, replaced/replaces/replacing,
    started/starts/joined/joins ... as {_OFFICE}, i'm new here, acquired by, bought by, now has/have/needs to sign/approve, now
    reports/report to, i've/i've been added, was just added, from now on ... through/via me/us, i am/i'm
    with/from group
    """
)
_APPROVAL = words(
    """
    approv*, sign*, sign-off, review*, clearance, okay/ok*, rfq, tender, audit, committee, policy, before
    any/we/anything/it/another, revisit*, reopen*, compliance, legal, procurement, from scratch, start over
    """
)

RULES = (Rule("new person, new approval", "new-stakeholder", _NEW, 0.7, _APPROVAL),)
