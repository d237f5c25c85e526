"""`jumpin hooks`: secrets for the signed hooks, and a delivery to try one."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import httpx
import typer
from standardwebhooks import Webhook

from bot.commands.trouble import Trouble
from bot.given import read_settings

app = typer.Typer(no_args_is_help=True, help="The signed hooks, by which other systems bring volumes, transcripts and deals.")


@app.command("secret")
def secret() -> None:
    """Print a new secret, for the setting of a hook and for the system that sends to it."""
    typer.echo(f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode('ascii')}")


@app.command("send")
def send(
    name: Annotated[str, typer.Argument(help="The hook: volumes, transcripts or deals.")],
    file: Annotated[Path, typer.Argument(help="The body to send.", exists=True, dir_okay=False)],
    url: Annotated[str | None, typer.Option(help="Where the bot listens; this machine at PORT by default.")] = None,
) -> None:
    """Sign a file with the hook's secret and send it, as another system would; the answer is printed."""
    settings = read_settings()
    known = settings.hook_secrets.get(name)
    if known is None:
        raise Trouble(f"The hook {name} has no secret: make one with jumpin hooks secret and put it into JUMPIN_{name.upper()}_SECRET.")
    body, stamp, delivery = file.read_text(encoding="utf-8"), datetime.now(UTC), f"msg_{uuid4().hex}"
    headers = {
        "content-type": "application/json",
        "webhook-id": delivery,
        "webhook-timestamp": str(int(stamp.timestamp())),
        "webhook-signature": Webhook(known[0]).sign(delivery, stamp, body),
    }
    where = f"{(url or f'http://127.0.0.1:{settings.port}').rstrip('/')}/hooks/{name}"
    try:
        answer = httpx.post(where, content=body.encode(), headers=headers, timeout=30)
    except httpx.HTTPError as away:
        raise Trouble(f"{where} does not answer ({type(away).__name__}): is the bot running, and does it listen there?") from None
    typer.echo(f"{answer.status_code} {answer.text}")
    if not answer.is_success:
        raise typer.Exit(1)
