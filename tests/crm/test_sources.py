"""One suite over every CRM: the same deals, the same changes, the same troubles, whatever the vendor."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from store.sources.crm.file import CrmFile
from store.sources.crm.hubspot import HubSpot
from store.sources.crm.plain import (
    Away,
    Busy,
    FieldGone,
    KeyRefused,
    NotAllowed,
    Outgoing,
    Record,
    RecordGone,
    Refused,
    Source,
    Step,
    Wanted,
)
from store.sources.crm.salesforce import Salesforce, quoted
from tests.crm.fake_hubspot import FakeHubSpot
from tests.crm.fake_salesforce import FakeSalesforce
from tests.crm.fakes import BEGAN, Answer, Deal, FakeCrm, Fault, serving

FIELDS = {"committed__c": ("Committed", "number"), "test__c": ("Test volume", "text"), "start__c": ("Test start", "date")}
STAGES = {"quote": "Quote sent", "signing": "Contract out", "launch": "Launch"}
WANTED = Wanted(tuple(FIELDS), frozenset({"signing", "launch"}))


def number(place: int) -> str:
    """An id that every vendor takes as its own, except that Salesforce's has 18 characters."""
    return f"{place:018d}"


@dataclass
class Told:
    """A CRM with its client: `tell` gives what the fake holds to a CRM that is a file."""

    source: Source
    fake: FakeCrm
    paused: list[float] = field(default_factory=list)
    path: Path | None = None

    def tell(self) -> None:
        if self.path is None:
            return
        columns = ["id", "customer", "stage", "owner", "modified", "modified_by", "deleted", *self.fake.fields]
        with self.path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            for deal in self.fake.deals.values():
                row = {
                    "id": deal.id,
                    "customer": deal.customer,
                    "stage": deal.stage,
                    "owner": deal.owner,
                    "modified": deal.modified.isoformat(),
                }
                known = {name: value for name, value in deal.fields.items() if name in self.fake.fields}
                writer.writerow({**row, "modified_by": deal.by, "deleted": str(deal.gone).lower(), **known})

    async def all(self, wanted: Wanted = WANTED) -> list[Record]:
        self.tell()
        found, after, first = list[Record](), None, True
        while first or after:
            page = await self.source.page(wanted, after)
            found, after, first = [*found, *page.records], page.after, False
        return found


@pytest_asyncio.fixture(params=["file", "hubspot", "salesforce"])
async def crm(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Told]:
    """Three deals in each CRM."""
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    async with AsyncExitStack() as stack:
        fake: FakeCrm = FakeSalesforce() if request.param == "salesforce" else FakeHubSpot()
        fake.fields, fake.stages = dict(FIELDS), dict(STAGES)
        await stack.enter_async_context(serving(fake))
        path = tmp_path / "crm.csv" if request.param == "file" else None
        source: Source
        if path is not None:
            source = CrmFile(path)
        elif request.param == "hubspot":
            source = HubSpot(fake.key, fake.url, gap=0, pause=pause)
        else:
            source = Salesforce(fake.url, "client", fake.key, gap=0, pause=pause)
        fake.put(
            Deal(number(1), "Acme Outfitters", "signing", fields={"committed__c": "500", "test__c": "~150/day", "start__c": "2026-11-16"})
        )
        fake.put(Deal(number(2), "Harbor Goods", "quote", owner="Morgan@Carrier.example"))
        fake.put(Deal(number(3), "Zest", "launch", owner=None, fields={"committed__c": "80"}))
        told = Told(source, fake, paused, path)
        told.tell()
        yield told
        await source.close()
        assert fake.wrong == [], "requests or answers that are not as the vendor's contract has them"


over_the_wire = pytest.mark.parametrize("crm", ["hubspot", "salesforce"], indirect=True)
"""Tests of what a file cannot have: a line that fails, a key, somebody who answers."""


async def test_deals_come_with_customer_stage_owner_and_mapped_fields(crm: Told) -> None:
    acme, harbor, zest = await crm.all()
    assert (acme.customer, acme.stage, acme.owner) == ("Acme Outfitters", "signing", "riley@carrier.example")
    assert acme.fields == {"committed__c": "500", "test__c": "~150/day", "start__c": "2026-11-16"}
    assert acme.modified == BEGAN
    assert harbor.stage == "quote"
    assert (zest.customer, zest.owner, zest.gone) == ("Zest", None, False)


