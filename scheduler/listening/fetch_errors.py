"""Why a page or a feed could not be had."""

from datetime import timedelta
from http import HTTPStatus

from content_calendar.errors import ResuenaError


class FetchError(ResuenaError):
    """A page or feed could not be had. Every subclass says why by its code."""

    code = "fetch_failed"
    retry_after: timedelta | None = None
    gone: bool = False


class BadUrlError(FetchError):
    """The address cannot be asked. ``reason``: form, scheme, port or credentials."""

    code = "fetch_bad_url"


class AddressForbiddenError(FetchError):
    """The ``host`` lies, with at least one of its addresses, outside the public network."""

    code = "fetch_address_forbidden"


class TooLargeError(FetchError):
    """The body passed ``limit`` bytes; ``measure`` says whether as sent (wire) or unpacked (body)."""

    code = "fetch_too_large"


class TooSlowError(FetchError):
    """No whole answer within ``seconds``."""

    code = "fetch_too_slow"


class UnreachableError(FetchError):
    """No answer that can be read. ``reason``: name, connection, certificate, protocol, cut or encoding."""

    code = "fetch_unreachable"


class TooManyRedirectsError(FetchError):
    """The site sent us on more than ``limit`` times."""

    code = "fetch_too_many_redirects"


class StatusError(FetchError):
    """The site answered with a ``status`` that is not the feed.

    ``retry_after`` is how long a 429 or 503 asks to be left alone, at most 24 hours; ``gone`` is true
    for 410: the site says that there will never be anything here again.
    """

    code = "fetch_status"

    def __init__(self, *, status: int, host: str, retry_after: timedelta | None = None) -> None:
        super().__init__(status=status, host=host)
        self.retry_after = retry_after
        self.gone = status == HTTPStatus.GONE
