"""The bodies of a county, a prefecture and the province: which units there are, under which, with or without accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from agencies.enums import UnitKind as U
from caremgmt.directory.ids import unit_id
from caremgmt.directory.tables import PROVINCE, Division, centre_rows, divisions, townships

VILLAGES = ("和平", "幸福", "新华")


@dataclass(frozen=True, slots=True)
class Body:
    """One unit: `key` names it within `home` (the county, prefecture or province that it is listed under)."""

    home: str
    key: str
    kind: str
    name: str
    short: str
    region: str
    parent: str = ""
    has_duty: bool = False
    has_accounts: bool = True

    @property
    def id(self) -> UUID:
        """The unit's id."""
        return unit_id(self.home, self.key)


@cache
def bodies_of(home: str) -> tuple[Body, ...]:
    """The units listed under a county, a prefecture or the province."""
    row = divisions()[home]
    if row.level == "county":
        return tuple(_county(row, next(centre.short for centre in centre_rows() if centre.region == home)))
    return tuple(_superior(row))


def all_bodies() -> list[Body]:
    """Every unit of the province, parents before children."""
    homes = [
        PROVINCE,
        *(row.code for row in divisions().values() if row.level == "prefecture"),
        *(row.region for row in centre_rows()),
    ]
    return sorted((body for home in homes for body in bodies_of(home)), key=lambda body: bool(body.parent))


def _county(row: Division, short: str) -> Iterator[Body]:
    code, full = row.code, row.name
    prefecture = divisions()[row.parent].name
    district = full.endswith("区")
    # 五华区, 兰坪县: one body is called by one name, on paper and in a list.
    area = f"{short}{full[-1]}" if full[-1] in "区市县" else full

    def body(
        key: str,
        kind: U,
        name: str,
        brief: str,
        *,
        region: str = code,
        parent: str = "",
        duty: bool = False,
        accounts: bool = True,
    ) -> Body:
        return Body(code, key, kind, name, brief, region, parent, duty, accounts)

    towns = townships(code)[:3]
    yield body(
        "police", U.POLICE, f"{prefecture}公安局{short}分局" if district else f"{full}公安局",
        f"{short}公安分局" if district else f"{area}公安局", duty=True,
    )  # fmt: skip
    yield body("court", U.COURT, f"{full}人民法院", f"{area}法院")
    yield body("procuratorate", U.PROCURATORATE, f"{full}人民检察院", f"{area}检察院")
    yield body("justice", U.JUSTICE, f"{full}司法局", f"{area}司法局")
    yield body("civil_affairs", U.CIVIL_AFFAIRS, f"{full}民政局", f"{area}民政局")
    yield body("education", U.EDUCATION, f"{full}教育体育局", f"{area}教体局")
    yield body("health", U.HEALTH, f"{full}卫生健康局", f"{area}卫健局")
    yield body("federation", U.FEDERATION, f"{full}妇女联合会", f"{area}妇联")
    yield body("political_legal", U.POLITICAL_LEGAL, f"中共{full}委政法委员会", f"{area}政法委")
    yield body("working_committee", U.WORKING_COMMITTEE, f"{full}妇女儿童工作委员会办公室", f"{area}妇儿工委办")
    yield body("governance", U.GOVERNANCE, f"{full}社会治安综合治理中心", f"{area}综治中心")
    yield body("human_resources", U.HUMAN_RESOURCES, f"{full}人力资源和社会保障局", f"{area}人社局", accounts=False)
    yield body("youth_league", U.YOUTH_LEAGUE, f"共青团{full}委员会", f"{area}团委", accounts=False)
    yield body("disabled", U.DISABLED, f"{full}残疾人联合会", f"{area}残联", accounts=False)
    yield body("union", U.UNION, f"{full}总工会", f"{area}总工会", accounts=False)
    yield body("petition", U.PETITION, f"{full}信访局", f"{area}信访局", accounts=False)
    yield body("hospital", U.HOSPITAL, f"{full}人民医院", f"{area}人民医院", duty=True)
    yield body("tribunal", U.COURT, f"{full}人民法院家事少年审判庭", f"{area}法院家事庭", parent="court")
    yield body(
        "juvenile", U.PROCURATORATE, f"{full}人民检察院未成年人检察部门", f"{area}检察院未检", parent="procuratorate"
    )
    yield body("legal_aid", U.LEGAL_AID, f"{full}法律援助中心", f"{area}法律援助中心", parent="justice")
    yield body("school", U.SCHOOL, f"{full}示范小学", f"{area}示范小学", parent="education")
    for number, town in enumerate(towns, start=1):
        place = town.name.removesuffix("街道").removesuffix("镇").removesuffix("乡")
        urban = town.name.endswith("街道")
        office = f"{town.name}办事处" if urban else f"{town.name}人民政府"
        yield body(f"town-{number}", U.TOWNSHIP, office, town.name, region=town.code)
        village = f"{VILLAGES[number - 1]}{'社区' if urban else '村'}"
        yield body(
            f"community-{number}", U.COMMUNITY, f"{town.name}{village}{'居民' if urban else '村民'}委员会", f"{place}{village}",
            region=town.code, parent=f"town-{number}",
        )  # fmt: skip
        if number <= 2:
            yield body(
                f"station-{number}",
                U.POLICE,
                f"{place}派出所",
                f"{place}派出所",
                region=town.code,
                parent="police",
                duty=True,
            )
    first = towns[0]
    place = first.name.removesuffix("街道").removesuffix("镇").removesuffix("乡")
    yield body("justice_office", U.JUSTICE, f"{place}司法所", f"{place}司法所", region=first.code, parent="justice")
    yield body(
        "town_federation",
        U.FEDERATION,
        f"{first.name}妇女联合会",
        f"{first.name}妇联",
        region=first.code,
        parent="federation",
    )
    if any(centre.region == code and centre.is_demonstration for centre in centre_rows()):
        yield body("law_firm", U.PROVIDER, f"{short}晨光律师事务所", f"{short}晨光律所")
        yield body("counselling", U.PROVIDER, f"{short}心桥心理咨询服务中心", f"{short}心桥心理")


