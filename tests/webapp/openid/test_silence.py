"""A provider that says nothing costs one thread five seconds a minute, not everybody's."""

import socket
from pathlib import Path

import pytest

from content_calendar.clock import monotonic
from content_calendar.settings import read
from webapp.openid import provider as asked
from webapp.openid.faults import ProviderSilentError
from webapp.openid.provider import Provider


def test_a_silence_is_cut_remembered_and_bridged_by_the_old_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "_WITHIN", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        place = f"127.0.0.1:{mute.getsockname()[1]}"
        said = {
            "RESUENA_DATA": str(tmp_path),
            "RESUENA_FEED_ALLOW": place,
            "RESUENA_OIDC_ISSUER": f"http://{place}",
        }
        there = Provider(read(said))
        began = monotonic()
        with pytest.raises(ProviderSilentError):
            there.document()
        assert 0.3 < monotonic() - began < 3
        began = monotonic()
        with pytest.raises(ProviderSilentError):
            there.document()
        assert monotonic() - began < 0.2
        old = {"issuer": f"http://{place}"}
        there._document, there._read_at = old, monotonic() - 7200  # noqa: SLF001 -- as if read two hours ago
        assert there.document() == old
        there._silent_at = float("-inf")  # noqa: SLF001 -- the minute is over
        assert there.document() == old
