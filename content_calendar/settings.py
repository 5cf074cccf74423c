"""Settings: read once from the environment, refused by name when a value cannot be used.

``SETTINGS`` is the one registry; the documentation page is generated from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from content_calendar import setting_values as values
from content_calendar.errors import SettingError
from content_calendar.retention import chosen as chosen_days

PREFIX = "RESUENA_"
_SECRET = frozenset({"secret_key", "metrics_key", "mail_password", "storage_secret", "oidc_secret"})


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

    @property
    def is_secret(self) -> bool:
        """Return whether its value is shown to nobody."""
        return self.field in _SECRET


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data", "data", Path, "folder", "Folder of the database, the keys, the materials and the backups."
    ),
    Setting(
        "database_url",
        "",
        values.database,
        "database_url",
        "Database; empty means SQLite in the data folder. PostgreSQL: postgresql://user@host/name.",
    ),
    Setting("host", "127.0.0.1", values.text, "host", "Address that the web server listens on."),
    Setting("port", "8000", values.port, "port", "Port that the web server listens on."),
    Setting(
        "public_url",
        "",
        values.address,
        "address",
        "Address people type, such as https://resuena.example.mx; needed for links in mails, and for networks "
        "that send people back here.",
    ),
    Setting(
        "https",
        "no",
        values.yes_no,
        "yes_no",
        "yes when people reach Resuena by https: cookies are then sent by https only.",
    ),
    Setting("proxies", "0", values.count, "count", "How many reverse proxies stand before the web server."),
    Setting(
        "secret_key",
        "",
        values.key,
        "key",
        "Key that signs forms; empty means that one is made and kept in the data folder.",
    ),
    Setting(
        "review_by_mail",
        "yes",
        values.yes_no,
        "yes_no",
        "no when a reviewer must sign in: mails then carry no link that decides on one version by itself.",
    ),
    Setting(
        "metrics_key",
        "",
        values.key,
        "key",
        "Key with which Prometheus reads /metricas (Authorization: Bearer KEY); empty: nobody does.",
    ),
    Setting(
        "log",
        "text",
        values.log_form,
        "log",
        "How the log is written: text for people, json with a line for each event for machines.",
    ),
    Setting(
        "second_factor",
        "required",
        values.second_factor,
        "second_factor",
        "required: everybody but liaisons proves who they are with a code or a passkey too; later: only those who set "
        "one up, for a rehearsal or a demonstration.",
    ),
    Setting(
        "oidc_issuer",
        "",
        values.issuer,
        "issuer",
        "Address of the institution's OpenID Connect provider (its issuer, as it writes it), when people may enter by "
        "it; empty: they do not. https, unless RESUENA_FEED_ALLOW names its host:port.",
    ),
    Setting("oidc_client", "", values.text, "text", "Identifier that the provider gave to Resuena."),
    Setting(
        "oidc_secret",
        "",
        values.text,
        "text",
        "Secret that the provider gave to Resuena; empty for a public client, which PKCE alone protects.",
    ),
    Setting(
        "oidc_label",
        "",
        values.text,
        "text",
        "What people call the provider, for its button: Cuenta institucional when empty.",
    ),
    Setting(
        "oidc_factors",
        "",
        values.words,
        "text",
        "Values of acr or amr, separated by commas, that count as the second factor; empty: Resuena asks for its own.",
    ),
    Setting(
        "oidc_passwords",
        "everybody",
        values.passwords,
        "passwords",
        "Who may still enter without the provider, once there is one: everybody, administrators (for the day it does "
        "not answer), or nobody.",
    ),
    Setting("zone", "America/Mexico_City", values.zone, "zone", "Time zone of the commission."),
    Setting(
        "wire_hour",
        "16",
        values.hour,
        "hour",
        "Hour of the commission's day, 0 to 23, from which its people are told that nothing of the wire is out or has "
        "its hour yet.",
    ),
    Setting(
        "locale",
        "es",
        values.locale,
        "locale",
        "Language of the screens until a person chooses: es or en. Also of the help of the command resuena.",
    ),
    Setting(
        "lateness",
        "30",
        values.minutes,
        "minutes",
        "Minutes after its hour in which a publication may still go out; later it waits for a person.",
    ),
    Setting(
        "certification",
        "90",
        values.days,
        "positive",
        "Days for which somebody's word that an account is official is good.",
    ),
    Setting("web_workers", "2", values.positive, "positive", "Processes of the web server."),
    Setting(
        "senders", "64", values.positive, "positive", "Publications that one worker sends at the same time."
    ),
    Setting(
        "mail_host", "", values.host, "host", "Mail server; empty means that notices stay on the screens."
    ),
    Setting("mail_port", "587", values.port, "port", "Port of the mail server; 465 with tls, most often."),
    Setting(
        "mail_user", "", values.text, "text", "User at the mail server; empty means that it asks for none."
    ),
    Setting("mail_password", "", values.text, "text", "Password of that user."),
    Setting(
        "mail_tls",
        "starttls",
        values.mail_tls,
        "mail_tls",
        "How the mail server is reached: starttls, tls, or none (only on the same machine).",
    ),
    Setting(
        "mail_from",
        "",
        values.mailbox,
        "mailbox",
        "Address that mails come from; empty means the user, or resuena@host.",
    ),
    Setting(
        "ally_pack",
        "monday 09:00",
        values.weekly,
        "weekly",
        "Day and hour, by the commission's clock, at which the week's pack for the allied facilitators is prepared.",
    ),
    Setting(
        "ally_pack_by_itself",
        "no",
        values.yes_no,
        "yes_no",
        "yes when that pack is mailed as soon as it is prepared; else a person looks at it and sends it.",
    ),
    Setting(
        "video_megabytes",
        "100",
        values.positive,
        "positive",
        "Most megabytes of a video that is uploaded; networks take 40 to 512 of them.",
    ),
    Setting(
        "storage",
        "",
        values.storage,
        "storage",
        "Where materials lie: s3://bucket or s3://bucket/folder; empty means a folder of the data.",
    ),
    Setting(
        "storage_endpoint",
        "",
        values.address,
        "address",
        "Address of an S3-compatible service; empty means the one the bucket's region has.",
    ),
    Setting("storage_region", "us-east-1", values.text, "text", "The bucket's region."),
    Setting("storage_key", "", values.text, "text", "Name of the key that opens the bucket."),
    Setting("storage_secret", "", values.text, "text", "The key itself."),
    Setting(
        "backup_hour",
        "3",
        values.hour,
        "hour",
        "Hour of the commission's day, 0 to 23, at which a backup is made every night.",
    ),
    Setting(
        "backup_keep",
        "7,5,6",
        values.keeping,
        "keeping",
        "How many backups stay: the last of so many days, weeks and months.",
    ),
    Setting(
        "backup_folder",
        "",
        values.text,
        "text",
        "Folder of the backups, best on another disk; empty means backups in the data folder.",
    ),
    Setting(
        "backup_storage",
        "",
        values.storage,
        "storage",
        "Bucket that a copy of the backups goes to: s3://bucket/folder, opened with the settings of the storage; "
        "empty: none.",
    ),
    Setting(
        "retention",
        "",
        chosen_days,
        "retention",
        "Days that personal data stay, where they are to be other than docs/personal-data.md says: "
        "people_left=365,notices=90.",
    ),
    Setting(
        "contact",
        "",
        values.text,
        "text",
        "Address or mail that Resuena gives when it asks other sites for their feeds.",
    ),
    Setting(
        "feed_allow",
        "",
        values.hosts,
        "hosts",
        "host:port pairs, separated by commas, that feeds may be read from though they are private.",
    ),
    Setting(
        "network_urls",
        "",
        values.addresses,
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
    metrics_key: str
    log: str
    second_factor: str
    oidc_issuer: str
    oidc_client: str
    oidc_secret: str
    oidc_label: str
    oidc_factors: frozenset[str]
    oidc_passwords: str
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
    backup_hour: int
    backup_keep: tuple[int, int, int]
    backup_folder: str
    backup_storage: str
    retention: dict[str, int]
    contact: str
    feed_allow: frozenset[str]
    network_urls: dict[str, str]
    given: frozenset[str] = frozenset()
    """The fields that the environment named; the others have their defaults."""

    @property
    def backups(self) -> Path:
        """Return the folder of the backups, the default filled in."""
        return Path(self.backup_folder) if self.backup_folder else self.data / "backups"

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
    named = frozenset(one.field for name, one in known.items() if environ.get(name, "").strip())
    found: dict[str, object] = {"given": named}
    for name, setting in known.items():
        given = environ.get(name, "").strip() or setting.default
        try:
            found[setting.field] = setting.parse(given)
        except ValueError:
            shown = "…" if setting.field in _SECRET else given
            raise SettingError(name=name, value=shown, expected=setting.expected) from None
    backups = str(found["backup_storage"])
    if values.overlap(str(found["storage"]), backups):
        raise SettingError(name=PREFIX + "BACKUP_STORAGE", value=backups, expected="apart")
    return Settings(**found)  # type: ignore[arg-type] # the registry pairs each field with its parser
