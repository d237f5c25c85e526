"""`jumpin backtest` as people use it: months of an export in, what would have come of it out; stopped, resumed, and with unfit files."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.backtest.exports import OURS, THEIRS, Made, export_of, talks
from tests.commands.conftest import Jumpin, Ran

STORY = [
    ("2026-11-02T09:00", "U1", "morning all! driver came at 4, thanks", {}),
    ("2026-11-02T09:14", "U1", "we can do 10, maybe 15 boxes a day for now", {"volume-bait-and-switch": "dm"}),
    ("2026-11-02T11:00", "U3", "the agreement is 150 a day, let me call you", {}),
    ("2026-11-02T16:00", "U9", "they only gave the driver 12 packages today", {}),
]


def acme(tmp_path: Path, *said: tuple[str, str, str], **deal: Any) -> Made:
    """Acme's channel and deal, with a person of ours whom the deal does not name."""
    made = Made(channels=[{"id": "C1", "name": "impl-acme"}])
    people = [("U1", "Dana Ortiz", "customer"), ("U3", "Riley Chen", "rep")]
    made.deals.append(
        {
            "customer": "Acme",
            "channels": ["#impl-acme"],
            "people": [{"id": ident, "name": name, "role": role} for ident, name, role in people],
            "volume": {"committed_per_day": 500},
            "test": {"volume_per_day": 150, "starts": "2026-11-02"},
            **deal,
        }
    )
    made.users = {ident: {"id": ident, "team_id": THEIRS if ident == "U1" else OURS} for ident in ("U1", "U3", "U9", "U8")}
    for at, user, text in said or [line[:3] for line in STORY]:
        made.say("impl-acme", datetime.fromisoformat(at), user, text)
    made.zip(tmp_path / "export.zip")
    made.write_deals(tmp_path / "deals")
    return made


@pytest.fixture
def run(jumpin: Jumpin, tmp_path: Path) -> Any:
    """`run("--json" …)` on the export and deals of the test."""

    def backtest(*more: str | Path, source: str = "export.zip") -> Ran:
        return jumpin("backtest", tmp_path / source, "--deals", tmp_path / "deals", "--keep", tmp_path / "kept", *more)

    return backtest


def hits(told: Ran) -> list[dict[str, Any]]:
    """What would have been raised."""
    found: list[dict[str, Any]] = json.loads(told.out)["hits"]
    return found


def test_months_of_talk_give_what_a_scan_gives_and_say_what_would_ring(jumpin: Jumpin, run: Any, tmp_path: Path) -> None:
    found = talks(every=40)
    made = export_of(found)
    made.zip(tmp_path / "export.zip", root="Acme Slack export/")
    made.write_deals(tmp_path / "deals")
    told = run("--json")
    assert told.status == 0
    by_channel: dict[str, list[dict[str, Any]]] = {}
    for hit in hits(told):
        by_channel.setdefault(hit["channel"], []).append(hit)
    compared = 0
    for number, talk in enumerate(found):
        scanned = jumpin("scan", "--json", "--deal", tmp_path / "deals" / f"deal-{number:03}.json", tmp_path / "export.zip")
        lines = [json.loads(line) for line in scanned.lines]
        there = [(line["message"], line["scenario"], line["quote"], line["said_per_day"]) for line in lines]
        here = [(hit["ts"], hit["scenario"], hit["quote"], hit["said_per_day"]) for hit in by_channel.get(f"#impl-{talk['id']}", [])]
        assert Counter(map(str, here)) == Counter(map(str, there))
        compared += len(there)
    assert compared > 10
    whole = json.loads(told.out)
    assert whole["messages"] == sum(len(talk["messages"]) for talk in found)
    assert sum(sum(one.values()) for one in whole["counts"].values()) == len(whole["hits"])


