"""What was really shipped, from a file, for commands that need no store: by customer, with what could not be used said aloud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bot.commands.scan import say
from bot.commands.trouble import Trouble
from bot.deal import Deal
from bot.playbook.clock.history import Actual, Actuals
from store.deals import customer_key
from store.sources.plain import NotReadable
from store.sources.volume_apart import read_at_leisure
from store.sources.volume_file import VolumeFile
from templates.volume_words import OddView, oddities

NAMED = 5
"""Accounts of nobody that are named; the rest is counted."""


def actuals_of(file: Path, deals: Sequence[Deal]) -> dict[str, Actuals]:
    """The volumes of these deals by customer. A file without accounts is the only deal's. Trouble for a file that cannot be used."""
    try:
        found = read_at_leisure(file, datetime.now(UTC).date())
    except NotReadable as reason:
        raise Trouble(f"{file}: {reason}") from None
    except OSError as refused:
        raise Trouble(f"{file}: cannot be read: {refused.strerror or refused}") from None
    say([f"{file}: {line}" for line in oddities([OddView(one.kind, one.count, one.row, one.text) for one in found.odd])])
    if len(deals) == 1 and {line.account for line in found.lines} == {""}:
        return {deals[0].customer: _summed(found, {"": deals[0].customer})[deals[0].customer]}
    by_key = {customer_key(deal.customer): deal.customer for deal in deals}
    owners = {account.name: by_key[customer_key(account.name)] for account in found.accounts() if customer_key(account.name) in by_key}
    if not owners:
        names = ", ".join(account.name or "no account" for account in found.accounts()[:NAMED])
        raise Trouble(f"{file}: none of its accounts ({names}) is the customer of a deal; name them as the deal files do")
    others = [account.name or "no account" for account in found.accounts() if account.name not in owners]
    if others:
        more = f" and {len(others) - NAMED:,} more" if len(others) > NAMED else ""
        say([f"{file}: left out, as they are the customer of no deal: {', '.join(others[:NAMED])}{more}"])
    without = sorted(set(by_key.values()) - set(owners.values()))
    if without:
        say([f"{file}: has no volumes of {', '.join(without[:NAMED])}{' and others' if len(without) > NAMED else ''}"])
    return _summed(found, owners)


def _summed(found: VolumeFile, owners: dict[str, str]) -> dict[str, Actuals]:
    """Accounts of one customer are added up by day."""
    days: dict[str, dict[date, int]] = {}
    for line in found.lines:
        if line.account in owners:
            theirs = days.setdefault(owners[line.account], {})
            theirs[line.day] = theirs.get(line.day, 0) + line.packages
    return {customer: Actuals(tuple(Actual(day, count) for day, count in sorted(theirs.items()))) for customer, theirs in days.items()}
