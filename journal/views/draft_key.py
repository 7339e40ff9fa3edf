"""The key under which a person's unsent text lies in the browser (vault.js)."""

import base64
import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest, JsonResponse


def draft_key_view(request: HttpRequest) -> JsonResponse:
    """{"key": base64 of 32 bytes}: the person's own, the same on every device, given to an unlocked session only.

    Derived, not stored: without the server's secret the text on the device stays ciphertext.
    """
    user = request.epj_facts["user"]["id"]
    key = hmac.new(settings.SECRET_KEY.encode(), b"draft-vault:" + user.encode(), hashlib.sha256).digest()
    return JsonResponse({"key": base64.b64encode(key).decode()})
