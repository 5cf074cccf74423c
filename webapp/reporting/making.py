"""Make the reports that wait: ``python -m webapp.reporting.making``. A killed one goes on where it stopped.

First what the report says is gathered and kept, under its hash; then each form is made from what was kept. Whoever
takes up a report that was begun finds both and makes only what is missing, from the same figures.
"""

import gc
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from assets.object_storage import chosen
from assets.storage import FileMissingError, Shelf, Storage
from content_calendar import clock, jobs, reports, webhooks
from content_calendar import settings as settings_module
from content_calendar.db import Database
from content_calendar.jobs import Claimed
from content_calendar.models.reports import Report, ReportFile, ReportFormat
from content_calendar.models.webhooks import EventKind
from content_calendar.reports import ReportMissingError
from content_calendar.sending import Said
from webapp.reporting import pdf, word, wording, workbook
from webapp.reporting.blanks.filling import filled
from webapp.reporting.document import Document, as_json, from_json
from webapp.reporting.wording import Wording

_log = logging.getLogger(__name__)
_BEGUN, _GATHERED, _LAST = 5, 40, 95
_NICENESS = 10
_WORKER = "reports"


class LostError(Exception):
    """Somebody else has the report now, or took it away."""


def make_all(database: Database, storage: Storage, zone: str) -> int:
    """Make every report that waits; return how many were taken in hand. ``zone`` is the commission's."""
    made = 0
    while make_one(database, storage, zone):
        made += 1
    return made


def make_one(database: Database, storage: Storage, zone: str, *, in_two: bool = False) -> bool:
    """Make one report that waits; return whether there was one. What goes wrong is kept for a person to read.

    ``in_two`` ends once the report is gathered and kept, and leaves its forms to the next call.
    """
    with database.transaction() as session:
        claimed = jobs.claim(session, reports.JOB, _WORKER)
    if claimed is None:
        return False
    try:
        making = _Making(database, storage, zone, claimed)
        making.gather_only() if in_two and not making.is_gathered else making.make()
    except (LostError, ReportMissingError):
        _log.info("report job %s is in other hands", claimed.id)
    except Exception:  # noqa: BLE001 -- whatever goes wrong with one must not keep the others waiting
        _log.exception("report job %s failed", claimed.id)
        with database.transaction() as session:
            jobs.give_up(session, claimed, Said("report_failed"))
    return True


class _Making:
    # One report in hand.
    def __init__(self, database: Database, storage: Storage, zone: str, claimed: Claimed) -> None:
        self._database, self._storage, self._claimed = database, storage, claimed
        with database.reading() as session:
            self._report = reports.find(session, str(claimed.payload.get("report", "")))
        body = self._report.body
        self._zone = ZoneInfo(body.zone if body else zone)
        self._say = wording.wording(self._report.locale, self._zone)

    def make(self) -> None:
        """Make what is missing of it."""
        self._told(_BEGUN)
        document, digest = self._source()
        done = {one.format for one in self._report.files}
        forms = [ReportFormat(one) for one in self._report.formats]
        for n, form in enumerate(forms, 1):
            if form not in done:
                self._keep_file(form, self._made(form, document, digest))
            self._told(_GATHERED + (_LAST - _GATHERED) * n // len(forms))
        with self._database.transaction() as session:
            if jobs.end(session, self._claimed):
                webhooks.note(session, EventKind.REPORT_READY, {self._report.ref: self._report.ref})

    def _made(self, form: ReportFormat, document: Document, digest: str) -> bytes:
        if form is not ReportFormat.FILLED:
            return MAKERS[form](document, digest, self._say)
        with self._storage.open(Shelf.REPORTS, document.filling.blank) as file:
            blank = file.read()
        filling = replace(document.filling, values={**document.filling.values, "huella": digest})
        none = document.words["none"]
        return filled(blank, filling, none, document.author, f"{document.cut_off[:19]}Z")

    @property
    def is_gathered(self) -> bool:
        """Return whether what the report says is kept."""
        return bool(self._report.source_sha256)

    def gather_only(self) -> None:
        """Gather and keep what it says, and let whoever comes next write it."""
        self._told(_BEGUN)
        self._source()
        with self._database.transaction() as session:
            jobs.hand_on(session, self._claimed)

    def _told(self, progress: int) -> None:
        with self._database.transaction() as session:
            if not jobs.keep(session, self._claimed, progress):
                raise LostError

    def _source(self) -> tuple[Document, str]:
        """Return what the report says with its hash: as it was kept, or gathered now and kept."""
        known = self._report.source_sha256
        if known:
            try:
                with self._storage.open(Shelf.REPORTS, known) as file:
                    return from_json(file.read()), known
            except (FileMissingError, ValueError):
                _log.warning(
                    "what report %s was begun from is not there: it is gathered anew", self._report.ref
                )
        document = self._gathered()
        digest = self._storage.put(Shelf.REPORTS, BytesIO(as_json(document)))
        with self._database.transaction() as session:
            self._still_ours(session)
            report = session.get_one(Report, self._report.id)
            report.source_sha256 = digest
        self._told(_GATHERED)
        return document, digest

    def _gathered(self) -> Document:
        # Numbers, chapters and what they are made from: who only writes the forms has no use for them in memory.
        from webapp.reporting import telling  # noqa: PLC0415 -- see above

        at = clock.now().replace(microsecond=0)
        said = telling.told(self._database, self._report, self._zone, at, self._say)
        with self._database.transaction() as session:
            self._still_ours(session)
            session.get_one(Report, self._report.id).cut_off = at
        return said

    def _keep_file(self, form: ReportFormat, data: bytes) -> None:
        sha256 = self._storage.put(Shelf.REPORTS, BytesIO(data))
        with self._database.transaction() as session:
            self._still_ours(session)
            session.add(ReportFile(report_id=self._report.id, format=form, sha256=sha256, size=len(data)))

    def _still_ours(self, session: Session) -> None:
        if not jobs.keep(session, self._claimed):
            raise LostError


def _xlsx(document: Document, digest: str, _say: Wording) -> bytes:
    return workbook.workbook(document, digest)


MAKERS: dict[ReportFormat, Callable[[Document, str, Wording], bytes]] = {
    ReportFormat.PDF: pdf.pdf,
    ReportFormat.DOCX: word.word,
    ReportFormat.XLSX: _xlsx,
}


def main() -> int:
    """Make what waits and end; return the exit status."""
    os.umask(0o077)
    # What publishes comes first, also on a small machine.
    os.nice(_NICENESS)
    # It ends soon, and what it makes by the hundred thousand are values that hold no circles: to look for some takes
    # a fifth of its time.
    gc.disable()
    logging.basicConfig(level=logging.INFO)
    settings = settings_module.read(os.environ)
    database = Database(settings.database)
    more = make_one(database, chosen(settings), settings.zone, in_two=True)
    database.dispose()
    if more:
        # Anew, in the same process: what gathering held is given back before the forms are written.
        os.execv(sys.executable, [sys.executable, "-m", "webapp.reporting.making"])  # noqa: S606 -- our own program
    return 0


if __name__ == "__main__":
    sys.exit(main())
