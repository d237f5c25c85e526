"""The short form of `make soak`: the bot is killed again and again while everything around it fails; nothing is lost, nothing doubled."""

from __future__ import annotations

from pathlib import Path

from tests.live.soak import Plan, soak

SHORT = Plan(seconds=4, messages=200, deals=10, strikes=5)


async def test_every_finding_is_told_once_whatever_happens(tmp_path: Path) -> None:
    async with soak(SHORT, f"sqlite+aiosqlite:///{tmp_path / 'soak.sqlite3'}", tmp_path) as run:
        report = await run.run()
    assert (report.lost, report.doubled, report.unwanted) == ([], [], []), report.lines()
    assert report.kills > 2, report.lines()
    assert sum(report.faults.values()) > 20, report.lines()
    assert report.told > 10, report.lines()
