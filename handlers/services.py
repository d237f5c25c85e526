"""How Zoom and Fireflies sign what they send: each in its own way, with a secret of its own."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from handlers.signed import Answer, Proof, Signature, Unproven

ZOOM_WITHIN = timedelta(minutes=5)
"""How old a signature of Zoom's may be, and how far in the future."""

FIREFLIES_WITHIN = timedelta(hours=1)
"""The same for an event of Fireflies that tells its time, which stays the same when it is sent again."""

_FORGED = "the signature does not fit: check that both sides have the same secret, and that the body is signed as it is sent"


def zoom(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> Proof:
    """`x-zm-signature: v0=` and the HMAC-SHA256 of `v0:{x-zm-request-timestamp}:{body}` with the app's secret token. Raises Unproven.

    Source: Zoom's documentation of its webhooks.
    """
    stamp = headers.get("x-zm-request-timestamp", "")
    at = _moment(stamp)
    if at is None:
        raise Unproven("the header x-zm-request-timestamp is needed, with the second at which it was signed")
    signed = f"v0:{stamp}:".encode() + body
    secret = _signer(headers.get("x-zm-signature", ""), "v0=", signed, secrets)
    _fresh(at, ZOOM_WITHIN)
    return Proof(_mark(body), at, secret)


def fireflies(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> Proof:
    """`x-hub-signature: sha256=` and the HMAC-SHA256 of the body. Raises Unproven.

    The signature holds no time; where the body tells one (milliseconds since 1970), it must be of the last hour.
    """
    secret = _signer(headers.get("x-hub-signature", ""), "sha256=", body, secrets)
    at = _moment(_plain(body).get("timestamp"))
    if at is None:
        return Proof(_mark(body), datetime.now(UTC), secret)
    _fresh(at, FIREFLIES_WITHIN)
    return Proof(_mark(body), at, secret)


def greeted(body: bytes, secret: str) -> Answer | None:
    """The answer to Zoom's question whether this address is ours; None where it asks nothing."""
    asked = _plain(body)
    if asked.get("event") != "endpoint.url_validation":
        return None
    payload = asked.get("payload")
    token = payload.get("plainToken") if isinstance(payload, dict) else None
    if not isinstance(token, str) or not token:
        return Answer(422, {"ok": False, "error": "the question holds no plainToken"})
    return Answer(200, {"plainToken": token, "encryptedToken": _hmac(secret, token.encode("utf-8", "replace"))})


ZOOM = Signature("zoom", "x-zm-signature", zoom, greeted)
FIREFLIES = Signature("fireflies", "x-hub-signature", fireflies)


def _signer(given: str, version: str, signed: bytes, secrets: Sequence[str]) -> str:
    """The secret with which something was signed; all are tried, each in constant time."""
    told = given.encode("utf-8", "replace")
    fits = [secret for secret in secrets if hmac.compare_digest((version + _hmac(secret, signed)).encode(), told)]
    if not fits:
        raise Unproven(_FORGED)
    return fits[0]


def _hmac(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode("utf-8", "replace"), signed, sha256).hexdigest()


def _fresh(at: datetime, within: timedelta) -> None:
    if abs(datetime.now(UTC) - at) > within:
        minutes = within // timedelta(minutes=1)
        raise Unproven(f"it was signed more than {minutes} minutes ago or in the future: check both clocks, or sign it anew")


def _moment(given: Any) -> datetime | None:
    """A time in seconds or milliseconds since 1970; None for whatever is none."""
    try:
        number = float(given)
        return datetime.fromtimestamp(number / 1_000 if number > 1e11 else number, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _plain(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _mark(body: bytes) -> str:
    """These services number no deliveries: the same body is the same delivery."""
    return sha256(body).hexdigest()[:32]
