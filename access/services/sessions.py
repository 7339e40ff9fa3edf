"""Log-in, second factor, role, PIN, lock and hand-over. The database judges each; here is what is sent and what it means."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from access import gate
from access.services import secrets


class SessionError(Exception):
    """Why it did not work, in words for the person. ``code``: wrong, wait, ended, weak, used or expired."""

    def __init__(self, code: str, message: str, *, tries_left: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.tries_left = tries_left


@dataclass(frozen=True)
class Device:
    """The browser that asks: its long-lived secret, what it calls itself, and where it is."""

    secret: str
    name: str
    address: str


def session_login(*, username: str, password: str, device: Device, former: str = "") -> str:
    """A new session's secret. ``former``: the secret of a session that was open in this browser; it is locked, not ended.

    Raises SessionError.
    """
    username = username.strip().lower()
    candidate = secrets.password_candidate(username, password)
    secret = secrets.new_secret()
    answer = gate.call("login", username, candidate, secret, device.secret, device.name, device.address)
    if answer["state"] == "wait":
        raise SessionError("wait", _("For mange feil forsøk. Vent et kvarter og prøv igjen, eller ring IKT-vakt."))
    if answer["state"] == "expired":
        raise SessionError("wrong", _("Startpassordet gjelder ikke lenger. Be den som ga deg det, om et nytt."))
    if answer["state"] != "ok":
        raise SessionError("wrong", _("Brukernavnet eller passordet stemmer ikke. Prøv igjen."))
    if former:
        gate.call("lock", former)
    gate.call("settle_login", secret)
    return secret


def second_factor_check(*, secret: str, code: str) -> None:
    """Raises SessionError when the one-time code is wrong or has been used."""
    sealed = gate.call("second_factor_secret", secret)
    key = secrets.unseal(sealed) if sealed else None
    counter = secrets.code_counter(key, code.replace(" ", "")) if key else None
    if not gate.call("second_factor_code", secret, counter):
        if gate.read_facts(secret, active=False)["state"] == "none":
            raise SessionError("ended", _("Koden ble feil for mange ganger. Logg inn på nytt."))
        raise SessionError("wrong", _("Koden stemmer ikke. Vent på neste kode i appen, og prøv med den."))


def second_factor_enrol(*, secret: str, offer: str, code: str) -> None:
    """Takes a new factor in use once its first code holds. ``offer``: the sealed key that the page showed.

    Raises SessionError.
    """
    key = secrets.unseal(offer, max_age=900)
    if key is None:
        raise SessionError("expired", _("Siden har stått for lenge. Skann den nye koden nedenfor."))
    counter = secrets.code_counter(key, code.replace(" ", ""))
    if counter is None:
        raise SessionError("wrong", _("Koden stemmer ikke. Vent på neste kode i appen, og prøv med den."))
    if not gate.call("second_factor_enrol", secret, secrets.seal(key)):
        raise SessionError("used", _("Du har allerede en kodeapp. Bruk koden fra den."))
    gate.call("second_factor_code", secret, counter)


def role_choose(*, secret: str, authorisation: uuid.UUID, request: gate.Request) -> bool:
    """False when the authorisation is not the person's own, or not live."""
    return gate.call("choose_role", secret, authorisation, request.as_json())


def pin_set(*, secret: str, pin: str, username: str, password: str = "") -> None:
    """``password``: asked for when a PIN is changed, or set long after log-in (``pin_asks``).

    Raises SessionError.
    """
    if not secrets.is_pin(pin):
        raise SessionError("weak", _("PIN-koden må ha fire til åtte sifre."))
    if secrets.is_weak_pin(pin):
        raise SessionError("weak", _("PIN-koden er for lett å gjette. Velg sifre som ikke er like og ikke følger etter hverandre."))
    params = secrets.new_params()
    candidate = secrets.password_candidate(username, password) if password else None
    check_held(gate.call("set_pin", secret, params, secrets.slow_hash(pin, params), candidate))


def check_held(answer: str) -> None:
    """What the database answered about the password of one who is logged in.

    Raises SessionError unless it held: ``password`` for what stands in its field, ``ended`` for a session that may not.
    """
    if answer == "wait":
        raise SessionError("password", _("For mange feil forsøk. Vent et kvarter og prøv igjen."))
    if answer in ("wrong", "asks"):
        raise SessionError("password", _("Passordet stemmer ikke. Skriv passordet du logger inn med."))
    if answer != "ok":
        raise SessionError("ended", _("Økten er avsluttet. Logg inn på nytt."))


def session_unlock(*, device: str, session: uuid.UUID, pin: str) -> str:
    """The session's new secret; the old one is worth nothing from here on.

    Raises SessionError: ``ended`` when there is no such locked session here, or the PIN was wrong too often.
    """
    ended = SessionError("ended", _("Økten er avsluttet. Logg inn på nytt. Kladdene dine er tatt vare på."))
    locked = next((row for row in gate.rows("locked_here", device) if row["session_id"] == session), None)
    if locked is None:
        raise ended
    if not has_pin(locked["pin_params"]):
        raise SessionError("no_pin", _("Du har ikke laget PIN-kode. Logg inn med passord. Kladdene dine er tatt vare på."))
    secret = secrets.new_secret()
    answer = gate.call("unlock", device, session, secrets.slow_hash(pin, locked["pin_params"]), secret)
    if answer["state"] == "ended":
        raise ended
    if answer["state"] != "ok":
        raise SessionError("wrong", _("PIN-koden stemmer ikke."), tries_left=answer["left"])
    return secret


def has_pin(params: str | None) -> bool:
    """Whether these parameters can be hashed with: a PIN is set and not used up."""
    return bool(params) and params != "skipped"
