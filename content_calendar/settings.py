"""Settings: read once from the environment, refused by name when a value cannot be used.

``SETTINGS`` is the one registry; the documentation page is generated from it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from content_calendar.errors import SettingError

PREFIX = "RESUENA_"
_LARGEST_PORT, _LAST_HOUR = 65535, 23
_SHORTEST_KEY = 32
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SECRET = frozenset({"secret_key", "mail_password", "storage_secret"})


@dataclass(frozen=True)
class Setting:
    """One setting: its field in ``Settings``, its default as text, how it is read, what it is for.

    ``expected`` is the code of what would have been right; the edge has a sentence for each.
    """

    field: str
    default: str
    parse: Callable[[str], object]
    expected: str
    purpose: str

    @property
    def name(self) -> str:
        """Return the environment variable's name."""
        return PREFIX + self.field.upper()


def _port(value: str) -> int:
    number = int(value)
    if not 0 < number <= _LARGEST_PORT:
        raise ValueError(value)
    return number


def _hour(value: str) -> int:
    number = int(value)
    if not 0 <= number <= _LAST_HOUR:
        raise ValueError(value)
    return number


def _positive(value: str) -> int:
    number = int(value)
    if number <= 0:
        raise ValueError(value)
    return number


def _count(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError(value)
    return number


def _minutes(value: str) -> timedelta:
    return timedelta(minutes=_positive(value))


def _days(value: str) -> timedelta:
    return timedelta(days=_positive(value))


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, OSError) as error:  # ZoneInfo raises either for a name it does not hold
        raise ValueError(value) from error


def _yes_no(value: str) -> bool:
    answers = {"yes": True, "no": False}
    try:
        return answers[value.strip().lower()]
    except KeyError:
        raise ValueError(value) from None


def _locale(value: str) -> str:
    if value not in {"es", "en"}:
        raise ValueError(value)
    return value


def _database(value: str) -> str:
    if value and not re.match(r"(sqlite|postgresql(\+psycopg)?)://", value):
        raise ValueError(value)
    return value


def _address(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s/?#]+", value):
        raise ValueError(value)
    return value


def _key(value: str) -> str:
    if value and len(value) < _SHORTEST_KEY:
        raise ValueError(value)
    return value


def _hosts(value: str) -> frozenset[str]:
    hosts = frozenset(part.strip() for part in value.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"[\w.\-\[\]:]+:\d+", host):
            raise ValueError(value)
    return hosts


def _addresses(value: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in value.split(",") if part.strip())
    return {name.strip(): _address(address.strip()) for name, _, address in pairs}


def _host(value: str) -> str:
    if value and not re.fullmatch(r"[\w.\-:\[\]]+", value):
        raise ValueError(value)
    return value


def _mailbox(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+", value):
        raise ValueError(value)
    return value


def _storage(value: str) -> str:
    if value and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](/[\w.\-/]*)?", value):
        raise ValueError(value)
    return value


def _mail_tls(value: str) -> str:
    if value not in {"starttls", "tls", "none"}:
        raise ValueError(value)
    return value


def _second_factor(value: str) -> str:
    if value not in {"required", "later"}:
        raise ValueError(value)
    return value


def _weekly(value: str) -> tuple[int, time]:
    day, _, hour = value.strip().lower().partition(" ")
    # ``strptime`` would take a day of the week in the machine's own language.
    return _DAYS.index(day), time.fromisoformat(hour)


def _text(value: str) -> str:
    return value


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data", "data", Path, "folder", "Folder of the database, the keys, the materials and the backups."
    ),
    Setting(
        "database_url",
        "",
        _database,
        "database_url",
        "Database; empty means SQLite in the data folder. PostgreSQL: postgresql://user@host/name.",
    ),
    Setting("host", "127.0.0.1", _text, "host", "Address that the web server listens on."),
    Setting("port", "8000", _port, "port", "Port that the web server listens on."),
    Setting(
        "public_url",
        "",
        _address,
        "address",
        "Address people type, such as https://resuena.example.mx; needed for links in mails, and for networks "
        "that send people back here.",
    ),
    Setting(
        "https",
        "no",
        _yes_no,
        "yes_no",
        "yes when people reach Resuena by https: cookies are then sent by https only.",
    ),
    Setting("proxies", "0", _count, "count", "How many reverse proxies stand before the web server."),
    Setting(
        "secret_key",
        "",
        _key,
        "key",
        "Key that signs forms; empty means that one is made and kept in the data folder.",
    ),
    Setting(
        "review_by_mail",
        "yes",
        _yes_no,
        "yes_no",
        "no when a reviewer must sign in: mails then carry no link that decides on one version by itself.",
    ),
    Setting(
        "second_factor",
        "required",
        _second_factor,
        "second_factor",
        "required: everybody but liaisons proves who they are with a code or a passkey too; later: only those who set "
        "one up, for a rehearsal or a demonstration.",
    ),
    Setting("zone", "America/Mexico_City", _zone, "zone", "Time zone of the commission."),
    Setting(
        "wire_hour",
        "16",
        _hour,
        "hour",
        "Hour of the commission's day, 0 to 23, from which its people are told that nothing of the wire is out or has "
        "its hour yet.",
    ),
    Setting("locale", "es", _locale, "locale", "Language of the screens until a person chooses: es or en."),
    Setting(
        "lateness",
        "30",
        _minutes,
        "minutes",
        "Minutes after its hour in which a publication may still go out; later it waits for a person.",
    ),
    Setting(
        "certification",
        "90",
        _days,
        "positive",
        "Days for which somebody's word that an account is official is good.",
    ),
    Setting("web_workers", "2", _positive, "positive", "Processes of the web server."),
    Setting("senders", "64", _positive, "positive", "Publications that one worker sends at the same time."),
    Setting("mail_host", "", _host, "host", "Mail server; empty means that notices stay on the screens."),
    Setting("mail_port", "587", _port, "port", "Port of the mail server; 465 with tls, most often."),
    Setting("mail_user", "", _text, "text", "User at the mail server; empty means that it asks for none."),
    Setting("mail_password", "", _text, "text", "Password of that user."),
    Setting(
        "mail_tls",
        "starttls",
        _mail_tls,
        "mail_tls",
        "How the mail server is reached: starttls, tls, or none (only on the same machine).",
    ),
    Setting(
        "mail_from",
        "",
        _mailbox,
        "mailbox",
        "Address that mails come from; empty means the user, or resuena@host.",
    ),
    Setting(
        "ally_pack",
        "monday 09:00",
        _weekly,
        "weekly",
        "Day and hour, by the commission's clock, at which the week's pack for the allied facilitators is prepared.",
    ),
    Setting(
        "ally_pack_by_itself",
        "no",
        _yes_no,
        "yes_no",
        "yes when that pack is mailed as soon as it is prepared; else a person looks at it and sends it.",
    ),
    Setting(
        "video_megabytes",
        "100",
        _positive,
        "positive",
        "Most megabytes of a video that is uploaded; networks take 40 to 512 of them.",
    ),
    Setting(
        "storage",
        "",
        _storage,
        "storage",
        "Where materials lie: s3://bucket or s3://bucket/folder; empty means a folder of the data.",
    ),
    Setting(
        "storage_endpoint",
        "",
        _address,
        "address",
        "Address of an S3-compatible service; empty means the one the bucket's region has.",
    ),
    Setting("storage_region", "us-east-1", _text, "text", "The bucket's region."),
    Setting("storage_key", "", _text, "text", "Name of the key that opens the bucket."),
    Setting("storage_secret", "", _text, "text", "The key itself."),
    Setting(
        "contact",
        "",
        _text,
        "text",
        "Address or mail that Resuena gives when it asks other sites for their feeds.",
    ),
    Setting(
        "feed_allow",
        "",
        _hosts,
        "hosts",
        "host:port pairs, separated by commas, that feeds may be read from though they are private.",
    ),
    Setting(
        "network_urls",
        "",
        _addresses,
        "addresses",
        "For tests: network=address pairs, separated by commas, that stand in for a network's own.",
    ),
)


