"""How many followed each account over time: what networks told, what a person wrote down or brought as a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.accounts import AccountNotFoundError
from content_calendar.errors import InvalidError
from content_calendar.models.directory import Account, Owner
from content_calendar.models.people import Person
from scheduler.results.figure_models import IMPORTED
from scheduler.results.models import Followers

BY_HAND: Final = "person"
_LARGEST: Final = 5_000_000_000
A_MONTH: Final = timedelta(days=30)
# So much sooner or later, a day stands for the one a month before.
_NEAR: Final = timedelta(days=7)


class FollowersInvalidError(InvalidError):
    """A count of followers is a whole number that is not negative, on a day that is not yet to come."""

    code = "followers_invalid"


@dataclass(frozen=True, slots=True)
class Told:
    """How many there were on a day, and who said so."""

    on: date
    value: int
    source: str

    @property
    def by_hand(self) -> bool:
        """Return whether a person wrote it down."""
        return self.source == BY_HAND

    @property
    def imported(self) -> bool:
        """Return whether a person brought it as a sheet."""
        return self.source.startswith(IMPORTED)


@dataclass(frozen=True, slots=True)
class Line:
    """An account with what is known of its followers, the first day first; ``change`` is since about a month before."""

    account_id: int
    ref: str
    network: str
    handle: str
    owner: str
    told: Sequence[Told]

    @property
    def last(self) -> Told | None:
        """Return what was told last; None where nothing is known."""
        return self.told[-1] if self.told else None

    @property
    def change(self) -> int | None:
        """Return how many more they are than about a month before the last day; None where that is not known."""
        if not self.told:
            return None
        then = self.told[-1].on - A_MONTH
        near = [one for one in self.told if abs(one.on - then) <= _NEAR]
        closest = min(near, key=lambda one: abs(one.on - then), default=None)
        return None if closest is None else self.told[-1].value - closest.value


def lines(session: Session, since: date) -> Sequence[Line]:
    """Return the accounts that stand, with what is known of each since then; two queries."""
    told: dict[int, list[Told]] = {}
    rows = session.execute(
        select(Followers.account_id, Followers.on, Followers.value, Followers.source)
        .where(Followers.on >= since)
        .order_by(Followers.account_id, Followers.on)
    )
    for account_id, on, value, source in rows:
        told.setdefault(account_id, []).append(Told(on, value, source))
    accounts = session.execute(
        select(Account.id, Account.ref, Account.network, Account.handle, Owner.short_name)
        .join(Owner, Owner.id == Account.owner_id)
        .where(Account.valid_to.is_(None))
        .order_by(Owner.short_name, Account.network, Account.handle)
    )
    return [Line(*row, told.get(row.id, [])) for row in accounts]


def history(session: Session, ref: str) -> Line:
    """Return an account with all that is known of its followers; two queries. Raises AccountNotFoundError."""
    row = session.execute(
        select(Account.id, Account.ref, Account.network, Account.handle, Owner.short_name)
        .join(Owner, Owner.id == Account.owner_id)
        .where(Account.ref == ref)
    ).one_or_none()
    if row is None:
        raise AccountNotFoundError(ref=ref)
    rows = session.execute(
        select(Followers.on, Followers.value, Followers.source)
        .where(Followers.account_id == row.id)
        .order_by(Followers.on)
    )
    return Line(*row, [Told(*one) for one in rows])


def write_down(
    session: Session, line: Line, person: Person, told: tuple[date, int | None], today: date
) -> None:
    """Write down what a person counted on a day; it takes the place of what was there, None takes it away.

    Raises FollowersInvalidError.
    """
    on, value = told
    if on > today or (value is not None and not 0 <= value <= _LARGEST):
        raise FollowersInvalidError(field="value" if on <= today else "on")
    standing = session.scalars(
        select(Followers).where(Followers.account_id == line.account_id, Followers.on == on)
    ).one_or_none()
    was: Mapping[str, object] = {"was": standing.value} if standing is not None else {}
    if value is None:
        if standing is not None:
            session.delete(standing)
    elif standing is not None:
        standing.value, standing.source = value, BY_HAND
    else:
        session.add(Followers(account_id=line.account_id, on=on, value=value, source=BY_HAND))
    session.flush()
    said = {"on": on.isoformat(), "value": value, **was}
    audit.record(session, person.ref, "followers_written", "account", line.ref, **said)
