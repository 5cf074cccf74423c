"""How people enter: the institution's own provider, where the installation has one."""

from collections.abc import Iterator

from content_calendar.errors import ResuenaError
from content_calendar.settings import Settings
from webapp.examining.findings import Area, Finding, Level
from webapp.openid.provider import Provider


def of_provider(settings: Settings, *, far: bool) -> Iterator[Finding]:
    """Yield how entering by the provider stands; ``far`` also asks it, which may take some seconds."""
    if not settings.oidc_issuer:
        return
    area, told = Area.SETTINGS, {"issuer": settings.oidc_issuer}
    if not settings.oidc_client:
        yield Finding(area, Level.ERROR, "provider_client_missing", told)
        return
    if settings.oidc_passwords == "nobody":
        yield Finding(area, Level.WARNING, "provider_alone")
    if not far:
        yield Finding(area, Level.INFO, "provider_given", told)
        return
    try:
        Provider(settings).look()
    except ResuenaError as error:
        said = {**told, "why": str(error.params.get("why", error.code))}
        yield Finding(area, Level.ERROR, "provider_unreachable", said)
    else:
        yield Finding(area, Level.OK, "provider_answers", told)