def _superior(row: Division) -> Iterator[Body]:
    name, code = row.name, row.code
    brief = name if row.level == "province" or name.endswith("市") else _plain(name)
    yield Body(code, "federation", U.FEDERATION, f"{name}妇女联合会", f"{brief}妇联", code)
    yield Body(
        code,
        "police",
        U.POLICE,
        f"{name}公安{'厅' if row.level == 'province' else '局'}",
        f"{brief}公安{'厅' if row.level == 'province' else '局'}",
        code,
        has_duty=True,
    )
    court = "高级" if row.level == "province" else "中级"
    yield Body(code, "court", U.COURT, f"{name}{court}人民法院", f"{brief}{court}法院", code)
    yield Body(code, "procuratorate", U.PROCURATORATE, f"{name}人民检察院", f"{brief}检察院", code)
    yield Body(
        code,
        "civil_affairs",
        U.CIVIL_AFFAIRS,
        f"{name}民政{'厅' if row.level == 'province' else '局'}",
        f"{brief}民政{'厅' if row.level == 'province' else '局'}",
        code,
    )


_SHORT_PREFECTURES = {
    "532300": "楚雄州", "532500": "红河州", "532600": "文山州", "532800": "西双版纳州", "532900": "大理州",
    "533100": "德宏州", "533300": "怒江州", "533400": "迪庆州",
}  # fmt: skip


def _plain(name: str) -> str:
    return next(short for code, short in _SHORT_PREFECTURES.items() if divisions()[code].name == name)


def short_region(code: str) -> str:
    """How a prefecture is called in short: 昆明市, 楚雄州."""
    return _SHORT_PREFECTURES.get(code, divisions()[code].name)
