"""`jumpin crm` from connecting to the first deals, against a CRM that is a file and one over the wire."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from store.sources.crm.guess import field_of, guess, stage_of
from store.sources.crm.mapping import CrmMap, Term, read_map
from store.sources.crm.plain import Field, Step
from tests.crm.fake_hubspot import FakeHubSpot
from tests.crm.fakes import Deal, serving

CSV = """id,customer,stage,owner,modified,url,Committed per day,Test volume,Test start date
1,Acme Outfitters,Contract sent,riley@carrier.example,2026-11-01T10:00:00Z,https://crm.example/1,~500/day,30%,2026-11-16
2,Harbor Goods,Go live,sam@carrier.example,2026-11-01T10:00:00Z,https://crm.example/2,400-600 a day,,
3,Zest,Lost,,2026-11-01T10:00:00Z,,,,
"""


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "deals.csv").write_text(CSV, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRM_FILE", "deals.csv")
    monkeypatch.setenv("CRM_MAP", str(tmp_path / "crm.yml"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}")
    return tmp_path


def run(*words: str, status: int = 0, typed: str = "") -> str:
    done = CliRunner().invoke(app, ["crm", *words], input=typed)
    assert done.exit_code == status, (done.output, done.exception)
    return done.output


def test_connect_guesses_and_a_dry_run_shows_what_would_come(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = run("connect", "file", "--yes")
    mapping = read_map((env / "crm.yml").read_text(encoding="utf-8"), "crm.yml")
    assert mapping.stages == {"Contract sent": "setup", "Go live": "implementation"}
    assert mapping.terms["volume.committed_per_day"].field == "committed_per_day"
    assert mapping.terms["test.starts"].field == "test_start_date"
    assert "CRM_SOURCE=file" in said
    monkeypatch.setenv("CRM_SOURCE", "file")
    told = run("sync", "--dry-run")
    assert "Acme Outfitters: setup, riley@carrier.example: volume.committed_per_day 500, test.starts 2026-11-16" in told
    assert "is a range" in told
    assert "test volume, packages per shipping day is missing" in told
    assert "https://crm.example/2" in told
    assert "3 deals read, 2 at setup or implementation. Nothing was changed." in told
    assert "not read yet" in run("status")
    assert "SLACK_BOT_TOKEN is missing" in run("sync", status=2)


def test_the_wizard_asks_and_asks_again(env: Path) -> None:
    stages = ["setup", "nonsense", "implementation", "-"]
    terms = ["Committed_per_day", "committed_per_day", *["-"] * 18]
    run("connect", "file", typed="\n".join([*stages, *terms, ""]))
    mapping = read_map((env / "crm.yml").read_text(encoding="utf-8"), "crm.yml")
    assert mapping.stages == {"Contract sent": "setup", "Go live": "implementation"}
    assert mapping.names["Lost"] == "Lost"
    found = {name: term.field for name, term in mapping.terms.items()}
    assert found == {"volume.committed_per_day": "committed_per_day", "test.weeks": None}


def test_options_say_it_without_questions(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(
        "connect",
        "file",
        "--yes",
        "--stage",
        "Lost=discovery",
        "--stage",
        "Go live=-",
        "--term",
        "billing=test_volume",
        "--term",
        "test.weeks=-",
    )
    mapping = read_map((env / "crm.yml").read_text(encoding="utf-8"), "crm.yml")
    assert mapping.stages == {"Contract sent": "setup", "Lost": "discovery"}
    assert mapping.terms["billing"].field == "test_volume"
    assert "test.weeks" not in mapping.terms
    monkeypatch.setenv("CRM_SOURCE", "file")
    assert 'no stage "Won"' in run("map", "--yes", "--stage", "Won=setup", status=2)
    assert "is no term" in run("map", "--yes", "--term", "volume=x", status=2)
    assert "Make it there first" in run("map", "--yes", "--term", "billing=terms", status=2)


def test_map_after_the_crm_has_changed(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("connect", "file", "--yes")
    monkeypatch.setenv("CRM_SOURCE", "file")
    (env / "deals.csv").write_text(CSV.replace("Committed per day", "Daily packages").replace("Go live", "Launch"), encoding="utf-8")
    told = run("map", "--yes")
    assert 'The field "committed_per_day"' in told
    assert 'The stage "Go live" (implementation) is not there any more' in told
    mapping = read_map((env / "crm.yml").read_text(encoding="utf-8"), "crm.yml")
    assert mapping.stages["Launch"] == "implementation"
    assert mapping.terms["volume.committed_per_day"].field == "daily_packages"


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (("status",), {}, "No CRM is connected"),
        (("connect", "zoho"), {}, "no CRM that is known"),
        (("connect", "hubspot"), {}, "CRM_KEY is missing"),
        (("connect", "salesforce"), {"CRM_KEY": "k"}, "CRM_URL or CRM_CLIENT_ID is missing"),
        (("connect", "file"), {"CRM_SOURCE": "hubspot"}, "CRM_SOURCE is hubspot"),
        (("connect", "file"), {"CRM_FILE": "missing.csv"}, "cannot be read"),
        (("sync", "--dry-run"), {"CRM_SOURCE": "file"}, "run jumpin crm connect file"),
        (("status",), {"CRM_SOURCE": "zoho"}, "CRM_SOURCE"),
        (("connect", "hubspot"), {"CRM_KEY": "two words"}, "CRM_KEY: must be one word"),
        (("connect", "salesforce"), {"CRM_URL": "http://carrier.example"}, "CRM_URL: must be the CRM's web address"),
    ],
)
def test_what_is_missing_is_one_sentence(
    env: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], settings: dict[str, str], said: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert said in run(*words, status=2)


def test_hubspot_is_connected_and_read_over_the_wire(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeHubSpot()
    fake.fields = {"committed": ("Committed packages per day", "number"), "test": ("Test volume", "text")}
    fake.fields["starts"] = ("Test start date", "date")
    fake.stages = {"7": "Contract sent", "8": "Closed lost"}
    fake.put(Deal("1", "Acme Outfitters", "7", fields={"committed": "500", "test": "150", "starts": "2026-11-16"}))
    with apart(fake) as url:
        monkeypatch.setenv("CRM_URL", url)
        monkeypatch.setenv("CRM_KEY", "revoked")
        assert "refuses the key" in run("connect", "hubspot", "--yes", status=2)
        monkeypatch.setenv("CRM_KEY", fake.key)
        assert "Sales / Contract sent" in run("connect", "hubspot", "--yes")
        monkeypatch.setenv("CRM_SOURCE", "hubspot")
        assert "Acme Outfitters: setup, riley@carrier.example" in run("sync", "--dry-run")
    assert fake.wrong == []


@contextmanager
def apart(fake: FakeHubSpot) -> Iterator[str]:
    """The fake on a loop of its own: commands run theirs."""
    loop = asyncio.new_event_loop()
    up, down = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with serving(fake):
            up.set()
            await down.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert up.wait(10)
    try:
        yield fake.url
    finally:
        loop.call_soon_threadsafe(down.set)
        thread.join(10)
        loop.close()


@pytest.mark.parametrize(
    ("label", "stage"),
    [
        ("Contract Sent", "setup"),
        ("Closed Won", "closed-won"),
        ("Closed Lost", None),
        ("Implementation / test", "implementation"),
        ("Appointment scheduled", "discovery"),
        ("Rates built", "rate-creation"),
        ("Proposal/Price Quote", "proposal"),
        ("Negotiation/Review", "proposal"),
        ("Something else", None),
    ],
)
def test_stages_are_guessed_by_their_labels(label: str, stage: str | None) -> None:
    assert stage_of(label) == stage


def test_fields_are_guessed_and_kept_when_they_were_mapped() -> None:
    fields = [Field("Committed_Packages_Per_Day__c", "Committed"), Field("amount", "Amount"), Field("hs_x", "Pilot packages per day")]
    assert field_of("volume.committed_per_day", fields) == "Committed_Packages_Per_Day__c"
    assert field_of("test.volume_per_day", fields) == "hs_x"
    assert field_of("billing", fields) is None
    before = CrmMap("file", {"a": "setup"}, {"a": "A"}, {"billing": Term("amount")}, tell=("U1",))
    made = guess("file", fields, [Step("a", "Lost"), Step("b", "Launch")], before)
    assert made.stages == {"a": "setup", "b": "implementation"}
    assert made.terms == {"billing": Term("amount")}
    assert made.tell == ("U1",)
