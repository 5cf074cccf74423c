"""The demonstration's network of allies: eight invented ones, their consents, and three weeks of packs."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from content_calendar import allies, ally_consents, ally_echoes, ally_letters, ally_weeks, clock
from content_calendar.allies import AllyFields
from content_calendar.ally_consents import Noted
from content_calendar.ally_echoes import Link, Offline, Source
from content_calendar.db import Database
from content_calendar.models.allies import (
    Ally,
    AllyEcho,
    AllyKind,
    AllyLetter,
    AllyWeek,
    AllyWeekPost,
    EchoStanding,
    LetterStage,
    Medium,
)
from content_calendar.models.audiences import Audience
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.settings import Settings
from content_calendar.states import PostState
from content_calendar.wall_time import zone_named

_K, _A = AllyKind, Audience
_WEEKS = 3


@dataclass(frozen=True)
class Example:
    """An invented ally, and what they did in each of the last weeks: s(aw), d(ownloaded), r(eplicated), or nothing."""

    kind: AllyKind
    name: str
    state_iso: str
    sector: Audience
    contact: str = ""
    consent: str = "given"
    did: str = ""


EXAMPLES = (
    Example(
        _K.ORGANISATION, "Universidad Imaginaria del Desierto", "MX-SON", _A.ACADEMIA, "Área de Vinculación", did="rdr"
    ),
    Example(
        _K.ORGANISATION, "Radio Comunitaria La Nube de Papel", "MX-OAX", _A.MEDIA, "Cabina de La Nube", did="r-r"
    ),
    Example(_K.PERSON, "Doña Ejemplo Ficticia", "MX-JAL", _A.CITIZENS, did="sr-"),
    Example(
        _K.ORGANISATION, "Colectivo Inventado Derecho a Saber", "MX-CMX", _A.CIVIL_SOCIETY, "Enlace", did="dds"
    ),
    Example(_K.ORGANISATION, "Biblioteca de los Libros que No Existen", "MX-NLE", _A.CITIZENS, "Mostrador", did="s--"),
    Example(_K.PERSON, "Profesor de Muestra", "MX-COA", _A.ACADEMIA, consent="invited"),
    Example(_K.ORGANISATION, "Cámara de Comercios Supuestos", "", _A.BUSINESS, "Oficina supuesta", consent=""),
    Example(_K.PERSON, "Vecino Hipotético", "MX-CHP", _A.INDIGENOUS, consent="withdrawn"),
)  # fmt: skip
_NOTE = "Esta semana lo más útil es cómo corregir tus datos: sirve para clases y grupos de familia."


def plant_allies(database: Database, settings: Settings, team: Mapping[str, Person]) -> None:
    """Plant the network; its letters went out in weeks that are over, and this week's pack waits to be looked at."""
    today = clock.now().astimezone(zone_named(settings.zone)).date()
    monday = ally_weeks.monday_of(today)
    with database.transaction() as session:
        with clock.standing_at(clock.now() - timedelta(days=70)):
            network = [_register(session, number, one, team["ana"]) for number, one in enumerate(EXAMPLES)]
        for back in range(_WEEKS, 0, -1):
            starts_on = monday - timedelta(days=7 * back)
            at = ally_weeks.begins_at(starts_on, *settings.ally_pack, settings.zone)
            with clock.standing_at(at):
                ally_weeks.prepare(session, starts_on, settings.zone)
                week = ally_weeks.find(session, starts_on)
            _fill(session, week)
            with clock.standing_at(at + timedelta(minutes=20)):
                _send(session, week, team["luz"])
            place = _WEEKS - back
            for number, (ally, example) in enumerate(zip(network, EXAMPLES, strict=True)):
                did = example.did[place : place + 1]
                with clock.standing_at(min(at + timedelta(days=1, hours=number), clock.now())):
                    _do(session, week, ally, did.strip("-"), team["ana"])
        ally_weeks.prepare(session, monday, settings.zone)
        week = ally_weeks.find(session, monday)
        ally_weeks.write_note(session, week, _NOTE, team["ana"])
        ally_weeks.tell_ready(session, week)


def _register(session: Session, number: int, one: Example, by: Person) -> Ally:
    link = f"https://redes.example/aliado{number}"
    fields = AllyFields(
        one.kind, one.name, one.contact, f"aliado{number}@example.mx", one.state_iso, one.sector, (link,)
    )
    made = allies.register(session, fields, by)
    today = clock.now().date()
    if one.consent in {"given", "withdrawn"}:
        ally_consents.note(
            session, made, Noted(today, "Firmó la lista de la sesión (demostración)."), by, today
        )
    if one.consent == "withdrawn":
        ally_consents.withdraw(session, made, today)
    if one.consent == "invited":
        ally_consents.invite(session, [made], by, today)
        _out(session, AllyLetter.ally_id == made.id)
    return made


def _fill(session: Session, week: AllyWeek) -> None:
    """Give a week without posts of its own what went out last, so that there is something to see."""
    if ally_weeks.shown_posts(week):
        return
    found = session.scalars(
        select(Post.id).where(Post.state == PostState.DONE).order_by(Post.due_at).limit(2)
    )
    session.add_all([AllyWeekPost(week_id=week.id, post_id=post_id) for post_id in found])
    session.flush()
    session.expire(week)


def _send(session: Session, week: AllyWeek, by: Person) -> None:
    found = ally_weeks.find(session, week.starts_on)
    ally_weeks.send(session, found, by)
    _out(session, AllyLetter.week_id == week.id)


def _out(session: Session, where: ColumnElement[bool]) -> None:
    # No mail leaves a demonstration.
    session.execute(
        update(AllyLetter)
        .where(where)
        .values(stage=LetterStage.SENT, sent_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _do(session: Session, week: AllyWeek, ally: Ally, did: str, by: Person) -> None:
    letter = session.scalars(
        select(AllyLetter).where(AllyLetter.week_id == week.id, AllyLetter.ally_id == ally.id)
    ).one_or_none()
    if letter is None or not did:
        return
    ally_letters.count_opened(session, letter.id)
    ally_letters.receive(session, letter)
    if did in "dr":
        ally_letters.count_pulled(session, letter.id)
    if did != "r":
        return
    posts = ally_weeks.shown_posts(ally_weeks.find(session, week.starts_on))
    post_id = posts[0].post_id if posts else None
    source = Source(ally, letter.id)
    if ally.sector is Audience.MEDIA:
        told = Offline(Medium.RADIO, "97.1 de FM imaginaria, a las ocho", clock.now().date(), 1200)
        ally_echoes.declare_offline(session, source, post_id, told, "America/Mexico_City")
    else:
        url = f"{ally.links[0]}/{week.starts_on.isoformat()}"
        key = hashlib.sha256(url.encode()).hexdigest()
        ally_echoes.declare_links(session, source, post_id, [Link(url, key)])
    if ally.name == EXAMPLES[0].name:
        session.flush()
        for ref in session.scalars(select(AllyEcho.ref).where(AllyEcho.ally_id == ally.id)).all():
            ally_echoes.decide(session, ref, by, EchoStanding.CONFIRMED)
        ally_echoes.contribute(
            session, ally, "Tendremos una feria del libro imaginario en marzo. ¿La anuncian?"
        )
