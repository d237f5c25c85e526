"""The whole report from lines with their findings: what is told once, what is left out, and in which order."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.calls.line import Line
from bot.calls.report import report
from bot.playbook.finding import Finding, Urgency
from bot.speakers import Speaker, faces
from tests.calls.talk import DEAL, STARTS


def _found(scenario: str, quote: str, urgency: Urgency = "now", **other: object) -> Finding:
    return Finding(scenario, quote, "", urgency, "customer", "test", 12, **other)  # type: ignore[arg-type]


def _line(n: int, text: str, *findings: Finding, name: str = "Dana Ortiz") -> Line:
    at: datetime = STARTS + timedelta(minutes=n)
    return Line(str(n), text, "customer", name, at=at, moment=f"{n}:00", findings=findings)


def test_a_repetition_counts_and_is_told_once() -> None:
    longer = "we'd like two more weeks"
    made = report(
        [
            _line(0, "Morning, the truck with the packages left."),
            _line(1, longer, _found("objection-extend-test", longer)),
            _line(2, "Your driver came at 4:05.", _found("pickup-confirmed", "Your driver came at 4:05.", "log")),
            _line(3, longer, _found("objection-extend-test", longer, suppressed="repeat")),
            _line(4, "all good", _found("volume-confirmed", "all good", "log", suppressed="repeat")),
        ],
        DEAL,
        tuple(faces(DEAL, [Speaker("Dana Ortiz"), Speaker("Lee Wong")]).values()),
        STARTS.date(),
    )
    assert [(one.finding.scenario, one.line.moment, one.count) for one in made.points] == [("objection-extend-test", "1:00", 2)]
    assert [one.finding.scenario for one in made.confirmed] == ["pickup-confirmed"]
    assert [one.face.speaker.name for one in made.strangers] == ["Lee Wong"]
    assert made.seconds == 240


def test_what_is_unsure_is_told_only_amid_talk_of_shipping() -> None:
    wait = "we will see what happens next"
    among = [_line(0, "The packages and the driver are fine."), _line(1, wait, _found("wait-and-see", wait, "digest"))]
    aside = [_line(0, "The weather was nice."), _line(1, wait, _found("wait-and-see", wait, "digest"))]
    hum = [_line(0, "The packages and the driver are fine."), _line(1, "Mm-hm.", _found("wait-and-see", "Mm-hm.", "digest"))]
    for lines, told in ((among, 1), (aside, 0), (hum, 0)):
        assert len(report(lines, DEAL, (), STARTS.date()).perhaps) == told


def test_the_start_is_not_in_doubt_where_packages_are_picked_up() -> None:
    said = "The first pickup went out on Monday at four."
    doubt = _found("contradiction", "The first pickup went out on Monday", "digest", subject="test.start")
    talk = [_line(0, "The packages are on the truck."), _line(1, said, doubt, _found("pickup-confirmed", said, "log"))]
    assert report(talk, DEAL, (), STARTS.date()).perhaps == ()
    assert len(report([talk[0], _line(1, said, doubt)], DEAL, (), STARTS.date()).perhaps) == 1
