"""A wire to a database that can be cut and mended."""

from __future__ import annotations

import asyncio


class Wire:
    """Forwards a loopback port of ours to another one, until cut."""

    def __init__(self, far_port: int) -> None:
        self._far_port = far_port
        self._server: asyncio.Server | None = None
        self._work: set[asyncio.Task[None]] = set()
        self.port = 0

    async def mend(self) -> None:
        """Let through, on the same port each time."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break what is under way and refuse what comes."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._work):
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far_port)
        ways = [asyncio.create_task(_copy(reader, far_writer)), asyncio.create_task(_copy(far_reader, writer))]
        self._work.update(ways)
        for way in ways:
            way.add_done_callback(self._work.discard)


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while block := await source.read(65_536):
            target.write(block)
            await target.drain()
    except OSError:
        pass
    finally:
        target.close()
