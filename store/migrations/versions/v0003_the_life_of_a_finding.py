"""What people make of findings: reasons, mutes, demotions, preferences, examples, posts; DMs about no finding; who is on which deal."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATES_BEFORE = ("open", "used", "not-an-issue", "snoozed", "withdrawn", "resolved", "suppressed", "terms-changed")
_STATES_AFTER = (*_STATES_BEFORE, "escalated")
_KINDS_BEFORE = ("alert", "update")
_KINDS_AFTER = (*_KINDS_BEFORE, "post", "notice")
_NOTES = ("asked", "no-deal", "archived", "left", "gone", "moved")
_STATES = {"findings": {"state": False}, "finding_events": {"old_state": True, "new_state": False}}
"""Table -> column -> whether it may be empty."""
_DECIDED = "ix_findings_deal_id_scenario_state_changed_at_changed_by"
"""What became of the findings of a deal, the latest first."""


def upgrade() -> None:
    """One step forward."""
    _states(_STATES_BEFORE, _STATES_AFTER)
    _columns()
    op.create_index(_DECIDED, "findings", ["deal_id", "scenario", "state", "changed_at", "changed_by"])
    _mutes()
    _demotions()
    _preferences()
    _examples()
    _posts()
    _channels()
    _deal_people()
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("about", sa.Text(), nullable=True))
        outbox.alter_column("finding_id", existing_type=sa.Integer(), nullable=True)
        outbox.alter_column(
            "kind", existing_nullable=False, existing_type=_one_of("kind", _KINDS_BEFORE), type_=_one_of("kind", _KINDS_AFTER)
        )
    _fill("outbox", "about", "{}")
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("about", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    """The same step back: what was escalated counts as used, and messages of the new kinds are gone."""
    for table, columns in _STATES.items():
        for column in columns:
            rows = sa.table(table, sa.column(column))
            op.execute(rows.update().where(rows.c[column] == "escalated").values({column: "used"}))
    outbox_rows = sa.table("outbox", sa.column("kind"))
    op.execute(outbox_rows.delete().where(outbox_rows.c.kind.in_(("post", "notice"))))
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("about")
        outbox.alter_column("finding_id", existing_type=sa.Integer(), nullable=False)
        outbox.alter_column(
            "kind", existing_nullable=False, existing_type=_one_of("kind", _KINDS_AFTER), type_=_one_of("kind", _KINDS_BEFORE)
        )
    for table in ("deal_people", "channel_notes", "posts", "examples", "preferences", "demotions", "mutes"):
        op.drop_table(table)
    op.drop_index(_DECIDED, "findings")
    for changed, added in (
        ("channel_links", ("by", "at")),
        ("findings", ("reason", "link", "ambiguous")),
        ("finding_events", ("reason", "until", "link")),
        ("finding_echoes", ("quote", "speaker", "said_at")),
    ):
        with op.batch_alter_table(changed) as batch:
            for column in added:
                batch.drop_column(column)
    _states(_STATES_AFTER, _STATES_BEFORE)


def _columns() -> None:
    with op.batch_alter_table("findings") as findings:
        findings.add_column(_words("reason", nullable=True))
        findings.add_column(_words("link", nullable=True))
    with op.batch_alter_table("finding_events") as events:
        events.add_column(_words("reason", nullable=True))
        events.add_column(_time("until", nullable=True))
        events.add_column(_words("link", nullable=True))
    with op.batch_alter_table("finding_echoes") as echoes:
        echoes.add_column(_words("quote", nullable=True))
        echoes.add_column(_words("speaker", nullable=True))
        echoes.add_column(_time("said_at", nullable=True))
    for column in ("quote", "speaker"):
        _fill("finding_echoes", column, "")
    with op.batch_alter_table("finding_echoes") as echoes:
        for column in ("quote", "speaker"):
            echoes.alter_column(column, existing_type=sa.Text(), nullable=False)


def _mutes() -> None:
    _table(
        "mutes",
        "deal_id",
        _words("scenario"),
        _time("until"),
        _words("by"),
        _time("at"),
        _time("ended_at", nullable=True),
        _words("ended_by", nullable=True),
    )
    op.create_index(op.f("ix_mutes_deal_id"), "mutes", ["deal_id"])


def _demotions() -> None:
    counts = (sa.Column(name, sa.Integer(), nullable=False) for name in ("useful", "decided"))
    _table("demotions", None, _words("owner"), _words("scenario"), *counts, _time("since"), _time("ended_at", nullable=True))
    op.create_index(op.f("ix_demotions_owner"), "demotions", ["owner"])


def _preferences() -> None:
    op.create_table(
        "preferences", _words("user_id"), _words("chosen"), _time("at"), sa.PrimaryKeyConstraint("user_id", name=op.f("pk_preferences"))
    )


def _examples() -> None:
    sides = sa.Enum("customer", "implementation", "own", "unknown", name="side", native_enum=False, create_constraint=True, length=32)
    _table(
        "examples",
        "deal_id",
        *(_words(name) for name in ("channel", "ts", "speaker")),
        sa.Column("side", sides, nullable=False),
        _time("said_at"),
        *(_words(name) for name in ("text", "heard", "expected", "by")),
        _time("at"),
        sa.UniqueConstraint("deal_id", "channel", "ts", name=op.f("uq_examples_deal_id_channel_ts")),
    )


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        _words("by"),
        _time("at"),
        *(_words(name) for name in ("text", "channel", "thread_ts")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_posts_finding_id_findings")),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_posts")),
    )


def _channels() -> None:
    """Who linked a channel, what is noted of channels, and findings of channels with several deals."""
    with op.batch_alter_table("channel_links") as links:
        links.add_column(_words("by", nullable=True))
        links.add_column(_time("at", nullable=True))
    op.create_table(
        "channel_notes",
        _words("channel"),
        sa.Column("what", _one_of("what", _NOTES), nullable=False),
        _words("about", nullable=True),
        _time("at"),
        sa.PrimaryKeyConstraint("channel", "what", name=op.f("pk_channel_notes")),
    )
    with op.batch_alter_table("findings") as findings:
        findings.add_column(sa.Column("ambiguous", sa.Boolean(), nullable=True))
    rows = sa.table("findings", sa.column("ambiguous", sa.Boolean()))
    op.execute(rows.update().values(ambiguous=False))
    with op.batch_alter_table("findings") as findings:
        findings.alter_column("ambiguous", existing_type=sa.Boolean(), nullable=False)


def _deal_people() -> None:
    """Who is on which deal, from the terms that are there."""
    op.create_table(
        "deal_people",
        _words("user_id"),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        _words("role"),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_people_deal_id_deals")),
        sa.PrimaryKeyConstraint("user_id", "deal_id", name=op.f("pk_deal_people")),
    )
    op.create_index(op.f("ix_deal_people_deal_id"), "deal_people", ["deal_id"])
    deals = sa.table("deals", sa.column("id", sa.Integer()), sa.column("terms", sa.Text()))
    people = sa.table("deal_people", sa.column("user_id", sa.Text()), sa.column("deal_id", sa.Integer()), sa.column("role", sa.Text()))
    for deal_id, terms in op.get_bind().execute(sa.select(deals.c.id, deals.c.terms)).all():
        roles = {one["id"]: one["role"] for one in reversed(json.loads(terms)["people"])}
        op.bulk_insert(people, [{"user_id": user_id, "deal_id": deal_id, "role": role} for user_id, role in roles.items()])


def _table(name: str, deal: str | None, *columns: Any) -> None:
    """A table with a numbered row for each entry, of a deal or of none."""
    of_deal = (
        []
        if deal is None
        else [
            sa.Column(deal, sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint([deal], ["deals.id"], name=op.f(f"fk_{name}_{deal}_deals")),
        ]
    )
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))
    op.create_table(name, sa.Column("id", sa.Integer(), nullable=False), *of_deal, *columns, key)


def _fill(table: str, column: str, value: str) -> None:
    rows = sa.table(table, sa.column(column))
    op.execute(rows.update().values({column: value}))


def _states(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let the columns of states hold other texts; the check of the old ones goes with the old type."""
    for table, columns in _STATES.items():
        with op.batch_alter_table(table) as batch:
            for column, empty in columns.items():
                batch.alter_column(column, existing_nullable=empty, existing_type=_one_of(column, before), type_=_one_of(column, after))


def _one_of(name: str, texts: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*texts, name=name, native_enum=False, create_constraint=True, length=32)


def _words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
