"""Public pages as caches keep them: alike for everybody who has no account, with no cookie and no nonce."""

import hashlib
import re
from collections.abc import Callable
from typing import Final

from flask import Response, g, make_response, request, session

from webapp.session import viewer

MINUTE: Final = 60
# Everything from our own address, nothing written into the page: the same bytes may be kept and shown again.
_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
    "script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'"
)
_CUT_OFF: Final = re.compile(r'<span class="cut-off">.*?</span>', re.DOTALL)


def kept_page(render: Callable[[], str], seconds: int = MINUTE) -> Response:
    """Return a page with what caches need, or only that it has not changed.

    Its tag leaves out until when its figures count: a page that says the same an hour later has not changed. For
    somebody who is signed in, or is being told something, it is a page like any other.
    """
    if viewer().person is not None or "_flashes" in session:
        return make_response(render())
    # A nonce of its own would make every answer another one, and a kept page would not run under a new one.
    g.nonce = ""
    body = render()
    answer = make_response(body)
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.cache_control.public = True
    answer.cache_control.max_age = seconds
    answer.vary.update(("Accept-Language", "Cookie"))
    answer.set_etag(hashlib.sha256(_CUT_OFF.sub("", body).encode()).hexdigest()[:32], weak=True)
    answer.make_conditional(request)
    return answer
