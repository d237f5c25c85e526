"""The demo: the sample moves with the day, and what is played reaches the rep."""

from __future__ import annotations

import json
import re
import signal
from datetime import date, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.deal import Deal
from bot.demo.play import readable, reading_seconds
from bot.demo.sample import TEST_DAY, sample
from tests.conftest import StartSlack
from tests.frame.commands import jumpin, started


def test_today_is_the_third_test_day() -> None:
    today = date(2027, 3, 9)
    scene = sample(today)
    assert Deal.model_validate(scene.deal).test_day(today) == TEST_DAY
    assert {datetime.fromisoformat(message["at"]).date() for message in scene.conversation["messages"]} == {today}


def test_deal_file_and_conversation_tell_the_same_deal() -> None:
    scene = sample(date(2026, 11, 4))
    apart = Deal.model_validate({**scene.deal, "channels": []})
    assert Deal.model_validate(scene.conversation["deal"]) == apart


def test_a_message_is_read_for_as_long_as_it_takes() -> None:
    assert reading_seconds("ok") < reading_seconds("a message of a good many words takes longer") <= 6


def test_a_direct_message_is_shown_with_its_buttons_in_one_line() -> None:
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "headline"}},
        {
            "type": "actions",
            "elements": [{"type": "button", "text": {"type": "plain_text", "text": name}} for name in ("Used it", "Snooze")],
        },
    ]
    assert readable({"text": "fallback", "blocks": blocks}) == "headline\n[Used it]  [Snooze]"
    assert readable({"text": "fallback"}) == "fallback"
    assert readable({"text": "*Priya Nair* (customer)\n`Hi Priya, 12*9*4 is fine.`"}) == "Priya Nair (customer)\nHi Priya, 12*9*4 is fine."


async def test_once_plays_the_conversation_and_prints_the_direct_messages(tmp_path: Path, local_slack: StartSlack) -> None:
    ran = await jumpin(tmp_path, "demo", "--once", "--speed", "100", JUMPIN_DAILY_HOUR="0")  # as after nine on a working day
    assert (ran.status, ran.err) == (0, ""), ran.out
    wanted = [message for message in sample(date(2026, 11, 4)).conversation["messages"] if _alarms(message)]
    assert f"{len(wanted)} direct messages reached the rep" in ran.out
    lines = ran.out.splitlines()
    for message in wanted:
        said = next(n for n, line in enumerate(lines) if message["text"] in line)
        assert "DM to Riley Chen" in lines[said + 1]
    assert "[Used it]" in ran.out


async def test_ctrl_c_ends_all_it_started(tmp_path: Path, local_slack: StartSlack) -> None:
    demo = await started(tmp_path, "demo", "--speed", "100")
    assert demo.stdout is not None
    web = ""
    async for line in demo.stdout:
        found = re.search(rb"http://127\.0\.0\.1:\d+", line)
        web = found.group().decode() if found else web
        if b"Ctrl-C ends the demo" in line:
            break
    demo.send_signal(signal.SIGINT)
    rest, complaints = await demo.communicate()
    assert (demo.returncode, complaints) == (0, b"")
    assert b"The demo has ended" in rest
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(web)


async def test_without_a_workspace_it_scans_the_sample(tmp_path: Path) -> None:
    ran = await jumpin(tmp_path, "demo", "--without-slack")
    assert (ran.status, ran.err) == (0, "")
    assert "15 packages a day" in ran.out


async def test_without_npm_it_says_so_and_scans(tmp_path: Path) -> None:
    ran = await jumpin(tmp_path, "demo", XDG_CACHE_HOME=str(tmp_path / "empty"), PATH=str(tmp_path))
    assert ran.status == 0
    assert "npm is not installed" in ran.out
    assert "15 packages a day" in ran.out


async def test_the_scan_raises_what_the_sample_is_labelled_with(tmp_path: Path) -> None:
    scene = sample(date(2026, 11, 4))
    file = tmp_path / "impl-acme.json"
    file.write_text(json.dumps(scene.conversation))
    ran = await jumpin(tmp_path, "scan", "--json", str(file))
    raised = [(found["message"], found["scenario"]) for found in map(json.loads, ran.out.splitlines())]
    for message in scene.conversation["messages"]:
        names = [{expected["scenario"], *expected.get("also", ())} for expected in message.get("expect", ())]
        got = [scenario for n, scenario in raised if n == str(message["n"])]
        assert len(got) == len(names), message["text"]
        assert all(scenario in allowed for scenario, allowed in zip(got, names, strict=True))


def _alarms(message: dict[str, list[dict[str, str]]]) -> bool:
    return any(expected["scenario"] != "pickup-confirmed" for expected in message.get("expect", ()))
