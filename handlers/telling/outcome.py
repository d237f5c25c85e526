"""How an attempt to tell somebody ended, read from whatever Slack or the network answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from handlers.hearing.asking import UNANSWERED
from handlers.refused import code_of

Answer = Any

_HIDES_SUCCESS = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
_TOO_FAST = frozenset({"ratelimited", "rate_limited"})
_NOT_OURS = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})


@dataclass(frozen=True, slots=True)
class Sent:
    """It stands in `channel` at `ts`."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Later:
    """To be tried again: after `seconds` where Slack asked for it; `unknown` when the call may have taken effect all the same."""

    error: str
    seconds: float | None = None
    unknown: bool = False
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Never:
    """It will never be sent, and why: Slack's error code, or a reason of our own."""

    error: str


Outcome = Sent | Later | Never


def of_failure(failure: Exception) -> Later | Never:
    """What a failed call means. Only error codes and names of exceptions are kept: answers may hold words of a message."""
    if not isinstance(failure, SlackApiError):
        return Later(type(failure).__name__, unknown=True)
    status, error = _status(failure), code_of(failure)
    if status == 429 or error in _TOO_FAST:
        return Later("ratelimited", seconds=_retry_after(failure))
    if status >= 500 or error in _HIDES_SUCCESS:
        return Later(error or f"http_{status}", unknown=True)
    if error in _NOT_OURS:
        return Later(error, revoked=True)
    return Never(error) if error else Later(f"http_{status}", unknown=True)


FAILURES = UNANSWERED
"""What a call may raise: Slack's refusals, the network, and time running out."""


def _status(failure: SlackApiError) -> int:
    response = failure.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def _retry_after(failure: SlackApiError) -> float:
    try:
        return max(0.0, float(failure.response.headers.get("Retry-After", "1")))
    except (AttributeError, ValueError):
        return 1.0
