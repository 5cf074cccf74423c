"""What somebody with a share link sees: no account, one pack, until the link ends."""

from functools import partial
from http import HTTPStatus

from flask import Response, make_response, render_template, send_file
from werkzeug.wrappers import Response as BaseResponse

from assets import packs, sharing
from assets.library import AssetMissingError, Use, record_use
from assets.models import ShareLink, UseKind
from assets.pack_texts import texts_of
from assets.packs import Pack
from assets.sharing import ShareLinkExpiredError, ShareLinkMissingError, ShareLinkRevokedError
from assets.storage import Shelf
from content_calendar.db import Database
from content_calendar.errors import ResuenaError
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from webapp.adapting.sharing import shared_versions
from webapp.errors import tell
from webapp.session import database, db, public
from webapp.toolbox.files import storage
from webapp.toolbox.pack_words import KIND_WORDS, megabytes, title_of
from webapp.toolbox.packing import zipped, zone_of
from webapp.toolbox.preparing import prepare
from webapp.toolbox.views import blueprint

_ENDED = (ShareLinkExpiredError, ShareLinkRevokedError, ShareLinkMissingError)


def _opened(token: str, only: str = "") -> tuple[ShareLink, Pack]:
    link = sharing.opened(db(), token)
    body = db().get(Body, link.body_id) if link.body_id else None
    return link, packs.gather(db(), storage(), link.of, link.subject, body, zone_of(body), only)


def _ended(error: ResuenaError) -> Response:
    """Return a page that says in a sentence why the link opens nothing."""
    status = HTTPStatus.NOT_FOUND if isinstance(error, ShareLinkMissingError) else HTTPStatus.GONE
    return _unlisted(make_response(render_template("toolbox/share_ended.html", said=tell(error)), status))


def _unlisted(answer: Response) -> Response:
    # Whoever has the address has the pack: no search engine nor cache keeps either.
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/c/<token>")
@public
def shared(token: str) -> Response:
    """Show what a link shares: what is in it, who shares it and until when."""
    try:
        link, pack = _opened(token)
    except _ENDED as error:
        return _ended(error)
    made_by = db().get(Person, link.made_by_id)
    page = render_template(
        "toolbox/share.html",
        token=token,
        link=link,
        pack=pack,
        title=title_of(pack.of, pack.subject, pack.title),
        kind=KIND_WORDS[pack.of],
        made_by=made_by,
        size=megabytes(pack.size),
        megabytes=megabytes,
        texts={post.ref: texts_of(post) for post in pack.posts},
        versions=shared_versions(pack),
    )
    with database().transaction() as session:
        sharing.count(session, link.id)
    return _unlisted(make_response(page))


@blueprint.get("/c/<token>/paquete.zip")
@public
def shared_pack(token: str) -> BaseResponse:
    """Hand out all that a link shares."""
    try:
        link, pack = _opened(token)
    except _ENDED as error:
        return _ended(error)
    if prepare(pack):
        db().rollback()
        link, pack = _opened(token)
    return _unlisted(zipped(pack, partial(_note_pull, database(), link.id, pack)))


def _note_pull(where: Database, link_id: int, pack: Pack) -> None:
    with where.transaction() as session:
        sharing.count(session, link_id, pulled=True)
        packs.record_pulls(session, pack)


@blueprint.get("/c/<token>/archivo/<sha256>")
@public
def shared_file(token: str, sha256: str) -> BaseResponse:
    """Hand out one file of what a link shares."""
    try:
        link, pack = _opened(token, sha256)
    except _ENDED as error:
        return _ended(error)
    for one in pack.materials:
        for file in one.files:
            if file.sha256 == sha256:
                answer = file_of(sha256, file.media_type, file.name.replace("/", "-"))
                answer.content_length = file.size
                with database().transaction() as session:
                    sharing.count(session, link.id, pulled=True)
                    record_use(session, one.ref, one.version, Use(UseKind.DOWNLOADED, body_id=link.body_id))
                return answer
    raise AssetMissingError(ref=sha256)


@blueprint.get("/c/<token>/chica/<sha256>")
@public
def shared_thumbnail(token: str, sha256: str) -> BaseResponse:
    """Show the small picture of a material that a link shares."""
    try:
        _, pack = _opened(token, sha256)
    except _ENDED as error:
        return _ended(error)
    for one in pack.materials:
        if one.thumbnail_sha256 == sha256:
            return file_of(sha256, one.files[0].media_type, "", shown=True)
    raise AssetMissingError(ref=sha256)


def file_of(sha256: str, media_type: str, name: str, *, shown: bool = False) -> Response:
    """Return a file that a link opens: to keep or, when it is ``shown``, to look at; kept by no cache."""
    stream = storage().open(Shelf.SERVED, sha256)
    answer: Response = send_file(
        stream, mimetype=media_type, download_name=name or sha256, as_attachment=not shown
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _unlisted(answer)
