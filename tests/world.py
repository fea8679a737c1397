"""A small world for tests: two centres in two districts, a desk, agencies with liaisons, and a person in every role.

Made as the owner; everything after it happens as the web role with a signed identity, like in the product.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef

from agencies.enums import Level, OfficeKind, Role, UnitKind
from agencies.identities import identity_of_user
from agencies.models import Office, Region, RoleGrant, Unit, User
from cases.models import Category, ClockRule, FollowUpRule
from core import clock, keys
from core.identity import Identity, acting_as, database_pads
from core.models import ClockOffset, IdentityKey, Installation
from tests.roles import as_owner

PASSWORD = "a-long-enough-password"
SINCE = dt.date(2020, 1, 1)
CLOCKS = {
    "triage": (1, "w"), "triage.high": (2, "h"), "case.plan": (2, "w"), "case.plan.high": (4, "h"), "case.review": (5, "w"),
    "case.review.high": (1, "w"), "case.missing": (3, "w"), "case.declined": (168, "h"), "followup.call": (4, "h"), "followup.failed": (1, "w"),
    "followup.failed.high": (4, "h"), "referral.accept": (1, "w"), "referral.accept.high": (2, "h"), "referral.respond": (3, "w"),
    "referral.review": (2, "w"), "referral.decide": (1, "w"), "referral.decide.high": (4, "h"), "contact.callback": (4, "h"), "contact.whereabouts": (1, "w"), "contact.joined": (1, "w"), "contact.draft": (2, "h"), "contact.draft.high": (1, "h"),
    "shelter.hold": (24, "h"), "refuge.stay": (10, "d"), "legal_aid.decide": (7, "d"), "legal_aid.assign": (3, "d"), "legal_aid.tell": (1, "w"),
    "mediation.pretrial": (30, "d"),
    "consent.decide": (1, "w"),
    "transfer.answer": (1, "w"), "transfer.answer.high": (2, "h"), "transfer.decide": (1, "w"), "transfer.decide.high": (2, "h"),
    "transfer.late.2": (4, "h"),
    "wall.decide": (1, "w"), "wall.match": (1, "w"), "wall.match.high": (4, "h"), "wall.late.2": (24, "h"),
    "joint.answer": (1, "w"), "joint.answer.high": (2, "h"), "joint.late.2": (4, "h"), "joint.work": (5, "w"), "joint.work.high": (1, "w"),
    "joint.decide": (1, "w"), "joint.decide.high": (2, "h"), "joint.longest": (6, "m"),
    "glass.confirm": (1, "h"), "glass.review": (24, "h"), "burst.review": (2, "w"), "approval.decide": (1, "w"),
    "referral.time": (1, "w"), "referral.away": (1, "w"), "referral.away.high": (2, "h"), "referral.name": (1, "w"), "referral.name.high": (2, "h"),
    "referral.supervise": (1, "w"), "referral.oversee": (3, "w"), "referral.stuck": (2, "w"),
    "referral.late.2": (1, "w"), "referral.late.3": (3, "w"), "referral.late.4": (5, "w"), "referral.late.5": (8, "w"), "referral.committee": (1, "w"), "late.2": (24, "h"), "late.3": (72, "h"),
    "conference": (5, "w"), "conference.high": (24, "h"), "conference.answer": (1, "w"), "conference.minutes": (2, "w"),
    "conference.confirm": (2, "w"), "conference.sign": (3, "w"), "conference.action": (5, "w"), "conference.close": (2, "w"),
}  # fmt: skip
ROLES_AT = {
    "operator": (Role.OPERATOR, "desk"), "operator2": (Role.OPERATOR, "desk"), "manager": (Role.MANAGER, "wuhua"),
    "manager2": (Role.MANAGER, "wuhua"), "director": (Role.DIRECTOR, "wuhua"), "xishan_manager": (Role.MANAGER, "xishan"),
    "keeper": (Role.KEEPER, "wuhua"), "expert": (Role.EXPERT, "wuhua"), "shift": (Role.SHIFT_SUPERVISOR, "desk"),
    "police_liaison": (Role.LIAISON, "police"), "police_liaison2": (Role.LIAISON, "police"), "justice_liaison": (Role.LIAISON, "justice"),
    "aid_officer": (Role.AID_OFFICER, "legal_aid"), "field_worker": (Role.FIELD_WORKER, "community"),
    "supervisor": (Role.SUPERVISOR, "kunming"), "province": (Role.PROVINCE, "yunnan"), "auditor": (Role.AUDITOR, "yunnan"),
    "system": (Role.SYSTEM, "yunnan"),
}  # fmt: skip


@dataclass
class World:
    """Everything by a short name."""

    regions: dict[str, Region] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def identity(self, name: str) -> Identity:
        """The identity of a person of this world."""
        return identity_of_user(self.users[name])

    def only_above(self) -> None:
        """The nearest level above is this world's supervisor: where the directory is loaded it has other supervisors too."""
        with as_owner():
            others = RoleGrant.objects.filter(role__in=[Role.SUPERVISOR, Role.PROVINCE])
            others.exclude(user__in=self.users.values()).update(until=SINCE)

    @contextmanager
    def acting(self, name: str) -> Iterator[Identity]:
        """Act as a person of this world: one transaction as the web role."""
        keys.forget()
        identity = self.identity(name)
        with acting_as(identity):
            yield identity

    def person(self, username: str, role: Role, place: str) -> User:
        """Make one more person."""
        with as_owner():
            self.people({username: (role, place)})
        return self.users[username]

    def moves(self, username: str, role: Role, place: str) -> None:
        """She leaves every post that she had and takes another one; her account stays."""
        user = self.users[username]
        office, unit = self.offices.get(place), self.units.get(place)
        with as_owner():
            user.role_grants.all().delete()
            user.groups.clear()
            RoleGrant.objects.create(user=user, role=role, office=office, unit=unit, since=SINCE)
            if unit:
                user.groups.add(unit.group)

    def people(self, roles_at: Mapping[str, tuple[Role, str]]) -> None:
        """Make people with a role at a place, all in three statements: a thousand tests begin with it. As the owner."""
        grants, memberships = [], []
        for username, (role, place) in roles_at.items():
            second = username[-1] if username[-1].isdigit() else ""
            user = self.users[username] = User(username=username, name=f"张{username[:6]}{second}")
            user.set_password(PASSWORD)
            office, unit, region = self.offices.get(place), self.units.get(place), self.regions.get(place)
            grants.append(
                RoleGrant(
                    user=user,
                    role=role,
                    office=office,
                    unit=unit,
                    region=None if office or unit else region,
                    since=SINCE,
                )
            )
            if (office or unit) and role in {Role.LIAISON, Role.AID_OFFICER, Role.OPERATOR, Role.SHIFT_SUPERVISOR}:
                memberships.append(User.groups.through(user=user, group=(office or unit).group))  # type: ignore[union-attr]
        User.objects.bulk_create(self.users[username] for username in roles_at)
        RoleGrant.objects.bulk_create(grants)
        User.groups.through.objects.bulk_create(memberships)


