"""finding parts of words in the tool-box

By hand: no model can say it. SQLite gets an index of every three letters (FTS5, "trigram") that holds no
text of its own and is kept by triggers; PostgreSQL gets pg_trgm's, when the server has it: a search finds
the same without, but reads every material for it.

Whoever rebuilds the table ``asset`` on SQLite (``batch_alter_table``) takes the triggers away with it and
must run ``upgrade`` of this revision's triggers again; a test looks for them.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE VIRTUAL TABLE asset_search USING fts5"
    "(search, content='asset', content_rowid='id', tokenize='trigram')",
    "INSERT INTO asset_search (asset_search) VALUES ('rebuild')",
    "CREATE TRIGGER asset_search_added AFTER INSERT ON asset BEGIN "
    "INSERT INTO asset_search (rowid, search) VALUES (new.id, new.search); END",
    "CREATE TRIGGER asset_search_removed AFTER DELETE ON asset BEGIN "
    "INSERT INTO asset_search (asset_search, rowid, search) VALUES ('delete', old.id, old.search); END",
    "CREATE TRIGGER asset_search_changed AFTER UPDATE OF search ON asset WHEN old.search <> new.search BEGIN "
    "INSERT INTO asset_search (asset_search, rowid, search) VALUES ('delete', old.id, old.search); "
    "INSERT INTO asset_search (rowid, search) VALUES (new.id, new.search); END",
)


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(sa.text(statement))
        return
    known = bind.execute(sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")).first()
    if known:
        op.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        op.execute(sa.text("CREATE INDEX ix_asset_search_parts ON asset USING gin (search gin_trgm_ops)"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("added", "removed", "changed"):
            op.execute(sa.text(f"DROP TRIGGER asset_search_{name}"))
        op.execute(sa.text("DROP TABLE asset_search"))
        return
    # The extension stays: somebody else may use it.
    op.execute(sa.text("DROP INDEX IF EXISTS ix_asset_search_parts"))
