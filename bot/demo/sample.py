"""The sample deal and conversation, moved so that today is the deal's third test day, and the workspace they happen in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

SAMPLES = Path(__file__).parent / "samples"
TEST_DAY = 3
CHANNEL_NAME = "impl-acme"
BOT_TOKEN = "xoxb-demo"  # noqa: S105 - the emulator takes any token
APP_TOKEN = "xapp-demo"  # noqa: S105 - the same
BOT_USER = "U0JUMPIN"
TEAM = "T0CARRIER"


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the sample: who says what."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A deal and its conversation as raw data, dated around `today`."""

    deal: dict[str, Any]
    conversation: dict[str, Any]

    @property
    def channel(self) -> str:
        """The Slack id of the deal's channel."""
        return str(self.deal["channels"][0])

    @property
    def rep(self) -> str:
        """The Slack id of the deal's rep."""
        return next(str(person["id"]) for person in self.deal["people"] if person["role"] == "rep")

    @property
    def said(self) -> tuple[Said, ...]:
        """The messages in order."""
        return tuple(Said(message["speaker"], message["text"]) for message in self.conversation["messages"])

    @property
    def names(self) -> dict[str, str]:
        """Slack id -> name of the deal's people."""
        return {str(person["id"]): str(person["name"]) for person in self.deal["people"]}

    def terms(self) -> str:
        """The agreed figures in one line."""
        test, committed = self.deal["test"], self.deal["volume"]["committed_per_day"]
        agreed = f"{test['volume_per_day']}/day now, {committed}/day after the test"
        return f"{self.deal['customer']}, test day {TEST_DAY} of {test['weeks'] * 7}, {agreed}"

    def deal_text(self) -> str:
        """The deal as a deal file."""
        return yaml.safe_dump(self.deal, sort_keys=False, allow_unicode=True)

    def workspace(self) -> dict[str, Any]:
        """The emulator's configuration: the deal's people, its channel, and the bot."""
        people = [
            {"id": id_, "name": name.split()[0].lower(), "real_name": name, "tz": self.deal["timezone"]} for id_, name in self.names.items()
        ]
        bot = {"appId": "A0JUMPIN", "botUserId": BOT_USER, "botName": "jump-in", "botToken": BOT_TOKEN, "appToken": APP_TOKEN}
        return {
            "workspace": {"name": "Carrier", "domain": "carrier", "teamId": TEAM},
            "apps": [{**bot, "signingSecret": "demo", "mode": "socket"}],
            "users": people,
            "channels": [{"id": self.channel, "name": CHANNEL_NAME, "is_private": False, "members": [*self.names, BOT_USER]}],
        }


def sample(today: date) -> Sample:
    """The sample with its dates moved so that `today` is the deal's third test day."""
    deal = yaml.safe_load((SAMPLES / "acme.yml").read_text(encoding="utf-8"))
    conversation = json.loads((SAMPLES / "impl-acme.json").read_text(encoding="utf-8"))
    starts = today - timedelta(days=TEST_DAY - 1)
    moved = starts - deal["test"]["starts"]
    deal["test"]["starts"] = starts
    conversation["deal"]["test"]["starts"] = starts.isoformat()
    for message in conversation["messages"]:
        message["at"] = (datetime.fromisoformat(message["at"]) + moved).isoformat(timespec="minutes")
    return Sample(deal, conversation)
