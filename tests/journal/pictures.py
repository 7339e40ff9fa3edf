"""Images and documents as a browser sends them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter


def jpeg(colour="firebrick", size=(320, 240)):
    into = BytesIO()
    Image.new("RGB", size, colour).save(into, "JPEG")
    return into.getvalue()


def document():
    writer, into = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 300)
    writer.write(into)
    return into.getvalue()


def sent(raw, name="bilde.jpg", said="image/jpeg"):
    """As the browser names it; neither name nor type is believed."""
    return SimpleUploadedFile(name, raw, said)
