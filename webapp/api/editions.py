"""Which edition an edit was made over: ``ETag`` when something is read, ``If-Match`` when it is changed (RFC 9110)."""

import re

from flask import Response, request

from webapp.problems import EditionChangedError, EditionMissingError

_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


def asked_edition(edition: int) -> int:
    """Return the edition that the request is about; ``edition`` is the one there is now.

    Raises EditionMissingError without one, and EditionChangedError when it is not the one there is.
    """
    said = request.headers.get("If-Match", "").strip()
    if not said:
        raise EditionMissingError
    if said == "*":
        return edition
    if not any(int(one) == edition for one in _TAG.findall(said)):
        raise EditionChangedError
    return edition


def of_edition(answer: Response, edition: int) -> Response:
    """Return an answer with the edition it tells of."""
    answer.headers["ETag"] = f'"{edition}"'
    return answer
