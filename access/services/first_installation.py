"""The first entities, units and people of an empty installation, from a file: two administrators, so that what takes two can be done."""

import json
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connections, transaction
from django.utils.translation import gettext as _
from guardian.models import UserObjectPermission

from access.domain.identity import normalise_org_number
from access.models import AccessAuthorisation, LegalEntity, Licence, OrgUnit, RoleTemplate, User
from access.services.authorisations import PERMISSION
from access.services.secrets import credential_set, new_start_password
from lms_epj.core.clock import now

ADMINISTRATOR = "access_admin"
START_FOR = timedelta(days=7)


class FirstError(Exception):
    """What is wrong with the file or the installation, in bokmål. Nothing was written."""


def register_first(content: dict[str, Any], *, using: str) -> dict[str, str]:
    """Writes all of it or nothing, as owner. Returns {user name: start password}; they are kept nowhere else.

    ``content``: {"entities": [{"name", "org_number", "kind", "municipality_number"?}], "units": [{"entity", "name", "kind", "service_code"?,
    "phone"?}], "people": [{"username", "given_name", "family_name", "licence"?: {"profession", "hpr_number"}, "roles": [{"role", "unit"}]}]}.
    Entities and units are named by their names, roles by their codes. At least two people hold the role access_admin; they get the object
    permission of every unit. Raises FirstError.
    """
    if not is_empty(using):
        raise FirstError(_("Det finnes brukere fra før. Kommandoen er bare for en tom installasjon."))
    try:
        with transaction.atomic(using=using):
            return _Writer(content, using).write()
    except (KeyError, TypeError, AttributeError) as error:
        raise FirstError(_("Filen mangler eller har feil i feltet %(field)s.") % {"field": error}) from None


def is_empty(using: str) -> bool:
    """Whether nobody has been registered yet."""
    return not User.objects.using(using).exists()


class _Writer:
    def __init__(self, content: dict[str, Any], using: str) -> None:
        self.content, self.using, self.at = content, using, now()
        self.entities: dict[str, LegalEntity] = {}
        self.units: dict[str, OrgUnit] = {}
        self.users: dict[str, User] = {}

    def write(self) -> dict[str, str]:
        for item in self.content["entities"]:
            self.entity(item)
        for item in self.content["units"]:
            self.unit(item)
        for item in self.content["people"]:
            self.person(item)
        administrators = [one["username"] for one in self.content["people"] if any(r["role"] == ADMINISTRATOR for r in one["roles"])]
        if len(administrators) < 2:
            raise FirstError(_("Minst to personer må ha rollen access_admin: det som gir mer tilgang, krever to."))
        for item in self.content["people"]:
            self.roles(item, administrators)
        self.permissions(administrators)
        self.log(administrators)
        return {username: self.password(user) for username, user in self.users.items()}

    def entity(self, item: dict[str, Any]) -> None:
        number = normalise_org_number(item["org_number"])
        if number is None:
            raise FirstError(_("Organisasjonsnummeret %(number)s er ikke gyldig.") % {"number": item["org_number"]})
        _choice(LegalEntity.Kind, item["kind"])
        self.entities[item["name"]] = LegalEntity.objects.using(self.using).create(
            name=item["name"], org_number=number, kind=item["kind"], municipality_number=item.get("municipality_number", ""), valid_from=self.at
        )

    def unit(self, item: dict[str, Any]) -> None:
        _choice(OrgUnit.Kind, item["kind"])
        self.units[item["name"]] = OrgUnit.objects.using(self.using).create(
            legal_entity=_named(self.entities, item["entity"]), name=item["name"], kind=item["kind"], service_code=item.get("service_code"),
            phone=item.get("phone", ""), valid_from=self.at,
        )  # fmt: skip

    def person(self, item: dict[str, Any]) -> None:
        username = item["username"].strip().lower()
        if username in self.users or username != item["username"]:
            raise FirstError(_("Brukernavnet %(name)s står to ganger eller er ikke skrevet med små bokstaver.") % {"name": item["username"]})
        initials = "".join(part[0] for part in f"{item['given_name']} {item['family_name']}".split())[:4].upper()
        user = User.objects.using(self.using).create(
            username=username, given_name=item["given_name"], family_name=item["family_name"], initials=initials
        )
        self.users[username] = user
        if licence := item.get("licence"):
            _choice(Licence.Profession, licence["profession"])
            Licence.objects.using(self.using).create(
                user=user, profession=licence["profession"], hpr_number=licence["hpr_number"], valid_from=self.at
            )

    def roles(self, item: dict[str, Any], administrators: list[str]) -> None:
        """Given by the first administrator who is not oneself."""
        user = self.users[item["username"]]
        giver = next(self.users[name] for name in administrators if name != item["username"])
        codes = {role.code: role for role in RoleTemplate.objects.using(self.using).all()}
        for held in item["roles"]:
            AccessAuthorisation.objects.using(self.using).create(
                user=user, role=_named(codes, held["role"]), unit=_named(self.units, held["unit"]), valid_from=self.at, given_by=giver,
                reason="Første installasjon",
            )  # fmt: skip

    def permissions(self, administrators: list[str]) -> None:
        permission = Permission.objects.using(self.using).get(codename=PERMISSION, content_type__app_label="access")
        UserObjectPermission.objects.using(self.using).bulk_create(
            UserObjectPermission(permission_id=permission.pk, content_type_id=permission.content_type_id, object_pk=str(unit.pk), user=self.users[name])
            for name in administrators for unit in self.units.values()
        )  # fmt: skip

    def log(self, administrators: list[str]) -> None:
        row = {"action": "register_first", "outcome": "allow", "reason": ", ".join(administrators),
               "objects_shown": {"user": [str(user.pk) for user in self.users.values()]}}  # fmt: skip
        with connections[self.using].cursor() as cursor:
            cursor.execute("SELECT auditlog.write(jsonb_populate_record(NULL::auditlog_entry, %s::jsonb))", [json.dumps(row)])

    def password(self, user: User) -> str:
        password = new_start_password()
        credential_set(user_id=user.pk, password=password, start_until=self.at + START_FOR, using=self.using)
        return password


def _named(known: dict[str, Any], name: str) -> Any:
    if name not in known:
        raise FirstError(_("«%(name)s» er ikke nevnt i filen eller finnes ikke.") % {"name": name})
    return known[name]


def _choice(choices: Any, value: str) -> None:
    if value not in choices.values:
        raise FirstError(_("«%(value)s» er ikke blant %(choices)s.") % {"value": value, "choices": ", ".join(choices.values)})
