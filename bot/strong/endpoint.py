"""One call to an OpenAI-compatible chat-completions endpoint: an answer's words, or why there are none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

from bot.strong.answer import Unusable, content_of
from bot.strong.question import Question, schema

LONGEST = 64 * 1024
"""Bytes of an answer that are read; a longer one is none."""

ANSWERED_WITHIN = 700
"""Tokens that an answer may take."""


class Failed(Exception):
    """The endpoint did not answer, or nothing usable; the text is a reason of ours.

    `status` is the HTTP status of a refusal, `seconds` how long it asks to be left alone.
    """

    def __init__(self, why: str, status: int | None = None, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.status, self.seconds = status, seconds


@dataclass(frozen=True, slots=True)
class Address:
    """Where the strong reader is: base address (as ".../v1"), model, and key where one is needed."""

    url: str = field(repr=False)
    model: str
    key: str | None = field(default=None, repr=False)

    @property
    def completions(self) -> str:
        """Where questions go."""
        return f"{self.url.rstrip('/').removesuffix('/chat/completions')}/chat/completions"


class Endpoint:
    """Asks questions, each once; who asks decides whether to try again. The connection is opened at the first question."""

    def __init__(self, address: Address, patience: float) -> None:
        self.address = address
        self._patience = patience
        self._session: ClientSession | None = None

    async def ask(self, asked: Question) -> str:
        """The words of the answer; raises Failed."""
        try:
            async with asyncio.timeout(self._patience):
                body = await self._post(self._payload(asked))
            return content_of(body)
        except TimeoutError:
            raise Failed("no answer in time") from None
        except (ClientError, OSError) as broken:
            raise Failed(f"not reached ({type(broken).__name__})") from None
        except Unusable as unusable:
            raise Failed(str(unusable)) from None

    async def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, payload: dict[str, Any]) -> bytes:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=self._patience), cookie_jar=DummyCookieJar())
        # No redirects: what is said goes to the address that was named, and nowhere else.
        headers = {"Authorization": f"Bearer {self.address.key}"} if self.address.key else {}
        async with self._session.post(self.address.completions, json=payload, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200:
                raise Failed(f"refused with status {answer.status}", answer.status, _asked_pause(answer.headers.get("Retry-After")))
            body = await answer.content.read(LONGEST + 1)
            while len(body) <= LONGEST and (more := await answer.content.read(LONGEST)):
                body += more
        if len(body) > LONGEST:
            raise Failed("an answer without end")
        return body

    def _payload(self, asked: Question) -> dict[str, Any]:
        return {
            "model": self.address.model,
            "messages": [{"role": "system", "content": asked.system}, {"role": "user", "content": asked.content}],
            "temperature": 0,
            "max_tokens": ANSWERED_WITHIN,
            "response_format": {"type": "json_schema", "json_schema": {"name": "findings", "strict": True, "schema": schema()}},
        }


def _asked_pause(seconds: str | None) -> float:
    """What Retry-After says, to an hour; dates and nonsense count as nothing said."""
    try:
        return min(max(float(seconds or 0), 0.0), 3_600.0)
    except ValueError:
        return 0.0
