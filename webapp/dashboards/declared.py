"""What is said after something was declared: what its link told, and what does not fit the directory."""

from flask import flash, url_for
from flask_babel import gettext

from content_calendar.models.directory import Body
from scheduler.listening.recognising import account_url
from scheduler.models import ReplicationStage
from scheduler.replication.declaring import Declared
from webapp import dates
from webapp.letters import network_name


def say_declared(declared: Declared, body: Body, *, typed_day: str) -> None:
    """Tell that it was written down, with the undo; and what its link says when that is worth knowing."""
    says = declared.says
    text = (
        gettext("Quedó por confirmar: la Comisión verá si %(body)s la replicó.", body=body.short_name)
        if declared.replication.stage is ReplicationStage.DOUBTFUL
        else gettext("Anotado: %(body)s la replicó. ¡Gracias!", body=body.short_name)
    )
    if declared.took_moment and says.at is not None:
        when = dates.words(says.at)
        text += " " + (
            gettext("El enlace dice que fue el %(when)s: usamos esa fecha y no la que escribiste.", when=when)
            if typed_day and typed_day != says.at.astimezone(dates.zone()).date().isoformat()
            else gettext("El enlace dice que fue el %(when)s.", when=when)
        )
    elif says.at is not None:
        text += " " + gettext(
            "Ojo: el enlace dice que fue el %(when)s, antes de que saliera la publicación. Revisa que sea ese.",
            when=dates.words(says.at),
        )
    said = {
        "text": text,
        "undo_url": url_for("replicas.take_back", ref=declared.replication.ref),
        "undo_label": gettext("Quitar lo anotado"),
    }
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    if says.network and says.handle and not says.own:
        _say_whose(declared, body)


def _say_whose(declared: Declared, body: Body) -> None:
    """Tell whose account the link is of: another's of the directory, or one that the directory does not have."""
    says = declared.says
    handle, network = f"@{says.handle.removeprefix('@')}", network_name(says.network)
    if says.owner:
        flash(
            gettext(
                "Según el directorio, %(handle)s de %(network)s es de %(owner)s. "
                "Si te equivocaste de organismo, quita lo anotado.",
                handle=handle,
                network=network,
                owner=says.owner,
            ),
            "warning",
        )
        return
    said = {
        "text": gettext(
            "La cuenta %(handle)s de %(network)s no está en el directorio de %(body)s: ¿la propones?",
            handle=handle,
            network=network,
            body=body.short_name,
        ),
        "url": url_for(
            "directory.proposing",
            slug=body.slug,
            que="add_account",
            perfil=account_url(says.network, says.handle) or None,
        ),
        "url_label": gettext("Proponerla"),
    }
    flash(said, "info")  # type: ignore[arg-type] # as above
