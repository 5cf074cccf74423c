"""A network of the tests' own: it charges, its servers differ, it reads links, and it does not take everything."""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from sqlalchemy.orm import Session

from content_calendar.clock import now
from content_calendar.content import PostKind
from content_calendar.models.directory import Account, Credential, Standing
from content_calendar.rules import NetworkRules
from content_calendar.text_rules import characters
from scheduler.network import AccountAccess, CredentialField
from scheduler.networks.rehearsal import Rehearsal
from scheduler.powers import Price, RemotePost

_LINK = re.compile(r"https://peaje\.example/(?P<handle>\w+)/(?P<id>\d+)")


class Toll(Rehearsal):
    """Posts and threads for money: fifteen thousandths, two hundred with a link; reposts and video by hand only."""

    slug: ClassVar[str] = "peaje"
    name: ClassVar[str] = "Peaje"
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (CredentialField("token"),)
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="peaje", max_length=100, measure=characters, unit="characters", max_images=4
    )
    kinds: ClassVar[frozenset[PostKind]] = frozenset({PostKind.POST, PostKind.THREAD})
    takes_video: ClassVar[bool] = False
    look_mills: ClassVar[int] = 5
    price_source: ClassVar[str] = "https://peaje.example/precios"

    def price(self, text: str, images: int = 0) -> Price:
        return Price((200 if "https://" in text else 15) + 5 * images, 15 + 5 * images)

    def limits(self, access: AccountAccess) -> Mapping[str, int]:
        return {"length": len(access.handle)}

    def rules_within(self, limits: Mapping[str, int]) -> NetworkRules:
        return NetworkRules(
            network="peaje",
            max_length=limits.get("length", 100),
            measure=characters,
            unit="characters",
            max_images=4,
        )

    def read_link(self, url: str) -> RemotePost | None:
        found = _LINK.fullmatch(url)
        return RemotePost(found["id"], found["handle"], url, None) if found else None


def toll_account(
    session: Session, owner_id: int, handle: str, *, keys: bool = True, length: int = 100
) -> Account:
    """Return a connected account of the toll network; without ``keys`` a person publishes for it."""
    account = Account(
        owner_id=owner_id, network="peaje", handle=handle, handle_folded=handle, standing=Standing.IN_FORCE,
        certified_at=now(), connected_at=now(), limits={"length": length},
    )  # fmt: skip
    session.add(account)
    session.flush()
    if keys:
        session.add(Credential(account_id=account.id, sealed=b"cerrado", key_name="llave"))
        session.flush()
    return account
