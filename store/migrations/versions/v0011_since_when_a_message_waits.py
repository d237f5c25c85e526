"""Since when a message waits that did not go out at the first try: those who watch ask for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.columns import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("outbox", sa.Column("first_due_at", UtcTime(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("outbox", "first_due_at")
