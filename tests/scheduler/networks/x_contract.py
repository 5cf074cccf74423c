"""X's OpenAPI document as a check of every request that leaves, and what the tests of X's file send."""

import base64
import hashlib
import io
import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from scheduler.network import Image, Outgoing, Video
from scheduler.wire import GuardedAdapter
from tests.simulators.x_routes import Asked

PICTURE = b"\x89PNG un dibujo"
SINCE = datetime.now(UTC) - timedelta(minutes=1)


def outgoing(
    text: str = "Tu derecho a saber",
    *images: Image,
    prepared: Mapping[str, str] = MappingProxyType({}),
    may_send: bool = True,
    **more: Any,  # noqa: ANN401 -- fields of Outgoing
) -> Outgoing:
    made = Outgoing("clave", text, "es", images, prepared, datetime.now(UTC), lambda: may_send)
    return replace(made, **more)


def image(alt_text: str = "Un dibujo") -> Image:
    return Image(hashlib.sha256(PICTURE).hexdigest(), "image/png", alt_text, lambda: PICTURE)


def video(
    content: bytes = b"video",
    alt_text: str = "Una vaquita nada",
    opened: Callable[[], None] = lambda: None,
) -> Video:
    def open_it() -> io.BytesIO:
        opened()
        return io.BytesIO(content)

    return Video(hashlib.sha256(content).hexdigest(), "video/mp4", alt_text, len(content), open_it)


@cache
def document(test_data: Path) -> Any:  # noqa: ANN401 -- a library without types of its own
    """X's OpenAPI document, ready to check requests."""
    path = test_data / "x-openapi.json"
    if not path.is_file():
        pytest.skip(f"NOT TESTED: {path} is absent, so X's requests are not checked against its document")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from openapi_core import Config, OpenAPI  # noqa: PLC0415 -- dear, and warns while it is imported

        return OpenAPI.from_dict(json.loads(path.read_bytes()), config=Config(spec_validator_cls=None))


def _typed(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The request at X's own address; a form with a number as the JSON that the document allows as well.

    The library takes every text of a form for a string, so that no form could hold a number.
    """
    typed = request.copy()
    typed.url = f"https://api.x.com{request.path_url}"
    if isinstance(request.body, bytes) and b'name="segment_index"' in request.body:
        parts = Asked("POST", "", dict(request.headers), request.body).parts()
        media = base64.b64encode(parts.pop("media")).decode()
        numbers = {name: int(value) for name, value in parts.items()}
        typed.body = json.dumps({"media": media, **numbers})
        typed.headers["Content-Type"] = "application/json"
    return typed


class Checked(list[str]):
    """The requests that left, each checked; ``wrong`` are those that the document does not allow."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[Exception] = []


def check_what_leaves(contract: Any, monkeypatch: pytest.MonkeyPatch) -> Checked:  # noqa: ANN401 -- see above
    """Check every request of the API that leaves from now on."""
    from openapi_core.contrib.requests import RequestsOpenAPIRequest  # noqa: PLC0415 -- see above
    from openapi_core.exceptions import OpenAPIError  # noqa: PLC0415 -- see above

    seen = Checked()
    send = GuardedAdapter.send

    def check_and_send(
        self: GuardedAdapter,
        request: requests.PreparedRequest,
        *args: Any,  # noqa: ANN401 -- passed on as they are
        **kwargs: Any,  # noqa: ANN401 -- passed on as they are
    ) -> requests.Response:
        path = urlsplit(str(request.url)).path
        # The token endpoint is the only one of the API that the document does not describe.
        if path.startswith("/2/") and not path.startswith("/2/oauth2/"):
            as_sent = _typed(request)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    contract.validate_request(RequestsOpenAPIRequest(as_sent))
            except OpenAPIError as error:
                seen.wrong.append(error)
                raise
        seen.append(f"{request.method} {path}")
        return send(self, request, *args, **kwargs)

    monkeypatch.setattr(GuardedAdapter, "send", check_and_send)
    return seen
