"""Signed deliveries from other systems: who sent them and when, proven by a secret that both sides know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

BODY_AT_MOST = 5 * 1024 * 1024
"""Bytes that a delivery may have."""


class Unproven(ValueError):
    """A delivery that nobody with the secret has signed just now; its text says in one sentence what is wrong, and tells no secret."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a signature vouches for: the delivery's own id, the same when it is sent again, when it was signed, and with which secret."""

    id: str
    at: datetime
    secret: str = field(default="", repr=False)


Prover = Callable[[Mapping[str, str], bytes, Sequence[str]], Proof]
"""Headers (names in small letters), body and the secrets that count now → proof; raises Unproven."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery whose sender is proven. Its body may still hold anything."""

    id: str
    at: datetime
    body: bytes
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told: a status, and a few words or counts as JSON."""

    status: int = 200
    said: Mapping[str, Any] = field(default_factory=lambda: {"ok": True})


Greet = Callable[[bytes, str], Answer | None]
"""Body and the secret that signed it → the answer to a service that only asks whether the address is ours; None where it does not."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Another way of signing than the standard one: the name of its own secrets, the header that tells it, and who proves it."""

    name: str
    header: str
    prove: Prover
    greet: Greet | None = None


Take = Callable[[Delivery], Awaitable[Answer]]
"""Takes a delivery in. It may come again, late or at another replica: what it brings must count once all the same."""


def is_standard(headers: Mapping[str, str]) -> bool:
    """Whether a delivery bears a Standard Webhooks signature; a forwarder may pass on that of the service beside its own."""
    return "webhook-signature" in headers or "svix-signature" in headers


def standard(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> Proof:
    """The Standard Webhooks signature (webhook-id, -timestamp, -signature), signed at most five minutes ago. Raises Unproven.

    Senders that use the older svix- names of these headers are understood as well. Source: standardwebhooks.com.
    """
    named = {name.replace("svix-", "webhook-", 1) if name.startswith("svix-") else name: value for name, value in headers.items()}
    refused = "no secret is set here"
    for secret in secrets:
        try:
            Webhook(secret).verify(body, named, json_parse=False)
        except WebhookVerificationError as wrong:
            refused = _reason(str(wrong))
        except ValueError:
            refused = "the signature or the body cannot be read"
        else:
            return Proof(named["webhook-id"], datetime.fromtimestamp(float(named["webhook-timestamp"]), UTC))
    raise Unproven(refused)


def _reason(said: str) -> str:
    if "old" in said or "new" in said:
        return "it was signed more than five minutes ago or in the future: check both clocks, or sign it anew"
    if "headers" in said.lower() and "missing" in said.lower():
        return "the headers webhook-id, webhook-timestamp and webhook-signature are needed"
    return "the signature does not fit: check that both sides have the same secret, and that the body is signed as it is sent"
