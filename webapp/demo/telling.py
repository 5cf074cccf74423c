"""The demonstration's system that is told: an address of a body, switched off after days without an answer."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import clock, directory, webhooks
from content_calendar.models.people import Person
from content_calendar.models.publications import Publication
from content_calendar.models.webhooks import DeliveryStage, EventKind, WebhookDelivery, WebhookEvent
from content_calendar.states import PublicationState
from content_calendar.vault import Vault
from content_calendar.webhooks import Told


def plant_telling(session: Session, vault: Vault, by: Person) -> None:
    """Register an address of a body that nobody is at (RFC 6761), and what it would have been told."""
    body = directory.find_body(session, "infonl")
    out = session.scalars(
        select(Publication).where(Publication.state == PublicationState.PUBLISHED).order_by(Publication.id).limit(3)
    ).all()  # fmt: skip
    told = Told("Portal del instituto", "https://portal.invalid/avisos", [EventKind.POST_PUBLISHED])
    hook, _ = webhooks.make(session, vault, by, body.id, told)
    hook.off_at = hook.failing_since = clock.now() - timedelta(days=1)
    hook.off_code = "webhook_silent"
    for number, row in enumerate(out):
        event = WebhookEvent(
            kind=EventKind.POST_PUBLISHED, happening=f"demo:{row.ref}", subject_ref=row.ref,
            at=row.published_at or clock.now(), spread_at=clock.now(), data={"publication": row.ref},
        )  # fmt: skip
        session.add(event)
        session.flush()
        heard = number > 0
        session.add(
            WebhookDelivery(
                webhook_id=hook.id, event_id=event.id, attempts=1 if heard else 10,
                stage=DeliveryStage.HEARD if heard else DeliveryStage.GIVEN_UP, status=200 if heard else 503,
                answered="ok" if heard else "Servicio en mantenimiento", tried_at=event.at, ended_at=event.at,
            )
        )  # fmt: skip
    session.flush()
