"""How somebody knocks at each door of the bot: at one that leads to the deal, or to one that is not there.

A new command, button, form, shortcut or list of options gets a row in ROWS; tests/handlers/test_doors.py fails until it has one.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from handlers.findings import check, why
from handlers.findings.checking import Table
from store.mutes import Mute
from store.records import KnownDeal, StoredFinding
from templates.call_card import CALL, CALL_FORM
from templates.call_doors import EMAIL, FOR, LEAVE, OTHER, WHO, WHO_FORM, who_form
from templates.charts.blocks import PICTURE
from templates.check import CORRECT, CORRECTION, RAISE, RESULT, WHICH_DEAL, CorrectionForm, correction_form, which_deal
from templates.check_form import CHECK_FORM
from templates.checklist import CHECK
from templates.clock_forms import NEXT_FORM, OWN_FORM, PICKUP_FORM, POSTPONE_FORM, next_form, own_form, pickup_form, postpone_form
from templates.crm import CONFIRM, FOLLOW, LOOK, MEND, TAKE
from templates.crm import KEEP as KEEP_OURS
from templates.crm import LEAVE as LEAVE_ALONE
from templates.daily import DRAFT, MARK, NEXT, PICKED_UP, RAMPED, SATISFIED, SCRIPT, SHORT, TAKEN
from templates.draft_card import SENT, WAIT
from templates.finding_list import EVERYWHERE, LISTED, MUTE_ON_DEAL, NEWER, OLDER, PERIOD, SCENARIO, STATE, Filter
from templates.learned import FINE, KEEP
from templates.ledger import CHANGE, EXPORT
from templates.linking import ALSO, CHOOSE, LIKELY, SHOWN, UNLINK
from templates.milestone_card import ADD, CALENDAR
from templates.mute_form import CALLBACK as MUTE_FORM
from templates.numbers.card import GROUP, MENUS, Wanted, mark
from templates.post_form import CALLBACK as POST_FORM
from templates.presses import BEHIND, MORE, NOT_AN_ISSUE, POST, REASON, REOPEN, SNOOZE, TERMS_CHANGED, UNDO, UNMUTE, USED
from templates.survey import ANSWER, ANSWER_FORM
from templates.terms_form import CALLBACK as TERMS_FORM
from templates.volume_card import FOR as IMPORT_FOR
from templates.volume_card import TAKE as IMPORT
from templates.volume_card import WHOSE
from tests.handlers.telling import Stage, until

NONE = 99_999
"""An id that no deal, finding or mute has."""

HERE, NOWHERE = "C1", "C8"
"""The deal's channel, and one of no deal."""


@dataclass
class Visit:
    """A deal with a finding and a mute, a scenario that rests for its rep, a message by channel, and the rep's forms by callback id."""

    at: Stage
    known: KnownDeal
    stored: StoredFinding
    mute: Mute
    demotion: int
    heard: dict[str, str]
    forms: dict[str, dict[str, Any]]
    call: int = 0
    asked_call: int = 0
    records: dict[str, int] = field(default_factory=dict)

    async def press(self, user: str, action: str, value: Any, **more: Any) -> None:
        await self.at.press(user, {"action_id": action, "value": str(value), **more})

    def number(self, there: Any, real: int) -> int:
        return real if there else NONE


Knock = Callable[[Visit, str, bool], Awaitable[Any]]
"""Somebody knocks: at the deal (True), or at one that is not there (False). What comes back at once; the rest the fake Slack has."""


@dataclass(frozen=True)
class Row:
    """A door: how to knock; `members`: whoever is a full member gets an answer of their own there, that tells nothing of the deal."""

    kind: str
    name: str
    knock: Knock
    members: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def command(name: str, text: str, nothing: str, *, channel: bool = False, members: bool = False) -> Row:
    async def knock(at: Visit, user: str, there: bool) -> Any:
        where = (HERE if there else NOWHERE) if channel else "C9"
        asked = at.at.asks if name in _LAZY else at.at.command
        return await asked(user, text if there else nothing, where, name)

    return Row("command", name, knock, members)


