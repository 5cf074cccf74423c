"""Changes of the directory: a body's people propose them on its page, the commission accepts or returns them.

Whoever may make the change proposes it too, and accepts it in the same breath: there is one way in.
"""

from collections.abc import Mapping
from datetime import date

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import directory, directory_proposals, pasted
from content_calendar.clock import now
from content_calendar.directory_proposals import ProposalIncompleteError, ProposalMissingError
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from content_calendar.models.directory import Account, Body, Owner
from content_calendar.models.people import Person
from content_calendar.models.standing import DirectoryProposal, ProposalKind, ProposalStage
from content_calendar.permissions import Permission, Scope
from scheduler.listening import subscribing
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.identity import canonical_link
from scheduler.listening.parsing import FeedError
from webapp import dates
from webapp.directory.alikes import warnings
from webapp.directory.bodies import SiteInvalidError, known_networks, typed_form
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.directory.proposal_words import GONE, KINDS, STAGES, said
from webapp.directory.wording import network_name
from webapp.errors import flash_error, status_of, tell
from webapp.session import database, db, needs, person, settings, viewer

_P, _K = Permission, ProposalKind
# What takes more than editing: it says which accounts are official, or who stands for whom.
_STRICT = frozenset({_K.RENAME_ACCOUNT, _K.ACCOUNT_GONE, _K.SUCCESSION})
_LONGEST = 1000
_MOST_DECIDED = 50


def may_decide(kind: ProposalKind) -> bool:
    """Return whether the viewer may accept or return a proposal of that kind."""
    return viewer().can(_P.CERTIFY_ACCOUNTS if kind in _STRICT else _P.EDIT_DIRECTORY)


def _owner(slug: str) -> Owner:
    owner = directory.find_owner(db(), slug)
    if not viewer().can(_P.PROPOSE_CHANGES, Scope(owner.id, owner.region_id)):
        raise ForbiddenError
    return owner


def _accounts_of(session: Session, owner: Owner) -> list[Account]:
    query = select(Account).where(Account.owner_id == owner.id, Account.valid_to.is_(None))
    return list(
        session.scalars(
            query.options(joinedload(Account.owner)).order_by(Account.network, Account.handle_folded)
        )
    )


def _form(
    owner: Owner,
    kind: ProposalKind | None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    warned: list[str] | None = None,
) -> Response:
    waiting = (
        db()
        .scalars(
            select(DirectoryProposal)
            .where(DirectoryProposal.owner_id == owner.id, DirectoryProposal.stage == ProposalStage.WAITING)
            .options(joinedload(DirectoryProposal.owner), joinedload(DirectoryProposal.account))
            .order_by(DirectoryProposal.id)
        )
        .all()
    )
    typed = typed_form()
    typed.setdefault("account", request.args.get("cuenta", ""))
    typed.setdefault("handle", request.args.get("perfil", "")[:_LONGEST])
    page = render_template(
        "directory/propose.html",
        owner=owner,
        kind=kind,
        kinds=[
            (one.value, gettext(words))
            for one, words in KINDS.items()
            if one is not _K.SUCCESSION or isinstance(owner, Body)
        ],
        accounts=[
            (one.ref, f"{one.handle} · {network_name(one.network)}") for one in _accounts_of(db(), owner)
        ],
        gone=[(standing.value, gettext(words)) for standing, words in GONE.items()],
        owners=_successors(owner) if kind is _K.SUCCESSION else [],
        networks=known_networks(),
        decides=kind is not None and may_decide(kind),
        waiting=[(one, said(one)) for one in waiting],
        is_body=isinstance(owner, Body),
        typed=typed,
        errors=errors or {},
        warned=warned or [],
        today=now().astimezone(dates.zone()).date(),
    )
    return make_response(page, status)


def _successors(owner: Owner) -> list[tuple[str, str]]:
    rows = db().scalars(
        select(Owner).where(Owner.id != owner.id, Owner.valid_to.is_(None)).order_by(Owner.short_name)
    )
    return [(one.slug, f"{one.short_name} · {one.name}"[:90]) for one in rows]


def _kind(name: str) -> ProposalKind | None:
    return ProposalKind(name) if name in set(ProposalKind) else None


@blueprint.get("/directorio/<slug>/proponer")
@needs(_P.PROPOSE_CHANGES)
def proposing(slug: str) -> Response:
    """Ask what changed, and then the one thing that is needed to know it."""
    return _form(_owner(slug), _kind(request.args.get("que", "")))


