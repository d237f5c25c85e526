"""`jumpin live`: a transcript goes through the signed door as a service would stream it, and what cannot be played is said."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from standardwebhooks import Webhook

from store.sources.streams import read_stream
from tests.commands.conftest import Jumpin
from tests.sources.calls import TEXTS, Spoken

SECRET = "whsec_" + "A" * 43 + "="
TALK = (Spoken("Riley Chen", 0, "Welcome."), Spoken("Dana Ortiz", 2, "We'd start with fifteen a day."), Spoken("Ivan Petrov", 4, "Fine."))


class Door(BaseHTTPRequestHandler):
    """Keeps what comes, after checking its signature."""

    taken: ClassVar[list[tuple[str, Any]]] = []
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        Webhook(SECRET).verify(body, {name.lower(): value for name, value in self.headers.items()})
        self.taken.append((self.path, json.loads(body)))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Silence."""


@pytest.fixture
def door() -> Iterator[str]:
    Door.taken.clear()
    Door.status = 200
    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "kickoff.vtt"
    made.write_text(TEXTS["zoom"](TALK))
    return made


def test_a_transcript_is_played_in_its_order(jumpin: Jumpin, door: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUMPIN_TRANSCRIPTS_SECRET", SECRET)
    told = jumpin("live", "--replay", file, "--speed", "50", "--deal", "Acme", "--url", door)
    assert (told.status, told.err) == (0, "")
    assert told.lines == ["0:00 Riley Chen: Welcome.", "0:02 Dana Ortiz: We'd start with fifteen a day.", "0:04 Ivan Petrov: Fine."]
    assert {path for path, _ in Door.taken} == {"/hooks/transcripts?deal=Acme"}
    events = [read_stream(body) for _, body in Door.taken]
    assert [event.kind for event in events] == ["partial", "words"] * 3 + ["ended"]
    assert len({event.call for event in events}) == 1
    assert [segment.second for event in events[1::2] for segment in event.segments] == [0.0, 2.0, 4.0]
    assert parse_qs(urlsplit(Door.taken[0][0]).query) == {"deal": ["Acme"]}


def test_what_is_refused_is_said(jumpin: Jumpin, door: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUMPIN_TRANSCRIPTS_SECRET", SECRET)
    Door.status = 422
    told = jumpin("live", "--replay", file, "--speed", "50", "--url", door)
    assert told.status == 2
    assert "refused it (422)" in told.err


def test_without_a_secret_or_words_it_says_what_to_do(jumpin: Jumpin, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUMPIN_TRANSCRIPTS_SECRET", raising=False)
    assert "jumpin hooks secret" in jumpin("live", "--replay", file).err
    monkeypatch.setenv("JUMPIN_TRANSCRIPTS_SECRET", SECRET)
    assert "does not answer" in jumpin("live", "--replay", file, "--url", "http://127.0.0.1:9").err
    file.write_text("WEBVTT\n\n")
    assert "holds no speech" in jumpin("live", "--replay", file).err
