"""Going down to an older version: what it would lose, said before anything is done."""

from collections.abc import Mapping

from sqlalchemy import column, func, inspect, not_, select, table
from sqlalchemy.sql.expression import cast
from sqlalchemy.types import Text

from content_calendar.db import Database
from content_calendar.errors import InvalidError

# Made anew by what is written, or of a browser's or a process's own.
_MADE_ANEW = frozenset(
    {
        "alembic_version",
        "heartbeat",
        "post_outing",
        "post_tally",
        "post_total",
        "tally_stale",
        "web_session",
        "sign_in_attempt",
    }
)
_SEARCHES = "asset_search"
# What a column says that nobody has used.
_NOTHING = ("", "0", "false", "[]", "{}")


class DowngradeLosesError(InvalidError):
    """The older version has no place for what ``lost`` names: to bring back a backup of its time is the way."""

    code = "downgrade_loses"


def tables_of(database: Database) -> Mapping[str, frozenset[str]]:
    """Return the columns of each table that is there."""
    found = inspect(database.engine)
    return {
        name: frozenset(one["name"] for one in found.get_columns(name)) for name in found.get_table_names()
    }


def losses_between(database: Database, known: Mapping[str, frozenset[str]]) -> list[str]:
    """Return what of the database holds something and is not among ``known``, as table or table.column."""
    lost = []
    with database.engine.connect() as connection:
        for name, columns in sorted(tables_of(database).items()):
            if name in _MADE_ANEW or name.startswith(_SEARCHES):
                continue
            rows = select(func.count()).select_from(table(name))
            if name not in known:
                lost += [name] if connection.scalar(rows) else []
                continue
            for one in sorted(columns - known[name]):
                said = cast(column(one), Text)
                if connection.scalar(rows.where(column(one).is_not(None), not_(said.in_(_NOTHING)))):
                    lost.append(f"{name}.{one}")
    return lost