async def test_only_what_changed_since_comes_again(crm: Told) -> None:
    crm.fake.set(number(3), committed__c="90")
    later = Wanted(WANTED.fields, WANTED.stages, BEGAN + timedelta(seconds=30))
    [zest] = await crm.all(later)
    assert (zest.id, zest.fields["committed__c"]) == (number(3), "90")


async def test_one_deal_as_it_is_now_and_who_changed_it(crm: Told) -> None:
    crm.fake.set(number(1), test__c="200")
    crm.tell()
    found = await crm.source.get(number(1), WANTED.fields)
    assert found.fields["test__c"] == "200"
    told = await crm.source.who(number(1), ["test__c"])
    assert (told["test__c"].by, told["test__c"].at) == ("Sam Stone", crm.fake.now)


async def test_fields_and_stages_are_discovered(crm: Told) -> None:
    assert {one.name for one in await crm.source.fields()} >= set(FIELDS)
    steps = await crm.source.steps()
    assert [one.id for one in steps] == (list(STAGES) if crm.path is None else ["signing", "quote", "launch"])
    if crm.path is None:
        assert steps[0].label == "Quote sent"
        assert {one.name: one.type for one in await crm.source.fields()}["committed__c"] == "number"


OUT = {
    "note": Outgoing("amendment:1", number(1), "note", "Terms changed", "Test volume: 150 → 200\n<b>agreed</b>"),
    "task": Outgoing("next:7", number(1), "task", "Review of the test", "Agreed with Dana", date(2026, 12, 1)),
    "fields": Outgoing("terms:3", number(1), "fields", fields={"committed__c": "600"}),
}


@over_the_wire
@pytest.mark.parametrize("kind", OUT)
async def test_what_goes_back_stands_there(crm: Told, kind: str) -> None:
    out = OUT[kind]
    assert await crm.source.find(out) is None
    assert await crm.source.send(out)
    if crm.path is not None:
        assert await crm.source.find(out) == out.key
        return
    [written] = crm.fake.notes(kind)
    assert written["record"] == number(1)
    if kind == "fields":
        assert (await crm.source.get(number(1), ["committed__c"])).fields["committed__c"] == "600"
    else:
        assert await crm.source.find(out) == written["id"]
        assert await crm.source.find(OUT["task" if kind == "note" else "note"]) is None
        assert "150 → 200" in written["text"] or kind == "task"
    if kind == "task":
        assert "2026-12-01" in str(written["properties"])


async def test_a_name_with_quotes_or_markup_is_only_a_name(crm: Told) -> None:
    crm.fake.put(Deal(number(4), 'O\'Hara \\ "Sons" <b>', "launch"))
    [found] = [one for one in await crm.all() if one.id == number(4)]
    assert found.customer == 'O\'Hara \\ "Sons" <b>'


async def test_a_deal_that_was_deleted(crm: Told) -> None:
    crm.fake.set(number(1), gone=True)
    found = {one.id: one for one in await crm.all()}
    if number(1) in found:
        assert found[number(1)].gone
    if crm.path is None:
        with pytest.raises(RecordGone):
            await crm.source.get(number(1), WANTED.fields)
        with pytest.raises(RecordGone):
            await crm.source.send(OUT["fields"])


@over_the_wire
async def test_a_revoked_key_is_said_with_what_to_do(crm: Told) -> None:
    crm.fake.key = "another"
    if isinstance(crm.fake, FakeSalesforce):
        crm.fake.token = ""
    with pytest.raises(KeyRefused, match="CRM_KEY"):
        await crm.all()


@over_the_wire
async def test_the_key_is_in_no_message(crm: Told) -> None:
    for status in (400, 401, 403, 404, 418, 500):
        crm.fake.fail(*[Fault(Answer(status, {"message": "no", "errorCode": "X"}))] * 3)
        with pytest.raises(Exception, match=r"\.$|no$") as told:
            await crm.source.get(number(1), WANTED.fields)
        assert crm.fake.key not in str(told.value)
        crm.fake.faults.clear()


