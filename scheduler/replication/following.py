"""Follow-through as a tick: corrections reach who is found later, suggestions are told, and who is late is reminded."""

from sqlalchemy import exists, select

from content_calendar import adaptation_watch, clock, local_texts
from content_calendar.models.local_texts import LocalText
from scheduler.replication import barrido_reminders, corrections
from scheduler.replication.correction_models import Correction
from scheduler.worker import Worker


def tick(worker: Worker) -> int:
    """Ask, tell and remind; return how many things were touched. Where nothing could be due, nothing is written."""
    since = clock.now() - corrections.LOOK_BACK
    with worker.database.reading() as session:
        correcting = session.scalar(
            select(exists().where(Correction.made_at >= since, Correction.called_off_at.is_(None)))
        )
        own_texts = session.scalar(select(exists().where(LocalText.id > 0)))
    with worker.database.transaction() as session:
        touched = corrections.tick(session) if correcting else 0
        touched += local_texts.suggest(session) if own_texts else 0
        touched += adaptation_watch.suggest(session)
        return touched + barrido_reminders.remind(session, worker.settings.zone)
