"""The clock: what happened in deals, what people marked and agreed next, who was asked and told, and survey answers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("given_dates", "surveys", "asked", "told", "next_steps", "delays", "own_milestones", "marks", "happenings")


def upgrade() -> None:
    """One step forward."""
    _of_deal(
        "happenings",
        *_words("source", "kind", "evidence"),
        *_words("about", "link", "by", nullable=True),
        sa.Column("per_day", sa.Float(), nullable=True),
        sa.UniqueConstraint("deal_id", "source", name=op.f("uq_happenings_deal_id_source")),
        indexed=False,
    )
    _of_deal("marks", *_words("what", "key", "state", "reason"), *_words("by", nullable=True))
    _of_deal("own_milestones", *_words("title", "owner", "by"))
    _of_deal("delays", *_words("scenario", "by"), day="raised")
    _of_deal("next_steps", *_words("delay", "by"), *_words("title", nullable=True))
    _of_deal(
        "surveys",
        *_words("source", "kind", "words", "answered_by", "by"),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.UniqueConstraint("deal_id", "source", name=op.f("uq_surveys_deal_id_source")),
        indexed=False,
    )
    op.create_table(
        "given_dates",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        *_words("key"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_given_dates_deal_id_deals")),
        sa.PrimaryKeyConstraint("deal_id", "key", name=op.f("pk_given_dates")),
    )
    op.create_table(
        "told",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        *_words("person", "key"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_told_deal_id_deals")),
        sa.PrimaryKeyConstraint("deal_id", "person", "key", "day", name=op.f("pk_told")),
    )
    op.create_table(
        "asked",
        *_words("person", "shown"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "day", name=op.f("pk_asked")),
    )


def downgrade() -> None:
    """The same step back."""
    for table in _TABLES:
        op.drop_table(table)


def _of_deal(name: str, *columns: Any, day: str = "day", indexed: bool = True) -> None:
    """A table of numbered lines about deals, each of a day and entered at a time."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column(day, sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f(f"fk_{name}_deal_id_deals")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    if indexed:
        op.create_index(op.f(f"ix_{name}_deal_id"), name, ["deal_id"])


def _words(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]
