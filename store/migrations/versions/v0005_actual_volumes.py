"""Actual volumes: what was really shipped, by deal, day and source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = ("volumes_touched", "volumes_waiting", "volume_accounts", "volumes_replaced", "volumes", "volume_imports")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "volume_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        *_words("source", "name", "by"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("new", "replaced", "same", "waiting", "ignored")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_imports")),
        sa.UniqueConstraint("key", name=op.f("uq_volume_imports_key")),
    )
    op.create_table(
        "volumes",
        sa.Column("deal_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_words("source", "account"),
        *_figures(),
        _of_deal("volumes"),
        _of_import("volumes"),
        sa.PrimaryKeyConstraint("deal_id", "day", "source", "account", name=op.f("pk_volumes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "volumes_replaced",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_words("source", "account"),
        *_figures(),
        sa.Column("replaced_by", sa.Integer(), nullable=False),
        _of_deal("volumes_replaced"),
        _of_import("volumes_replaced"),
        _of_import("volumes_replaced", "replaced_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volumes_replaced")),
    )
    op.create_index(op.f("ix_volumes_replaced_deal_id_day"), "volumes_replaced", ["deal_id", "day"])
    op.create_table(
        "volume_accounts",
        *_words("account_key", "account"),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        *_words("by"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_deal("volume_accounts"),
        sa.PrimaryKeyConstraint("account_key", name=op.f("pk_volume_accounts")),
    )
    op.create_index(op.f("ix_volume_accounts_deal_id"), "volume_accounts", ["deal_id"])
    op.create_table(
        "volumes_waiting",
        *_words("account_key"),
        sa.Column("day", sa.Date(), nullable=False),
        *_words("source", "account"),
        *_figures(),
        _of_import("volumes_waiting"),
        sa.PrimaryKeyConstraint("account_key", "day", "source", name=op.f("pk_volumes_waiting")),
    )
    op.create_table(
        "volumes_touched",
        sa.Column("deal_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        _of_deal("volumes_touched"),
        sa.PrimaryKeyConstraint("deal_id", name=op.f("pk_volumes_touched")),
    )
    op.create_index(op.f("ix_volumes_touched_due_at"), "volumes_touched", ["due_at"])


def downgrade() -> None:
    """Take them away."""
    for table in _TABLES:
        op.drop_table(table)


def _figures() -> list[sa.Column[float]]:
    """What a line says, and which import it comes from."""
    shares: list[sa.Column[float]] = [sa.Column(name, sa.Float(), nullable=True) for name in ("on_time", "billed_right", "transit_days")]
    return [sa.Column("packages", sa.Integer(), nullable=False), *shares, sa.Column("import_id", sa.Integer(), nullable=False)]


def _of_deal(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f(f"fk_{table}_deal_id_deals"))


def _of_import(table: str, column: str = "import_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["volume_imports.id"], name=op.f(f"fk_{table}_{column}_volume_imports"))


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
