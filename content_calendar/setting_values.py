"""What the text of a setting may be; each raises ValueError for what it cannot be."""

import re
from datetime import time, timedelta
from zoneinfo import ZoneInfo

_LARGEST_PORT, _LAST_HOUR = 65535, 23
_SHORTEST_KEY = 32
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def port(value: str) -> int:
    """Return a port."""
    number = int(value)
    if not 0 < number <= _LARGEST_PORT:
        raise ValueError(value)
    return number


def hour(value: str) -> int:
    """Return an hour of the day, 0 to 23."""
    number = int(value)
    if not 0 <= number <= _LAST_HOUR:
        raise ValueError(value)
    return number


def positive(value: str) -> int:
    """Return a number above zero."""
    number = int(value)
    if number <= 0:
        raise ValueError(value)
    return number


def count(value: str) -> int:
    """Return a number, zero or above."""
    number = int(value)
    if number < 0:
        raise ValueError(value)
    return number


def keeping(value: str) -> tuple[int, int, int]:
    """Return numbers of days, weeks and months, of which one at least is above zero."""
    days_, weeks, months = (count(part.strip()) for part in value.split(","))
    if not days_ + weeks + months:
        raise ValueError(value)
    return days_, weeks, months


def minutes(value: str) -> timedelta:
    """Return a span of at least one minute."""
    return timedelta(minutes=positive(value))


def days(value: str) -> timedelta:
    """Return a span of at least one day."""
    return timedelta(days=positive(value))


def zone(value: str) -> str:
    """Return the name of a time zone."""
    try:
        return ZoneInfo(value).key
    except (KeyError, OSError) as error:  # ZoneInfo raises either for a name it does not hold
        raise ValueError(value) from error


def yes_no(value: str) -> bool:
    """Return whether it says yes."""
    answers = {"yes": True, "no": False}
    try:
        return answers[value.strip().lower()]
    except KeyError:
        raise ValueError(value) from None


def locale(value: str) -> str:
    """Return a language of the screens."""
    if value not in {"es", "en"}:
        raise ValueError(value)
    return value


def database(value: str) -> str:
    """Return a database's address, or nothing."""
    if value and not re.match(r"(sqlite|postgresql(\+psycopg)?)://", value):
        raise ValueError(value)
    return value


def address(value: str) -> str:
    """Return a site's address without a path, or nothing."""
    if value and not re.fullmatch(r"https?://[^\s/?#]+", value):
        raise ValueError(value)
    return value


def key(value: str) -> str:
    """Return a key that is long enough, or nothing."""
    if value and len(value) < _SHORTEST_KEY:
        raise ValueError(value)
    return value


def hosts(value: str) -> frozenset[str]:
    """Return pairs of host and port."""
    hosts = frozenset(part.strip() for part in value.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"[\w.\-\[\]:]+:\d+", host):
            raise ValueError(value)
    return hosts


def addresses(value: str) -> dict[str, str]:
    """Return addresses by name."""
    pairs = (part.strip().partition("=") for part in value.split(",") if part.strip())
    return {name.strip(): address(place.strip()) for name, _, place in pairs}


def host(value: str) -> str:
    """Return a host's name, or nothing."""
    if value and not re.fullmatch(r"[\w.\-:\[\]]+", value):
        raise ValueError(value)
    return value


def mailbox(value: str) -> str:
    """Return a mail address, or nothing."""
    if value and not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+", value):
        raise ValueError(value)
    return value


def storage(value: str) -> str:
    """Return a bucket's address, or nothing."""
    if value and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](/[\w.\-/]*)?", value):
        raise ValueError(value)
    return value


def overlap(one: str, other: str) -> bool:
    """Tell whether two buckets' addresses are one place, or one lies within the other."""
    places = sorted(f"{address.rstrip('/')}/" for address in (one, other))
    return bool(one and other) and places[1].startswith(places[0])


def mail_tls(value: str) -> str:
    """Return how a mail server is reached."""
    if value not in {"starttls", "tls", "none"}:
        raise ValueError(value)
    return value


def weekly(value: str) -> tuple[int, time]:
    """Return a day of the week, Monday being 0, and an hour."""
    day, _, at = value.strip().lower().partition(" ")
    # ``strptime`` would take a day of the week in the machine's own language.
    return DAYS.index(day), time.fromisoformat(at)


def text(value: str) -> str:
    """Return the text itself."""
    return value


def log_form(value: str) -> str:
    """Return how the log is written."""
    if value not in {"text", "json"}:
        raise ValueError(value)
    return value


def second_factor(value: str) -> str:
    """Return when a second factor is asked for."""
    if value not in {"required", "later"}:
        raise ValueError(value)
    return value


def issuer(value: str) -> str:
    """Return an OpenID provider's issuer, character by character as it was written, or nothing."""
    if value and not re.fullmatch(r"https?://[^\s?#@]+", value):
        raise ValueError(value)
    return value


def words(value: str) -> frozenset[str]:
    """Return words that stand between commas."""
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def passwords(value: str) -> str:
    """Return who may enter without the provider."""
    if value not in {"everybody", "administrators", "nobody"}:
        raise ValueError(value)
    return value
