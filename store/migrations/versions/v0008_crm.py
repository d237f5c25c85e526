"""CRM: its deals as last seen, how far it was read, what goes back, and where the two sides differ."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("crm_differences", "crm_outbox", "crm_passes", "crm_records")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "crm_records",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words("source", "external", "state", "customer", "stage", "terms", "base"),
        *_words("url", "owner", "rep", "by", nullable=True),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        *_times("modified", "at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_crm_records_deal_id_deals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_records")),
        sa.UniqueConstraint("source", "external", name=op.f("uq_crm_records_source_external")),
    )
    op.create_index(op.f("ix_crm_records_deal_id"), "crm_records", ["deal_id"])
    op.create_index(op.f("ix_crm_records_state"), "crm_records", ["state"])
    op.create_table(
        "crm_passes",
        *_words("source"),
        *_words("after", "owner", "trouble", nullable=True),
        *_times("since", "began", "lease_until", "polled_at", "trouble_at", nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_crm_passes")),
    )
    op.create_table(
        "crm_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words("key", "kind", "about", "state"),
        *_words("owner", "by", "written", "error", nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=False),
        *_times("due_at", "at"),
        *_times("lease_until", "done_at", nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["crm_records.id"], name=op.f("fk_crm_outbox_record_id_crm_records")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_crm_outbox_key")),
    )
    op.create_index(op.f("ix_crm_outbox_record_id"), "crm_outbox", ["record_id"])
    op.create_index(op.f("ix_crm_outbox_state"), "crm_outbox", ["state"])
    op.create_table(
        "crm_differences",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words("term", "ours", "theirs", "state"),
        *_words("ours_by", "theirs_by", "decided_by", nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=False),
        *_times("at"),
        *_times("ours_at", "theirs_at", "decided_at", nullable=True),
        sa.Column("both", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["crm_records.id"], name=op.f("fk_crm_differences_record_id_crm_records")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_differences")),
    )
    op.create_index(op.f("ix_crm_differences_record_id"), "crm_differences", ["record_id"])


def downgrade() -> None:
    """Take them away."""
    for table in _TABLES:
        op.drop_table(table)


def _words(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _times(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names]
