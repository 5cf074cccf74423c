"""Parcels: a publication as plain values, all that a sender needs once no transaction is open."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from content_calendar.errors import ResuenaError
from content_calendar.models.publications import Publication
from content_calendar.payloads import PayloadPart, thaw
from content_calendar.states import PartState
from content_calendar.vault import read_credential
from scheduler.network import AccountAccess, Image, Network, Outgoing
from scheduler.networks import network_for
from scheduler.worker import Worker


class MaterialChangedError(ResuenaError):
    """The bytes of a material are not those that were approved."""

    code: ClassVar[str] = "material_changed"


@dataclass(frozen=True)
class Parcel:
    """What is sent, from whom, through which network. ``part`` is the number of the part."""

    publication_id: int
    post_id: int
    account_id: int
    network: Network
    access: AccountAccess
    part: int
    client_key: str
    content: PayloadPart
    prepared: Mapping[str, str]
    read_material: Callable[[str], bytes]

    def outgoing(
        self, prepared: Mapping[str, str], sent_at: datetime, may_send: Callable[[], bool]
    ) -> Outgoing:
        """Return the part as the network gets it."""
        images = tuple(
            Image(image.sha256, image.media_type, image.alt_text, self._reader(image.sha256))
            for image in self.content.images
        )
        return Outgoing(
            self.client_key, self.content.text, self.content.language, images, prepared, sent_at, may_send
        )

    def _reader(self, sha256: str) -> Callable[[], bytes]:
        def read() -> bytes:
            found = self.read_material(sha256)
            if hashlib.sha256(found).hexdigest() != sha256:
                raise MaterialChangedError(sha256=sha256)
            return found

        return read


def pack(session: Session, worker: Worker, publication: Publication) -> Parcel:
    """Return the publication, loaded by ``gates.load``, as a parcel of its first part that is not out.

    Raises PayloadDamagedError, VaultLockedError.
    """
    account = publication.account
    opened = read_credential(session, worker.vault, account)
    network = network_for(account.network, connected=opened is not None)
    part = next(part for part in publication.parts if part.state is not PartState.PUBLISHED)
    payload = thaw(publication.payload, publication.payload_sha256)
    access = AccountAccess(
        account.handle,
        account.remote_id or "",
        opened or {},
        worker.settings.network_urls.get(account.network, ""),
    )
    return Parcel(
        publication.id,
        publication.post_id,
        account.id,
        network,
        access,
        part.n,
        part.client_key,
        payload.parts[part.n - 1],
        part.prepared,
        worker.read_material,
    )