def test_the_readable_report(run: Any, tmp_path: Path) -> None:
    acme(tmp_path)
    told = run()
    assert told.status == 0
    assert "export.zip: 1 channel of 1 deal, 4 messages, 2 Nov 2026 – 2 Nov 2026" in " ".join(told.out.split())
    assert "10-15/day, agreed 150" in " ".join(told.out.split())
    assert "customers' own words" in told.err


def test_our_people_are_known_by_their_team_and_external_ones_are_customers(run: Any, tmp_path: Path) -> None:
    made = acme(tmp_path)
    made.say("impl-acme", datetime(2026, 11, 4, 9), "U7", "honestly we will see how it goes before we ramp", user_team="T0OTHER")
    made.zip(tmp_path / "export.zip")
    sides = {hit["speaker"]: hit["side"] for hit in hits(run("--json"))}
    assert sides == {"U1": "customer", "U9": "implementation", "U7": "customer"}


def test_the_second_run_hears_nothing_again_and_tells_the_same(run: Any, tmp_path: Path) -> None:
    acme(tmp_path)
    first = run("--json")
    heard = (tmp_path / "kept" / "heard.jsonl").read_bytes()
    assert run("--json").out == first.out
    assert (tmp_path / "kept" / "heard.jsonl").read_bytes() == heard


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(run: Any, tmp_path: Path) -> None:
    made = export_of(talks(every=100))
    made.zip(tmp_path / "export.zip")
    made.write_deals(tmp_path / "deals")
    whole = hits(run("--json"))
    file = tmp_path / "kept" / "heard.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:2]) + lines[2][:50])
    assert hits(run("--json")) == whole
    after = file.read_bytes().splitlines(keepends=True)
    assert after[:2] == lines[:2]
    assert len(after) == len(lines) + 1  # the line that was cut off stays where it is
    assert run("--json").status == 0


def test_other_terms_are_heard_anew(run: Any, tmp_path: Path) -> None:
    acme(tmp_path)
    assert "volume-bait-and-switch" in {hit["scenario"] for hit in hits(run("--json"))}
    acme(tmp_path, test={"volume_per_day": 12, "starts": "2026-11-02"})
    assert "volume-bait-and-switch" not in {hit["scenario"] for hit in hits(run("--json"))}


def test_channels_of_one_deal_are_heard_together(run: Any, tmp_path: Path) -> None:
    made = acme(tmp_path, ("2026-11-02T09:14", "U1", "we'd start with 10, maybe 15 boxes a day"))
    made.deals[0]["channels"] = ["impl-acme", "C2"]
    made.channels.append({"id": "C2", "name": "ext-acme"})
    made.say("ext-acme", datetime(2026, 11, 2, 10), "U1", "we'd start with 10, maybe 15 boxes a day")
    made.say("random", datetime(2026, 11, 2, 11), "U1", "we'd start with 10, maybe 15 boxes a day")
    made.zip(tmp_path / "export.zip")
    made.write_deals(tmp_path / "deals")
    assert [(hit["channel"], hit["came"]) for hit in hits(run("--json"))] == [("#impl-acme", "dm"), ("#ext-acme", "repeat")]


def test_a_channel_of_two_deals_gives_each_what_is_about_it(run: Any, tmp_path: Path) -> None:
    made = acme(tmp_path, ("2026-11-02T09:14", "U1", "we'd start with 10, maybe 15 boxes a day"))
    other = json.loads(json.dumps(made.deals[0])) | {"customer": "Zephyr Lamps"}
    other["people"][0]["id"] = "U5"
    made.deals.append(other)
    made.say("impl-acme", datetime(2026, 11, 2, 12), "U9", "Zephyr Lamps gave the driver only 20 packages today")
    made.zip(tmp_path / "export.zip")
    made.write_deals(tmp_path / "deals")
    assert [(hit["customer"], hit["said_per_day"]) for hit in hits(run("--json"))] == [("Acme", [10, 15]), ("Zephyr Lamps", [20, 20])]


