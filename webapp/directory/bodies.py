"""Directorio: who the bodies are, and one body's page."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import directory, pasted
from content_calendar.certification import may_certify
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Account, Body, Member
from content_calendar.permissions import Permission, Scope
from scheduler import link_watch
from scheduler.listening.identity import canonical_link
from scheduler.models import Feed, Replication, ReplicationStage
from scheduler.networks import networks
from webapp import dates
from webapp.dashboards.echo_words import KINDS
from webapp.directory.account_facts import facts_of, look_words, waiting_of
from webapp.directory.connections import connections
from webapp.directory.deputies import reads_who_answers
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.directory.tiles import letters_of, place_of
from webapp.directory.wording import CONFIDENCES, ENDINGS, LOOKS, PAUSES, STANDINGS, network_name
from webapp.errors import flash_error, tell
from webapp.federal import state_of
from webapp.session import db, needs, person, viewer
from webapp.sheets import csv_answer

_P = Permission
_ECHOES = 20
# Tones of the regions on the map, in the order of their names.
_TONES = (1, 2, 5, 3, 4, 6, 7, 8, 9)


class SiteInvalidError(InvalidError):
    """A site is an address of the web."""

    code = "site_invalid"


def tone_by_region() -> dict[int, int]:
    """Return the tone of each region."""
    return {region.id: _TONES[index % len(_TONES)] for index, region in enumerate(directory.regions(db()))}


@blueprint.get("/directorio")
@needs(_P.VIEW_DIRECTORY)
def bodies() -> str:
    """Show the bodies on a map of tiles and in a table."""
    today = now().date()
    region, text = request.args.get("region", ""), request.args.get("buscar", "").strip()
    return render_template(
        "directory/bodies.html",
        listed=directory.list_bodies(db(), today, region_slug=region, text=text),
        regions=directory.regions(db()),
        region=region,
        text=text,
        tones=tone_by_region(),
        place_of=place_of,
        letters_of=letters_of,
        address=lambda slug: url_for("directory.body", slug=slug),
        state_of=state_of,
        confidences={key: gettext(word) for key, word in CONFIDENCES.items()},
        proposed=waiting_of() if viewer().can(_P.EDIT_DIRECTORY) else 0,
        today=today,
    )


@blueprint.get("/directorio.csv")
@needs(_P.VIEW_DIRECTORY)
def bodies_sheet() -> Response:
    """Return the directory as CSV: a row an account."""
    rows = db().execute(
        select(Body, Account)
        .outerjoin(Account, Account.owner_id == Body.id)
        .options(joinedload(Body.region))
        .order_by(Body.state_iso, Body.id, Account.network, Account.handle_folded)
    )
    head = [
        gettext("Organismo"),
        gettext("Nombre"),
        gettext("Estado"),
        gettext("Región"),
        gettext("Extinto"),
        gettext("Red"),
        gettext("Cuenta"),
        gettext("Situación"),
        gettext("Certificada"),
        gettext("Certificada hasta"),
        gettext("Fuente"),
    ]
    lines = [
        [
            body.short_name,
            body.name,
            body.state_name,
            body.region.name if body.region else None,
            body.dissolved_on or None,
            *_account_cells(account, body),
        ]
        for body, account in rows
    ]
    return csv_answer("directorio", [head, *lines])


def _account_cells(account: Account | None, body: Body) -> list[str | None]:
    if account is None:
        return [None, None, None, None, None, body.source]
    certified = account.certified_at.date().isoformat() if account.certified_at else None
    standing = gettext(STANDINGS[account.standing])
    until = account.certified_until.date().isoformat() if account.certified_until else None
    return [network_name(account.network), account.handle, standing, certified, until, account.source]


def _is_member(memberships: Sequence[Member]) -> bool:
    today = now().astimezone(dates.zone()).date()
    return any(
        one.valid_from <= today and (one.valid_to is None or one.valid_to > today) for one in memberships
    )


def body_page(
    slug: str,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
    warned: Sequence[str] = (),
) -> Response:
    """Return a body's page, with what was typed and its errors when a form came back.

    ``warned`` are the accounts that the one that was typed looks like.
    """
    page = directory.body_page(db(), slug)
    scope = Scope(page.body.id, page.body.region_id)
    body = render_template(
        "directory/body.html",
        page=page,
        body=page.body,
        feeds=db().scalars(select(Feed).where(Feed.owner_id == page.body.id).order_by(Feed.id)).all(),
        echoes=_echoes(page.body),
        sees_its_year=viewer().can(_P.VIEW_REPLICATIONS, scope),
        echo_kinds={key: gettext(word) for key, word in KINDS.items()},
        regions=directory.regions(db()),
        networks=known_networks(),
        network_name=network_name,
        confidences={key: gettext(word) for key, word in CONFIDENCES.items()},
        standings={key: gettext(word) for key, word in STANDINGS.items()},
        endings=[(one.value, gettext(STANDINGS[one])) for one in ENDINGS],
        pauses=[(one.value, gettext(STANDINGS[one])) for one in PAUSES],
        looks=LOOKS,
        opened=connections(page.accounts),
        facts=facts_of(page.accounts),
        look_words=look_words(),
        waiting=waiting_of(page.body),
        warned=warned,
        may_say_yes=may_certify(viewer().rights, page.body),
        may_propose=viewer().can(_P.PROPOSE_CHANGES, scope),
        watched=link_watch.of_owner(db(), page.body.id),
        reads_who_answers=reads_who_answers(page.body),
        may_edit=viewer().can(_P.EDIT_DIRECTORY),
        may_certify=viewer().can(_P.CERTIFY_ACCOUNTS),
        may_connect=viewer().can(_P.CONNECT_ACCOUNTS),
        may_feed=viewer().can(_P.EDIT_FEEDS),
        is_member=_is_member(page.memberships),
        typed=typed or {},
        errors=errors or {},
        today=now().astimezone(dates.zone()).date(),
        soon=timedelta(days=30),
    )
    return make_response(body, status)


def known_networks() -> list[tuple[str, str]]:
    """Return the networks that an account may be on: slug and name."""
    known = sorted({*networks(), *pasted.known_networks(), *db().scalars(select(Account.network).distinct())})
    return [(slug, network_name(slug)) for slug in known if is_public(slug)]


def is_public(slug: str) -> bool:
    """Return whether others see what is published there: a rehearsal's is for ourselves."""
    known = networks().get(slug)
    return known is None or known.needs_connection


