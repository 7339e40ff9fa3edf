"""REST in the manner of the national message service, version 2. Another version is another class beside this one.

The service hides envelope, signature and encryption; we hand over and fetch the message itself as base64. A message is marked as read only
when it is stored here, so it is offered again after a crash.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from messaging.transport.base import Arrival, Delivery, Dispatch, State, TransportFault

VERSION = "2"
SECONDS = 30
LARGEST = 36_000_000  # bytes of a message; base64 and JSON around it come beside
STATES = {"Unconfirmed": State.UNCONFIRMED, "Acknowledged": State.ACKNOWLEDGED, "Rejected": State.REJECTED, "Abandoned": State.REJECTED}
RECEIPT_STATES = {"ok": "Ok", "refused": "Rejected", "partial": "OkErrorInMessagePart"}
RETRIED = {408, 423, 425, 429}


class _NoRedirect(HTTPRedirectHandler):
    """A message goes to the address that was set up, and to no other."""

    def redirect_request(self, *args: Any) -> None:
        return None


class MessageService:
    """``token``: gives the value of the Authorization header of a request, by method and address, anew each time.

    Proxies of the environment are used only where ``proxied``.
    """

    name = "rest"

    def __init__(self, address: str, her_ids: Sequence[str], source_system: str, token: Callable[[str, str], str], *, proxied: bool = False) -> None:
        if not address.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("messages leave over TLS only")
        self.address, self.her_ids, self.source_system, self.token = address.rstrip("/"), tuple(her_ids), source_system, token
        self._opener = build_opener(_NoRedirect, *([] if proxied else [ProxyHandler({})]))

    def fetch(self, most: int) -> Iterator[Arrival]:
        """Each HER-id of ours is asked for by itself: a message to two of them is offered to both, and marked as read for each."""
        left = most
        for her in self.her_ids:
            if left <= 0:
                return
            query = urlencode({"ReceiverHerIds": her, "IncludeMetadata": "true", "MessagesToFetch": min(left, 100), "OrderBy": "Ascending"})
            for one in self._call("GET", f"/Messages?{query}") or ():
                left -= 1
                document = self._call("GET", f"/Messages/{quote(str(one['id']))}/business-document")
                yield Arrival(f"{one['id']}", _decoded(document), (str(one["id"]), her))

    def confirm(self, arrival: Arrival) -> None:
        message, her = arrival.token
        self._call("PUT", f"/Messages/{quote(message)}/read/{quote(her)}")

    def send(self, dispatch: Dispatch) -> Delivery:
        if len(dispatch.raw) > LARGEST:
            raise TransportFault("Meldingen er større enn meldingstjenesten tar imot (35 MB).", final=True)
        if dispatch.answers.get("ref"):
            return self._answer(dispatch)
        body = {
            "contentType": "application/xml", "contentTransferEncoding": "base64",
            "businessDocument": base64.b64encode(dispatch.raw).decode("ascii"),
        }  # fmt: skip
        return Delivery(State.UNCONFIRMED, str(self._call("POST", "/Messages", body)))

    def _answer(self, dispatch: Dispatch) -> Delivery:
        """A receipt: the service writes it itself, from what it should say."""
        answers = dispatch.answers
        errors = [{"errorCode": one["code"], "details": one.get("detail") or one["text"]} for one in answers["errors"]]
        body = {"appRecStatus": RECEIPT_STATES[answers["state"]], "appRecErrorList": errors}
        path = f"/Messages/{quote(answers['ref'])}/apprec/{quote(answers['recipient'])}"
        return Delivery(State.UNCONFIRMED, str(self._call("POST", path, body)))

    def ask(self, ref: str, recipient_her: str) -> Delivery:
        told = self._call("GET", f"/Messages/{quote(ref)}/status") or []
        mine = [one for one in told if str(one.get("receiverHerId")) == recipient_her] or told
        if not mine:
            return Delivery(State.UNCONFIRMED, ref)
        state = STATES.get(mine[0].get("transportDeliveryState"), State.UNCONFIRMED)
        return Delivery(state, ref, "Nettet avviste meldingen." if state is State.REJECTED else "")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {
            "Authorization": self.token(method, self.address + path), "api-version": VERSION, "nhn-source-system": self.source_system,
            "Accept": "application/json",
        }  # fmt: skip
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = Request(self.address + path, data, headers, method=method)  # noqa: S310 - the address is checked at the start
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                read = answer.read(LARGEST * 2)
        except HTTPError as error:
            final = 300 <= error.code < 500 and error.code not in RETRIED and error.code not in (401, 403)
            raise TransportFault(f"Meldingstjenesten svarte {error.code}: {_told(error)}", final=final) from error
        except (URLError, HTTPException, OSError) as error:
            raise TransportFault(f"Meldingstjenesten svarer ikke: {getattr(error, 'reason', error)}") from error
        try:
            return json.loads(read) if read else None
        except ValueError as error:
            raise TransportFault("Meldingstjenestens svar kan ikke leses.") from error


def _decoded(document: Any) -> bytes:
    try:
        return base64.b64decode(document["businessDocument"], validate=True)
    except (TypeError, KeyError, ValueError) as error:
        raise TransportFault("Meldingstjenesten ga et dokument som ikke kan leses.") from error


def _told(error: HTTPError) -> str:
    """What the service says is wrong (v2 ``error``, later versions ``detail``); never more than a line."""
    try:
        told = json.loads(error.read(10_000))
        return str(told.get("error") or told.get("detail") or told.get("title") or "")[:300]
    except (ValueError, AttributeError, OSError):
        return ""
