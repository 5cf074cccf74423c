"""A guest of a network's counterpart as an account of ours, and what a network asks of a post to take it."""

import hashlib
from io import BytesIO

from PIL import Image
from sqlalchemy.orm import Session

from assets.clearance import People
from assets.models import Asset, AssetKind
from assets.storage import DiskStorage, Shelf
from content_calendar.models.directory import Account
from content_calendar.payloads import Payload, PayloadImage, PayloadPart, PayloadVideo
from content_calendar.vault import store_credential
from scheduler.network import Network
from scheduler.networks import networks
from scheduler.worker import Worker
from tests.scheduler.scene import account, person
from tests.simulators.counterpart import Guest

# A shape and a size that every network takes.
_SIDES = (1080, 1080)
_SAID = "Una mano escribe una pregunta"


def account_of(session: Session, worker: Worker, slug: str, guest: Guest) -> Account:
    """An official account of a new body that opens the guest's."""
    made = account(session, slug)
    made.handle, made.handle_folded, made.remote_id = guest.handle, guest.handle.casefold(), guest.remote_id
    store_credential(session, worker.vault, made, guest.secrets)
    return made


def payload_for(session: Session, worker: Worker, slug: str, text: str, *, pictured: bool = False) -> Payload:
    """A post that says this, with what the network does not go without; ``pictured``: with a picture if it can."""
    network = networks()[slug]
    needs = str(getattr(network.rules, "needs", ""))
    if needs == "video":
        return Payload((PayloadPart(text, "es", (), _video(session, worker)),))
    if needs == "any" or (pictured and takes_pictures(network)):
        return Payload((PayloadPart(text, "es", (_picture(session, worker),)),))
    return Payload((PayloadPart(text, "es"),))


def takes_pictures(network: Network) -> bool:
    """Whether a post there may have a picture."""
    return bool(network.rules.max_images)


def picture_bytes() -> bytes:
    written = BytesIO()
    Image.new("RGB", _SIDES, (143, 67, 96)).save(written, "JPEG")
    return written.getvalue()


def video_bytes() -> bytes:
    """The beginning of an MP4 file, and enough of the rest to be uploaded."""
    head = b"ftypisom" + (512).to_bytes(4, "big") + b"isomiso2avc1mp41"
    body = b"\0" * 4096
    return (len(head) + 4).to_bytes(4, "big") + head + (len(body) + 8).to_bytes(4, "big") + b"mdat" + body


def _picture(session: Session, worker: Worker) -> PayloadImage:
    content = picture_bytes()
    ref, sha256 = _kept(session, worker, content, AssetKind.IMAGE)
    return PayloadImage(ref, 1, sha256, "image/jpeg", _SAID)


def _video(session: Session, worker: Worker) -> PayloadVideo:
    content = video_bytes()
    ref, sha256 = _kept(session, worker, content, AssetKind.VIDEO)
    return PayloadVideo(ref, 1, sha256, "video/mp4", _SAID)


def _kept(session: Session, worker: Worker, content: bytes, kind: AssetKind) -> tuple[str, str]:
    DiskStorage(worker.settings.data / "materials").put(Shelf.SERVED, BytesIO(content))
    made = Asset(
        kind=kind, title=_SAID, licence="CC BY 4.0", people=People.NONE, added_by_id=person(session).id
    )
    session.add(made)
    session.flush()
    return made.ref, hashlib.sha256(content).hexdigest()
