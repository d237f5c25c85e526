"""Doors through which words of others come in, each as a function of bytes: it reads or refuses them, and does nothing else."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from bot.deal import Deal
from bot.demo.sample import sample
from bot.ears import Talk, hear
from bot.language.statement import Utterance
from handlers.signed import Unproven, standard
from store.sources.deal_file import parse_deal
from store.sources.files import read_file
from store.sources.plain import NotReadable, decode
from store.sources.volume_file import read_volumes
from templates.blocks import AlertView, alert
from tests.live.block_kit import mistakes
from tests.templates.samples import deal as sample_deal
from tests.templates.samples import finding

DAY = date(2026, 11, 4)
DEAL = Deal.model_validate(sample(DAY).deal)
SECRET = "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
TALK_FILES = ("a.txt", "a.vtt", "a.srt", "a.json", "a.jsonl", "a.md", "a.eml", "a.docx", "a.zip")
AT = datetime(2026, 11, 4, 10, tzinfo=UTC)


def message(data: bytes) -> None:
    """Somebody says it in a deal's channel: the whole reader, then the direct message for whatever was found."""
    text = data.decode("utf-8", "replace")
    for found in hear(DEAL, Talk(), Utterance(text, "customer", "U1", AT.replace(tzinfo=None), "1"), ()).findings:
        assert found.quote in text or found.quote.strip(), found


def blocks(data: bytes) -> None:
    """It stands in an alert: Slack must take the message whatever it is."""
    words = data.decode("utf-8", "replace")
    what = finding("contradiction", subject="billing", quote=words, why=words, said=words, agreed=words, said_per_day=None)
    view = AlertView(what, sample_deal(customer=words[:200].strip() or "Acme"), 1, words[:80], words, "C1", AT, words[:300])
    made = alert(view)
    assert mistakes(made.blocks) == [], mistakes(made.blocks)
    assert made.text.strip()


def deal_file(data: bytes) -> None:
    """It is a deal file."""
    for name in ("deal.yml", "deal.json"):
        try:
            parse_deal(decode(data), name)
        except NotReadable:
            pass


def talk_file(data: bytes) -> None:
    """It is a talk file, of whatever kind its name says."""
    for name in TALK_FILES:
        try:
            read_file(data, name)
        except NotReadable:
            pass


def volumes(data: bytes) -> None:
    """It is a file of volumes."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(data)
        try:
            read_volumes(Path(file.name), DAY)
        except NotReadable:
            pass


def webhook(data: bytes) -> None:
    """It is a signed delivery: its first line the id, the second the time, the third the signature, the rest the body."""
    named, stamp, signature, body = [*data.split(b"\n", 3), b"", b"", b""][:4]
    headers = {
        "webhook-id": named.decode("latin-1"),
        "webhook-timestamp": stamp.decode("latin-1"),
        "webhook-signature": signature.decode("latin-1"),
    }
    try:
        standard(headers, body, (SECRET,))
    except Unproven:
        return
    raise AssertionError("somebody without the secret was believed")


TARGETS: Mapping[str, Callable[[bytes], None]] = {one.__name__: one for one in (message, blocks, deal_file, talk_file, volumes, webhook)}

_ODD = (
    "\u202e",
    "\u200b",
    "\ufeff",
    "\x00",
    "🙂",
    "１５",
    "½",
    "<!channel>",
    "<@U1>",
    "*_~`>",
    "{{ 7*7 }}",
    "=1+1",
    "a" * 3000,
    "(" * 500,
    "9" * 400,
)


def seeds(name: str) -> list[bytes]:
    """What is a beginning for a target: things that it takes, of which a mutation still gets far."""
    root = Path(__file__).parents[1]
    if name in ("message", "blocks"):
        said = [line for path in sorted((root / "said").glob("*.yaml")) for line in path.read_text(encoding="utf-8").splitlines()]
        return [line.strip(" -'\"").encode() for line in said if len(line) > 12] + [odd.encode("utf-8", "replace") for odd in _ODD]
    if name == "deal_file":
        return [path.read_bytes() for path in sorted((root / "sources/data/deals").glob("*.yml"))]
    if name == "talk_file":
        return [path.read_bytes() for path in sorted((root / "sources/data/transcripts").iterdir())]
    if name == "volumes":
        rows = [["date", "customer", "packages"], *([f"2026-10-{day:02}", "Acme", str(100 + day)] for day in range(1, 29))]
        with tempfile.TemporaryFile("w+", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
            file.seek(0)
            return [file.read().encode()]
    return [b"msg_1\n1793801760\nv1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=\n{}"]
