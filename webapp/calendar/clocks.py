"""Moments as people type and read them: a day, an hour, and whose clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar.errors import InvalidError
from content_calendar.models.directory import Owner
from content_calendar.posts import Due
from content_calendar.wall_time import MissingTimeError, resolve, wall_time
from webapp.dates import words
from webapp.errors import sentence, tell
from webapp.session import settings, viewer
from webapp.words import N_

ZONES = {
    "America/Mexico_City": N_("Ciudad de México (centro)"),
    "America/Tijuana": N_("Tijuana (noroeste)"),
    "America/Hermosillo": N_("Hermosillo (Sonora)"),
    "America/Chihuahua": N_("Chihuahua"),
    "America/Mazatlan": N_("Mazatlán (Pacífico)"),
    "America/Monterrey": N_("Monterrey (noreste)"),
    "America/Merida": N_("Mérida (península)"),
    "America/Cancun": N_("Cancún (sureste)"),
}


@dataclass(frozen=True)
class Meant:
    """What a person meant by a day and an hour: the moment, or the sentence that says what is wrong."""

    due: Due | None = None
    fold: bool = False
    error: str = ""


def place(zone: str) -> str:
    """Return a zone as people call it."""
    return gettext(ZONES[zone]) if zone in ZONES else zone.rpartition("/")[2].replace("_", " ")


def zone_options(chosen: str) -> list[tuple[str, str]]:
    """Return the zones to choose from, the commission's first, with the one that was chosen."""
    names = dict.fromkeys([settings().zone, *ZONES, *([chosen] if chosen else [])])
    return [(name, place(name)) for name in names]


def meant(day: str, hour: str, zone: str) -> Meant:
    """Read a day (2026-11-24), an hour (10:00 or 10:00:30) and a zone; all empty means no moment yet."""
    day, hour = day.strip(), hour.strip()
    if not (day and hour):
        return Meant(error=_half(day, hour))
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour))
    except ValueError:
        return Meant(
            error=gettext("No entendimos el día o la hora. Escribe, por ejemplo, 24/11/2026 y 10:00.")
        )
    try:
        moment = resolve(local.replace(microsecond=0, tzinfo=None), zone.strip() or settings().zone)
    except MissingTimeError as error:
        said = {
            "local": datetime.fromisoformat(str(error.params["local"])),
            "next_valid": datetime.fromisoformat(str(error.params["next_valid"])),
            "zone": place(zone),
        }
        return Meant(error=sentence(error.code, said))
    except InvalidError as error:
        return Meant(error=tell(error))
    return Meant(Due(moment.utc, moment.local, moment.zone), moment.fold_note)


def _half(day: str, hour: str) -> str:
    said = ""
    if day:
        said = gettext("Falta la hora. Escríbela, o borra el día para dejarla sin programar.")
    elif hour:
        said = gettext("Falta el día. Elígelo, o borra la hora para dejarla sin programar.")
    return said


def clock_words(at: datetime, zone: str) -> list[str]:
    """Return a moment in words by its own clock, and by the reader's where that one shows another hour."""
    said = [gettext("%(when)s en %(place)s", when=words(at, zone), place=place(zone))]
    if wall_time(at, viewer().zone) != wall_time(at, zone):
        said.append(gettext("%(when)s en tu reloj", when=words(at, viewer().zone)))
    return said


def home_words(session: Session, owner_ids: Sequence[int], due: Due) -> list[str]:
    """Return a moment by the clocks of these owners, one for each that is neither its own nor the reader's."""
    zones = session.scalars(
        select(Owner.zone).where(Owner.id.in_(owner_ids)).distinct().order_by(Owner.zone)
    ).all()
    shown = {due.local, wall_time(due.at, viewer().zone)}
    return [
        gettext("%(when)s en %(place)s", when=words(due.at, zone), place=place(zone))
        for zone in zones
        if wall_time(due.at, zone) not in shown
    ]


def words_of(one: Meant) -> list[str]:
    """Return what to show under the fields of a moment; never empty, so that there is a place to write in."""
    if one.error:
        return [one.error]
    if one.due is None:
        return [gettext("Sin día ni hora: queda sin programar.")]
    said = clock_words(one.due.at, one.due.zone)
    if one.fold:
        said.append(gettext("Ese día el reloj marca esa hora dos veces: tomamos la primera."))
    return said