def _fields(kind: ProposalKind, account: Account | None) -> dict[str, str]:
    """Return what the form tells, addresses without what tracks people; raise SiteInvalidError."""
    form = request.form
    typed = {
        name: form.get(name, "").strip()[:_LONGEST]
        for names in directory_proposals.FIELDS[kind]
        for name in names
    }
    typed.pop("same_id", None)
    if kind in {_K.ADD_ACCOUNT, _K.RENAME_ACCOUNT}:
        told = pasted.read_pasted(typed["handle"])
        network = account.network if account else told.network or typed.get("network", "")
        handle = told.handle or typed["handle"]
        url = told.url if told.network == network else ""
        typed |= {"handle": handle, "url": url or pasted.address_of(network, handle)}
        if kind is _K.ADD_ACCOUNT:
            typed["network"] = network
    if kind in {_K.ADD_SITE, _K.ADD_FEED} and not canonical_link(typed["url"]):
        raise SiteInvalidError(field="url")
    if typed.get("day"):
        date.fromisoformat(typed["day"])
    return typed


@blueprint.post("/directorio/<slug>/proponer")
@needs(_P.PROPOSE_CHANGES)
def propose(slug: str) -> BaseResponse:
    """Keep a proposal; whoever may make the change makes it at once."""
    owner, kind = _owner(slug), _kind(request.form.get("kind", ""))
    if kind is None:
        return redirect(url_for(".proposing", slug=slug), SEE_OTHER)
    try:
        account = next(
            (one for one in _accounts_of(db(), owner) if one.ref == request.form.get("account")), None
        )
        fields = _fields(kind, account)
        if kind is _K.ADD_ACCOUNT and not request.form.get("sure"):
            found = warnings(fields["network"], fields["handle"], owner.short_name)
            if found:
                return _form(owner, kind, {}, UNPROCESSABLE, found)
        me = db().get_one(Person, person().id)
        made = directory_proposals.propose(
            db(), owner, kind, fields, by=me, account=account, note=request.form.get("note", "")
        )
        if may_decide(kind) and kind is not _K.ADD_FEED:
            today = now().astimezone(dates.zone()).date()
            directory_proposals.accept(db(), directory_proposals.find(db(), made.proposal.ref), me, today)
    except ValueError:
        db().rollback()
        return _form(_owner(slug), kind, {"day": tell(ProposalIncompleteError(field="day"))}, UNPROCESSABLE)
    except (InvalidError, ConflictError, NotFoundError) as error:
        db().rollback()
        field = getattr(error, "field", None) or "kind"
        return _form(_owner(slug), kind, {field: tell(error)}, max(status_of(error), UNPROCESSABLE))
    flash(_said_of(made), "success")
    there = ".body" if isinstance(owner, Body) else ".history_page"
    return redirect(url_for(there, slug=owner.slug), SEE_OTHER)


def _said_of(made: directory_proposals.Proposed) -> str:
    if made.proposal.stage is ProposalStage.ACCEPTED:
        words: str = gettext("Listo: el directorio ya lo dice.")
    elif made.is_new:
        words = gettext("Propuesto. Te avisamos cuando la Comisión lo acepte, o por qué no.")
    else:
        words = gettext("Eso ya se había propuesto; espera a la Comisión.")
    return words


@blueprint.get("/directorio/propuestas")
@needs(_P.EDIT_DIRECTORY)
def proposals() -> str:
    """Show what waits for the commission, the oldest first, and what was decided of late."""
    loaded = (
        joinedload(DirectoryProposal.owner),
        joinedload(DirectoryProposal.account),
        joinedload(DirectoryProposal.proposed_by),
        joinedload(DirectoryProposal.decided_by),
    )
    query = select(DirectoryProposal).options(*loaded)
    waiting = db().scalars(
        query.where(DirectoryProposal.stage == ProposalStage.WAITING).order_by(DirectoryProposal.id)
    )
    decided = db().scalars(
        query.where(DirectoryProposal.stage != ProposalStage.WAITING)
        .order_by(DirectoryProposal.decided_at.desc(), DirectoryProposal.id.desc())
        .limit(_MOST_DECIDED)
    )
    return render_template(
        "directory/proposals.html",
        waiting=[(one, said(one), directory_proposals.is_stale(one)) for one in waiting],
        decided=[(one, said(one), False) for one in decided],
        stages={key: (look, gettext(word)) for key, (look, word) in STAGES.items()},
    )


