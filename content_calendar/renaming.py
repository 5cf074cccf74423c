"""What an owner is called: a name changes, an address in Resuena never does."""

import re

from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.directory import fold
from content_calendar.errors import InvalidError
from content_calendar.models.directory import Body, Confidence, Owner

_LONGEST_SLUG = 60


class OwnerNameMissingError(InvalidError):
    """An owner has a name and a short one; ``field`` says which is missing."""

    code = "owner_name_missing"


def slug_of(short_name: str) -> str:
    """Return the address that a new body of that short name gets: small letters and digits."""
    return re.sub(r"[^a-z0-9]+", "-", fold(short_name)).strip("-")[:_LONGEST_SLUG]


def rename_owner(
    session: Session, owner: Owner, name: str, short_name: str, *, source: str, actor_ref: str
) -> None:
    """Give an owner another name; what it was called stays in its history. Raises OwnerNameMissingError."""
    name, short_name = " ".join(name.split()), " ".join(short_name.split())
    for field, said in (("name", name), ("short_name", short_name)):
        if not said:
            raise OwnerNameMissingError(field=field)
    before, short_before = owner.name, owner.short_name
    owner.name, owner.short_name = name, short_name
    if isinstance(owner, Body):
        owner.name_confidence = Confidence.HIGH if source.strip() else Confidence.UNCONFIRMED
    session.flush()
    audit.record(
        session, actor_ref, "owner_renamed", "owner", owner.slug,
        before=before, after=name, short_before=short_before, short_after=short_name, source=source.strip(),
    )  # fmt: skip
