"""One HTTP line to a CRM: paced, patient with rate limits, and with every failure as one of the troubles of plain.py."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from store.sources.crm.plain import Away, Busy, CrmTrouble

WITHIN = 20.0
"""Seconds for one request."""
WAITS = 4
"""How often a request that met the rate limit is tried again before its caller is told."""
LONGEST_WAIT = 15.0
"""Seconds that we wait within a request; a CRM that asks for more is busy, and the caller comes back later."""

Pause = Callable[[float], Awaitable[None]]
Judge = Callable[[httpx.Response], CrmTrouble | None]
"""What a response's failure is; None for a success."""


class Line:
    """Requests to one address. `gap`: seconds between two of them at least; `judge` knows the CRM's failures; `pause` waits."""

    def __init__(self, url: str, judge: Judge, *, gap: float = 0.0, pause: Pause = asyncio.sleep) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=WITHIN, follow_redirects=False)
        self._judge = judge
        self._gap = gap
        self._pause = pause
        self._turn = asyncio.Lock()
        self._last = 0.0
        self._rest = 0.0

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: Any = None,
        query: Mapping[str, str] | None = None,
        form: str | None = None,
    ) -> httpx.Response:
        """The response to a request that succeeded: with a `body` as JSON, or a `form` as it stands. Raises CrmTrouble."""
        busy: Busy | None = None
        request = self._client.build_request(method, path, headers=dict(headers), json=body, params=query, content=form)
        for _ in range(WAITS):
            response = await self._once(request)
            trouble = self._judge(response)
            if trouble is None:
                return response
            if not isinstance(trouble, Busy) or trouble.seconds > LONGEST_WAIT:
                raise trouble
            busy = trouble
            await self._pause(trouble.seconds)
        assert busy is not None
        raise busy

    async def close(self) -> None:
        """Let go of the connection."""
        await self._client.aclose()

    def rest(self, seconds: float) -> None:
        """Let the next request wait so long: the CRM says that its allowance is nearly used up."""
        self._rest = max(self._rest, min(seconds, LONGEST_WAIT))

    async def _once(self, request: httpx.Request) -> httpx.Response:
        async with self._turn:
            wait = max(self._rest, self._last + self._gap - time.monotonic())
            if wait > 0:
                await self._pause(wait)
            self._rest, self._last = 0.0, time.monotonic()
        try:
            return await self._client.send(request)
        except httpx.HTTPError as silent:
            raise Away(f"The CRM did not answer ({type(silent).__name__}); it is tried again.") from None


def seconds_asked(response: httpx.Response, otherwise: float) -> float:
    """What Retry-After says, in seconds; HTTP dates and nonsense come to `otherwise`."""
    told = response.headers.get("retry-after", "")
    try:
        return max(0.0, min(float(told), 3600.0))
    except ValueError:
        return otherwise


def plain_json(response: httpx.Response) -> Any:
    """The body as data. Raises Away when it is none: something between us and the CRM has answered."""
    try:
        return response.json()
    except ValueError:
        raise Away("The CRM answered with something that is no JSON; check its address, and any proxy on the way.") from None
