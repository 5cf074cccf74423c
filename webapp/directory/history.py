"""Historia: what changed of an owner, its accounts, sites and feeds, in words, from a trail that nobody changes."""

from collections.abc import Mapping

from flask import render_template, request
from flask_babel import gettext
from sqlalchemy import select

from content_calendar import directory
from content_calendar.directory_history import Line, history
from content_calendar.models.directory import Body, Standing
from content_calendar.models.standing import ProposalKind
from content_calendar.permissions import Permission
from scheduler.models import Feed
from webapp import dates
from webapp.directory.doors import blueprint
from webapp.directory.proposal_words import KINDS
from webapp.directory.wording import STANDINGS, network_name
from webapp.inputs import small
from webapp.saying import Speaker
from webapp.session import db, needs
from webapp.words import N_

_PAGE = 50
# Each act of the trail about an owner; a test compares them with those that are written.
ACTS: Mapping[str, str] = {
    "account_added": N_("Agregó la cuenta %(handle)s (%(network)s)."),
    "account_certified": N_("Certificó %(handle)s (%(network)s) hasta el %(until)s. Antes: %(before)s."),
    "account_certified_once": N_("Dio el primer sí a %(handle)s (%(network)s); faltaba otra persona."),
    "account_lapsed": N_("Venció la certificación de %(handle)s (%(network)s), del %(until)s."),
    "account_renamed": N_("La cuenta %(before)s (%(network)s) pasó a llamarse %(after)s."),
    "account_retired": N_("Retiró %(handle)s (%(network)s) desde el %(on)s: %(standing)s. %(reason)s"),
    "account_suspected": N_(
        "Alarma: en la red, %(handle)s (%(network)s) pasó de la cuenta %(remote_id)s a la %(found_id)s."
    ),
    "account_calmed": N_("Terminó la alarma: %(handle)s (%(network)s) es otra vez de la cuenta certificada."),
    "account_id_learnt": N_("La red dio el número de %(handle)s (%(network)s): %(remote_id)s."),
    "account_connected": N_("Conectó %(handle)s (%(network)s) para publicar."),
    "account_disconnected": N_("Desconectó %(handle)s (%(network)s)."),
    "link_back_found": N_("El sitio %(url)s enlaza a %(handle)s (%(network)s)."),
    "link_back_lost": N_("El sitio %(url)s dejó de enlazar a %(handle)s (%(network)s)."),
    "certification_link_used": N_("Contestó por correo sobre %(handles)s."),
    "site_added": N_("Agregó el sitio %(url)s."),
    "feed.add": N_("Agregó un canal de noticias."),
    "feed.pause": N_("Dejó de leer un canal."),
    "feed_gone": N_("Un canal dejó de existir."),
    "feed_moved": N_("Un canal cambió de dirección."),
    "region_set": N_("Cambió la región: de «%(before)s» a «%(region)s»."),
    "member_joined": N_("Se integró a la Comisión el %(on)s."),
    "member_left": N_("Dejó la Comisión el %(on)s."),
    "owner_renamed": N_("Pasó de llamarse «%(before)s» (%(short_before)s) a «%(after)s» (%(short_after)s)."),
    "body_succeeded": N_("Le sucede %(name)s desde el %(on)s."),
    "body_founded": N_("Entró al directorio en lugar de %(follows)s."),
    "proposal_made": N_("Propuso: %(kind)s. %(what)s"),
    "proposal_accepted": N_("Aceptó la propuesta: %(kind)s. %(what)s"),
    "proposal_returned": N_("Regresó la propuesta: %(kind)s. %(what)s Motivo: %(reason)s"),
    "proposal_withdrawn": N_("Retiró su propuesta: %(kind)s. %(what)s"),
}


def told(speaker: Speaker, line: Line) -> str:
    """Return one change in a sentence; what an older version did not keep is left out."""
    details = dict(line.event.details)
    fields = details.pop("fields", None)
    of = str(details.pop("of", ""))
    details.setdefault("handle", line.handle)
    details.setdefault("network", line.network)
    details["network"] = network_name(str(details["network"])) if details["network"] else ""
    for name in ("before", "standing"):
        if details.get(name) in set(Standing):
            details[name] = gettext(STANDINGS[Standing(str(details[name]))])
    if details.get("kind") in set(ProposalKind):
        details["kind"] = gettext(KINDS[ProposalKind(str(details["kind"]))])
    if isinstance(fields, Mapping):
        said = fields.get("handle") or fields.get("url") or fields.get("name") or fields.get("slug") or ""
        details["what"] = f"{of} → {said}." if of and said else f"{of or said}."
    filled = {name: "—" if value in {None, ""} else value for name, value in details.items()}
    filled |= {name: "" for name in ("reason", "what") if not details.get(name)}
    return speaker.fill(ACTS[line.event.act], filled).strip()


@blueprint.get("/directorio/<slug>/historia")
@needs(Permission.VIEW_DIRECTORY)
def history_page(slug: str) -> str:
    """Show who changed what of an owner, and when, the newest first."""
    owner = directory.find_owner(db(), slug)
    feeds = db().scalars(select(Feed.ref).where(Feed.owner_id == owner.id)).all()
    refs = {("feed", ref) for ref in feeds}
    before = request.args.get("antes", type=small)
    lines = history(db(), owner, ACTS, refs, _PAGE + 1, before)
    speaker = dates.speaker()
    return render_template(
        "directory/history.html",
        owner=owner,
        is_body=isinstance(owner, Body),
        lines=[(line, told(speaker, line)) for line in lines[:_PAGE]],
        more=lines[_PAGE - 1].event.id if len(lines) > _PAGE else None,
    )