@pytest.mark.parametrize("crm", ["salesforce"], indirect=True)
async def test_a_session_that_ran_out_is_opened_anew(crm: Told) -> None:
    assert isinstance(crm.fake, FakeSalesforce)
    await crm.all()
    crm.fake.token = "ended"
    assert len(await crm.all()) == 3
    assert crm.fake.signed_in == 2


@over_the_wire
async def test_a_missing_permission_is_named(crm: Told) -> None:
    if isinstance(crm.fake, FakeHubSpot):
        crm.fake.scopes_missing = "crm.objects.deals.write"
        with pytest.raises(NotAllowed, match=r"crm\.objects\.deals\.write is missing"):
            await crm.source.send(OUT["fields"])
    else:
        await crm.all()
        crm.fake.fail(Fault(Answer(403, [{"errorCode": "INSUFFICIENT_ACCESS", "message": "insufficient access rights on object"}])))
        with pytest.raises(NotAllowed, match="insufficient access rights"):
            await crm.source.send(OUT["fields"])


@pytest.mark.parametrize("crm", ["hubspot"], indirect=True)
@pytest.mark.parametrize("where", ["context", "errors"])
async def test_missing_permissions_are_named_wherever_hubspot_puts_them(crm: Told, where: str) -> None:
    context = {"missingScopes": ["crm.objects.contacts.write", "crm.objects.contacts.read"]}
    told = {"context": context} if where == "context" else {"errors": [{"message": "scopes", "context": context}]}
    crm.fake.fail(Fault(Answer(403, {"category": "MISSING_SCOPES", "message": "no", **told})))
    with pytest.raises(NotAllowed, match=r"one of crm\.objects\.contacts\.write, crm\.objects\.contacts\.read is missing"):
        await crm.source.send(OUT["note"])


@over_the_wire
async def test_a_rule_of_the_crm_that_refuses_a_value_is_told(crm: Told) -> None:
    await crm.all()
    body: Any = {"status": "error", "message": "committed must be at most 300"}
    crm.fake.fail(
        Fault(Answer(400, [body | {"errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION"}] if crm.fake.vendor == "salesforce" else body))
    )
    with pytest.raises(Refused, match="at most 300"):
        await crm.source.send(OUT["fields"])


async def test_a_deleted_field_is_noticed(crm: Told) -> None:
    del crm.fake.fields["test__c"]
    crm.tell()
    assert "test__c" not in {one.name for one in await crm.source.fields()}
    if crm.path is None:
        with pytest.raises(FieldGone, match="jumpin crm map"):
            await crm.source.send(Outgoing("terms:4", number(1), "fields", fields={"test__c": "1"}))


@over_the_wire
async def test_the_rate_limit_is_waited_out_as_long_as_it_says(crm: Told) -> None:
    await crm.all()
    crm.paused.clear()
    crm.fake.fail(*[Fault(Answer(429, {}, {"Retry-After": "7"}))] * 2)
    assert (await crm.source.get(number(1), WANTED.fields)).id == number(1)
    assert crm.paused == [7.0, 7.0]
    crm.fake.fail(Fault(Answer(429, {}, {"Retry-After": "900"})))
    with pytest.raises(Busy) as busy:
        await crm.source.get(number(1), WANTED.fields)
    assert busy.value.seconds == 900


@pytest.mark.parametrize("crm", ["hubspot"], indirect=True)
async def test_little_allowance_left_makes_it_wait(crm: Told) -> None:
    left = {"X-HubSpot-RateLimit-Max": "100", "X-HubSpot-RateLimit-Remaining": "3", "X-HubSpot-RateLimit-Interval-Milliseconds": "10000"}
    crm.fake.fail(Fault(Answer(200, {"total": 0, "results": []}, left)))
    await crm.source.page(WANTED, None)
    await crm.source.fields()
    assert crm.paused == [10.0]


