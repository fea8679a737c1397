"""The demo's accounts: one for every role, all with one password. A real installation never gets them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password

from agencies.enums import AT_OFFICE, AT_REGION, Role
from agencies.models import Office, RoleGrant, Unit, User
from caremgmt.demo.names import person_name
from caremgmt.directory.bodies import bodies_of, short_region
from caremgmt.directory.ids import centre_id, desk_id, stable_id, unit_id, user_id
from caremgmt.directory.offices import COUNTY_DESKS
from caremgmt.directory.reference import add_missing
from caremgmt.directory.tables import PROVINCE, centre_rows, divisions

# The password of every demo account; it is printed by `manage.py demo_accounts` and worth nothing anywhere else.
PASSWORD = "guanai-12338"
SINCE = dt.date(2018, 1, 1)
WUHUA, XISHAN, LANPING = "530102", "530112", "533325"

PREFECTURE_SLUGS = {
    "530100": "kunming", "530300": "qujing", "530400": "yuxi", "530500": "baoshan", "530600": "zhaotong", "530700": "lijiang",
    "530800": "puer", "530900": "lincang", "532300": "chuxiongzhou", "532500": "honghe", "532600": "wenshanzhou",
    "532800": "xishuangbanna", "532900": "dalizhou", "533100": "dehong", "533300": "nujiang", "533400": "diqing",
}  # fmt: skip
# Bodies of every centre's county that have a liaison of their own: user-name word, key of the body.
LIAISONS = [
    ("gongan", "police"), ("paichusuo", "station-1"), ("fayuan", "court"), ("jiancha", "procuratorate"), ("weijian", "juvenile"),
    ("sifa", "justice"), ("sifasuo", "justice_office"), ("minzheng", "civil_affairs"), ("jiaoyu", "education"), ("yiyuan", "hospital"),
    ("fulian", "federation"), ("jiedao", "town-1"), ("shequ", "community-1"),
]  # fmt: skip
WUHUA_ONLY = [
    ("weijianju", "health"), ("zhengfawei", "political_legal"), ("zongzhi", "governance"), ("xuexiao", "school"), ("jiating", "tribunal"),
    ("jiedaofulian", "town_federation"), ("fugongwei", "working_committee"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """A role at its place: a centre or desk, a unit (by home and key), or a region."""

    role: Role
    place: str  # a region's code
    key: str = ""  # of the unit
    at_desk: bool = False
    designated: bool = True  # of liaisons: the unit's designated member


@dataclass(frozen=True, slots=True)
class Account:
    """One demo account; `featured` ones are printed."""

    username: str
    name: str
    holdings: tuple[Holding, ...]
    featured: bool = False

    @property
    def id(self) -> UUID:
        """The user's id."""
        return user_id(self.username)


def _account(username: str, *holdings: Holding, name: str = "", gender: str = "", featured: bool = False) -> Account:
    rng = random.Random(username)
    return Account(
        username, name or person_name(rng, gender or rng.choice(["female", "female", "male"])), holdings, featured
    )


@cache
def accounts() -> tuple[Account, ...]:
    """Every account of the demo, the featured ones of the stories first."""
    found: dict[str, Account] = {}
    for account in (*_wuhua(), *_elsewhere(), *_above(), *_every_centre(), *_every_desk()):
        found.setdefault(account.username, account)
    return tuple(found.values())


def _wuhua() -> Iterator[Account]:
    """五华区: one account for each role of the stories."""
    yield _account("jiexian.wuhua", Holding(Role.OPERATOR, WUHUA, at_desk=True), name="段雨桐", featured=True)
    yield _account("jiexian2.wuhua", Holding(Role.OPERATOR, WUHUA, at_desk=True), name="普丽萍", featured=True)
    yield _account("zhiban.wuhua", Holding(Role.SHIFT_SUPERVISOR, WUHUA, at_desk=True), name="尹慧敏", featured=True)
    yield _account("anjian.wuhua", Holding(Role.MANAGER, WUHUA), name="和晓芸", featured=True)
    yield _account("anjian2.wuhua", Holding(Role.MANAGER, WUHUA), name="陶静怡", featured=True)
    yield _account("zhuren.wuhua", Holding(Role.DIRECTOR, WUHUA), name="白若兰", featured=True)
    yield _account("qixi.wuhua", Holding(Role.KEEPER, WUHUA), name="刀玉琼", featured=True)
    yield _account("xinli.wuhua", Holding(Role.EXPERT, WUHUA), name="施婉清", featured=True)
    yield _account("lvshi.wuhua", Holding(Role.EXPERT, WUHUA), name="董朝阳", featured=True)
    yield _account("yuanzhu.wuhua", Holding(Role.AID_OFFICER, WUHUA, "legal_aid"), name="罗采薇", featured=True)
    yield _account("wangge.wuhua", Holding(Role.FIELD_WORKER, WUHUA, "community-1"), name="沙家荣", featured=True)
    for word, key in (*LIAISONS, *WUHUA_ONLY):
        yield _account(f"{word}.wuhua", Holding(Role.LIAISON, WUHUA, key), featured=True)
    # A second liaison of the police, who can stand in when the first is away.
    yield _account(
        "gongan2.wuhua", Holding(Role.LIAISON, WUHUA, "police", designated=False), name="柴红星", featured=True
    )
    # The husband of story 4: a police auxiliary with an account, whom a wall keeps off one case.
    yield _account("fujing.wuhua", Holding(Role.LIAISON, WUHUA, "station-2"), name="陆成武", featured=True)
    yield _account("dudao.wuhua", Holding(Role.SUPERVISOR, WUHUA), featured=True)


