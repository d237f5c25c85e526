"""Messages by the person they went to: Home asks whether anybody has had one yet."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEX = "ix_outbox_recipient_state"


def upgrade() -> None:
    """Make the index."""
    op.create_index(op.f(_INDEX), "outbox", ["recipient", "state"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index(op.f(_INDEX), "outbox")
