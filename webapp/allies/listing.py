"""Red de facilitadores: who spreads our word, whether we may write to them, and how the last pack did."""

from collections.abc import Mapping

from flask import render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import allies, ally_consents, ally_echoes, ally_weeks, directory
from content_calendar.allies import Place, Wanted
from content_calendar.ally_weeks import Level, monday_of
from content_calendar.models.allies import ConsentStanding
from content_calendar.models.audiences import Audience
from content_calendar.permissions import Permission
from webapp import ally_words as words
from webapp.allies.doors import SEE_OTHER, blueprint, say, today, within
from webapp.calendar.audience_words import audience_options
from webapp.inputs import small
from webapp.session import db, needs, person, settings, viewer

_P = Permission
_PAGE = 50


def asked(places: Mapping[str, Place]) -> Wanted:
    """Return which allies the address asks for, within what the viewer may see."""
    args = request.args
    region, sector = args.get("region", ""), args.get("sector", "")
    consent = args.get("consentimiento", "")
    states = None
    if region:
        known = {one.slug: one.id for one in directory.regions(db())}
        states = [one.state_iso for one in places.values() if one.region_id == known.get(region, 0)]
    return Wanted(
        within=within(),
        states=states,
        sector=Audience(sector) if sector in set(Audience) else None,
        consent=ConsentStanding(consent) if consent in set(ConsentStanding) else None,
        text=args.get("buscar", "").strip()[:100],
    )


def filter_options() -> dict[str, object]:
    """Return what the filters offer."""
    return {
        "regions": [(one.slug, one.name) for one in directory.regions(db())],
        "sectors": audience_options(),
        "consents": [(one.value, gettext(said[0])) for one, said in words.CONSENTS.items()],
        "args": request.args,
        "filtered": any(request.args.get(one) for one in ("buscar", "region", "sector", "consentimiento")),
    }


@blueprint.get("/facilitadores")
@needs(_P.VIEW_ALLIES)
def listing() -> str:
    """List the allies, with what waits for a person first."""
    places = allies.places(db())
    wanted = asked(places)
    found = allies.listed(db(), wanted)
    pages = max(1, -(-len(found) // _PAGE))
    page = min(max(request.args.get("pagina", 1, type=small), 1), pages)
    weeks = ally_weeks.latest(db())
    sent = next((one for one in weeks if one.sent_at), None)
    rows = ally_weeks.rows(db(), sent, wanted.within) if sent else []
    counts = allies.counts(db(), wanted.within)
    return render_template(
        "allies/listing.html",
        found=found[(page - 1) * _PAGE : page * _PAGE],
        total=len(found),
        everybody=sum(counts.values()),
        counts=counts,
        places=places,
        page=page,
        pages=pages,
        page_url=lambda n: url_for(".listing", **{**request.args, "pagina": n}),
        levels={row.letter.ally_id: row.level for row in rows},
        sent=sent,
        tally=tally([row.level for row in rows]),
        weeks=weeks,
        this_week=monday_of(today()),
        waiting=ally_echoes.waiting(db(), wanted.within),
        may_edit=viewer().can(_P.EDIT_ALLIES),
        mails=bool(settings().mail_host and settings().public_url),
        words=words,
        **filter_options(),
    )


def tally(levels: list[Level]) -> dict[Level, int]:
    """Return how many came at least so far, by level: who replicated was offered it too."""
    order = list(Level)
    return {one: sum(order.index(each) >= order.index(one) for each in levels) for one in order}


@blueprint.post("/facilitadores/invitar")
@needs(_P.EDIT_ALLIES)
def invite_all() -> BaseResponse:
    """Write the one invitation to all who have an address and were never asked."""
    free = allies.listed(db(), Wanted(consent=ConsentStanding.NONE))
    count = ally_consents.invite(db(), free, person(), today())
    if count:
        say(
            ngettext(
                "%(num)s invitación sale por correo. Solo se manda una vez.",
                "%(num)s invitaciones salen por correo. Solo se mandan una vez.",
                count,
            )
        )
    else:
        say(gettext("No hay a quién invitar: quienes tienen correo ya fueron invitados."))
    return redirect(url_for(".listing"), SEE_OTHER)
