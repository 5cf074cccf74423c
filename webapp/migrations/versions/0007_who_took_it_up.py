"""who took it up

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed", sa.Column("items_seen", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("feed", "items_seen")
