"""Doors through which words of others come in, each as a function of bytes: it reads or refuses them, and does nothing else."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from bot.deal import Deal
from bot.demo.sample import sample
from bot.ears import Talk, hear
from bot.language.statement import Utterance
from handlers.services import fireflies, zoom
from handlers.signed import Unproven, standard
from handlers.typed import read_field, typed
from store.records import KnownDeal
from store.sources.crm.file import CrmFile
from store.sources.crm.plain import CrmTrouble, Wanted
from store.sources.deal_file import parse_deal
from store.sources.deals_file import export_table, parse_deals
from store.sources.files import read_file
from store.sources.mail import is_mail, mails
from store.sources.pasted import is_pasted_call, parse_pasted_call
from store.sources.plain import NotReadable, decode, from_json
from store.sources.sheet_cells import NotPlain
from store.sources.slack_text import plain_text
from store.sources.streams import LONGEST, read_stream
from store.sources.values import Wrong
from store.sources.volume_file import read_volumes
from store.sources.volume_sheet import Book
from templates.blocks import AlertView, alert
from tests.fuzz import packed
from tests.live.block_kit import mistakes
from tests.sources.test_streams import SHAPES
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


def workbook(data: bytes) -> None:
    """It is the sheet of a workbook, before a line of dashes; below that line are the texts that cells share.

    Read as a stream: smaller ones are read by a library that ends its process where a cell lies far away (store.sources.volume_apart).
    """
    with zipfile.ZipFile(io.BytesIO(packed.book(data))) as archive:
        try:
            book = Book(archive)
            for sheet in book.sheets:
                for _ in islice(book.rows(sheet), 2_000):
                    pass
        except NotPlain:
            pass


def document(data: bytes) -> None:
    """It is what a Word document says, as XML."""
    try:
        read_file(packed.document(data), "a.docx")
    except NotReadable:
        pass


def table(data: bytes) -> None:
    """It is a table of deals, as a system sends it or a CRM writes it."""
    try:
        text = decode(data)
    except NotReadable:
        return
    parse_deals(text, "deals.csv")
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(data)
        crm = CrmFile(Path(file.name))
        try:
            asyncio.run(crm.page(Wanted(("owner",), frozenset({"setup"})), None))
        except CrmTrouble:
            pass


def stream(data: bytes) -> None:
    """It is what a service sends of a call."""
    try:
        told = read_stream(from_json(decode(data)))
    except NotReadable:
        return
    for one in told.segments:
        assert len(one.text) <= LONGEST


def pasted(data: bytes) -> None:
    """Somebody of our own pastes it: a transcript, a mail, or neither."""
    text = plain_text(data.decode("utf-8", "replace"))
    is_pasted_call(text, ("Dana Ortiz",), surely=True)
    mails(text) if is_mail(text) else ()
    try:
        parse_pasted_call(text, ("Dana Ortiz",))
    except NotReadable:
        pass


def form(data: bytes) -> None:
    """It stands in a field of a form, and in what a form carries."""
    text = data.decode("utf-8", "replace")
    given = typed({"state": {"values": {"test.weeks#0": {"a": {"value": text}}}}, "private_metadata": text})
    for name in FIELDS:
        try:
            read_field(name, given.text("test.weeks"))
        except Wrong as wrong:
            told = given.errors({name: str(wrong)})["test.weeks#0"]
            if not 0 < len(told) < 2000:
                raise AssertionError(told) from None


def webhook(data: bytes) -> None:
    """It is a signed delivery: its first line the id, the second the time, the third the signature, the rest the body."""
    named, stamp, signature, body = [*data.split(b"\n", 3), b"", b"", b""][:4]
    headers = {
        "webhook-id": named.decode("latin-1"),
        "webhook-timestamp": stamp.decode("latin-1"),
        "webhook-signature": signature.decode("latin-1"),
    }
    headers |= {"x-zm-request-timestamp": headers["webhook-timestamp"], "x-zm-signature": headers["webhook-signature"]}
    headers |= {"x-hub-signature": headers["webhook-signature"]}
    for prove in (standard, zoom, fireflies):
        try:
            prove(headers, body, (SECRET,))
        except Unproven:
            continue
        raise AssertionError(f"somebody without the secret was believed ({prove.__name__})")


_DOORS = (message, blocks, deal_file, talk_file, volumes, workbook, document, table, stream, pasted, form, webhook)
TARGETS: Mapping[str, Callable[[bytes], None]] = {one.__name__: one for one in _DOORS}

FIELDS = ("test.success", "services", "price", "pickup.time", "volume.share_of_total", "test.starts", "test.volume_per_day", "billing")

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
    if name in ("talk_file", "pasted"):
        return [path.read_bytes() for path in sorted((root / "sources/data/transcripts").iterdir())]
    if name == "volumes":
        rows = [["date", "customer", "packages"], *([f"2026-10-{day:02}", "Acme", str(100 + day)] for day in range(1, 29))]
        with tempfile.TemporaryFile("w+", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
            file.seek(0)
            return [file.read().encode()]
    if name == "form":
        return [
            text.encode() for text in ("Expedited, Northeast, 2-3 days (a remark)", "Ground: 4.85 each", "60 %", "9 Nov", "16:00", "1,500")
        ]
    if name == "table":
        known = KnownDeal(1, DEAL, ("C1",))
        crm = "id,customer,stage,owner,\n1,Acme,setup,U3,\n2,Bolt & Sons,implementation,U3,x\n"
        return [export_table([known]).encode(), crm.encode()]
    if name in packed.SEEDS:
        return [packed.SEEDS[name].encode()]
    if name == "stream":
        return [json.dumps(body).encode() for body, _ in SHAPES.values()]
    return [b"msg_1\n1793801760\nv1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=\n{}"]
