"""What stands in the register of authorisations beside the roles: courses, re-approvals under way, temps of a summer, and one who has left."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from guardian.models import UserObjectPermission

from access.models import (
    AccessAuthorisation,
    AuthorisationImport,
    Course,
    CourseCompletion,
    Departure,
    ReapprovalCycle,
    ReapprovalDecision,
    RequiredCourse,
    RoleTemplate,
    User,
)
from lms_epj.core.clock import oslo_date
from lms_epj.demo.load.organisation import Organisation
from lms_epj.demo.places import LMS

# code: name, months, roles that demand it («*»: every role that charts)
COURSES = {
    "informasjonssikkerhet": ("Informasjonssikkerhet og taushetsplikt", 24, ("*",)),
    "legemiddelhandtering": ("Legemiddelhåndtering", 36, ("lms_nurse", "home_nurse", "health_worker")),
    "brannvern": ("Brannvern og evakuering", 12, ()),
}
TEMPS = (("Sofie", "Hagen"), ("Emil", "Strand"), ("Amina", "Warsame"), ("Jakob", "Eide"))
DEMANDED_FOR = timedelta(days=400)


def load_staff_register(org: Organisation, now: datetime) -> None:
    """After everybody who works somewhere is there: those of the cast all have their courses, two of the ward's nurses lack one."""
    _object_permissions(org)
    _leaders(org, now)
    _courses(org, now)
    _summer_temps(org, now)
    _reapprovals(org, now)
    _departure(org, now)


def _object_permissions(org: Organisation) -> None:
    """The administrator holds every unit's register."""
    permission = Permission.objects.using(org.using).get(codename="administer_register", content_type__app_label="access")
    UserObjectPermission.objects.using(org.using).bulk_create(
        UserObjectPermission(permission_id=permission.pk, content_type_id=permission.content_type_id, object_pk=str(unit.pk), user=user)
        for user in _administrators(org) for unit in org.units.values()
    )  # fmt: skip


def _leaders(org: Organisation, now: datetime) -> None:
    """One of the nurses of each home nursing service leads it; Ås has not found a leader yet."""
    role = RoleTemplate.objects.using(org.using).get(code="unit_leader")
    for key, unit in org.units.items():
        if unit.kind != "home_nursing" or key == "as.home":
            continue
        nurse = (
            AccessAuthorisation.objects.using(org.using)
            .filter(unit=unit, role__code="home_nurse", user__username__startswith="staff-").order_by("user__username").first()
        )  # fmt: skip
        if nurse:
            org.add(AccessAuthorisation, user_id=nurse.user_id, role=role, unit=unit, valid_from=now - timedelta(days=700),
                    given_by=org.users["tilgang.admin"], reason="Fagleder i enheten")  # fmt: skip


def _administrators(org: Organisation) -> list[User]:
    return list(User.objects.using(org.using).filter(authorisations__role__administers_access=True).distinct())


def _courses(org: Organisation, now: datetime) -> None:
    admin, rng = org.users["tilgang.admin"], Random("kurs")
    roles = list(RoleTemplate.objects.using(org.using).all())
    demanded: dict[UUID, list[Course]] = {}
    for code, (name, months, demanding) in COURSES.items():
        course = org.add(Course, code=code, name=name, valid_months=months)
        for role in roles:
            if role.code in demanding or (role.may_chart and "*" in demanding):
                demanded.setdefault(role.pk, []).append(course)
                org.add(RequiredCourse, role=role, course=course, added_by=admin, valid_from=now - DEMANDED_FOR)
    held = AccessAuthorisation.objects.using(org.using).filter(role__in=demanded).values_list("user_id", "role_id", "unit_id", "user__username")
    without = {user for user, _, unit, username in sorted(held, key=str) if unit == org.units[LMS].pk and username.startswith("staff-")}
    lapsed = set(sorted(without, key=str)[:2])
    taken: dict[tuple[Any, Any], CourseCompletion] = {}
    for user, role, _, _ in held:
        for course in demanded[role]:
            days = rng.randint(60, 380) if user not in lapsed or course.code != "legemiddelhandtering" else 3 * 366
            at = now - timedelta(days=days)
            taken[user, course.pk] = CourseCompletion(
                user_id=user, course=course, completed_on=oslo_date(at), valid_from=at, valid_to=at + timedelta(days=30.4 * (course.valid_months or 1)),
                registered_by_id=None if user == admin.pk else admin.pk,
            )  # fmt: skip
    CourseCompletion.objects.using(org.using).bulk_create(taken.values(), batch_size=2000)


def _summer_temps(org: Organisation, now: datetime) -> None:
    """Four who came by one file and whose roles ran out."""
    admin, started = org.users["tilgang.admin"], now - timedelta(days=150)
    batch = org.add(AuthorisationImport, file_name="sommervikarer.csv", row_count=len(TEMPS), imported_by=admin, imported_at=started)
    role = RoleTemplate.objects.using(org.using).get(code="health_worker")
    for number, (given, family) in enumerate(TEMPS, 1):
        user = org.add(User, username=f"vikar.{number:02}", given_name=given, family_name=family, initials=given[0] + family[0])
        org.add(AccessAuthorisation, user=user, role=role, unit=org.units["as.home"], valid_from=started, valid_to=started + timedelta(days=60),
                given_by=admin, reason="Sommervikar", imported_in=batch)  # fmt: skip


def _reapprovals(org: Organisation, now: datetime) -> None:
    """The ward's is under way and half answered, one municipality's is overdue, the others were done in the spring."""
    leader = org.users["lms.leder"]
    for key, unit in org.units.items():
        opened = now - timedelta(days={LMS: 9, "as.home": 30}.get(key, 120))
        closed = None if key in (LMS, "as.home") else opened + timedelta(days=11)
        cycle = org.add(ReapprovalCycle, unit=unit, opened_at=opened, due_at=opened + timedelta(days=21), closed_at=closed)
        if key == LMS:
            held = AccessAuthorisation.objects.using(org.using).filter(unit=unit, valid_to=None).exclude(user=leader).order_by("user__family_name")
            for one in held[: held.count() // 2]:
                org.add(ReapprovalDecision, cycle=cycle, authorisation=one, approved=True, decided_by=leader, decided_at=opened + timedelta(days=2))


def _departure(org: Organisation, now: datetime) -> None:
    """A nurse of the ward left three weeks ago."""
    leader, left = org.users["lms.leder"], now - timedelta(days=21)
    held = AccessAuthorisation.objects.using(org.using).filter(
        unit=org.units[LMS], role__code="lms_nurse", valid_to=None, user__username__startswith="staff-").order_by("user__family_name").last()  # fmt: skip
    if held is None:
        return
    held.valid_to, held.ended_by, held.ended_at, held.ended_reason = left, leader, left, "Sluttet etter oppsigelse"
    held.save(using=org.using)
    held.user.is_active = False
    held.user.save(using=org.using)
    org.add(Departure, user=held.user, valid_from=left, reason="Sluttet etter oppsigelse", closed_by=leader,
            open_work={"drafts": 0, "unsigned": 1, "tasks": 2, "primary_contact": 0})  # fmt: skip
