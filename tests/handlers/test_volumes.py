"""Volumes that come in: dropped files are shown before they are taken, accounts mapped by a click, signed deliveries count once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.playbook.clock.history import Actual, Actuals
from handlers.files.door import WHAT as DROPPED
from handlers.signed import Delivery
from handlers.telling.tell import Courier
from handlers.volumes import pulling
from handlers.volumes.offered import READING
from handlers.volumes.progress import watched
from store import outbox, volume_accounts, volumes
from store.records import Errand, KnownDeal
from store.volume_records import Came, Line
from templates.volume_card import FOR, LEAVE, TAKE, WHOSE
from templates.volume_progress import Far, importing
from tests.handlers.telling import QUICK, Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts
from tests.live.fake_slack import Fault

DAY = date(2026, 11, 2)
TOTALS = b'Date,Packages\n2026-11-02,148\n2026-11-03,"1,172"\n2026-12-24,5\n'
ACCOUNTS = b"Ship Date;Customer;Packages\n02.11.2026;Acme Outfitters;148\n13.10.2026;ACME WH 2;20\n02.11.2026;Beta;7\n"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as made:
        yield made


async def drop(at: Stage, data: bytes, channel: str = "C1", name: str = "november.csv", user: str = "U3") -> dict[str, Any]:
    """Somebody drops a file; what they are told."""
    at.slack.file("F1", name, data)
    assert await at.event(type="file_shared", channel_id=channel, file_id="F1", user_id=user, event_ts="1.0") == 200
    return await told(at, user)


async def told(at: Stage, user: str = "U3") -> dict[str, Any]:
    """The last DM to somebody, once all are sent."""
    async with at.courier() as courier:
        await courier.drain()
    dms = at.slack.dms(user)
    for message in dms:
        assert mistakes(message["blocks"]) == []
    return deepcopy(dms[-1]) if dms else {}


def words(message: dict[str, Any]) -> str:
    return "\n".join(texts(message["blocks"])) if message else ""


def element(message: dict[str, Any], action: str) -> tuple[dict[str, Any], str]:
    """A button or menu of a message, and the id of its block."""
    for block in message["blocks"]:
        for one in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
            if one.get("action_id") == action:
                return one, block["block_id"]
    pytest.fail(f"no {action} in {message['blocks']}")


async def press(at: Stage, message: dict[str, Any], action: str, chosen: str | None = None, user: str = "U3") -> str:
    """A click; what comes back, if anything does: an import shows in the message itself."""
    one, block = element(message, action)
    more = {"selected_option": {"value": chosen}} if chosen is not None else {"value": one["value"]}
    before = len(at.slack.responses)
    await at.press(user, {"action_id": action, "block_id": block, **more})
    if action in (TAKE, FOR) or (action == LEAVE and at.slack.count("chat.update")):
        return ""
    await until(lambda: len(at.slack.responses) > before)
    return "\n".join(texts(at.slack.responses[-1]["blocks"]))


async def shipped(at: Stage, known: KnownDeal) -> Actuals | None:
    async with at.house.store.reading() as s:
        return await volumes.of_deal(s, known.id)


async def test_a_file_in_the_deals_channel_is_shown_and_taken_once(at: Stage) -> None:
    known = await at.know()
    shown = await drop(at, TOTALS)
    said = words(shown)
    assert "1,320 packages on 2 days, 2 - 3 Nov 2026 (3 rows, daily totals)" in said
    assert "day = “Date”, packages = “Packages”" in said
    assert "→ Acme Outfitters" in said
    assert "1 day lies ahead and is left out in row 4: 2026-12-24" in said
    assert await shipped(at, known) is None
    for _ in range(2):
        await press(at, shown, TAKE)
    assert "2 days new" in words(await told(at))
    await press(at, shown, TAKE)
    await press(at, shown, LEAVE)
    assert "2 days new" in words(await told(at)), "the result stays"
    assert len(at.slack.dms("U3")) == 1
    assert at.slack.responses == []
    assert await shipped(at, known) == Actuals((Actual(DAY, 148), Actual(date(2026, 11, 3), 1172)))
    assert [one for one in at.slack.messages["C1"] if one.get("bot_id")] == [], "nothing where the customer sees it"


async def test_what_a_file_changes_is_told_before(at: Stage) -> None:
    known = await at.know()
    lines = [Line("", DAY, 150), Line("", date(2026, 11, 3), 150)]
    await volumes.take(at.house.store, Came("file", "first.csv", "U3", at.clock.now()), lines, known.id)
    assert "2 days known already change, the first 2 Nov 2026, 150 → 148" in words(await drop(at, TOTALS))


async def test_a_file_taken_for_a_deal_tells_whose_its_account_is(at: Stage) -> None:
    known = await at.know()
    older = [Line("ACME WH 2", date(2026, 11, 2), 19), Line("ACME WH 2", date(2026, 10, 30), 7)]
    await volumes.take(at.house.store, Came("file", "older.csv", "U4", at.clock.now()), older)
    shown = await drop(at, b"date,account,packages\n2026-11-02,ACME WH 2,20\n")
    assert "→ Acme Outfitters" in words(shown)
    await press(at, shown, TAKE)
    said = words(await told(at))
    assert "2 days new, 1 corrected" in said
    assert "“ACME WH 2” belongs to Acme Outfitters from now on" in said
    await volumes.take(at.house.store, Came("pull", "q", "bot", at.clock.now()), [Line("ACME WH 2", date(2026, 11, 3), 30)])
    there = await shipped(at, known)
    assert there is not None
    assert [one.packages for one in there.days] == [7, 20, 30]


async def test_an_import_that_breaks_off_is_taken_up_where_its_message_stands(at: Stage) -> None:
    known = await at.know()
    shown = await drop(at, TOTALS)
    at.slack.fail("files.info", Fault(hang=3))
    await press(at, shown, TAKE)
    courier = Courier(at.house, at.slack.client(1), QUICK)
    running = asyncio.create_task(courier.run())
    await until(lambda: "Importing the file…" in words(at.slack.dms("U3")[0]))
    running.cancel()
    stopping = asyncio.create_task(courier.drain())
    await asyncio.sleep(0)
    stopping.cancel()
    await asyncio.gather(running, stopping, return_exceptions=True)
    assert await shipped(at, known) is None
    assert "2 days new" in words(await told(at))
    assert len(at.slack.dms("U3")) == 1
    assert await shipped(at, known) == Actuals((Actual(DAY, 148), Actual(date(2026, 11, 3), 1172)))


async def test_a_large_file_is_read_offered_and_imported_in_one_message(at: Stage) -> None:
    known = await at.know()
    at.slack.file("F1", "november.csv", TOTALS)
    await at.event(type="file_shared", channel_id="C1", file_id="F1", user_id="U3", event_ts="1.0")
    about = {"what": READING, "file": "F1", "channel": "C1"}
    async with at.house.store.writing() as s:  # as is left where reading takes longer than a moment
        await outbox.notify(s, f"{READING}:C1:F1", "U3", about, at.clock.now())
    shown = await told(at)
    assert "1,320 packages on 2 days" in words(shown)
    assert shown["edited"]
    await press(at, shown, TAKE)
    assert "2 days new" in words(await told(at))
    assert len(at.slack.dms("U3")) == 1
    assert await shipped(at, known) is not None
    async with at.house.store.writing() as s:
        await outbox.notify(s, "once more", "U3", about, at.clock.now())
    await told(at)
    assert len(at.slack.dms("U3")) == 1, "what has been read is not announced any more"


async def test_what_takes_long_shows_how_far_it_is(at: Stage) -> None:
    await at.know()
    await drop(at, TOTALS)
    at.slack.fail("chat.update", Fault(error="internal_error"))

    async def standing() -> Errand | None:
        async with at.house.store.reading() as s:
            return await outbox.with_key(s, f"{DROPPED}:C1:F1")

    async with watched(at.house, standing, lambda far: importing("labels.csv", far), every=0.01) as work:
        for far, says in (
            (Far(420_000, 0.42), "420,000 rows read, 42%."),
            (Far(10**6, 1.0, 500, 3_700), "500 of 3,700 days kept."),
        ):
            work(far)
            await until(lambda says=says: says in words(at.slack.dms("U3")[-1]))  # type: ignore[misc]
        before = at.slack.count("chat.update")
        await asyncio.sleep(0.05)
        assert at.slack.count("chat.update") == before, "nothing new is not told again"
    assert "▓" in words(at.slack.dms("U3")[-1])


async def test_not_now_keeps_nothing(at: Stage) -> None:
    known = await at.know()
    assert "nothing was kept" in await press(at, await drop(at, TOTALS), LEAVE)
    assert await shipped(at, known) is None


async def test_a_file_without_accounts_in_a_dm_asks_for_which_deal(at: Stage) -> None:
    known = await at.know()
    shown = await drop(at, TOTALS, "DU3")
    await press(at, shown, FOR, str(known.id))
    assert "2 days new" in words(await told(at))
    assert await shipped(at, known) is not None


async def test_accounts_go_to_their_deals_and_unknown_ones_are_mapped_by_a_click(at: Stage) -> None:
    known = await at.know()
    await at.know(acme(customer="Beta", people=[{"id": "U4", "name": "Morgan Lee", "role": "rep"}], channels=[]))
    shown = await drop(at, ACCOUNTS, "DU3")
    said = words(shown)
    assert "“Acme Outfitters”: 148 packages on 1 day → Acme Outfitters" in said
    assert "“Beta”: 7 packages on 1 day → no deal yet" in said, "a deal that one may not see does not exist"
    await press(at, shown, TAKE)
    result = await told(at)
    assert "1 day new, 2 kept until their account has a deal" in words(result)
    assert "“Beta”" not in words(result)
    assert "1 day new" in await press(at, result, WHOSE, str(known.id))
    assert "has its deal already" in await press(at, result, WHOSE, str(known.id))
    there = await shipped(at, known)
    assert there is not None
    assert [one.packages for one in there.days] == [20, 148]
    async with at.house.store.reading() as s:
        assert [one.account for one in await volume_accounts.waiting(s)] == ["Beta"]


async def test_another_deals_file_in_a_channel_is_not_taken_for_it(at: Stage) -> None:
    known = await at.know()
    shown = await drop(at, b"date,account,packages\n2026-11-02,Acme Outfitters,148\n2026-11-02,Other,9\n")
    await press(at, shown, TAKE)
    assert "1 day new, 1 kept" in words(await told(at))
    assert await shipped(at, known) == Actuals((Actual(DAY, 148),))


@pytest.mark.parametrize(
    ("data", "channel", "says"),
    [
        (b"Date,Packages\n13/11/2025,1\n11/14/2025,2\n", "C1", "two orders"),
        (b"Name,Phone\nDana,5\n", "DU3", "has no column for the day"),
        (b"Name,Phone\nDana,5\n", "C1", ""),
        (b"", "DU3", "is empty"),
    ],
)
async def test_what_cannot_be_read_gets_one_sentence(at: Stage, data: bytes, channel: str, says: str) -> None:
    await at.know()
    said = words(await drop(at, data, channel))
    assert (says in said) if says else (said == ""), said


def delivery(body: Any, number: str = "msg_1") -> Delivery:
    return Delivery(number, datetime.now(UTC), body if isinstance(body, bytes) else json.dumps(body).encode(), {}, {})


def sent(packages: Any, day: str = "2026-11-02", account: str = "Acme Outfitters", **more: Any) -> dict[str, Any]:
    return {"account": account, "date": day, "packages": packages, **more}


async def test_a_delivery_counts_once_and_a_later_one_corrects_it(at: Stage) -> None:
    known = await at.know()
    take = at.house.hooks["volumes"].take
    first = delivery([sent(160, source="wms", id="a1", disputes=2), sent(9, account="Nobody")])
    for _ in range(2):
        answer = await take(first)
        assert answer.status == 200
        assert answer.said == {"ok": True, "new": 1, "replaced": 0, "same": 0, "waiting": 1, "ignored": 0, "unknown_accounts": ["Nobody"]}
    corrected = await take(delivery([sent(150, source="wms")], "msg_2"))
    assert corrected.said["replaced"] == 1
    await take(first)
    assert await shipped(at, known) == Actuals((Actual(DAY, 150),))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"no json", "json"),
        ([], "at least 1"),
        ([sent(5), sent(-1)], "entry 1: packages: input should be greater than or equal to 0"),
        ([sent(5, "2026-12-24")], "entry 0: date: 2026-12-24 lies ahead"),
        ([sent(5, "soon")], "entry 0: date: "),
        ([sent(5, source="a b")], "entry 0: source: use letters"),
        ([{"account": "Acme"}], "entry 0: date: field required"),
    ],
)
async def test_a_delivery_that_cannot_be_read_is_refused_whole(at: Stage, body: Any, error: str) -> None:
    known = await at.know()
    answer = await at.house.hooks["volumes"].take(delivery(body))
    assert answer.status == 400
    assert error in str(answer.said["error"]).lower()
    assert await shipped(at, known) is None


async def test_the_carriers_database_is_asked_once_in_each_stretch_of_time(at: Stage, tmp_path: Path) -> None:
    known = await at.know()
    with closing(sqlite3.connect(tmp_path / "wms.db")) as wms:
        wms.execute("CREATE TABLE shipped (account TEXT, ship_date TEXT, packages INTEGER)")
        wms.execute("INSERT INTO shipped VALUES ('Acme Outfitters', '2026-11-02', 148)")
        wms.commit()
        (tmp_path / "q.sql").write_text("SELECT * FROM shipped", encoding="utf-8")
        warehouse = pulling.Warehouse(f"sqlite:///{tmp_path / 'wms.db'}", tmp_path / "q.sql")
        slot = warehouse.slot(at.clock.now())
        made = await pulling.tick(at.house, warehouse, slot)
        assert made is not None
        assert made.counts.new == 1
        assert await pulling.tick(at.house, warehouse, slot) is None, "another process has"
        wms.execute("UPDATE shipped SET packages = 150")
        wms.commit()
    at.clock.ahead(hours=1)
    assert warehouse.slot(at.clock.now()) != slot
    await pulling.tick(at.house, warehouse, warehouse.slot(at.clock.now()))
    assert await shipped(at, known) == Actuals((Actual(DAY, 150),))
    (tmp_path / "q.sql").write_text("DROP TABLE shipped", encoding="utf-8")
    assert await pulling.tick(at.house, warehouse, "pull:later") is None
    assert [one["why"] for one in at.logged if one.get("event") == "volumes not pulled"] == [
        "VOLUMES_SQL may only read: it must be one SELECT, and nothing that writes"
    ]
