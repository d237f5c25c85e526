"""Digests, workshops and back-tests: what people noted for the managers' workshop."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "workshop_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("source", "kind", "words")),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_notes")),
        sa.UniqueConstraint("source", name=op.f("uq_workshop_notes_source")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("workshop_notes")
