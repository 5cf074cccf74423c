"""Look-alikes and duplicates of an account, told next to the field before anything is saved."""

from collections.abc import Mapping, Sequence

from flask import render_template, request
from flask_babel import gettext
from sqlalchemy import select

from content_calendar import accounts, pasted
from content_calendar.clock import now
from content_calendar.look_alikes import Alike, Known, Likeness, alike
from content_calendar.models.directory import Account, Owner, Standing
from content_calendar.permissions import Permission
from webapp.directory.doors import blueprint
from webapp.directory.wording import network_name
from webapp.session import db, needs
from webapp.words import N_

_LONGEST = 300
WORDS: Mapping[Alike, str] = {
    Alike.SAME: N_("Se llama igual que %(handle)s, de %(owner)s, en %(network)s."),
    Alike.EYE: N_("A la vista es igual que %(handle)s, de %(owner)s, en %(network)s."),
    Alike.ADDED: N_(
        "Es como %(handle)s, de %(owner)s, en %(network)s, con algo agregado: así se hacen pasar por otros."
    ),
    Alike.EDIT: N_("Se parece mucho a %(handle)s, de %(owner)s, en %(network)s. ¿Está bien escrita?"),
}


def known() -> list[Known]:
    """Return every handle that is somebody's in the directory, in one query."""
    moment = now()
    rows = db().execute(
        select(
            Account.network,
            Account.handle_folded,
            Account.handle,
            Owner.short_name,
            Account.standing,
            Account.certified_at,
            Account.certified_until,
            Account.valid_to,
        ).join(Owner, Owner.id == Account.owner_id)
    )
    return [
        Known(
            network,
            folded,
            handle,
            owner,
            official=standing is Standing.IN_FORCE
            and certified_at is not None
            and ended is None
            and (until is None or until > moment),
        )
        for network, folded, handle, owner, standing, certified_at, until, ended in rows
    ]


def likenesses(handle: str, network: str) -> list[Likeness]:
    """Return the accounts of the directory that people could take this one for."""
    return alike(handle, network, known())


def said_of(found: Sequence[Likeness], owner: str = "") -> list[str]:
    """Return one sentence for each; that one ``owner`` has the same name on several networks is nothing to say."""
    return [
        gettext(
            WORDS[one.how],
            handle=one.known.handle,
            owner=one.known.owner,
            network=network_name(one.known.network),
        )
        for one in found
        if not (one.how is Alike.SAME and one.known.owner == owner)
    ]


def warnings(network: str, handle: str, owner: str = "") -> list[str]:
    """Return what a person should know before an account of ``owner`` is added: whose it is already, and its likes."""
    folded = accounts.fold_handle(handle)
    if not folded:
        return []
    everybody = known()
    mine = [one for one in everybody if one.network == network and one.folded == folded]
    taken = [
        gettext("%(handle)s en %(network)s ya está en el directorio: es de %(owner)s.",
                handle=one.handle, network=network_name(one.network), owner=one.owner)
        for one in mine[:1]
    ]  # fmt: skip
    return taken + said_of(alike(handle, network, everybody), owner)


@blueprint.get("/directorio/parecidas")
@needs(Permission.PROPOSE_CHANGES)
def alikes() -> str:
    """Answer, while somebody types, which account that is and which ones it is like; it writes nothing."""
    said = pasted.read_pasted(request.args.get("cuenta", "")[:_LONGEST])
    network = said.network or request.args.get("red", "")[:40]
    found = warnings(network, said.handle, request.args.get("de", "")[:60]) if said.handle else []
    return render_template(
        "directory/alikes.html", said=said, network=network_name(network) if network else "", warnings=found
    )
