"""Files from outside. What a file is, is read from its content, never from its name; of an image nothing goes on but its pixels.

An image is decoded and written anew: whatever a camera, an editor or an attacker put beside the pixels – place, time, serial number, a page
in HTML – is not in what is kept. A PDF is kept as it came, once it has been read as one.
"""

import logging
import struct
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageCms, ImageOps
from pypdf import PdfReader
from pypdf.errors import PyPdfError

LARGEST = 20 * 1024 * 1024  # bytes
LONGEST_SIDE = 2000  # pixels of what is kept
THUMBNAIL_SIDE = 240
MOST_PAGES = 2000
JPEG, PDF = "image/jpeg", "application/pdf"
_QUALITY, _THUMBNAIL_QUALITY = 88, 72
# A JPEG is decoded at a fraction of its size, so a tablet's 48 megapixels cost little; the others are decoded whole.
_MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
_BROKEN = (OSError, ValueError, SyntaxError, struct.error, EOFError, KeyError, IndexError, TypeError)
logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells of each oddity of a file; whether it can be read is what counts


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"
    HEIC = "heic"
    BROKEN = "broken"
    PIXELS = "pixels"
    ENCRYPTED = "encrypted"
    PAGES = "pages"


class FileRefusedError(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Kept:
    """What is stored. Images: ``thumbnail``, ``width`` and ``height`` in pixels; PDF: ``pages``."""

    media_type: str
    content: bytes
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None
    pages: int | None = None

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


def kept(raw: bytes) -> Kept:
    """The file as it is stored.

    Raises FileRefusedError.
    """
    if not raw:
        raise FileRefusedError(Fault.EMPTY)
    if len(raw) > LARGEST:
        raise FileRefusedError(Fault.TOO_LARGE)
    found = recognised(raw)
    return _pdf(raw) if found == "PDF" else _image(raw, found)


def recognised(raw: bytes) -> str:
    """JPEG, PNG, WEBP or PDF, by the first bytes.

    Raises FileRefusedError.
    """
    if raw.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "WEBP"
    if raw.startswith(b"%PDF-"):
        return "PDF"
    raise FileRefusedError(Fault.HEIC if raw[4:8] == b"ftyp" and raw[8:12] in (b"heic", b"heix", b"mif1", b"avif") else Fault.UNKNOWN)


def _image(raw: bytes, form: str) -> Kept:
    try:
        with Image.open(BytesIO(raw), formats=[form]) as opened:
            if opened.width * opened.height > _MOST_PIXELS[form]:
                raise FileRefusedError(Fault.PIXELS)
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            profile = opened.info.get("icc_profile")
            opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            clean = _only_pixels(ImageOps.exif_transpose(opened), profile)
    except FileRefusedError:
        raise
    except Image.DecompressionBombError:
        raise FileRefusedError(Fault.PIXELS) from None
    except _BROKEN:
        raise FileRefusedError(Fault.BROKEN) from None
    small = clean.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Kept(JPEG, _written(clean, _QUALITY), _written(small, _THUMBNAIL_QUALITY), clean.width, clean.height)


def _only_pixels(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A new image on white with the same colours in sRGB: the colour of a wound bed must not hang on who shows it."""
    if profile and image.mode in ("RGB", "RGBA", "L"):
        try:
            colours = ImageCms.ImageCmsProfile(BytesIO(profile))
            image = ImageCms.profileToProfile(image, colours, ImageCms.createProfile("sRGB"), outputMode=image.mode) or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that is not for this kind of image: the numbers stand as they are
    seen = image.convert("RGBA")
    clean = Image.new("RGB", image.size, "white")
    clean.paste(seen, mask=seen.getchannel("A"))
    return clean


def _written(image: Image.Image, quality: int) -> bytes:
    into = BytesIO()
    image.save(into, "JPEG", quality=quality, optimize=True)
    return into.getvalue()


def _pdf(raw: bytes) -> Kept:
    if b"%%EOF" not in raw[-2048:]:
        raise FileRefusedError(Fault.BROKEN)
    try:
        reader = PdfReader(BytesIO(raw))
        if reader.is_encrypted:
            raise FileRefusedError(Fault.ENCRYPTED)
        pages = len(reader.pages)
    except FileRefusedError:
        raise
    except (*_BROKEN, PyPdfError, AttributeError, RecursionError):
        raise FileRefusedError(Fault.BROKEN) from None
    if not 1 <= pages <= MOST_PAGES:
        raise FileRefusedError(Fault.BROKEN if pages < 1 else Fault.PAGES)
    return Kept(PDF, raw, pages=pages)
