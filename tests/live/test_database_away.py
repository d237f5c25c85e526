"""A database that goes away while the bot runs: nothing is acknowledged meanwhile, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import make_url

from tests.conftest import StartSlack
from tests.live.at_work import LOW, WORKSPACE, dms, prepare, running


class Relay:
    """A cable to a server on this machine that can be pulled and put back."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()
        self.port = 0

    async def join(self) -> None:
        """Carry connections (again)."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def pull(self) -> None:
        """Cut all connections and take no new ones."""
        assert self._server is not None
        self._server.close()
        for line in tuple(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line is not None
        self._lines.add(line)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        except (asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.transport.abort()
            far_writer.transport.abort()
            self._lines.discard(line)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def relay(port: int) -> AsyncIterator[Relay]:
    """A relay to a port on loopback."""
    cable = Relay(port)
    await cable.join()
    try:
        yield cable
    finally:
        await cable.pull()


async def test_what_is_said_meanwhile_is_heard_when_it_is_back(local_slack: StartSlack, postgres_url: str) -> None:
    address = make_url(postgres_url)
    assert address.port is not None
    async with relay(address.port) as cable:
        database = await prepare(address.set(port=cable.port).render_as_string(hide_password=False))
        async with local_slack(WORKSPACE) as slack, running(slack, database):
            await slack.post("URILEY", "CACME", "good morning")
            await cable.pull()
            # The emulator waits for an acknowledgement, and does not send the event a second time as Slack does.
            said = asyncio.create_task(slack.post("UDANA", "CACME", LOW))
            await asyncio.sleep(1)
            assert not said.done()
            assert await slack.dms("URILEY") == []
            await cable.join()
            (told,) = await dms(slack, lambda got: len(got) == 1)
            assert "15" in told["text"]
            await said