_LAZY = frozenset({"/deal-script", "/deal-checklist", "/deal-metrics"})
"""Commands that are acknowledged first and answered by the response_url."""


def finding(action: str, value: str, registered: str | None = None) -> Row:
    """A button or menu about a finding: {finding} in its value."""

    async def knock(at: Visit, user: str, there: bool) -> None:
        told = value.format(finding=at.number(there, at.stored.id), version=at.stored.version)
        await at.press(user, action, told, type="overflow", selected_option={"value": told})

    return Row("action", registered or action, knock)


def deal(action: str, value: str = "{deal}", registered: str | None = None, *, block: bool = False) -> Row:
    """A button or menu about a deal: {deal} in its value, or in what its block carries."""

    async def knock(at: Visit, user: str, there: bool) -> None:
        told = value.format(deal=at.number(there, at.known.id))
        packed = Filter(deal=at.number(there, at.known.id)).packed()
        more = {"block_id": f"filter|{packed}", "selected_option": {"value": "any"}} if block else {"selected_option": {"value": told}}
        await at.press(user, action, told, type="overflow", **more)

    return Row("action", registered or action, knock)


def crm(action: str, state: str) -> Row:
    """A button about a deal of the CRM."""

    async def knock(at: Visit, user: str, there: bool) -> None:
        await at.press(user, action, at.number(there, at.records[state]))

    return Row("action", action, knock)


def clock(action: str, before: str = "", more: str = "") -> Row:
    return deal(f"{action}:0", before + "{deal}|ramp-check" + more, rf"{action.replace('-', chr(92) + '-')}(?::\d+)?$")


def form(callback: str, **typed: str) -> Row:
    async def knock(at: Visit, user: str, there: bool) -> Any:
        view = at.forms[callback]
        kept = json.loads(view["private_metadata"])
        gone = {next(name for name in ("deal", "call", "finding") if name in kept): NONE}
        return await at.at.submit(user, view if there else {**view, "private_metadata": json.dumps({**kept, **gone})}, typed)

    return Row("view_submission", callback, knock)