def _regions(world: World) -> None:
    rows = [
        ("yunnan", "530000", "云南省", Level.PROVINCE, None), ("kunming", "530100", "昆明市", Level.PREFECTURE, "yunnan"),
        ("wuhua_district", "530102", "五华区", Level.COUNTY, "kunming"), ("xishan_district", "530112", "西山区", Level.COUNTY, "kunming"),
        ("dali", "532900", "大理白族自治州", Level.PREFECTURE, "yunnan"), ("dali_city", "532901", "大理市", Level.COUNTY, "dali"),
    ]  # fmt: skip
    for name, code, zh, level, parent in rows:
        made, _ = Region.objects.get_or_create(
            code=code, defaults={"name": zh, "level": level, "parent": world.regions[parent] if parent else None}
        )
        world.regions[name] = made


def _places(world: World) -> None:
    offices = [
        ("wuhua", OfficeKind.CENTRE, "五华区妇女儿童“一站式”关爱服务中心", "五华中心", "wuhua_district"),
        ("xishan", OfficeKind.CENTRE, "西山区妇女儿童“一站式”关爱服务中心", "西山中心", "xishan_district"),
        ("desk", OfficeKind.DESK, "昆明市12338热线台", "昆明12338", "kunming"),
    ]
    Office.objects.desks().update(
        closed_on=SINCE
    )  # where the directory is loaded, its desks would take this world's callbacks
    for name, kind, full, short, region in offices:
        group = Group(name=f"测试:{full}")
        world.offices[name] = Office(
            kind=kind, name=f"测试{full}", short_name=short, region=world.regions[region], group=group, opened_on=SINCE
        )
    units = [
        ("police", UnitKind.POLICE, "五华公安分局", "wuhua_district"), ("justice", UnitKind.JUSTICE, "五华区司法局", "wuhua_district"),
        ("legal_aid", UnitKind.LEGAL_AID, "五华区法律援助中心", "wuhua_district"),
        ("community", UnitKind.COMMUNITY, "翠湖社区", "wuhua_district"), ("court", UnitKind.COURT, "五华区人民法院", "wuhua_district"),
    ]  # fmt: skip
    for name, kind, full, region in units:
        group = Group(name=f"测试单位:{full}")
        world.units[name] = Unit(
            kind=kind,
            name=f"测试{full}",
            short_name=full,
            region=world.regions[region],
            group=group,
            has_duty=kind == UnitKind.POLICE,
        )
    Group.objects.bulk_create(place.group for place in (*world.offices.values(), *world.units.values()))
    Office.objects.bulk_create(world.offices.values())
    Unit.objects.bulk_create(world.units.values())


