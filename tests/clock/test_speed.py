"""The work of a day is cheap: thousands of reps are asked for within a minute."""

from __future__ import annotations

from time import process_time

from bot.playbook.clock.daily import Mine, daily
from bot.playbook.clock.history import Happened, History
from tests.clock.deals import WEEK, at, day, on
from tests.clock.test_daily import RILEY

DEALS = 200


def test_two_hundred_deals_take_a_fraction_of_a_second() -> None:
    history = History(happened=(*WEEK, Happened("short", on(16))))
    day(17, history)
    begun = process_time()
    mines = [Mine(str(number), "rep", day(17, history)) for number in range(DEALS)]
    assert daily(RILEY, mines, at(on(17))) is not None
    assert process_time() - begun < DEALS * 0.01, "seconds of processor time: ten times what it takes"