def test_the_page_escapes_what_people_wrote(run: Any, tmp_path: Path) -> None:
    people = [{"id": "U1", "name": "<script>alert(1)</script>", "role": "customer"}, {"id": "U3", "name": "Riley", "role": "rep"}]
    acme(tmp_path, customer="<b>Acme & Söhne</b>", people=people)
    assert run("--html", tmp_path / "page.html").status == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    seen: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: seen.append(tag)  # type: ignore[method-assign]
    parser.feed(text)
    assert "script" not in seen
    assert "&lt;b&gt;Acme &amp; Söhne&lt;/b&gt;" in text
    assert "10-15/day, agreed 150" in text


def test_judgements_become_examples_that_a_scan_reads(jumpin: Jumpin, run: Any, tmp_path: Path) -> None:
    acme(tmp_path)
    first = hits(run("--json"))[0]
    lines = [{"hit": hit["id"], "said": "useful" if hit == first else "not"} for hit in hits(run("--json"))]
    (tmp_path / "kept" / "judged.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    told = run("--json")
    whole = json.loads(told.out)
    assert "labelled message" in told.err
    assert [hit["judged"] for hit in whole["hits"]] == [line["said"] for line in lines]
    assert {"scenario": "volume-bait-and-switch", "useful": 1, "judged": 1}.items() <= whole["judged"][0].items()
    talk = json.loads((tmp_path / "kept" / "examples.jsonl").read_text(encoding="utf-8"))
    assert talk["messages"][0]["expect"] == [{"scenario": "volume-bait-and-switch", "said_per_day": [10, 15]}]
    scanned = jumpin("scan", "--json", tmp_path / "kept" / "examples.jsonl")
    assert scanned.status == 0
    assert json.loads(scanned.lines[0])["scenario"] == "volume-bait-and-switch"


def test_gaps_in_volume_that_were_announced_in_words(run: Any, tmp_path: Path) -> None:
    acme(tmp_path, *[line[:3] for line in STORY], ("2026-11-30T09:00", "U3", "closing the month"))
    days = "".join(f"Acme,2026-11-{day:02},{count}\n" for day, count in ((2, 150), (3, 150), (4, 20), (5, 30), (6, 150)))
    (tmp_path / "volumes.csv").write_text(f"account,ship date,packages\n{days}Nobody,2026-11-03,5\n", encoding="utf-8")
    told = run("--volumes", tmp_path / "volumes.csv", "--html", tmp_path / "page.html")
    text = " ".join(told.out.split())
    assert "Gaps in volume: 1, of them 1 announced in words before" in text
    assert "4 Nov 2026 – 5 Nov 2026: 25/day shipped of 150 agreed, 250 packages missing. Announced 2 days before by Dana Ortiz" in text
    assert "left out, as they are the customer of no deal: Nobody" in told.err
    assert "250 packages missing" in (tmp_path / "page.html").read_text(encoding="utf-8")
    gap = json.loads(run("--json", "--volumes", tmp_path / "volumes.csv").out)["gaps"][0]
    assert (gap["first"], gap["days"], gap["missing"], gap["days_before"], len(gap["announced_by"])) == ("2026-11-04", 2, 250, 2, 2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("account,ship date,packages\nNobody,2026-11-03,5\n", "none of its accounts (Nobody)"), ("hello\nworld\n", "volumes.csv: ")],
)
def test_volumes_that_cannot_be_used(run: Any, tmp_path: Path, text: str, sentence: str) -> None:
    acme(tmp_path)
    (tmp_path / "volumes.csv").write_text(text, encoding="utf-8")
    told = run("--volumes", tmp_path / "volumes.csv")
    assert (told.status, sentence in told.err, told.err.count("\n")) == (2, True, 1)


def test_judging_needs_a_terminal(run: Any, tmp_path: Path) -> None:
    acme(tmp_path)
    told = run("--judge")
    assert (told.status, "needs a terminal" in told.err) == (2, True)


