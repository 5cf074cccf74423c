"""Captions: SubRip and WebVTT in, times and plain text out."""

import pytest

from assets.captions import CaptionsTooLargeError, CaptionsUnreadableError, normalised

SRT = "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Buenos días</i>\r\n\r\n"
SRT += "2\r\n00:00:03,000 --> 00:00:04,000\r\nA & B < C\r\n"
VTT = """WEBVTT - título

NOTE nada

STYLE
::cue { background: url(https://mal.example) }

uno
00:03.000 --> 00:04.000 line:0
<c.rojo>Segundo</c><script>alert(1)</script>

00:01.000 --> 00:02.000
Primero
"""


def test_subrip_becomes_plain_webvtt() -> None:
    vtt, cues = normalised(SRT.encode())
    first = "00:00:01.000 --> 00:00:02.500\nBuenos días"
    assert vtt == f"WEBVTT\n\n{first}\n\n00:00:03.000 --> 00:00:04.000\nA &amp; B &lt; C\n"
    assert cues == 2


def test_webvtt_keeps_its_times_and_words_and_nothing_else() -> None:
    vtt, cues = normalised(VTT.encode())
    assert cues == 2
    assert vtt.index("Primero") < vtt.index("Segundo")
    assert not [one for one in ("url", "script>", "line:", "<c", "NOTE") if one in vtt]


def test_what_a_windows_editor_wrote_is_read() -> None:
    assert "Buenos días" in normalised(SRT.lstrip("\ufeff").encode("cp1252"))[0]


@pytest.mark.parametrize(
    "text",
    ["", "hola", "WEBVTT\n\n", "1\n00:00:02,000 --> 00:00:01,000\nAl revés", "1\n0:0:0 --> 1\nMal",
     "1\n00:00:01,000 --> 00:00:02,000\n" + "a" * 1001],
)  # fmt: skip
def test_what_is_no_captions_is_refused(text: str) -> None:
    with pytest.raises(CaptionsUnreadableError):
        normalised(text.encode())


def test_captions_without_end_are_refused() -> None:
    with pytest.raises(CaptionsTooLargeError):
        normalised(b"a" * ((1 << 20) + 1))
    with pytest.raises(CaptionsTooLargeError):
        normalised(b"00:01.000 --> 00:02.000\na\n\n" * 6000)


def test_a_file_of_nothing_but_beginnings_is_refused_and_not_read_for_hours() -> None:
    hostile = b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + b"<" * 900_000
    with pytest.raises(CaptionsUnreadableError):
        normalised(hostile)
