"""The blueprint of what goes in and out of the calendar, and the headings of the files that it hands out."""

import unicodedata

from flask import Blueprint, Response

blueprint = Blueprint("exchange", __name__)
SEE_OTHER = 303
MADE = 201
UNPROCESSABLE = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_answer(data: bytes, name: str, media_type: str) -> Response:
    """Return a file to download; it is made for this person now, and nobody keeps it on the way."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{plain}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