def spoil(tmp_path: Path, name: str, data: bytes) -> None:
    """Put a member into the export."""
    with zipfile.ZipFile(tmp_path / "export.zip", "a") as archive:
        archive.writestr(name, data)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("impl-acme/2026-11-05.json", b'[{"ts": "17', "2026-11-05.json:"),
        ("impl-acme/2026-11-05.json", b"\xff\xfe\x00bad", "2026-11-05.json:"),
        ("impl-acme/2026-11-05.json", b'{"ts": 1}', "is not a day of a Slack export"),
        ("impl-acme/2026-11-05.json", b'[7, {"text": "no time"}]', "message 1: has no ts and is left out"),
        ("../../impl-acme/2026-11-05.json", b"[]", "points outside of the export and was left out"),
        ("/etc/2026-11-05.json", b"[]", "points outside of the export and was left out"),
    ],
)
def test_what_is_broken_is_said_and_the_rest_is_heard(run: Any, tmp_path: Path, name: str, data: bytes, sentence: str) -> None:
    acme(tmp_path)
    spoil(tmp_path, name, data)
    told = run("--json")
    assert told.status == 2
    assert sentence in told.err
    assert [hit["scenario"] for hit in hits(told)][:1] == ["volume-bait-and-switch"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".sqlite3") == ["deals", "export.zip", "kept"]


def test_broken_lists_of_people_leave_the_talk(run: Any, tmp_path: Path) -> None:
    made = acme(tmp_path)
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for name, plain in made.files.items():
            archive.writestr(name, json.dumps(plain))
        archive.writestr("users.json", "{nonsense")
        archive.writestr("channels.json", '[{"name": "impl-acme"}, 3, null]')
    told = run("--json")
    assert (told.status, "known by their ids alone" in told.err) == (2, True)
    assert hits(told)


def test_a_damaged_zip(run: Any, tmp_path: Path) -> None:
    acme(tmp_path)
    whole = (tmp_path / "export.zip").read_bytes()
    (tmp_path / "export.zip").write_bytes(whole[: len(whole) // 2])
    told = run()
    assert (told.status, told.err.count("\n")) == (2, 1)
    assert "is not a .zip" in told.err
    assert not (tmp_path / "kept").exists()  # nothing was heard, so nothing is left behind


@pytest.mark.parametrize(
    ("source", "sentence"),
    [("none.zip", "there is no such file"), ("deals", "holds no channel; a Slack export has a folder"), ("notes.txt", "is not a .zip")],
)
def test_what_is_no_export(run: Any, tmp_path: Path, source: str, sentence: str) -> None:
    acme(tmp_path)
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    told = run(source=source)
    assert told.status == 2
    assert sentence in told.err


def test_deals_that_cannot_be_heard(run: Any, tmp_path: Path) -> None:
    made = acme(tmp_path)
    made.deals[0]["channels"] = ["#elsewhere"]
    made.deals.append({**made.deals[0], "customer": "No Channels", "channels": []})
    made.deals.append(made.deals[0])
    made.write_deals(tmp_path / "deals")
    told = run()
    assert told.status == 2
    assert "No Channels lists no channels" in told.err
    assert "a deal of Acme in another file already" in told.err
    assert "none of its 1 channels (#impl-acme …) is a channel of these deals" in told.err


def test_a_folder_that_cannot_be_written(jumpin: Jumpin, tmp_path: Path) -> None:
    acme(tmp_path)
    (tmp_path / "kept").write_text("a file", encoding="utf-8")
    told = jumpin("backtest", tmp_path / "export.zip", "--deals", tmp_path / "deals", "--keep", tmp_path / "kept")
    assert (told.status, "cannot be used to keep the work" in told.err) == (2, True)


def test_what_is_kept_is_for_its_owner_alone(run: Any, tmp_path: Path) -> None:
    acme(tmp_path)
    run()
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    assert (tmp_path / "kept" / "heard.jsonl").stat().st_mode & 0o077 == 0
