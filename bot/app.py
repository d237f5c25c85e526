"""The only wiring: settings → logs → store → Slack app → handlers → courier, and the order of starting and leaving."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.commands.clock_settings import habits
from bot.commands.crm_settings import crm
from bot.commands.furnishing import keep, warehouse
from bot.commands.opening import limits_of, scripts, strong_reader
from bot.commands.stores import opened
from bot.commands.trace_settings import traces
from bot.commands.trouble import Trouble
from bot.given import unknown
from bot.manifest import bot_scopes
from bot.settings import Settings
from handlers import charts, keeping
from handlers.agreed_time import AgreedTime
from handlers.calls import doors as calls
from handlers.calls import live as live_calls
from handlers.clock import answers as clock_answers
from handlers.clock import briefs, daily, deal_call, deal_checklist, deal_milestones, stages, surveys, weekly, workshop
from handlers.clock import forms as clock_forms
from handlers.connection import SocketMode
from handlers.crm import differing as crm_differing
from handlers.crm import reading as crm_reading
from handlers.crm import waiting as crm_waiting
from handlers.deals import amend, channel_life, deal_link, deal_new, deal_status, deal_terms, hook, invited, membership
from handlers.files import door as files
from handlers.findings import buttons, check, deal_findings, deal_script, learning, muting, undo, why
from handlers.hearing import catch_up, warming, watch
from handlers.home import hint
from handlers.home import tab as home
from handlers.house import Counts, House, as_it_is
from handlers.identity import Identity, Unwelcome, require_scopes, socket_address, who_are_we
from handlers.numbers import deal_metrics
from handlers.slack import SlackApp, Waits
from handlers.telling import post_for_me, together
from handlers.telling.delivery import Patience
from handlers.telling.tell import Courier
from handlers.volumes import deeds, pulling
from handlers.volumes import dropped as volume_files
from handlers.volumes import hook as volume_hook
from handlers.web import WebServer
from store import installation
from store.engine import Store
from templates.job import Wrong
from templates.plain import plain


class Part(Protocol):
    """A behaviour of the bot in Slack: a module of `handlers`."""

    def register(self, app: SlackApp, house: House, /) -> None:
        """Listen to what it is about."""


PARTS: tuple[Part, ...] = (
    watch,
    membership,
    buttons,
    undo,
    muting,
    deal_status,
    charts,
    deal_findings,
    deal_script,
    deal_terms,
    amend,
    deal_new,
    deal_link,
    hook,
    crm_waiting,
    crm_differing,
    invited,
    channel_life,
    daily,
    briefs,
    weekly,
    workshop,
    clock_answers,
    clock_forms,
    deal_milestones,
    learning,
    why,
    check,
    post_for_me,
    together,
    home,
    deal_checklist,
    deal_metrics,
    stages,
    deal_call,
    surveys,
    files,
    volume_files,
    volume_hook,
    calls,
    hint,
)
"""All behaviours, in the order in which Bolt asks their listeners."""

Furnish = Callable[[Settings, Store, Identity], House]

DRAIN_WITHIN = 10.0
"""Seconds that the courier gets at shutdown; what is left stays in the store for the next start."""


async def serve(settings: Settings, *, furnish: Furnish | None = None, patience: Patience | None = None) -> None:
    """Run the bot until SIGTERM or until cancelled. Raises Trouble, one plain sentence, when it cannot start or Slack throws it out.

    `furnish` builds the house in place of build_house, and `patience` is the courier's: for those who run it in another time than ours.
    """
    logs.configure(settings.log_level, settings.log_format, secrets=settings.secrets)

    log = logs.get("jumpin")
    for name, meant in unknown().items():
        log.warning("there is no such setting", setting=name, meant=meant)

    def newer() -> None:
        log.warning("the database has the schema of a newer version, going on with it")

    with closing(traces(settings)) as spans:
        async with opened(settings.database_url, settings.keys, newer) as store:
            try:
                identity = await who_are_we(_client(settings))
                require_scopes(identity, bot_scopes())
                house = (furnish or build_house)(settings, store, identity)
                house.traces = spans
                clock = AgreedTime(store, house.now, house.log)
                await clock.set()
                house.now = clock.now
                await house.replicas.arrive(store, house.now)
                async with _line() as house.slack.session:
                    await _live(settings, house, build(settings, house), patience, clock)
            except Unwelcome as refused:
                if refused.gone:
                    async with store.writing() as s:
                        await installation.removed(s, datetime.now(UTC))
                raise Trouble(str(refused)) from None


def build_house(settings: Settings, store: Store, identity: Identity) -> House:
    """The house of one running bot."""
    counts = Counts()
    retries = [AsyncConnectionErrorRetryHandler(), AsyncServerErrorRetryHandler(), Waits(counts.rate_limits)]
    log = logs.get("jumpin")

    def left_out(wrong: Wrong) -> None:
        log.warning("a playbook file was left out", file=wrong.file, error=wrong.kind, line=wrong.line)

    return House(
        store=store,
        slack=AsyncWebClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, retry_handlers=retries),
        now=lambda: datetime.now(UTC),
        log=log,
        own_team_id=identity.team_id,
        own_enterprise_id=identity.enterprise_id,
        bot_user_id=identity.bot_user_id,
        bot_id=identity.bot_id,
        timezone=settings.timezone,
        dress=as_it_is if settings.slack_itself else plain,
        scripts=scripts(settings, left_out),
        habits=habits(settings),
        limits=limits_of(settings),
        learning=settings.learning == "on",
        post_for_me=settings.post_for_me == "on",
        secrets=settings.hook_secrets | settings.service_secrets,
        strong=strong_reader(settings),
        crm=crm(settings),
        counts=counts,
    )


def build(settings: Settings, house: House) -> SlackApp:
    """The Slack app with all listeners. An event is acknowledged only after its listener has come to its end."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # One token for one workspace, checked at start: asking Slack again per event could only lose the event.
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=house.bot_user_id,
            bot_id=house.bot_id,
            bot_token=settings.slack_bot_token,
        )

    async def on_error(error: Exception) -> BoltResponse:
        house.log.warning("not acknowledged", exc_info=error)
        return BoltResponse(status=500, body="")

    # Its warnings quote whole requests, and one at each start is about the token that we give by `authorize` on purpose. A filter, since
    # Bolt sets the level of this logger itself.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(_errors)
    app = SlackApp(
        name="slack_bolt.jumpin",  # Bolt gives the logger of this name the level above: it must not be one of ours
        client=AsyncWebClient(base_url=settings.slack_api_url),
        signing_secret=settings.slack_signing_secret or "",
        authorize=authorize,
        process_before_response=True,
        failed=on_error,
        bot_user_id=house.bot_user_id,
        bot_id=house.bot_id,
        traces=lambda: house.traces,
    )
    for part in PARTS:
        part.register(app, house)
    membership.register_rest(app, house)
    return app


