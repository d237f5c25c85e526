"""`jumpin manifest`: prints the Slack app manifest, ready to paste."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import typer
import yaml

from bot.commands.trouble import Trouble
from bot.manifest import manifest_for_http, manifest_text

Url = Annotated[str | None, typer.Option(help="Public https address of your server: prints the manifest for HTTP mode.")]


def manifest(url: Url = None) -> None:
    """Print the Slack app manifest, ready to paste: for Socket Mode, or with --url for HTTP mode."""
    if url is None:
        typer.echo(manifest_text(), nl=False)
        return
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise Trouble("--url must be the public address of your server, such as https://jumpin.example.com: Slack calls nothing but https.")
    typer.echo(yaml.safe_dump(manifest_for_http(url), sort_keys=False, allow_unicode=True, width=100), nl=False)
