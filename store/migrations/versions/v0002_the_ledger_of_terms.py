"""The ledger of amended terms, and the state of a finding whose terms have changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BEFORE = ("open", "used", "not-an-issue", "snoozed", "withdrawn", "resolved", "suppressed")
_AFTER = (*_BEFORE, "terms-changed")
_STATES = {"findings": {"state": False}, "finding_events": {"old_state": True, "new_state": False}}
"""Table -> column -> whether it may be empty."""


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("term", "old", "new")),
        sa.Column("effective", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("ours", "theirs")),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_amendments_deal_id_deals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    op.create_index(op.f("ix_amendments_deal_id"), "amendments", ["deal_id"])
    _states(_BEFORE, _AFTER)


def downgrade() -> None:
    """The same step back; findings whose terms had changed count as resolved."""
    for table, columns in _STATES.items():
        for column in columns:
            rows = sa.table(table, sa.column(column))
            op.execute(rows.update().where(rows.c[column] == "terms-changed").values({column: "resolved"}))
    _states(_AFTER, _BEFORE)
    op.drop_table("amendments")


def _states(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let the columns of states hold other texts; the check of the old ones goes with the old type."""
    for table, columns in _STATES.items():
        with op.batch_alter_table(table) as batch:
            for column, empty in columns.items():
                batch.alter_column(column, existing_nullable=empty, existing_type=_one_of(column, before), type_=_one_of(column, after))


def _one_of(name: str, texts: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*texts, name=name, native_enum=False, create_constraint=True, length=32)