def _find(ref: str, *, to_decide: bool = False) -> DirectoryProposal:
    """Return a proposal that the viewer may see; raise ProposalMissingError."""
    found = directory_proposals.find(db(), ref, to_decide=to_decide)
    if not viewer().can(_P.PROPOSE_CHANGES, Scope(found.owner_id, found.owner.region_id)):
        raise ProposalMissingError
    return found


def _page(ref: str, errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    found = _find(ref)
    warned: list[str] = []
    if found.kind in {_K.ADD_ACCOUNT, _K.RENAME_ACCOUNT} and found.stage is ProposalStage.WAITING:
        network = found.account.network if found.account else found.fields.get("network", "")
        warned = warnings(network, found.fields.get("handle", ""), found.owner.short_name)
    page = render_template(
        "directory/proposal.html",
        one=found,
        said=said(found),
        stale=directory_proposals.is_stale(found),
        kind=gettext(KINDS[found.kind]),
        stage=(STAGES[found.stage][0], gettext(STAGES[found.stage][1])),
        may_decide=may_decide(found.kind) and found.stage is ProposalStage.WAITING,
        may_withdraw=found.proposed_by_id == person().id and found.stage is ProposalStage.WAITING,
        is_body=isinstance(found.owner, Body),
        warned=warned,
        typed=typed_form(),
        errors=errors or {},
    )
    return make_response(page, status)


@blueprint.get("/directorio/propuestas/<ref>")
@needs(_P.PROPOSE_CHANGES)
def proposal(ref: str) -> Response:
    """Show one proposal, and let it be decided on."""
    return _page(ref)


@blueprint.post("/directorio/propuestas/<ref>/aceptar")
@needs(_P.EDIT_DIRECTORY)
def accept_proposal(ref: str) -> BaseResponse:
    """Make the proposed change, and tell who proposed it."""
    try:
        title = _feed_title(ref)
    except (FetchError, FeedError, InvalidError) as error:
        return _page(ref, {"decision": tell(error)}, UNPROCESSABLE)

    def subscribe(session: Session, owner: Owner, url: str, given: str, somebody: Person) -> object:
        return subscribing.subscribe(session, owner, url, given or title, somebody)

    try:
        found = _find(ref, to_decide=True)
        if not may_decide(found.kind):
            raise ForbiddenError
        me = db().get_one(Person, person().id)
        today = now().astimezone(dates.zone()).date()
        directory_proposals.accept(db(), found, me, today, subscribe)
    except (InvalidError, ConflictError, NotFoundError) as error:
        db().rollback()
        return _page(ref, {"decision": tell(error)}, status_of(error))
    flash(gettext("Aceptada: el directorio ya lo dice."), "success")
    return redirect(url_for(".proposals"), SEE_OTHER)


def _feed_title(ref: str) -> str:
    """Return the title of a proposed feed, asked before the request's transaction begins; empty for all else."""
    with database().reading() as session:
        found = directory_proposals.find(session, ref)
    if found.kind is not _K.ADD_FEED or found.stage is not ProposalStage.WAITING:
        return ""
    policy = FetchPolicy.of(tuple(settings().feed_allow), settings().contact)
    return subscribing.look(found.fields["url"], policy).title


@blueprint.post("/directorio/propuestas/<ref>/regresar")
@needs(_P.EDIT_DIRECTORY)
def return_proposal(ref: str) -> BaseResponse:
    """Return a proposal with a reason."""
    found = _find(ref, to_decide=True)
    if not may_decide(found.kind):
        raise ForbiddenError
    me = db().get_one(Person, person().id)
    try:
        directory_proposals.give_back(db(), found, me, request.form.get("reason", ""))
    except (InvalidError, ConflictError) as error:
        db().rollback()
        field = getattr(error, "field", None) or "decision"
        return _page(ref, {field: tell(error)}, status_of(error))
    flash(gettext("Regresada con tu motivo."), "success")
    return redirect(url_for(".proposals"), SEE_OTHER)


@blueprint.post("/directorio/propuestas/<ref>/retirar")
@needs(_P.PROPOSE_CHANGES)
def withdraw_proposal(ref: str) -> BaseResponse:
    """Take back what one proposed."""
    found = _find(ref, to_decide=True)
    if found.proposed_by_id != person().id:
        raise ForbiddenError
    try:
        directory_proposals.withdraw(db(), found, db().get_one(Person, person().id))
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        flash(gettext("Retiraste la propuesta."), "success")
    return redirect(url_for(".proposal", ref=ref), SEE_OTHER)
