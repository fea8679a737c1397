"""Centres with their rooms, 12338 desks, and the units of the bodies; each unit and office is a group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.contrib.auth.models import Group

from agencies.enums import OfficeKind, RoomKind
from agencies.models import Office, Provider, Room, Unit
from caremgmt.directory.bodies import all_bodies, short_region
from caremgmt.directory.ids import centre_id, desk_id, stable_id
from caremgmt.directory.reference import add_missing
from caremgmt.directory.tables import PROVINCE, centre_rows, divisions

# Counties whose desk answers 12338 itself; elsewhere the prefecture's does.
COUNTY_DESKS = ("530102", "530112", "530381", "530581", "533325")
ROOMS = [
    ("接待室", RoomKind.RECEPTION), ("会商室", RoomKind.MEETING), ("心理咨询室", RoomKind.COUNSELLING), ("询问取证室", RoomKind.INTERVIEW),
]  # fmt: skip


def load_offices() -> int:
    """Centres, desks, rooms, units and providers that are missing. Returns how many rows were added."""
    if Office.objects.centres().count() >= len(centre_rows()) and Unit.objects.count() >= len(all_bodies()):
        return 0
    offices = [*_centres(), *_desks()]
    bodies = all_bodies()
    groups = _groups([f"office {office.pk}" for office in offices] + [f"unit {body.id}" for body in bodies])
    for office in offices:
        office.group_id = groups[f"office {office.pk}"]
    added = add_missing(Office, offices)
    added += add_missing(Room, _rooms())
    units = {
        body.id: Unit(
            id=body.id, kind=body.kind, name=body.name, short_name=body.short, region_id=body.region, has_duty=body.has_duty,
            has_accounts=body.has_accounts, group_id=groups[f"unit {body.id}"],
        )
        for body in bodies
    }  # fmt: skip
    keys = {(body.home, body.key): body.id for body in bodies}
    for body in bodies:
        units[body.id].parent_id = keys[body.home, body.parent] if body.parent else None
    added += add_missing(Unit, units.values())
    professions = {"law_firm": "律师", "counselling": "心理咨询师"}
    added += add_missing(
        Provider,
        (
            Provider(
                id=stable_id("provider", body.home, body.key),
                unit_id=body.id,
                profession=professions[body.key],
                contract_until=dt.date(2027, 12, 31),
            )
            for body in bodies
            if body.key in professions
        ),
    )
    return added


def _groups(names: list[str]) -> dict[str, int]:
    known = dict(Group.objects.filter(name__in=names).values_list("name", "pk"))
    made = Group.objects.bulk_create([Group(name=name) for name in names if name not in known], batch_size=2000)
    return known | {group.name: group.pk for group in made}


def _centres() -> Iterator[Office]:
    for row in centre_rows():
        county = divisions()[row.region]
        prefecture = divisions()[county.parent]
        yield Office(
            id=centre_id(row.region), kind=OfficeKind.CENTRE, name=f"{prefecture.name}{county.name}妇女儿童“一站式”关爱服务中心",
            short_name=f"{_brief(county.name, row.short)}关爱服务中心",
            region_id=row.region, phone="12338", opened_on=row.opened_on, is_demonstration=row.is_demonstration,
            address=f"{county.name}妇女儿童活动中心一楼",
        )  # fmt: skip


def _brief(county: str, short: str) -> str:
    """五华区, 宣威市, 石林县."""
    if county.startswith(short) and county[len(short) :] in {"区", "市", "县"}:
        return county
    return county if short.endswith("市") else f"{short}县"


def _desks() -> Iterator[Office]:
    prefectures = [row.code for row in divisions().values() if row.level == "prefecture"]
    for code in (PROVINCE, *prefectures, *COUNTY_DESKS):
        name = short_region(code)
        yield Office(
            id=desk_id(code), kind=OfficeKind.DESK, name=f"{name}12338妇女维权公益服务热线台", short_name=f"{name}12338热线", region_id=code,
            phone="12338", opened_on=dt.date(2018, 1, 1), always_open=code in (PROVINCE, "530100", "530102"),
        )  # fmt: skip


def _rooms() -> Iterator[Room]:
    for row in centre_rows():
        wanted = [*ROOMS, ("巡回法庭", RoomKind.COURTROOM)] if row.is_demonstration or row.region == "530112" else ROOMS
        for name, kind in wanted:
            yield Room(id=stable_id("room", row.region, name), office_id=centre_id(row.region), name=name, kind=kind)
