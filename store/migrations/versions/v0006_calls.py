"""Calls: transcripts heard, and who speaks under which name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = ("heard_mails", "meetings", "call_names", "call_turns", "calls")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words("key", "medium", "name", "state", "notes"),
        *_words("channel", "ts", "by", "meeting", nullable=True),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        *_times("began", "last_at"),
        _of("calls", "deal_id", "deals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("key", name=op.f("uq_calls_key")),
    )
    op.create_index(op.f("ix_calls_deal_id"), "calls", ["deal_id"])
    op.create_table(
        "call_turns",
        sa.Column("call_id", sa.Integer(), nullable=False),
        *_words("key", "said"),
        sa.Column("place", sa.Integer(), nullable=False),
        _of("call_turns", "call_id", "calls"),
        sa.PrimaryKeyConstraint("call_id", "key", name=op.f("pk_call_turns")),
    )
    op.create_table(
        "call_names",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        *_words("name", "answer", "by"),
        *_times("at"),
        _of("call_names", "deal_id", "deals"),
        sa.PrimaryKeyConstraint("deal_id", "name", name=op.f("pk_call_names")),
    )
    op.create_table(
        "meetings",
        *_words("meeting", "by"),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        *_times("at"),
        _of("meetings", "deal_id", "deals"),
        sa.PrimaryKeyConstraint("meeting", name=op.f("pk_meetings")),
    )
    op.create_index(op.f("ix_meetings_deal_id"), "meetings", ["deal_id"])
    op.create_table(
        "heard_mails",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        *_words("mark"),
        *_times("at"),
        _of("heard_mails", "deal_id", "deals"),
        sa.PrimaryKeyConstraint("deal_id", "mark", name=op.f("pk_heard_mails")),
    )


def downgrade() -> None:
    """Take them away."""
    for table in _TABLES:
        op.drop_table(table)


def _words(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _times(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in names]


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
