"""What a file is, is read from its content; of an image nothing but its pixels is kept; what cannot be read, or would burst, is refused."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter

from journal.domain import files
from journal.domain.files import JPEG, LONGEST_SIDE, PDF, Fault, FileRefusedError, kept

GPS = {1: "N", 2: (59.0, 43.0, 12.0), 3: "E", 4: (10.0, 50.0, 24.0)}


def drawn(form="JPEG", size=(60, 40), *, orientation=0, secret="", mode="RGB", **save):
    """An image, its left half red and its right blue; ``secret`` in every place that a format has for words, and where it was taken."""
    image = Image.new(mode, size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    if secret:
        exif[0x010E] = exif[0x0110] = secret
        exif.get_ifd(0x8825).update(GPS)
        save |= {"comment": secret.encode()} if form == "JPEG" else {}
    into = BytesIO()
    image.save(into, form, exif=exif.tobytes(), **save)
    return into.getvalue()


def pdf(password="", pages=2):
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 300)
    if password:
        writer.encrypt(password)
    into = BytesIO()
    writer.write(into)
    return into.getvalue()


def refused(raw):
    with pytest.raises(FileRefusedError) as caught:
        kept(raw)
    return caught.value.fault


def png_head(width, height):
    """A PNG of a few bytes that says it is so large."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0" * 4000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_place_device_and_comments_are_gone_and_the_pixels_are_there(form):
    raw = drawn(form, secret="hemmelighet")
    assert b"hemmelighet" in raw
    made = kept(raw)
    assert made.media_type == JPEG and (made.width, made.height) == (60, 40)
    for stored in (made.content, made.thumbnail):
        assert b"hemmelighet" not in stored and b"Exif" not in stored and b"ICC_PROFILE" not in stored
        seen = Image.open(BytesIO(stored))
        assert not seen.getexif() and not set(seen.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        left, right = seen.convert("RGB").getpixel((4, 4)), seen.convert("RGB").getpixel((seen.width - 5, 4))
        assert left[0] > 180 > left[2] and right[2] > 180 > right[0]


def test_a_camera_held_sideways_gives_an_upright_image():
    made = kept(drawn(orientation=6))
    assert (made.width, made.height) == (40, 60)
    top = Image.open(BytesIO(made.content)).convert("RGB").getpixel((20, 5))
    assert top[0] > 180 > top[2], "the left half is up after a turn to the right"


def test_what_is_transparent_stands_on_white():
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    into = BytesIO()
    image.save(into, "PNG")
    assert min(Image.open(BytesIO(kept(into.getvalue()).content)).getpixel((5, 5))) > 250


@settings(max_examples=15)
@given(width=st.integers(1, 5000), height=st.integers(1, 5000))
def test_no_side_is_longer_than_the_longest_and_none_is_lost(width, height):
    into = BytesIO()
    Image.new("L", (width, height)).save(into, "JPEG")
    made = kept(into.getvalue())
    assert min(made.width, made.height) >= 1 and max(made.width, made.height) <= LONGEST_SIDE
    assert max(width, height) > LONGEST_SIDE or (made.width, made.height) == (width, height)


@pytest.mark.parametrize("raw", [
    b"<!DOCTYPE html><script>alert(1)</script>", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', b"GIF89a" + b"0" * 50,
    b"MZ\x90\x00", b"PK\x03\x04word/document.xml", b"  %PDF-1.7 not at the beginning", b"BM" + b"\0" * 60, bytes(range(256)),
])  # fmt: skip
def test_what_is_neither_image_nor_pdf_is_refused_whatever_it_is_called(raw):
    assert refused(raw) is Fault.UNKNOWN


def test_a_page_in_the_clothes_of_an_image_is_refused():
    assert refused(b"\xff\xd8\xff" + b"<script>alert(1)</script>" * 40) is Fault.BROKEN
    assert refused(b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF") is Fault.BROKEN
    assert b"<script>" not in kept(drawn() + b"<script>alert(1)</script>").content


def test_bombs_and_what_is_too_large_are_refused():
    assert refused(png_head(60_000, 60_000)) is Fault.PIXELS
    assert refused(png_head(6000, 5000)) is Fault.PIXELS
    assert refused(png_head(400, 300)) is Fault.BROKEN, "it says more than it holds"
    assert refused(b"\xff\xd8\xff" + b"\0" * files.LARGEST) is Fault.TOO_LARGE
    assert refused(b"") is Fault.EMPTY
    assert refused(drawn(size=(400, 400))[:900]) is Fault.BROKEN
    assert refused(b"\0\0\0\x18ftypheic" + b"\0" * 40) is Fault.HEIC


def test_a_document_is_kept_as_it_came_once_it_has_been_read():
    raw = pdf()
    made = kept(raw)
    assert (made.media_type, made.content, made.pages, made.thumbnail) == (PDF, raw, 2, None)
    assert refused(pdf(password="1234")) is Fault.ENCRYPTED
    assert refused(raw[:200]) is Fault.BROKEN


@settings(max_examples=60)
@given(
    start=st.sampled_from([b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"%PDF-1.4\n", b""]), rest=st.binary(max_size=400)
)
def test_whatever_comes_it_is_kept_or_refused_in_words(start, rest):
    with suppress(FileRefusedError):
        assert kept(start + rest).media_type in (JPEG, PDF)
