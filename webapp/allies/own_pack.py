"""The week's pack as an ally opens it: texts, pictures and tags to copy, all of it in a ZIP, and «Ya lo publiqué»."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets import packs
from assets.library import AssetMissingError
from assets.models import PackOf
from assets.pack_texts import texts_of
from assets.packs import Pack, PackEmptyError
from content_calendar import ally_echoes, ally_letters
from content_calendar.ally_echoes import Source
from content_calendar.ally_letters import AllyLinkMissingError
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.allies import AllyLetter, AllyWeek, LetterKind
from content_calendar.models.posts import Post
from webapp import ally_words as words
from webapp.adapting.sharing import shared_versions
from webapp.allies.doors import SEE_OTHER, UNPROCESSABLE, blueprint, here, today
from webapp.allies.own_pages import of_kind, told_why, unlisted
from webapp.allies.reading import keep, read_link
from webapp.ally_keys import farewell_token
from webapp.calendar.choices import network_name
from webapp.errors import tell
from webapp.session import database, db, public, settings
from webapp.toolbox.files import storage
from webapp.toolbox.pack_words import megabytes
from webapp.toolbox.packing import zipped
from webapp.toolbox.preparing import prepare
from webapp.toolbox.shared import file_of


def _opened(token: str, only: str = "") -> tuple[AllyLetter, Pack]:
    letter = of_kind(token, LetterKind.PACK)
    return letter, _pack(_week(letter), only)


def _week(letter: AllyLetter) -> AllyWeek:
    if letter.week is None:
        raise AllyLinkMissingError
    return letter.week


def _pack(week: AllyWeek, only: str = "") -> Pack:
    found = packs.gather(db(), storage(), PackOf.WEEK, week.ref, None, here(), only)
    return _titled(found, week)


def _titled(pack: Pack, week: AllyWeek) -> Pack:
    return replace(pack, title=gettext("Semana %(week)s", week=words.week_words(week.starts_on)))


def pack_page(
    letter: AllyLetter, token: str, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """Return the pack's page, with what was typed and what is wrong with it when a form came back."""
    week = _week(letter)
    pack = _pack(week)
    page = render_template(
        "allies/own_pack.html",
        token=token,
        letter=letter,
        ally=letter.ally,
        week=week,
        title=words.week_words(week.starts_on),
        pack=pack,
        texts={post.ref: texts_of(post) for post in pack.posts},
        slugs={post.ref: ["", *post.content.variants] for post in pack.posts},
        network_name=network_name,
        versions=shared_versions(pack),
        size=megabytes(pack.size),
        megabytes=megabytes,
        told=[one for one in ally_echoes.of_ally(db(), letter.ally) if one.letter_id == letter.id],
        done=request.args.get("hecho", ""),
        chosen=request.form.get("post") or request.args.get("publicacion", ""),
        media=[(one.value, gettext(said)) for one, said in words.MEDIA.items()],
        today=today(),
        right_now=now(),
        typed=request.form,
        errors=errors or {},
        words=words,
        stop=farewell_token(settings(), letter.ally.ref),
    )
    return unlisted(make_response(page, status))


def _came_back(token: str, error: InvalidError | ConflictError, field: str) -> Response:
    db().rollback()
    where = getattr(error, "field", None) or field
    return pack_page(of_kind(token, LetterKind.PACK), token, {where: tell(error)}, UNPROCESSABLE)


@blueprint.post("/f/<token>/replica")
@public
@told_why
def tell_replication(token: str) -> BaseResponse:
    """Keep what the ally says they did with a post, or with the whole pack."""
    letter = of_kind(token, LetterKind.PACK)
    ref = request.form.get("post", "")
    post_id = db().scalar(select(Post.id).where(Post.ref == ref)) if ref else None
    if post_id is not None and not ally_echoes.is_of_week(db(), _week(letter), post_id):
        post_id = None
    try:
        count = keep(Source(letter.ally, letter.id), post_id)
    except (InvalidError, ConflictError) as error:
        return _came_back(token, error, "links")
    # Whoever tells what they did with it has seen it.
    ally_letters.receive(db(), letter)
    done = "replica" if count else "repetida"
    return redirect(url_for(".own_page", token=token, hecho=done, _anchor="lo-tuyo"), SEE_OTHER)


@blueprint.post("/f/<token>/aporte")
@public
@told_why
def contribute(token: str) -> BaseResponse:
    """Keep what the ally offers us to spread."""
    letter = of_kind(token, LetterKind.PACK)
    try:
        link = request.form.get("link", "").strip()
        url = read_link(link).url if link else ""
        ally_echoes.contribute(db(), letter.ally, request.form.get("said", ""), url)
    except (InvalidError, ConflictError) as error:
        if getattr(error, "field", None) == "links":
            error.field = "link"  # type: ignore[union-attr] # only an invalid one has a field
        return _came_back(token, error, "said")
    ally_letters.receive(db(), letter)
    return redirect(url_for(".own_page", token=token, hecho="aporte", _anchor="aporta"), SEE_OTHER)


@blueprint.get("/f/<token>/paquete.zip")
@public
@told_why
def own_zip(token: str) -> BaseResponse:
    """Hand out all of the week; it counts as downloaded once it was handed out whole."""
    letter, pack = _opened(token)
    if prepare(pack):
        db().rollback()
        letter, pack = _opened(token)
    if not pack.posts and not pack.files:
        raise PackEmptyError
    return unlisted(zipped(pack, partial(_note_pull, database(), letter.id, pack)))


def _note_pull(where: Database, letter_id: int, pack: Pack) -> None:
    with where.transaction() as session:
        ally_letters.count_pulled(session, letter_id)
        packs.record_pulls(session, pack)


@blueprint.get("/f/<token>/archivo/<sha256>")
@public
@told_why
def own_file(token: str, sha256: str) -> BaseResponse:
    """Hand out one file of the week."""
    letter, pack = _opened(token, sha256)
    for one in pack.materials:
        for file in one.files:
            if file.sha256 == sha256:
                answer = file_of(sha256, file.media_type, file.name.replace("/", "-"))
                answer.content_length = file.size
                with database().transaction() as session:
                    ally_letters.count_pulled(session, letter.id)
                return answer
    raise AssetMissingError(ref=sha256)


@blueprint.get("/f/<token>/chica/<sha256>")
@public
@told_why
def own_thumbnail(token: str, sha256: str) -> BaseResponse:
    """Show the small picture of a material of the week."""
    _, pack = _opened(token, sha256)
    for one in pack.materials:
        if one.thumbnail_sha256 == sha256:
            return file_of(sha256, one.files[0].media_type, "", shown=True)
    raise AssetMissingError(ref=sha256)
