"""Documents and enclosed files of both families."""

from messaging.formats.model.attachment import Attachment
from messaging.formats.structure.validate import value_of
from messaging.formats.wire.elements import Elem, child, children, code, descendants, moment, text


def attachment(document: Elem) -> Attachment:
    """From a RefDoc, or the element that holds one."""
    inner = child(document, "RefDoc")
    reference = inner if inner is not None else document
    container = next(descendants(child(reference, "Content"), "Base64Container"), None)
    return Attachment(
        title=text(reference, "Description") or text(document, "ContentDescription"),
        declared=text(reference, "MimeType"),
        encoded=value_of(container) if container is not None else "",
        kind=code(reference, "MsgType"),
        issued=moment(reference, "IssueDate"),
        number=text(reference, "Id"),
        reference=text(reference, "FileReference"),
        compression=code(reference, "Compression"),
    )


def payload_of(document: Elem) -> Elem | None:
    """The message inside a Document; None for an enclosed file or an empty one."""
    inner = next(children(child(document, "RefDoc", "Content")), None)
    return None if inner is None or inner.tag.endswith("}Base64Container") else inner


def drop_data(root: Elem) -> None:
    """Forgets the encoded files in the tree once the attachments hold them: a message then costs its files once."""
    for container in list(descendants(root, "Base64Container")):
        container.text = ""
