"""The directory's accounts of a network, to tell whose what was found is. Only they count.

By the immutable id first: a handle whose id is another's has changed hands. By the handle where either side tells no
id. Servers that federate number their accounts each for itself: there an id counts with its server.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar.accounts import fold_handle
from content_calendar.models.directory import Account, Owner, OwnerKind, Standing
from scheduler.echo_powers import RemoteEcho

# An account that is out of its owner's hands speaks for nobody.
SPEAKING = (Standing.IN_FORCE, Standing.TO_CERTIFY, Standing.IN_TRANSITION)


@dataclass(frozen=True, slots=True)
class Known:
    """An account of the directory. ``is_body`` tells whether its owner is one of the bodies, which alone replicate."""

    id: int
    owner_id: int
    handle: str
    remote_id: str
    is_body: bool


@dataclass
class Directory:
    """The accounts of one network."""

    by_id: dict[str, list[Known]] = field(default_factory=dict)
    by_handle: dict[str, Known] = field(default_factory=dict)

    def whose(self, echo: RemoteEcho) -> Known | None:
        """Return the account that did it; None for one that the directory does not have."""
        for numbered in self.by_id.get(echo.account_id, ()):
            if _of_one_server(numbered.handle, echo.handle):
                return numbered
        known = self.by_handle.get(fold_handle(echo.handle)) if echo.handle else None
        if known is None or (echo.account_id and known.remote_id):
            return None
        return known


def directory_of(session: Session, networks: Sequence[str]) -> dict[str, Directory]:
    """Return the directory's accounts of each of these networks; one query."""
    found = {network: Directory() for network in networks}
    rows = session.execute(
        select(
            Account.id, Account.network, Account.owner_id, Account.handle, Account.handle_folded,
            Account.remote_id, Owner.kind,
        )
        .join(Owner, Owner.id == Account.owner_id)
        .where(Account.network.in_(networks), Account.valid_to.is_(None), Account.standing.in_(SPEAKING))
    )  # fmt: skip
    for account_id, network, owner_id, handle, folded, remote_id, kind in rows:
        known = Known(account_id, owner_id, handle, remote_id or "", kind is OwnerKind.BODY)
        found[network].by_handle[folded] = known
        if remote_id:
            found[network].by_id.setdefault(remote_id, []).append(known)
    return found


def _of_one_server(one: str, other: str) -> bool:
    """Tell whether both handles are of one server, as far as they name it; its pages may be at a name below its own."""
    first, second = (handle.lstrip("@").partition("@")[2].lower() for handle in (one, other))
    if not first or not second:
        return True
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