def _tables() -> None:
    Installation.objects.get_or_create(id=1, defaults={"kind": "demo"})
    ClockOffset.objects.get_or_create(id=1)
    inner, outer = database_pads()
    IdentityKey.objects.update_or_create(key_id="k", defaults={"inner_pad": inner, "outer_pad": outer})
    categories = [
        ("A", "婚姻家庭权益", None, False, False), ("A01", "家庭暴力（夫妻/伴侣）", "A", True, False), ("A06", "赡养、扶养", "A", False, False),
        ("E", "儿童权益", None, False, True), ("E01", "家庭暴力、虐待", "E", True, True), ("Z", "其他", None, False, False),
        ("Z99", "其他", "Z", False, False),
    ]  # fmt: skip
    Category.objects.bulk_create(
        [Category(code=code, zh=zh, en=code, parent_id=parent, is_violence=violence, concerns_minor=minor, proposes=["police", "justice"])
         for code, zh, parent, violence, minor in categories],
        ignore_conflicts=True,  # where the directory is loaded they stand already
    )  # fmt: skip
    ClockRule.objects.bulk_create(
        [ClockRule(code=code, version=1, zh=code, en=code, length=length, unit=unit, valid_from=SINCE) for code, (length, unit) in CLOCKS.items()],
        ignore_conflicts=True,
    )  # fmt: skip
    rules = [("opened", "high", 24), ("answered", "low", 72), ("answered", "medium", 48), ("answered", "high", 24), ("in_follow_up", "low", 72),
             ("in_follow_up", "medium", 72), ("in_follow_up", "high", 48)]  # fmt: skip
    known = set(FollowUpRule.objects.filter(office=None).values_list("event", "risk", "after_hours"))
    FollowUpRule.objects.bulk_create(
        FollowUpRule(event=event, risk=risk, after_hours=hours)
        for event, risk, hours in rules
        if (event, risk, hours) not in known
    )


def build_world() -> World:
    """Make the world in the present database and transaction, as the owner. Works with or without the loaded directory."""
    world = World()
    with as_owner():
        _tables()
        _regions(world)
        _places(world)
        world.people(ROLES_AT)
    return world


def broken_promises() -> list[str]:
    """Numbers of open cases without an open work item of their own centre, and of open contacts without one: always empty (asked as the owner)."""
    from cases.enums import OPEN_STATUSES
    from cases.models import Case, WorkItem
    from hotline.models import Contact

    with as_owner():
        open_items = WorkItem.objects.filter(done_at__isnull=True)
        own = open_items.filter(case_id=OuterRef("pk"), office_id=OuterRef("office_id"))
        cases = Case._base_manager.filter(~Exists(own), status__in=OPEN_STATUSES)
        contacts = Contact._base_manager.filter(status="open").exclude(
            pk__in=open_items.filter(contact_id__isnull=False).values("contact_id")
        )
        return [case.number for case in cases] + [str(contact.number) for contact in contacts]


__all__ = ["PASSWORD", "World", "broken_promises", "build_world", "clock"]
