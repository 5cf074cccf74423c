"""Words of the directory: how much a source confirms, what an account is worth."""

from collections.abc import Mapping

from content_calendar.models.directory import Confidence, Standing
from scheduler.networks import networks
from webapp.network_words import network_keys
from webapp.words import N_

CONFIDENCES: Mapping[Confidence, str] = {
    Confidence.HIGH: N_("confirmado"),
    Confidence.MEDIUM: N_("probable"),
    Confidence.LOW: N_("dudoso"),
    Confidence.UNCONFIRMED: N_("sin confirmar"),
}
STANDINGS: Mapping[Standing, str] = {
    Standing.IN_FORCE: N_("oficial"),
    Standing.TO_CERTIFY: N_("por certificar"),
    Standing.NO_ACCESS: N_("sin acceso"),
    Standing.IMPERSONATED: N_("suplantada"),
    Standing.IN_TRANSITION: N_("en transición"),
    Standing.EXTINCT: N_("del organismo extinto"),
    Standing.SUCCEEDED: N_("pasó al sucesor"),
}
# What an account may become when it ends; the rest still stands.
ENDINGS = (Standing.EXTINCT, Standing.SUCCEEDED, Standing.NO_ACCESS, Standing.IMPERSONATED)
# What it may be for now, without an end.
PAUSES = (Standing.NO_ACCESS, Standing.IN_TRANSITION, Standing.IMPERSONATED, Standing.TO_CERTIFY)
# The dots of a state: how each looks.
LOOKS: Mapping[Standing, str] = {
    Standing.IN_FORCE: "good",
    Standing.TO_CERTIFY: "warn",
    Standing.NO_ACCESS: "bad",
    Standing.IMPERSONATED: "bad",
    Standing.IN_TRANSITION: "info",
    Standing.EXTINCT: "idle",
    Standing.SUCCEEDED: "idle",
}


def network_name(slug: str) -> str:
    """Return the name people know a network by, also one that has no file of its own."""
    known = networks().get(slug)
    return known.name if known else slug.capitalize()


# What a network asks for to publish with an account, by the name of the field: label, and what it is for.
KEYS: Mapping[str, tuple[str, str]] = {
    "server": (
        N_("Servidor"),
        N_(
            "El servidor en que vive la cuenta: lo que va después de la última arroba, como «ejemplo.social». "
            "Si ya viene escrito y no sabes cuál es, déjalo así."
        ),
    ),
    "access_token": (
        N_("Llave de la cuenta"),
        N_(
            "Permite publicar en nombre de la cuenta. Se llama «Access Token» y debe ser de esta cuenta, "
            "con permiso de leer y escribir."
        ),
    ),
    # What a network gives when this installation is registered there.
    "client_id": (
        N_("Número de la aplicación"),
        N_("La red lo da al registrar la aplicación. Se llama «Client ID»."),
    ),
    "client_secret": (
        N_("Secreto de la aplicación registrada"),
        N_("Está junto al anterior. Se llama «Client Secret»."),
    ),
    **network_keys(),
}
