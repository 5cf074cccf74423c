"""Words of the directory: how much a source confirms, what an account is worth."""

from collections.abc import Mapping

from content_calendar.models.directory import Confidence, Standing
from scheduler.networks import networks
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
