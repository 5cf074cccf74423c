"""What a proposal says, in one sentence, and what its form asks."""

from collections.abc import Mapping

from flask_babel import gettext

from content_calendar.models.directory import Standing
from content_calendar.models.standing import DirectoryProposal, ProposalKind, ProposalStage
from webapp.directory.wording import STANDINGS, network_name
from webapp.words import N_

KINDS: Mapping[ProposalKind, str] = {
    ProposalKind.ADD_ACCOUNT: N_("Agregar una cuenta"),
    ProposalKind.RENAME_ACCOUNT: N_("Una cuenta cambió de nombre"),
    ProposalKind.ACCOUNT_GONE: N_("Una cuenta ya no es suya"),
    ProposalKind.ADD_SITE: N_("Agregar un sitio"),
    ProposalKind.ADD_FEED: N_("Agregar un canal de noticias (RSS)"),
    ProposalKind.RENAME_OWNER: N_("Cambió su nombre o sus siglas"),
    ProposalKind.SUCCESSION: N_("Otro organismo toma su lugar"),
}
STAGES: Mapping[ProposalStage, tuple[str, str]] = {
    ProposalStage.WAITING: ("warn", N_("espera a la Comisión")),
    ProposalStage.ACCEPTED: ("good", N_("aceptada")),
    ProposalStage.RETURNED: ("bad", N_("regresada")),
    ProposalStage.WITHDRAWN: ("idle", N_("retirada por quien la hizo")),
}
# What happened to an account that is no longer its owner's.
GONE: Mapping[Standing, str] = {
    Standing.NO_ACCESS: N_("Perdimos el acceso"),
    Standing.EXTINCT: N_("La cerramos"),
    Standing.IMPERSONATED: N_("Alguien se hace pasar por nosotros"),
    Standing.SUCCEEDED: N_("Pasó a quien nos sucede"),
}
_SAID: Mapping[ProposalKind, str] = {
    ProposalKind.ADD_ACCOUNT: N_("Agregar %(handle)s en %(network)s."),
    ProposalKind.RENAME_ACCOUNT: N_("%(before)s (%(of_network)s) se llama ahora %(handle)s."),
    ProposalKind.ACCOUNT_GONE: N_("%(before)s (%(of_network)s) ya no es suya: quedaría «%(standing)s»."),
    ProposalKind.ADD_SITE: N_("Agregar el sitio %(url)s."),
    ProposalKind.ADD_FEED: N_("Agregar el canal %(url)s."),
    ProposalKind.RENAME_OWNER: N_("«%(before_name)s» se llama ahora «%(name)s» (%(short_name)s)."),
    ProposalKind.SUCCESSION: N_("Le sucede %(heir)s desde %(day)s."),
}


def said(proposal: DirectoryProposal) -> str:
    """Return what a proposal would change, in one sentence; its owner and account are loaded."""
    fields, account = proposal.fields, proposal.account
    standing = fields.get("standing", "")
    words: str = gettext(
        _SAID[proposal.kind],
        handle=fields.get("handle", ""),
        network=network_name(fields.get("network", "")),
        of_network=network_name(account.network) if account else "",
        before=proposal.seen.get("handle", ""),
        standing=gettext(STANDINGS[Standing(standing)]) if standing in set(Standing) else "",
        url=fields.get("url", ""),
        before_name=proposal.seen.get("name", ""),
        name=fields.get("name", ""),
        short_name=fields.get("short_name", ""),
        heir=fields.get("name") or fields.get("slug", ""),
        day=fields.get("day") or gettext("el día que se acepte"),
    )
    return words