def options(action: str) -> Row:
    async def knock(at: Visit, user: str, there: bool) -> Any:
        who = {"team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}, "api_app_id": "A1"}
        asked = {"type": "block_suggestion", **who, "action_id": action, "block_id": f"link-{HERE if there else NOWHERE}", "value": ""}
        response = await at.at._dispatch(urlencode({"payload": json.dumps(asked)}))
        assert response.status == 200
        return json.loads(response.body)["options"]

    return Row("options", action, knock, members=True)


async def _post(at: Visit, user: str, there: bool) -> None:
    slack = at.at.slack
    before = len(slack.responses), len(slack.views)
    await at.press(user, POST, at.number(there, at.stored.id))
    await until(lambda: len(slack.responses) > before[0] or len(slack.views) == before[1] + 2, within=20)


async def _unmute(at: Visit, user: str, there: bool) -> None:
    await at.press(user, UNMUTE, f"{at.number(there, at.mute.id)}:{at.stored.id}")


async def _listed(at: Visit, user: str, there: bool) -> None:
    packed = Filter(deal=at.number(there, at.known.id)).packed()
    chosen = {"value": f"used:{at.number(there, at.stored.id)}:open"}
    await at.press(user, f"{LISTED}-1", "", type="overflow", block_id=f"listed|{packed}", selected_option=chosen)


async def _choose(at: Visit, user: str, there: bool) -> Any:
    view = which_deal(first_of(at, HERE).plain(), [], [(at.known.id, "Acme Outfitters"), (NONE, "No Such Thing")])
    return await at.at.submit(user, view, {"deal": str(at.number(there, at.known.id))})


async def _kept(at: Visit, user: str, there: bool, action: str) -> None:
    await at.press(user, action, at.number(there, at.demotion))


async def _numbers(at: Visit, user: str, there: bool, action: str) -> None:
    rep = mark("Riley Chen" if there else "Nobody At All")
    value, before = "trade" if action == GROUP else rep, len(at.at.slack.responses)
    await at.press(user, action, "", type="static_select", block_id=Wanted(None, {"rep": rep}).packed(), selected_option={"value": value})
    await until(lambda: len(at.at.slack.responses) > before, within=20)


def first_of(at: Visit, channel: str) -> Table:
    """What the modals about the message of a channel carry."""
    return Table(channel, at.heard[channel], deal=at.known.id)


def shortcut(name: str) -> Row:
    async def knock(at: Visit, user: str, there: bool) -> None:
        slack, channel = at.at.slack, HERE if there else NOWHERE
        before = len(slack.responses), len(slack.views)
        message = {"type": "message", "user": "U1", "text": "hello there", "ts": at.heard[channel]}
        await at.at.points(user, name, channel, message)
        await until(lambda: len(slack.responses) > before[0] or len(slack.views) == before[1] + 2, within=20)

    return Row("shortcut", name, knock)


def in_modal(action: str) -> Row:
    """A button within the modal that shows what a message comes to."""

    async def knock(at: Visit, user: str, there: bool) -> None:
        slack = at.at.slack
        on = replace(first_of(at, HERE), deal=at.number(there, at.known.id))
        view = {"callback_id": RESULT, "private_metadata": json.dumps(on.plain()), "blocks": []}
        before = len(slack.views)
        await at.at.press_in(user, view, action)
        await until(lambda: len(slack.views) > before, within=20)

    return Row("action", action, knock)


def call(action: str, value: str = "{call}") -> Row:
    """A button about a call: {call} of the deal, {asked} that nobody has settled."""

    async def knock(at: Visit, user: str, there: bool) -> None:
        numbers = {"call": at.number(there, at.call), "asked": at.number(there, at.asked_call), "deal": at.number(there, at.known.id)}
        await at.press(user, action, value.format(**numbers))

    return Row("action", action, knock)


async def _import_for(at: Visit, user: str, there: bool) -> None:
    chosen = {"value": str(at.number(there, at.known.id))}
    await at.press(user, IMPORT_FOR, "", type="static_select", block_id='volumes-["F9", "C1", null]', selected_option=chosen)


ROWS = [
    deal(IMPORT, '["F9", "C1", {deal}]'),
    Row("action", IMPORT_FOR, _import_for),
    deal(WHOSE),
    command("/deal-status", "Acme Outfitters", "No Such Thing"),
    command("/deal-status", "outfit", "nosuch"),
    command("/deal-status", f"<#{HERE}|impl-acme>", f"<#{NOWHERE}|nothing>"),
    command("/deal-status", "", "", channel=True),
    command("/deal-terms", "Acme Outfitters", "No Such Thing"),
    command("/deal-terms", "", "", channel=True),
    command("/deal-script", "volume-gap Acme Outfitters", "volume-gap No Such Thing"),
    command("/deal-script", "contradiction price", "contradiction price", channel=True),
    command("/deal-findings", "Acme Outfitters", "No Such Thing"),
    command("/deal-findings", "", "", channel=True),
    command("/deal-milestones", "Acme Outfitters", "No Such Thing"),
    command("/deal-milestones", "Acme Outfitters add dock check tomorrow", "No Such Thing add dock check tomorrow"),
    command("/deal-milestones", "", "", channel=True),
    command("/deal-call", "Acme Outfitters", "No Such Thing"),
    command("/deal-call", "", "", channel=True),
    command("/deal-checklist", "Acme Outfitters", "No Such Thing"),
    command("/deal-checklist", "", "", channel=True),
    command("/deal-checklist", "team", "team", members=True),
    command("/deal-metrics", "Acme Outfitters", "No Such Thing"),
    *(Row("action", action, partial(_numbers, action=action)) for action in (GROUP, *MENUS.values())),
    command("/deal-link", "Acme Outfitters", "No Such Thing"),
    command("/deal-link", "", "", channel=True, members=True),
    *(finding(action, "{finding}:open") for action in (USED, NOT_AN_ISSUE, SNOOZE)),
    *(finding(MORE, f"{what}:{{finding}}:open") for what in ("hour", "week", "resolved", "escalated", "mute")),
    finding(REOPEN, "{finding}:resolved"),
    finding(UNDO, "{finding}:{version}"),
    finding(f"{REASON}-other", "other:{finding}:not-an-issue", f"{REASON}-.*"),
    finding(f"{BEHIND}-1", "used:{finding}:open", f"{BEHIND}-.*"),
    finding(TERMS_CHANGED, "{finding}"),
    deal(PICTURE),
    Row("action", POST, _post),
    Row("action", UNMUTE, _unmute),
    Row("action", f"{LISTED}-.*", _listed),
    *(deal(action) for action in (CHANGE, EXPORT, MUTE_ON_DEAL)),
    *(deal(action, "{deal}||||0") for action in (NEWER, OLDER, EVERYWHERE)),
    *(deal(action, block=True) for action in (STATE, SCENARIO, PERIOD)),
    deal(ADD, "{deal}|"),
    *(deal(action, HERE + ":{deal}") for action in (*LIKELY, CHOOSE, ALSO)),
    *(deal(f"{UNLINK}-{place}", HERE + ":{deal}") for place in range(1, SHOWN + 1)),
    *(clock(action) for action in (RAMPED, SHORT, SATISFIED, TAKEN, NEXT, PICKED_UP)),
    clock(SCRIPT),
    clock(DRAFT),
    clock(MARK, "done|"),
    clock(CALENDAR),
    clock(SENT, more="|pre-kickoff"),
    clock(WAIT, more="|post-call"),
    clock(ANSWER, more="|nps"),
    *(deal(action, "{deal}|") for action in (CALL, CHECK)),
    *(call(action, "{asked}|{deal}") for action in (*FOR, OTHER)),
    call(LEAVE, "{asked}"),
    *(call(action) for action in (EMAIL, WHO)),
    *(Row("action", action, partial(_kept, action=action)) for action in (KEEP, FINE)),
    *(crm(action, "waiting") for action in (CONFIRM, MEND, LEAVE_ALONE, LOOK)),
    *(crm(action, "linked") for action in (TAKE, KEEP_OURS)),
    crm(FOLLOW, "second"),
    *(shortcut(name) for name in (check.SHORTCUT, why.SHORTCUT)),
    *(in_modal(action) for action in (RAISE, CORRECT)),
    Row("view_submission", WHICH_DEAL, _choose),
    form(CORRECTION),
    form(CALL_FORM, title="kickoff", day="tomorrow", time="10:00"),
    form(CHECK_FORM),
    form(WHO_FORM),
    form(ANSWER_FORM, who="somebody", words="fine", day="today"),
    form(TERMS_FORM, **{"test.weeks": "3", "theirs": "Somebody"}),
    form(POST_FORM, script="Hello"),
    form(MUTE_FORM, scenario="volume-gap"),
    form(NEXT_FORM, what="dock check", day="tomorrow"),
    form(OWN_FORM, what="dock check", day="tomorrow"),
    form(PICKUP_FORM),
    form(POSTPONE_FORM, day="tomorrow", reason="a holiday"),
    options(CHOOSE),
    options(ALSO),
]
"""All doors that lead to a deal."""


async def forms_of(at: Visit) -> None:
    """Open the forms about the deal as Riley does, where one can."""
    number, stored, slack = at.known.id, at.stored, at.at.slack
    opens = (
        (CHANGE, number),
        (MUTE_ON_DEAL, number),
        (POST, stored.id),
        (CALL, f"{number}|"),
        (CHECK, f"{number}|"),
        (ANSWER, f"{number}|nps|nps"),
    )
    for action, value in opens:
        before = len(slack.views)
        await at.press("U3", action, value)
        await until(lambda before=before: any("submit" in view for view in slack.views[before:]), within=20)  # type: ignore[misc]
    kept, customer = {"deal": number, "key": "ramp-check"}, at.known.deal.customer
    made = [next_form(customer, kept), own_form(customer, kept), postpone_form(customer, "x", kept)]
    made += [pickup_form(customer, date(2026, 11, 4), kept), correction_form(CorrectionForm(first_of(at, HERE).plain(), customer, ()))]
    made.append(who_form(at.known.deal, [], at.call))
    at.forms = {view["callback_id"]: view for view in [*slack.views, *made] if "submit" in view}
