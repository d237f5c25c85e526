"""`make bench`: the figures of this version on this machine."""

from __future__ import annotations

import asyncio
from itertools import chain

from bot.demo.emulator import EmulatorMissing
from tests.bench import book, daily, deal_book, files, listener, live, months, numbers, reader, ringing, start, volumes


def main() -> None:
    """Measure and print, one line a figure."""
    for line in files.hostile():
        print(line)
    for line in chain(
        reader.candidates(), reader.ordinary_speed(), reader.memory(), reader.another_parser(), files.scan_speed(), months.backtest_speed()
    ):
        print(line)
    for line in numbers.measure():
        print(line)
    for measure in (book.measure, deal_book.measure, daily.measure, volumes.measure, ringing.measure):
        for line in asyncio.run(measure()):
            print(line)
    for line in (*asyncio.run(listener.measure()), *asyncio.run(start.measure())):
        print(line)
    try:
        for line in asyncio.run(live.measure()):
            print(line)
    except EmulatorMissing as reason:
        print(f"live latency: not measured. {reason}")


main()
