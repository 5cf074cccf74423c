import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.payloads import (
    Payload,
    PayloadDamagedError,
    PayloadImage,
    PayloadPart,
    digest,
    freeze,
    thaw,
)

images = st.builds(
    PayloadImage,
    asset_ref=st.text(max_size=12),
    version=st.integers(1, 99),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    media_type=st.just("image/png"),
    alt_text=st.text(max_size=30),
)
parts = st.builds(
    PayloadPart,
    text=st.text(max_size=60),
    language=st.just("es"),
    images=st.lists(images, max_size=2).map(tuple),
)
payloads = st.builds(Payload, parts=st.lists(parts, min_size=1, max_size=3).map(tuple))


@given(payloads)
def test_what_is_thawed_is_what_was_frozen(payload: Payload) -> None:
    frozen = freeze(payload)
    assert thaw(frozen, digest(frozen)) == payload
    assert freeze(thaw(frozen, digest(frozen))) == frozen


def test_bytes_that_were_touched_are_refused() -> None:
    frozen = freeze(Payload((PayloadPart("Tu derecho", "es"),)))
    with pytest.raises(PayloadDamagedError):
        thaw(frozen.replace(b"derecho", b"derechO"), digest(frozen))


@pytest.mark.parametrize(
    "frozen", [b"", b"[]", b"{}", b'{"form": 2, "parts": []}', b'{"form": 1, "parts": [1]}']
)
def test_bytes_that_are_no_payload_are_refused_whatever_their_hash(frozen: bytes) -> None:
    with pytest.raises(PayloadDamagedError):
        thaw(frozen, digest(frozen))
