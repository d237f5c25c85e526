"""Where words and people stand in the database: declared once, for retention, forgetting, export and encryption.

What somebody said has a column of the type Said, SaidPlain or Noted; everything else is an id, a name or a code, and is told apart by
the name of its column. A test holds that no column is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Table

from bot.deal import Person
from store.columns import DealTerms, Noted, Plain, Said, SaidPlain, Words
from store.every_table import METADATA

SPOKE = frozenset({"speaker"})
"""Columns with the id of who said the words of a row: they go with the person."""

WROTE = frozenset({"posts.by", "surveys.answered_by", "marks.by", "own_milestones.by", "next_steps.by", "workshop_notes.by"})
"""Columns with the id of who typed the words of a row, or answered with them."""

THEIRS = frozenset({"user_id", "person", "recipient", "demotions.owner", "call_names.answer"})
"""Columns of rows that are a person's alone: the rows go with the person."""

ACTED = frozenset(
    {
        *("by", "changed_by", "ended_by", "decided_by", "ours_by", "theirs_by"),
        *("channel_notes.about", "amendments.ours", "amendments.theirs", "surveys.answered_by", "crm_records.owner", "crm_records.rep"),
    }
)
"""Columns with whoever decided, recorded or answered something that stays: they lose the name."""

CODES = frozenset(
    {
        *("channel", "ts", "thread_ts", "permalink", "link", "given"),
        *("scenario", "subject", "rule", "kind", "state", "what", "role", "term", "suppressed", "source", "key", "name", "value"),
        *("customer_key", "about", "findings.agreed", "findings.reason", "finding_events.reason", "outbox.owner", "outbox.error"),
        *("own_milestones.owner", "next_steps.delay"),
        *("account", "account_key", "medium", "meeting", "mark"),
        *("external", "customer", "stage", "url", "after", "trouble"),
        *("crm_passes.owner", "crm_outbox.owner", "crm_outbox.error", "crm_outbox.written"),
    }
)
"""Columns with ids, codes and figures, and the customer's name, which goes with the deal."""

ABOUT = frozenset({"outbox.about"})
"""Plain values that name the people whom a message is about: it goes with any of them."""

PLAIN = ABOUT | {
    *("amendments.old", "amendments.new", "preferences.chosen"),
    *("crm_records.terms", "crm_records.base", "crm_outbox.about", "crm_differences.ours", "crm_differences.theirs"),
}
"""Plain values that hold terms, choices and ids."""

AGE: Mapping[str, str] = {
    "findings": "said_at",
    "finding_echoes": "said_at",
    "examples": "said_at",
    "calls": "last_at",
    "call_turns": "calls.last_at",
}
"""Tables whose words are as old as something else than the column `at` tells; another table's is named with the table."""

GONE_WITH_THEIR_WORDS = frozenset({"examples", "call_turns"})
"""Tables whose rows are nothing without their words."""


def tables() -> list[Table]:
    """All tables, each after those that it refers to."""
    return list(METADATA.sorted_tables)


def in_set(column: Column[Any], names: frozenset[str]) -> bool:
    """Whether a column is in one of the sets above, by its name or by table and name; the longer name decides."""
    full = f"{column.table.name}.{column.name}"
    sets = (SPOKE, THEIRS, ACTED, CODES, PLAIN)
    named = next((one for one in sets if full in one), None)
    return full in names if named is not None else column.name in names


def is_person(column: Column[Any]) -> bool:
    """Whether a column holds a person's id."""
    return any(in_set(column, one) for one in (SPOKE, THEIRS, ACTED))


def words(table: Table) -> list[Column[Any]]:
    """The columns with words, whoever said or typed them."""
    return [one for one in table.columns if isinstance(one.type, Said | SaidPlain)]


def quotes(table: Table) -> list[Column[Any]]:
    """The columns with words that are kept for as long as quotes are."""
    return [one for one in words(table) if not isinstance(one.type, Noted)]


def age(table: Table) -> Column[Any] | None:
    """The column that tells how old the words of a row are; it may stand in the table that a row belongs to ("table.column")."""
    owner, _, name = AGE.get(table.name, f"{table.name}.at").rpartition(".")
    return METADATA.tables[owner or table.name].columns.get(name)


def undeclared() -> list[str]:
    """Text columns of which nobody has said what they hold, and tables whose words have no age: as table.column."""
    found = []
    for table in tables():
        for column in table.columns:
            known = any(in_set(column, one) for one in (SPOKE, THEIRS, ACTED, CODES, PLAIN))
            if isinstance(column.type, Words | Plain) and not known:
                found.append(f"{table.name}.{column.name}")
        if quotes(table) and age(table) is None:
            found.append(f"{table.name}: no age")
    return found


def terms(table: Table) -> list[Column[Any]]:
    """The columns with a whole deal, which names its people."""
    return [one for one in table.columns if isinstance(one.type, DealTerms)]


def known_as(people: Iterable[Person], user_id: str) -> set[str]:
    """What somebody goes by where no id is known, as on calls and in mails: the names and addresses that a deal's people have."""
    mine = [one for one in people if one.id == user_id]
    return {one.name for one in mine} | {one.email for one in mine if one.email}


def holds(value: Any, ids: Collection[str]) -> bool:
    """Whether a plain value names somebody, by one of the ids that they have."""
    if isinstance(value, dict | list):
        return any(holds(one, ids) for one in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and value in ids