@dataclass(frozen=True)
class Settings:
    """What the installation was told; each field's meaning stands in ``SETTINGS``."""

    data: Path
    database_url: str
    host: str
    port: int
    public_url: str
    https: bool
    proxies: int
    secret_key: str
    review_by_mail: bool
    second_factor: str
    zone: str
    wire_hour: int
    locale: str
    lateness: timedelta
    certification: timedelta
    web_workers: int
    senders: int
    mail_host: str
    mail_port: int
    mail_user: str
    mail_password: str
    mail_tls: str
    mail_from: str
    ally_pack: tuple[int, time]
    ally_pack_by_itself: bool
    video_megabytes: int
    storage: str
    storage_endpoint: str
    storage_region: str
    storage_key: str
    storage_secret: str
    contact: str
    feed_allow: frozenset[str]
    network_urls: dict[str, str]

    @property
    def mail_sender(self) -> str:
        """Return the address that mails come from, the default filled in."""
        known = self.mail_from or (self.mail_user if "@" in self.mail_user else "")
        return known or f"resuena@{self.mail_host}"

    @property
    def database(self) -> str:
        """Return the database's URL, the default filled in."""
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{self.data.absolute() / 'resuena.db'}"


def read(environ: Mapping[str, str]) -> Settings:
    """Return the settings that ``environ`` holds, defaults filled in.

    Raises SettingError for a value that cannot be used, and for a name that looks like ours and is not:
    a typing mistake in a setting's name must not pass as the default.
    """
    known = {setting.name: setting for setting in SETTINGS}
    for name in environ:
        if name.startswith(PREFIX) and name not in known and not name.startswith(PREFIX + "TEST_"):
            raise SettingError(name=name, value=environ[name], expected="unknown_name")
    values: dict[str, object] = {}
    for name, setting in known.items():
        given = environ.get(name, "").strip() or setting.default
        try:
            values[setting.field] = setting.parse(given)
        except ValueError:
            shown = "…" if setting.field in _SECRET else given
            raise SettingError(name=name, value=shown, expected=setting.expected) from None
    return Settings(**values)  # type: ignore[arg-type] # the registry pairs each field with its parser
