"""Forgets: what is older than it may be, a customer with everything of theirs, a person, or all. Told in counts, table by table.

Each of these works within the transaction of its caller: to see what it would do, undo that transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, and_, delete, false, literal, or_, select, true, type_coerce, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal, Person
from store import shown
from store.columns import Said, SaidPlain
from store.places import ABOUT, ACTED, GONE_WITH_THEIR_WORDS, SPOKE, THEIRS, age, holds, in_set, known_as, quotes, tables, terms
from store.tables import ErrandRow, LinkRow, NoteRow, SeenRow, metadata

FORGOTTEN = "forgotten"
"""Stands where a person's id, or name, stood."""

Gone = Counter[str]
"""What was done, by table: "findings deleted", "findings without words", "mutes without the name" -> rows."""


async def older(s: AsyncSession, words: datetime | None, findings: datetime | None) -> Gone:
    """Words said before the one time (UTC), and findings with their messages whose last change is before the other; None: any age."""
    gone, connection = Gone(), await s.connection()
    if findings is not None:
        old = metadata.tables["findings"]
        await _strip(s, old.c.changed_at < findings, old.c.changed_at < findings)
        await connection.run_sync(_delete, old, old.c.changed_at < findings, gone)
        done = metadata.tables["outbox"]
        over = and_(done.c.finding_id.is_(None), done.c.state.in_(("sent", "failed")), done.c.done_at < findings)
        await connection.run_sync(_delete, done, over, gone)
    if words is not None:
        await _strip(s, metadata.tables["findings"].c.said_at < words, metadata.tables["finding_echoes"].c.said_at < words)
        for table in tables():
            if quotes(table):
                await connection.run_sync(_blank, table, _before(table, words), gone)
    return gone


async def _strip(s: AsyncSession, findings: ColumnElement[bool], echoes: ColumnElement[bool]) -> None:
    """Take the words of findings, or of the messages that said them again, out of daily messages too."""
    found, again = metadata.tables["findings"], metadata.tables["finding_echoes"]
    first = select(found.c.deal_id, found.c.quote).where(findings, found.c.quote != "")
    later = select(found.c.deal_id, again.c.quote).join(again, again.c.finding_id == found.c.id)
    said: dict[int, set[str]] = {}
    for query in (first, later.where(echoes, again.c.quote != "")):
        for deal_id, quote in await (await s.connection()).execute(query):
            said.setdefault(deal_id, set()).add(quote)
    for deal_id, quotes_of_it in said.items():
        await shown.strip(s, deal_id, quotes_of_it)
    await s.flush()


async def customer(s: AsyncSession, deal_id: int) -> Gone:
    """A deal and everything of it: terms and history, findings and words, milestones, surveys, volumes, and messages about it."""
    gone, connection = Gone(), await s.connection()
    for table in (SeenRow, NoteRow):
        rows = metadata.tables[str(table.__tablename__)]
        await connection.run_sync(_delete, rows, rows.c.channel.in_(_only_linked_to(deal_id)), gone)
    outbox = metadata.tables[str(ErrandRow.__tablename__)]
    notices = (await connection.execute(select(outbox.c.id, outbox.c.about).where(outbox.c.kind == "notice"))).all()
    about = [number for number, kept in notices if isinstance(kept, dict) and _names_deal(kept, deal_id)]
    await connection.run_sync(_delete, outbox, outbox.c.id.in_(about), gone)
    gone["asked without the deal"] += await shown.drop_deal(s, deal_id)
    await connection.run_sync(_delete, metadata.tables["deals"], metadata.tables["deals"].c.id == deal_id, gone)
    return gone


async def person(s: AsyncSession, user_id: str) -> Gone:
    """A person: what they said, what was kept for them alone, and their name on what they decided; terms go on without them."""
    gone, connection = Gone(), await s.connection()
    names = await connection.run_sync(_out_of_terms, user_id, gone)
    said = await connection.run_sync(_words_of, [user_id, *names])
    gone["asked without words"] += await shown.strip_everywhere(s, said)
    for table in tables():
        await connection.run_sync(_of_person, table, user_id, names, gone)
        if table.name in GONE_WITH_THEIR_WORDS:
            await connection.run_sync(_within, table, {user_id, *names}, gone)
    return gone


async def everything(s: AsyncSession) -> Gone:
    """All that is kept, but for the tables themselves."""
    gone, connection = Gone(), await s.connection()
    for table in reversed(tables()):
        await connection.run_sync(_delete, table, true(), gone)
    return gone


