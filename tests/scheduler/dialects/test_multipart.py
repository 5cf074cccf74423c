"""A form that is read in pieces says the same as one that stands in memory whole."""

from email import message_from_bytes
from io import BytesIO

import pytest

from scheduler.dialects.multipart import FormWithFile

CONTENT = b"\x00\r\n--" * 50_000


def form() -> FormWithFile:
    return FormWithFile(
        {"description": "Una niña\r\nlee"}, "file", BytesIO(CONTENT), len(CONTENT), "video/mp4"
    )


@pytest.mark.parametrize("size", [1000, 16_384, -1])
def test_its_pieces_are_a_form_with_its_fields_and_its_file(size: int) -> None:
    made, body = form(), b""
    while piece := made.read(size):
        assert size < 0 or len(piece) <= size
        body += piece
    assert len(body) == len(made)
    read = message_from_bytes(f"Content-Type: {made.media_type}\r\n\r\n".encode() + body)
    _, description, file = read.walk()
    assert description.get_payload(decode=True) == "Una niña\r\nlee".encode()
    assert (file.get_content_type(), file.get_filename()) == ("video/mp4", "file")
    assert file.get_payload(decode=True) == CONTENT


def test_two_forms_have_marks_of_their_own() -> None:
    assert form().media_type != form().media_type
    assert b"".join(form()) != b"".join(form())
