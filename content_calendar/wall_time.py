"""Wall time: what a person meant by "the 8th at half past two in Tijuana", as a moment in UTC.

Importing this module points ``zoneinfo`` at the locked ``tzdata`` package alone. By default ``zoneinfo``
prefers the machine's own files, and a machine older than the tz release 2022f still believes that most of
Mexico keeps summer time: everything would go out an hour early from April to October.
"""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from types import MappingProxyType
from typing import ClassVar

from content_calendar.errors import InvalidError

zoneinfo.reset_tzpath([])
# Zones that somebody loaded before this line came from the machine's files; the cache would hand them on.
zoneinfo.ZoneInfo.clear_cache()

_CAPITALS_BY_ZONE = {
    "America/Mexico_City": "MX AGU CHP CMX COL GUA GRO HID JAL MEX MIC MOR OAX PUE QUE SLP TAB TLA VER ZAC",
    "America/Monterrey": "COA DUR NLE TAM",
    "America/Merida": "CAM YUC",
    "America/Mazatlan": "BCS NAY SIN",
    "America/Cancun": "ROO",
    "America/Chihuahua": "CHH",
    "America/Hermosillo": "SON",
    "America/Tijuana": "BCN",
}

ZONE_OF_STATE: Mapping[str, str] = MappingProxyType(
    {
        code if code == "MX" else f"MX-{code}": zone
        for zone, codes in _CAPITALS_BY_ZONE.items()
        for code in codes.split()
    }
)
"""IANA zone of each state's capital by ISO 3166-2 code, and of the federation (``MX``).

Source: comments of the tz database's ``zone.tab``. A body's offices are in the capital, so the border towns
that follow the United States (Ciudad Juárez, Ojinaga, Matamoros) decide no state's zone.
"""


class UnknownZoneError(InvalidError):
    """The tz database knows no such zone. ``zone`` is what was asked for."""

    code: ClassVar[str] = "unknown_zone"


class MissingTimeError(InvalidError):
    """Clocks jump over this wall time. ``local`` and ``next_valid`` are ISO 8601 wall times in ``zone``."""

    code: ClassVar[str] = "time_does_not_exist"


class FarTimeError(InvalidError):
    """The wall time is so near the first or last year of the calendar that it has no UTC moment."""

    code: ClassVar[str] = "time_out_of_range"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment with the words it was said in.

    ``utc`` is aware and in UTC, ``local`` naive in ``zone``. ``fold_note`` tells that clocks show
    ``local`` twice that day and the first of both was taken.
    """

    utc: datetime
    local: datetime
    zone: str
    fold_note: bool


def tz_version() -> str:
    """Release of the tz data in use, as the locked package numbers it (``2026.1``)."""
    return metadata.version("tzdata")


def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """Return the zone called ``name``. Raises UnknownZoneError, whatever odd thing the name is."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZoneError(field="zone", zone=name) from error


def resolve(local: datetime, zone: str) -> Moment:
    """Return the moment when clocks in ``zone`` show ``local`` (naive), the first if they show it twice.

    Raises UnknownZoneError, MissingTimeError when clocks skip that time, FarTimeError beyond the calendar's
    ends, and ValueError for an aware ``local``, which is a mistake of the caller's.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall time is naive")
    rules = zone_named(zone)
    wall = local.replace(fold=0)
    try:
        first = wall.replace(tzinfo=rules).astimezone(UTC)
        second = wall.replace(tzinfo=rules, fold=1).astimezone(UTC)
        shown = first.astimezone(rules).replace(tzinfo=None, fold=0)
    except OverflowError as error:
        raise FarTimeError(field="local", local=wall.isoformat(), zone=zone) from error
    if shown != wall:
        resumes = _jump_between(second, first, rules).astimezone(rules).replace(tzinfo=None)
        raise MissingTimeError(
            field="local", local=wall.isoformat(), zone=zone, next_valid=resumes.isoformat()
        )
    return Moment(utc=first, local=wall, zone=zone, fold_note=first != second)


def wall_time(utc: datetime, zone: str) -> datetime:
    """Return what clocks in ``zone`` show at the aware moment ``utc``, naive.

    Raises UnknownZoneError, and FarTimeError at the calendar's ends.
    """
    try:
        return utc.astimezone(zone_named(zone)).replace(tzinfo=None, fold=0)
    except OverflowError as error:
        raise FarTimeError(field="utc", local=utc.isoformat(), zone=zone) from error


def _jump_between(before: datetime, after: datetime, rules: zoneinfo.ZoneInfo) -> datetime:
    """Return the first second in (before, after] with the offset that holds at ``after``."""
    offset = after.astimezone(rules).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(rules).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return (before + timedelta(seconds=high)).replace(microsecond=0)