def _echoes(body: Body) -> Sequence[Replication]:
    return db().scalars(
        select(Replication)
        .where(Replication.body_id == body.id, Replication.stage != ReplicationStage.REJECTED)
        .options(joinedload(Replication.post))
        .order_by(Replication.occurred_at.desc(), Replication.id.desc())
        .limit(_ECHOES)
    ).all()  # fmt: skip


@blueprint.get("/directorio/<slug>")
@needs(_P.VIEW_DIRECTORY)
def body(slug: str) -> Response:
    """Show what is known of a body, with its sources."""
    return body_page(slug)


def typed_form() -> dict[str, str]:
    """Return what was typed, to be shown again."""
    return {key: value for key, value in request.form.items() if key != "csrf_token"}


@blueprint.post("/directorio/<slug>/region")
@needs(_P.EDIT_DIRECTORY)
def set_region(slug: str) -> BaseResponse:
    """Put a body in a region; the sources disagree, a person decides."""
    found = directory.find_body(db(), slug)
    asked = request.form.get("region", "")
    region = directory.find_region(db(), asked) if asked else None
    directory.set_region(
        db(), found, region, source=request.form.get("source", "")[:1000], actor_ref=person().ref
    )
    flash(gettext("Región guardada."), "success")
    return redirect(url_for(".body", slug=slug), SEE_OTHER)


@blueprint.post("/directorio/<slug>/comision")
@needs(_P.EDIT_DIRECTORY)
def set_membership(slug: str) -> BaseResponse:
    """Let a body join the commission today, or leave it today."""
    found, today = directory.find_body(db(), slug), now().astimezone(dates.zone()).date()
    leaving, me = request.form.get("do") == "leave", person().ref
    source = request.form.get("member_source", "")[:1000]
    try:
        if leaving:
            directory.leave_commission(db(), found, today, actor_ref=me)
        else:
            directory.join_commission(db(), found, today, source=source, actor_ref=me)
    except (ConflictError, NotFoundError) as error:
        db().rollback()
        flash_error(error)
    else:
        said = gettext("Deja de ser integrante hoy.") if leaving else gettext("Es integrante desde hoy.")
        flash(said, "success")
    return redirect(url_for(".body", slug=slug, _anchor="datos"), SEE_OTHER)


@blueprint.post("/directorio/<slug>/sitio")
@needs(_P.EDIT_DIRECTORY)
def add_site(slug: str) -> BaseResponse:
    """Add a web site of a body."""
    form = request.form
    try:
        url = canonical_link(form.get("site_url", ""))
        if not url:
            raise SiteInvalidError(field="url")
        directory.add_site(
            db(),
            directory.find_owner(db(), slug),
            form["site_url"].strip()[:500],
            source=form.get("site_source", "")[:1000],
            actor_ref=person().ref,
        )
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return body_page(slug, typed_form(), {"site_url": tell(error)}, UNPROCESSABLE)
    flash(gettext("Sitio agregado."), "success")
    return redirect(url_for(".body", slug=slug, _anchor="sitios"), SEE_OTHER)