def _elsewhere() -> Iterator[Account]:
    """西山区 (cross-district help) and a small county where one person holds several roles."""
    yield _account("anjian.xishan", Holding(Role.MANAGER, XISHAN), name="木雅婷", featured=True)
    yield _account("zhuren.xishan", Holding(Role.DIRECTOR, XISHAN), name="杨永芬", featured=True)
    yield _account("jiexian.xishan", Holding(Role.OPERATOR, XISHAN, at_desk=True), featured=True)
    for word, key in LIAISONS:
        yield _account(
            f"{word}.xishan",
            Holding(Role.LIAISON, XISHAN, key),
            featured=key in {"police", "federation", "community-1"},
        )
    yield _account(
        "duogang.lanping", Holding(Role.MANAGER, LANPING), Holding(Role.OPERATOR, LANPING, at_desk=True), Holding(Role.KEEPER, LANPING),
        name="和学珍", featured=True,
    )  # fmt: skip
    yield _account("zhuren.lanping", Holding(Role.DIRECTOR, LANPING), name="普凤仙", featured=True)


def _above() -> Iterator[Account]:
    """Supervisors, the province, and those who see no case."""
    for code, slug in PREFECTURE_SLUGS.items():
        yield _account(f"dudao.{slug}", Holding(Role.SUPERVISOR, code), featured=code == "530100")
        yield _account(f"fulian.{slug}", Holding(Role.LIAISON, code, "federation"))
    yield _account("dudao.yunnan", Holding(Role.SUPERVISOR, PROVINCE), featured=True)
    yield _account("shengji.yunnan", Holding(Role.PROVINCE, PROVINCE), name="高瑞芝", featured=True)
    yield _account("shenji.yunnan", Holding(Role.AUDITOR, PROVINCE), name="余维刚", featured=True)
    yield _account("xitong.yunnan", Holding(Role.SYSTEM, PROVINCE), name="钟云峰", featured=True)
    yield _account("xitong2.yunnan", Holding(Role.SYSTEM, PROVINCE), name="段立新", featured=True)


def _every_centre() -> Iterator[Account]:
    """Each centre has a director, a manager and liaisons of its county's bodies."""
    for centre in centre_rows():
        if centre.region != LANPING:
            yield _account(f"anjian.{centre.slug}", Holding(Role.MANAGER, centre.region), gender="female")
        yield _account(f"zhuren.{centre.slug}", Holding(Role.DIRECTOR, centre.region), gender="female")
        yield _account(f"qixi.{centre.slug}", Holding(Role.KEEPER, centre.region), gender="female")
        yield _account(f"yuanzhu.{centre.slug}", Holding(Role.AID_OFFICER, centre.region, "legal_aid"))
        for word, key in LIAISONS:
            yield _account(f"{word}.{centre.slug}", Holding(Role.LIAISON, centre.region, key))


def _every_desk() -> Iterator[Account]:
    slugs = (
        PREFECTURE_SLUGS
        | {PROVINCE: "yunnan"}
        | {c.region: c.slug for c in centre_rows() if c.region in COUNTY_DESKS and c.region != LANPING}
    )
    for code, slug in slugs.items():
        yield _account(f"jiexian.{slug}", Holding(Role.OPERATOR, code, at_desk=True), gender="female")


def _grant(account: Account, holding: Holding) -> RoleGrant:
    grant = RoleGrant(
        id=stable_id("grant", account.username, holding.role, holding.place, holding.key), user_id=account.id, role=holding.role, since=SINCE,
        is_designated=holding.role == Role.LIAISON and holding.designated,
    )  # fmt: skip
    if holding.role in AT_OFFICE:
        grant.office_id = desk_id(holding.place) if holding.at_desk else centre_id(holding.place)
    elif holding.role in AT_REGION:
        grant.region_id = holding.place
    else:
        grant.unit_id = unit_id(holding.place, holding.key)
    return grant


def load_accounts() -> int:
    """Add the demo's accounts, their roles and groups that are missing. Returns how many accounts were added.

    Raises RuntimeError in a real installation.
    """
    if not settings.DEMO:
        raise RuntimeError("demo accounts belong to a demo")
    wanted = accounts()
    known = set(User.objects.values_list("pk", flat=True))
    if all(account.id in known for account in wanted):
        return 0
    hashed = make_password(PASSWORD)  # once: they all share it, and hashing is slow on purpose
    add_missing(
        User, (User(id=account.id, username=account.username, name=account.name, password=hashed) for account in wanted)
    )
    grants = [_grant(account, holding) for account in wanted for holding in account.holdings]
    add_missing(RoleGrant, grants)
    groups = dict(Unit.objects.values_list("pk", "group_id")) | dict(
        Office.objects.desks().values_list("pk", "group_id")
    )
    places = ((grant.user_id, groups.get(grant.unit_id or grant.office_id or grant.pk)) for grant in grants)
    members = User.groups.through._base_manager
    members.bulk_create(
        [User.groups.through(user_id=user, group_id=group) for user, group in dict.fromkeys(places) if group],
        ignore_conflicts=True, batch_size=2000,
    )  # fmt: skip
    return len(wanted) - len(known & {account.id for account in wanted})


def describe(holding: Holding) -> tuple[str, str]:
    """(centre or desk or region, agency) in Chinese, as the table of accounts shows a role's place."""
    if holding.key:
        return "", next(body.name for body in bodies_of(holding.place) if body.key == holding.key)
    region = short_region(holding.place)
    if holding.role in AT_OFFICE:
        return f"{region}12338热线台" if holding.at_desk else f"{divisions()[holding.place].name}关爱服务中心", ""
    return region, ""
