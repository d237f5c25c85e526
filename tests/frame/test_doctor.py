"""The doctor: all is well, or each fault with the way to mend it, against two different far ends."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.commands import checks
from bot.commands.doctor import examine
from bot.deal import Deal
from bot.demo.emulator import free_port
from bot.demo.sample import APP_TOKEN, BOT_TOKEN, Sample, sample
from bot.manifest import bot_scopes
from bot.settings import Settings
from handlers.identity import Identity
from store.sources.crm.mapping import REQUIRED, CrmMap, Term, write_map
from tests.conftest import StartSlack
from tests.crm.fake_hubspot import FakeHubSpot
from tests.crm.fakes import serving
from tests.frame.commands import jumpin, with_deals
from tests.live.fake_slack import TOKEN, FakeSlack, fake_slack
from tests.strong.fake_endpoint import QUIET, Reply, fake_endpoint, says


@pytest.fixture
def scene() -> Sample:
    return sample(date(2026, 11, 4))


@pytest.fixture
async def database(tmp_path: Path, scene: Sample) -> str:
    return await with_deals(f"sqlite+aiosqlite:///{tmp_path / 'doctor.sqlite3'}", Deal.model_validate(scene.deal))


async def wrongs(fake: FakeSlack, database: str, token: str = TOKEN, **other: Any) -> dict[str, str]:
    """What the doctor finds wrong, by thing."""
    settings = Settings(
        _env_file=None,
        slack_bot_token=token,
        slack_api_url=fake.base_url,
        database_url=database,
        **({"slack_signing_secret": "s"} | other),
    )
    return {check.what: check.mend async for check in examine(settings) if check.mend}


def furnish(fake: FakeSlack, scene: Sample) -> None:
    for id_, name in scene.names.items():
        fake.person(id_, name)
    fake.channel(scene.channel, "impl-acme")


async def test_all_is_well_in_an_emulated_workspace(tmp_path: Path, scene: Sample, database: str, local_slack: StartSlack) -> None:
    async with local_slack(scene.workspace()) as slack:
        tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
        ran = await jumpin(tmp_path, "doctor", SLACK_API_URL=slack.base_url, DATABASE_URL=database, **tokens)
    assert (ran.status, ran.err) == (0, "")
    assert "wrong" not in ran.out
    assert "Socket Mode: the app token opens a connection" in ran.out
    assert ran.out.endswith("All is well.\n")


async def test_all_is_well_over_http(scene: Sample, database: str) -> None:
    async with fake_slack() as fake:
        furnish(fake, scene)
        assert await wrongs(fake, database) == {}


async def test_it_says_where_the_bot_is_missing(scene: Sample, database: str) -> None:
    async with fake_slack() as fake:
        furnish(fake, scene)
        fake.channel(scene.channel, "impl-acme", is_member=False)
        wrong = await wrongs(fake, database)
    assert wrong == {f"channel {scene.channel} of Acme Outfitters": "the bot is not in it: type /invite @Jump-In there."}


async def test_it_says_who_is_unknown_gone_or_not_ours(scene: Sample, database: str) -> None:
    async with fake_slack() as fake:
        furnish(fake, scene)
        del fake.people["U0PRIYA"]
        fake.person("U0RILEY", "Riley Chen", deleted=True)
        fake.person("U0RENEE", "Renee Okafor", team_id="T9", profile={"team": "T9"})
        wrong = await wrongs(fake, database)
    assert wrong.keys() == {"people of Acme Outfitters"}
    told = wrong["people of Acme Outfitters"]
    assert "Priya Nair: Slack knows no user U0PRIYA" in told
    assert "Riley Chen: deactivated in Slack" in told
    assert "Renee Okafor: not a full member of your workspace" in told


async def test_a_refused_token_is_one_fault_with_its_next_step(scene: Sample, database: str) -> None:
    async with fake_slack() as fake:
        wrong = await wrongs(fake, database, token="xoxb-revoked")
    assert wrong.keys() == {"bot token"}
    assert wrong["bot token"].startswith("Slack does not accept SLACK_BOT_TOKEN (invalid_auth)")
    assert "xoxb-revoked" not in wrong["bot token"]


async def test_an_unreachable_database_does_not_hide_the_rest(scene: Sample) -> None:
    async with fake_slack() as fake:
        wrong = await wrongs(fake, f"postgresql+asyncpg://jumpin:hunter2@127.0.0.1:{free_port()}/jumpin", token="xoxb-revoked")
    assert wrong.keys() == {"database", "bot token"}
    assert "hunter2" not in wrong["database"]


def test_missing_scopes_are_named() -> None:
    granted = bot_scopes() - {"groups:history"}
    check = checks.scopes(Identity("T1", "UBOT", None, None, granted))
    assert check.mend is not None
    assert "groups:history" in check.mend
    assert "jumpin manifest" in check.mend
    assert checks.scopes(Identity("T1", "UBOT", None, None, bot_scopes())).mend is None


def test_it_says_whether_scripts_are_posted_for_people() -> None:
    def check(switch: str, lacking: frozenset[str] = frozenset()) -> checks.Check:
        identity = Identity("T1", "UBOT", None, None, bot_scopes() - lacking)
        return checks.post_for_me(Settings(_env_file=None, post_for_me=switch), identity)  # type: ignore[call-arg, arg-type]

    assert check("off").seen.startswith("off: nothing is ever posted in a channel")
    assert "chat:write" in check("on").seen
    assert check("on").mend is None
    assert "lacks groups:read: paste" in str(check("on", frozenset({"groups:read"})).mend)


async def test_it_says_what_is_wrong_with_the_scripts(tmp_path: Path, scene: Sample, database: str) -> None:
    for name, text in {"ramp/not-ramping.j2": "{{ hello }} {{ rampp }}", "volume.j2": "x", "red_flags/volume-gap.j2": "fine"}.items():
        file = tmp_path / "playbook" / "en" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    async with fake_slack() as fake:
        furnish(fake, scene)
        wrong = await wrongs(fake, database, playbook=tmp_path / "playbook", language="fr")
        nowhere = await wrongs(fake, database, playbook=tmp_path / "nowhere")
    assert wrong.keys() == {"scripts", "playbook en/ramp/not-ramping.j2", "playbook en/volume.j2"}
    assert "'rampp' is no variable; did you mean ramp?. Until it is mended, our own" in wrong["playbook en/ramp/not-ramping.j2"]
    assert wrong["scripts"] == "there are none in fr, English is used: JUMPIN_LANGUAGE may be en or es."
    assert nowhere.keys() == {"playbook ."}


@pytest.mark.parametrize(
    ("reply", "mend"),
    [
        (says(QUIET), None),
        (Reply(b"{}", status=401), "JUMPIN_READER_KEY"),
        (Reply(b"{}", status=404), "JUMPIN_READER_URL mostly ends in /v1"),
        (Reply(b"{}", status=400), "response_format json_schema"),
        (Reply(b"{}", status=503), "check JUMPIN_READER_URL"),
        (says("Hello!"), "keeps to a JSON schema"),
        (Reply(b"<html>"), "keeps to a JSON schema"),
        (says(QUIET, delay=0.06), "raise JUMPIN_READER_SECONDS"),
    ],
)
async def test_it_says_what_is_wrong_with_the_strong_reader(scene: Sample, database: str, reply: Reply, mend: str | None) -> None:
    async with fake_slack() as fake, fake_endpoint() as endpoint:
        furnish(fake, scene)
        endpoint.always = reply
        seconds = 0.05 if reply.delay else 3
        wrong = await wrongs(fake, database, reader="both", reader_url=endpoint.url, reader_model="fake", reader_seconds=seconds)
    assert wrong.keys() == ({"strong reader"} if mend else set())
    assert (mend or "") in wrong.get("strong reader", "")
    assert "Priya" not in str(endpoint.asked)


async def test_it_says_that_the_strong_reader_is_not_there(scene: Sample, database: str) -> None:
    async with fake_slack() as fake:
        furnish(fake, scene)
        wrong = await wrongs(fake, database, reader="both", reader_url=f"http://127.0.0.1:{free_port()}/v1", reader_model="fake")
    assert wrong["strong reader"].startswith("not reached (ClientConnectorError): check JUMPIN_READER_URL")


async def test_it_looks_at_the_database_of_volumes(tmp_path: Path, scene: Sample, database: str) -> None:
    with closing(sqlite3.connect(tmp_path / "wms.db")) as wms:
        wms.execute("CREATE TABLE shipped (account TEXT, ship_date TEXT, packages INTEGER)")
        wms.execute("INSERT INTO shipped VALUES ('Acme Outfitters', '2026-11-02', 148)")
        wms.commit()
    sql, url = tmp_path / "q.sql", f"sqlite:///{tmp_path / 'wms.db'}"
    sql.write_text("SELECT * FROM shipped", encoding="utf-8")
    async with fake_slack() as fake:
        furnish(fake, scene)
        assert await wrongs(fake, database, volumes_url=url, volumes_sql=sql) == {}
        half = await wrongs(fake, database, volumes_url=url)
        sql.write_text("SELECT account FROM shipped", encoding="utf-8")
        other = await wrongs(fake, database, volumes_url=url, volumes_sql=sql)
        away = await wrongs(fake, database, volumes_url="postgresql://bot:hunter2@127.0.0.1:1/wms", volumes_sql=sql)
    assert half["database of volumes"].startswith("VOLUMES_SQL is missing beside VOLUMES_URL")
    assert other["database of volumes"] == "The query of the volumes must give account, ship_date and packages; it gives account."
    assert away["database of volumes"] == (
        "The database of VOLUMES_URL cannot be opened: check its address, user and password, and that it runs."
    )
    assert "hunter2" not in str(away)


async def test_it_looks_at_the_crm(tmp_path: Path, scene: Sample, database: str) -> None:
    mapping = tmp_path / "crm.yml"
    crm_of = {"crm_source": "hubspot", "crm_key": "secret", "crm_map": mapping}
    async with fake_slack() as fake, serving(FakeHubSpot()) as hubspot:
        furnish(fake, scene)
        hubspot.fields, hubspot.stages = {"daily": ("Committed a day", "number")}, {"s1": "Setup"}
        unmapped = await wrongs(fake, database, **crm_of, crm_url=hubspot.url)
        made = CrmMap("hubspot", terms={name: Term("daily") for name in REQUIRED}, stages={"s1": "setup"}, names={"s1": "Sales / Setup"})
        mapping.write_text(write_map(made), encoding="utf-8")
        well = await wrongs(fake, database, **crm_of, crm_url=hubspot.url)
        hubspot.fields = {"per_day": ("Committed a day", "number")}
        changed = await wrongs(fake, database, **crm_of, crm_url=hubspot.url)
        revoked = await wrongs(fake, database, **{**crm_of, "crm_key": "revoked"}, crm_url=hubspot.url)
    assert unmapped["CRM"] == "CRM_SOURCE is set and there is no mapping yet: run jumpin crm connect hubspot."
    assert well == {}
    assert 'The field "daily" (volume.committed_per_day) is not there any more. Run jumpin crm map.' in changed["CRM"]
    assert "refuses the key" in revoked["CRM"]