def _delete(connection: Connection, table: Table, which: ColumnElement[bool], gone: Gone) -> None:
    """Delete rows, and before them everything that refers to them."""
    for child in tables():
        for key in child.foreign_keys:
            if key.column.table is table and child is not table:
                mine = key.parent.in_(select(key.column).where(which))
                _delete(connection, child, mine, gone)
    gone[f"{table.name} deleted"] += connection.execute(delete(table).where(which)).rowcount


def _blank(connection: Connection, table: Table, which: ColumnElement[bool], gone: Gone) -> None:
    """Take the words out of rows, or the rows where nothing is left without them."""
    if table.name in GONE_WITH_THEIR_WORDS:
        _delete(connection, table, which, gone)
        return
    kept = [type_coerce(column, Text) for column in quotes(table)]
    there = or_(false(), *(column != "" for column in kept))
    empty: dict[str, Any] = {
        column.name: None if column.nullable and isinstance(column.type, Said) else literal("", Text) for column in quotes(table)
    }
    gone[f"{table.name} without words"] += connection.execute(update(table).where(which, there).values(empty)).rowcount


def _before(table: Table, when: datetime) -> ColumnElement[bool]:
    column = age(table)
    assert column is not None, table.name
    old = or_(column < when, column.is_(None))
    if column.table is table:
        return old
    key = next(one for one in table.foreign_keys if one.column.table is column.table)
    return key.parent.in_(select(key.column).where(old))


def _only_linked_to(deal_id: int) -> Any:
    links = metadata.tables[str(LinkRow.__tablename__)]
    others = select(links.c.channel).where(links.c.deal_id != deal_id, links.c.channel.is_not(None))
    return select(links.c.channel).where(links.c.deal_id == deal_id, links.c.channel.not_in(others))


def _names_deal(about: dict[str, Any], deal_id: int) -> bool:
    """Whether a notice is about a deal: as "deal", or among "deals"."""
    many = about.get("deals")
    return str(about.get("deal")) == str(deal_id) or (isinstance(many, list) and deal_id in many)


def _words_of(connection: Connection, ids: Sequence[str]) -> list[str]:
    """All that a person is quoted with."""
    found: list[str] = []
    for table in tables():
        texts = [column for column in quotes(table) if isinstance(column.type, Said)]
        for speaker in (column for column in table.columns if in_set(column, SPOKE)):
            for row in connection.execute(select(*texts).where(speaker.in_(ids))) if texts else ():
                found += [words for words in row if words]
    return found


def _of_person(connection: Connection, table: Table, user_id: str, names: Collection[str], gone: Gone) -> None:
    for column in table.columns:
        if in_set(column, SPOKE):
            _blank(connection, table, column.in_([user_id, *names]), gone)
            gone[f"{table.name} without the name"] += _renamed(connection, table, column, [user_id, *names])
        elif in_set(column, THEIRS):
            _delete(connection, table, column == user_id, gone)
        elif in_set(column, ACTED):
            gone[f"{table.name} without the name"] += _renamed(connection, table, column, [user_id, *names])
        elif in_set(column, ABOUT):
            _delete(connection, table, type_coerce(column, Text).contains(f'"{user_id}"', autoescape=True), gone)


def _within(connection: Connection, table: Table, ids: Collection[str], gone: Gone) -> None:
    """Delete rows that name a person within their plain values, which may be sealed."""
    keys, plain = list(table.primary_key.columns), [one for one in quotes(table) if isinstance(one.type, SaidPlain)]
    for row in connection.execute(select(*keys, *plain)).all():
        if any(holds(value, ids) for value in row[len(keys) :]):
            _delete(connection, table, and_(*(key == value for key, value in zip(keys, row[: len(keys)], strict=True))), gone)


def _renamed(connection: Connection, table: Table, column: Any, ids: Sequence[str]) -> int:
    return connection.execute(update(table).where(column.in_(ids)).values({column.name: FORGOTTEN})).rowcount


def _out_of_terms(connection: Connection, user_id: str, gone: Gone) -> set[str]:
    """Take a person out of all terms, those of history too; what they were known as there."""
    names: set[str] = set()
    for table in tables():
        for column in terms(table):
            named = type_coerce(column, Text).contains(f'"{user_id}"', autoescape=True)
            for number, deal in connection.execute(select(table.c.id, column).where(named)).all():
                names |= known_as(deal.people, user_id)
                connection.execute(update(table).where(table.c.id == number).values({column.name: _without(deal, user_id)}))
                gone[f"{table.name} without the person"] += 1
    return names


def _without(deal: Deal, user_id: str) -> Deal:
    """A deal without a person; one that has nobody else keeps the place without the name."""
    rest = tuple(one for one in deal.people if one.id != user_id)
    nobody = tuple(Person(id=FORGOTTEN, name=FORGOTTEN, role=one.role) for one in deal.people[:1])
    return deal.model_copy(update={"people": rest or nobody})
