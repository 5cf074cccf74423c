"""Parcels: a publication as plain values, all that a sender needs once no transaction is open."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, ClassVar

from assets import handing
from content_calendar import clock
from content_calendar.errors import ResuenaError
from content_calendar.payloads import Payload, PayloadDamagedError, PayloadPart
from content_calendar.states import PartState
from scheduler import renewing
from scheduler.dossiers import Dossier, PartFacts
from scheduler.network import AccountAccess, Before, Image, Network, NoPublicAddressError, Outgoing, Video
from scheduler.networks import network_for
from scheduler.worker import Worker

_CHUNK = 1024 * 1024


class MaterialChangedError(ResuenaError):
    """The bytes of a material are not those that were approved."""

    code: ClassVar[str] = "material_changed"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent, from whom, through which network: one part of a publication."""

    publication_id: int
    post_id: int
    account_id: int
    network: Network
    access: AccountAccess
    part: PartFacts
    # No other part is left after this one.
    last: bool
    payload: Payload
    content: PayloadPart
    before: tuple[Before, ...]
    worker: Worker
    # What opens the account is to be renewed first.
    to_renew: bool

    def needs_preparing(self) -> bool:
        """Return whether anything comes before the sending."""
        return self.to_renew or self.has_to_prepare()

    def has_to_prepare(self) -> bool:
        """Return whether the network has anything to prepare."""
        if self.content.video is not None:
            return True
        return self.network.needs_preparing(
            self.outgoing(self.part.prepared, self.worker.started_at, lambda: True)
        )

    def outgoing(
        self, prepared: Mapping[str, str], sent_at: datetime, may_send: Callable[[], bool]
    ) -> Outgoing:
        """Return the part as the network gets it."""
        content = self.content
        images = tuple(
            Image(
                image.sha256,
                image.media_type,
                image.alt_text,
                self._reader(image.sha256),
                self._linker(image.sha256, image.media_type),
            )
            for image in content.images
        )
        return Outgoing(
            self.part.client_key,
            content.text,
            content.language,
            images,
            prepared,
            sent_at,
            may_send,
            self._video(),
            self.payload.kind,
            self.payload.target,
            self.before,
        )

    def _video(self) -> Video | None:
        video = self.content.video
        if video is None:
            return None
        size = self.worker.size_of_material(video.sha256)
        return Video(
            video.sha256,
            video.media_type,
            video.alt_text,
            size,
            self._opener(video.sha256),
            self._linker(video.sha256, video.media_type),
        )

    def _linker(self, sha256: str, media_type: str) -> Callable[[], str]:
        def link() -> str:
            settings = self.worker.settings
            if not settings.public_url:
                raise NoPublicAddressError
            return handing.address_of(settings, sha256, media_type)

        return link

    def _reader(self, sha256: str) -> Callable[[], bytes]:
        def read() -> bytes:
            found = self.worker.read_material(sha256)
            if hashlib.sha256(found).hexdigest() != sha256:
                raise MaterialChangedError(sha256=sha256)
            return found

        return read

    def _opener(self, sha256: str) -> Callable[[], BinaryIO]:
        def open_() -> BinaryIO:
            file, found = self.worker.open_material(sha256), hashlib.sha256()
            while chunk := file.read(_CHUNK):
                found.update(chunk)
            if found.hexdigest() != sha256:
                file.close()
                raise MaterialChangedError(sha256=sha256)
            file.seek(0)
            return file

        return open_


def pack(worker: Worker, dossier: Dossier) -> Parcel:
    """Return a publication as a parcel of its first part that is not out.

    Raises PayloadDamagedError, VaultLockedError.
    """
    account, payload = dossier.account, dossier.payload
    if payload is None:
        raise PayloadDamagedError
    opened = None if account.sealed is None else worker.vault.open(account.ref, account.sealed)
    part = dossier.part()
    network = network_for(account.network, connected=opened is not None)
    access = AccountAccess(
        account.handle,
        account.remote_id,
        opened or {},
        worker.settings.network_urls.get(account.network, ""),
    )
    return Parcel(
        dossier.id,
        dossier.post_id,
        account.id,
        network,
        access,
        part,
        part.n == dossier.parts[-1].n,
        payload,
        payload.parts[part.n - 1],
        tuple(
            Before(one.remote_id, one.remote_url, one.prepared)
            for one in dossier.parts
            if one.state is PartState.PUBLISHED
        ),
        worker,
        renewing.needed(network, account.expires_at, clock.now()),
    )
