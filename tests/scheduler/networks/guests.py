"""A guest of a network's counterpart as an account of ours, and what a network asks of a post to take it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy.orm import Session

from assets.clearance import People
from assets.models import Asset, AssetKind, Captions
from assets.storage import DiskStorage, Shelf
from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.payloads import Payload, PayloadImage, PayloadPart, PayloadVideo
from content_calendar.publications import Destination, PlannedMoment, schedule
from content_calendar.rules import MediaNeed
from content_calendar.vault import store_credential
from scheduler.network import Network
from scheduler.networks import networks
from scheduler.worker import Worker
from tests.scheduler import scene
from tests.simulators.counterpart import Guest
from tests.simulators.hand_over import handing_over

# A shape and a size that every network takes.
_SIDES = (1080, 1080)
_SAID = "Una mano escribe una pregunta"
# Longer than any network rests an account: here nothing may wait because it became late, only because of a doubt.
TOLERANCE = timedelta(hours=12)


class Form(StrEnum):
    """What a post is made of; networks may call another address for each."""

    WORDS = "words"
    PICTURE = "picture"
    VIDEO = "video"
    THREAD = "thread"


@contextmanager
def worker_of(database: Database, data: Path, **network_urls: str) -> Iterator[Worker]:
    """A worker whose materials a network can fetch from an address of ours."""
    made = scene.worker(database, data, **network_urls)
    with handing_over(made.settings) as public_url:
        yield replace(made, settings=replace(made.settings, public_url=public_url))


def planned(session: Session, to: Account, payload: Payload, at: PlannedMoment) -> Publication:
    """A publication of this to that account, due then."""
    post, version = scene.approved_post(session, payload.parts[0].text)
    keys = [networks()[to.network].new_key() for _ in payload.parts]
    (made,) = schedule(session, post, version, [Destination(to.id, payload, keys)], at, TOLERANCE, "")
    return made


def account_of(session: Session, worker: Worker, slug: str, guest: Guest) -> Account:
    """An official account of a new body that opens the guest's."""
    made = scene.account(session, slug)
    made.handle, made.handle_folded, made.remote_id = guest.handle, guest.handle.casefold(), guest.remote_id
    store_credential(session, worker.vault, made, guest.secrets)
    return made


def payload_for(session: Session, worker: Worker, slug: str, text: str, form: Form = Form.WORDS) -> Payload:
    """A post of this form that says this, with what the network does not go without."""
    needs = networks()[slug].rules.needs
    if form is Form.VIDEO or needs is MediaNeed.VIDEO:
        part = PayloadPart(text, "es", (), _video(session, worker))
    elif form is Form.PICTURE or needs is MediaNeed.ANY:
        part = PayloadPart(text, "es", (_picture(session, worker),))
    else:
        part = PayloadPart(text, "es")
    if form is Form.THREAD:
        return Payload((part, replace(part, text=f"{text}, y sigue")), PostKind.THREAD)
    return Payload((part,))


def takes(network: Network, form: Form) -> bool:
    """Whether a post there may have this form."""
    return {
        Form.WORDS: network.rules.needs is MediaNeed.NONE,
        Form.PICTURE: network.rules.max_images is None or network.rules.max_images > 0,
        Form.VIDEO: network.takes_video,
        Form.THREAD: PostKind.THREAD in network.kinds,
    }[form]


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
    who = scene.person(session).id
    made = Asset(kind=kind, title=_SAID, licence="CC BY 4.0", people=People.NONE, added_by_id=who)
    session.add(made)
    session.flush()
    if kind is AssetKind.VIDEO:
        vtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nPregunta\n"
        session.add(Captions(asset_id=made.id, vtt=vtt, cues=1, added_by_id=who))
    return made.ref, hashlib.sha256(content).hexdigest()