def _errors(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


async def _live(settings: Settings, house: House, app: SlackApp, patience: Patience | None, clock: AgreedTime) -> None:
    await asyncio.to_thread(house.scripts.theirs)  # so that the log tells at once what of the playbook cannot be used
    courier = Courier(house, _client(settings, house.slack.session), patience)
    await house.replicas.noticed()
    socket = await _open_socket(settings, house, app) if settings.slack_app_token else None
    server = await _open_server(settings, house, app, socket)
    work = [
        courier.run(),
        catch_up.run(house),
        catch_up.after_gaps(house),
        catch_up.keep(house),
        catch_up.look_again(house),
        home.keep_fresh(house),
        deeds.run(house),
        clock.keep(),
        house.replicas.keep(house.store, house.now, house.log),
    ]
    work.append(live_calls.run(house))
    work.append(keeping.run(house, keep(settings)))
    if settings.clock == "on":
        work.append(daily.run(house))
    if house.crm is not None:
        work.append(crm_reading.run(house))
    if (database := warehouse(settings)) is not None:
        work.append(pulling.run(house, database))
    if socket is not None:
        work.append(socket.watch())
    _settle()
    try:
        with _told_to_stop() as stop:
            house.log.info("listening", mode="http" if socket is None else "socket", port=settings.port if server else None)
            ready = asyncio.create_task(warming.warm(house))
            await _until_told(house, work, stop)
            await ready
    finally:
        for door in (socket, server):
            if door is not None:
                await door.leave()
        await _leave(house, courier)
    if house.revoked.is_set():
        raise Unwelcome(
            "Slack has taken this app's token away: install the Slack app again, put its new Bot User OAuth Token into "
            "SLACK_BOT_TOKEN, and start again; nothing recorded is lost.",
            gone=True,
        )


def _settle() -> None:
    """What stands now stands for good: the garbage collector need not hold everybody up, a tenth of a second each time, to look at it."""
    gc.collect()
    gc.freeze()


async def _open_socket(settings: Settings, house: House, app: SlackApp) -> SocketMode:
    assert settings.slack_app_token is not None
    client = AsyncWebClient(token=settings.slack_app_token, base_url=settings.slack_api_url)
    address = await socket_address(client, settings.slack_app_token)
    socket = SocketMode(app, house, client, settings.slack_app_token)
    await socket.open(address)
    return socket


async def _open_server(settings: Settings, house: House, app: SlackApp, socket: SocketMode | None) -> WebServer | None:
    """The HTTP server, where there is one: for Slack's events when there is no socket, for hooks and health in both modes."""
    if not settings.serves:
        return None
    server = WebServer(house, events=app) if socket is None else WebServer(house, ready={"slack": socket.connected})
    try:
        await server.open(settings.host, settings.port)
    except OSError as taken:
        await server.leave()
        if socket is not None:
            await socket.leave()
        raise Trouble(f"Cannot listen on port {settings.port} ({taken.strerror}): set PORT to a free one.") from None
    if socket is None:
        house.backlog.missed_something()
    return server


@contextmanager
def _told_to_stop() -> Iterator[asyncio.Event]:
    """Set by SIGTERM, which ends nobody in the middle of something meanwhile."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    with suppress(NotImplementedError, RuntimeError, ValueError):
        loop.add_signal_handler(signal.SIGTERM, stop.set)
    try:
        yield stop
    finally:
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.remove_signal_handler(signal.SIGTERM)


async def _until_told(house: House, work: list[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    """Until SIGTERM, a revoked token, or the death of a part that must live."""
    parts = [asyncio.create_task(part) for part in work]
    told = [asyncio.create_task(stop.wait()), asyncio.create_task(house.revoked.wait())]
    try:
        done, _ = await asyncio.wait([*parts, *told], return_when=asyncio.FIRST_COMPLETED)
        for part in done:
            part.result()
    finally:
        for part in (*parts, *told):
            part.cancel()
        await asyncio.gather(*parts, *told, return_exceptions=True)


async def _leave(house: House, courier: Courier) -> None:
    """Hear what the strong reader still has to say, send what waits, and write how far we are; neither loses anything by failing."""
    try:
        await _leave_strong(house)
        if not house.revoked.is_set():
            async with asyncio.timeout(DRAIN_WITHIN):
                await courier.drain()
        await catch_up.write_marks(house)
    except Exception as failed:
        house.log.warning("left in a hurry", exc_info=failed)
    house.log.info("stopped")


async def _leave_strong(house: House) -> None:
    if house.strong is not None:
        await house.asked.finish(house.strong.limits.in_time)
        await house.strong.close()


def _client(settings: Settings, line: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """A client without retries of its own."""
    return AsyncWebClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, session=line, retry_handlers=[])


def _line() -> aiohttp.ClientSession:
    """Connections to Slack that stay open for the next call: a connection of its own, with its handshakes, costs more than most calls.

    As many as are asked for at once: what hangs must not keep others waiting. The time limit is that of the client's own connections.
    """
    limit = aiohttp.ClientTimeout(total=AsyncWebClient().timeout)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=limit, cookie_jar=aiohttp.DummyCookieJar())