@over_the_wire
@pytest.mark.parametrize(
    "fault", [Fault(Answer(502, "bad gateway")), Fault(cut=True), Fault(Answer(200, "<html>proxy</html>"))], ids=["502", "cut", "html"]
)
async def test_a_crm_that_is_away_is_away(crm: Told, fault: Fault) -> None:
    await crm.all()
    crm.fake.fail(fault)
    with pytest.raises(Away):
        await crm.source.get(number(1), WANTED.fields)
    assert (await crm.source.get(number(1), WANTED.fields)).id == number(1)


@over_the_wire
async def test_a_write_of_which_the_answer_was_lost_is_found_again(crm: Told) -> None:
    await crm.all()
    crm.fake.fail(Fault(cut=True, acted=True))
    with pytest.raises(Away):
        await crm.source.send(OUT["note"])
    assert await crm.source.find(OUT["note"]) == crm.fake.notes("note")[0]["id"]


async def test_more_deals_than_a_search_reaches_come_once_each_and_can_go_on_from_anywhere(crm: Told) -> None:
    if isinstance(crm.fake, FakeHubSpot):
        crm.fake.most = 1_000  # HubSpot's own is 10,000
    same = [Deal(number(place), "Bulk", "quote", owner=None) for place in range(10, 1_530)]  # all changed at the same moment
    crm.fake.deals |= {one.id: one for one in same}
    found = await crm.all()
    assert len(found) == len({one.id for one in found}) == 3 + len(same)
    if crm.path is None:
        half = await crm.source.page(WANTED, number(500))
        assert half.records[0].id == number(501)
        searches = [call for call in crm.fake.calls if call[1].endswith(("search", "queryAll"))]
        assert len(searches) < 12


@pytest.mark.parametrize("crm", ["hubspot"], indirect=True)
async def test_deals_out_of_order_are_not_passed_over_in_silence(crm: Told) -> None:
    assert isinstance(crm.fake, FakeHubSpot)
    crm.fake.sorts = False
    crm.fake.deals |= {number(place): Deal(number(place), "Bulk", "quote", owner=None) for place in range(10, 300)}
    with pytest.raises(Away, match="order"):
        await crm.all()


def test_soql_texts_are_escaped() -> None:
    assert quoted("O'Hara") == "'O\\'Hara'"
    assert quoted("x' OR Name != '") == "'x\\' OR Name != \\''"
    assert quoted("a\\\nb") == "'a\\\\\\nb'"


@over_the_wire
async def test_ids_lead_nowhere_else(crm: Told) -> None:
    before = len(crm.fake.calls)
    for bad in ("../owners", "1?archived=true", "", "1/2"):
        with pytest.raises(RecordGone):
            await crm.source.send(Outgoing("terms:1", bad, "fields", fields={"committed__c": "1"}))
    assert [call for call in crm.fake.calls[before:] if not call[1].endswith("/token")] == []


async def test_a_file_without_the_needed_columns_or_with_a_broken_line(tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_text("Id;Customer\n1;Acme\n", encoding="utf-8")
    with pytest.raises(Exception, match="no column “stage”"):
        await CrmFile(path).steps()
    path.write_bytes("Id;Customer;Stage;Committed A Day\n1;Müller;launch;500\n;;;\n2;Zest\n".encode("cp1252"))
    source = CrmFile(path)
    assert await source.steps() == [Step("launch", "launch")]
    assert [one.customer for one in (await source.page(WANTED, None)).records] == ["Müller", "Zest"]
    assert [one.name for one in await source.fields()] == ["committed_a_day"]
    path.write_text("id,customer,stage,\n1,Acme,launch,,a cell more\n", encoding="utf-8")
    assert [one.customer for one in (await CrmFile(path).page(WANTED, None)).records] == ["Acme"]
    with pytest.raises(Away):
        await CrmFile(tmp_path / "missing.csv").steps()


async def test_a_line_that_a_killed_process_left_half_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_text("id,customer,stage\n1,Acme,launch\n", encoding="utf-8")
    (tmp_path / "crm.out.jsonl").write_text('{"key": "amend', encoding="utf-8")
    source, out = CrmFile(path), Outgoing("amendment:1", "1", "note", "Terms changed", "x")
    assert await source.find(out) is None
    assert await source.send(out) == await source.send(out) == "amendment:1"
    assert (tmp_path / "crm.out.jsonl").read_text(encoding="utf-8").count('"amendment:1"') == 1
