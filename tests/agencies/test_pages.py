"""Directory, bell, accounts and access log."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from agencies.enums import Role
from agencies.models import AgencyKey, Notification, RoleGrant
from agencies.services.notifications import notify
from cases import registry
from cases.models import Burst, WorkItem
from core import clock
from core.casecode import case_code
from core.identity import acting_as, worker_identity
from tests.cases.scenes import client_of, opened
from tests.roles import as_owner, as_worker
from tests.world import ROLES_AT, World


def _ring(world: World, name: str, key: str = "work-item:1") -> None:
    with as_worker(), acting_as(worker_identity("test")):
        notify([world.users[name].pk], kind="work_item", key=key, url="/")


def test_bell_counts_answers_only_when_changed_and_is_read(world: World) -> None:
    _ring(world, "manager")
    _ring(world, "manager", "work-item:1:1")
    _ring(world, "director")
    browser = client_of(world, "manager")
    assert browser.get("/notifications/count/", {"have": "2"}).status_code == 204
    answer = browser.get("/notifications/count/", {"have": "0"})
    assert answer.status_code == 200
    assert "have=2" in answer.content.decode()
    assert browser.get("/notifications/").content.decode().count("<li data-tone") == 2
    assert browser.post("/notifications/read/").status_code == 302
    assert browser.get("/notifications/count/", {"have": "0"}).status_code == 204
    with as_owner():
        assert Notification.objects.filter(read_at__isnull=True).count() == 1  # the director's


def test_a_notice_names_what_waits_for_those_alone_who_may_see_it(world: World) -> None:
    case = opened(world)
    with as_owner():
        item = WorkItem._base_manager.get(case=case)
    with as_worker(), acting_as(worker_identity("test")):
        told = [world.users[name].pk for name in ("manager", "police_liaison")]
        notify(told, kind="work_item", key=f"work-item:{item.pk}:9", work_item_id=item.pk, url="/")
    title = str(registry.work_kinds[item.kind].title)
    text = client_of(world, "manager").get("/notifications/").content.decode()
    assert f"{title} · {case.number}" in text
    assert "刘桂芳" not in text
    text = client_of(world, "police_liaison").get("/notifications/").content.decode()
    assert text.count("<li data-tone") == 1
    assert title not in text
    assert case.number not in text


@pytest.mark.parametrize("name", sorted(ROLES_AT))
def test_directory_and_own_account_are_for_everyone(world: World, name: str) -> None:
    browser = client_of(world, name)
    for url in ("/directory/", "/directory/?tab=units", "/account/", "/notifications/"):
        assert browser.get(url).status_code == 200, url


def test_directory_filters_and_says_what_is_missing(world: World) -> None:
    browser = client_of(world, "province")
    assert "五华中心" not in browser.get("/directory/", {"prefecture": "532900"}).content.decode()
    text = browser.get("/directory/", {"prefecture": "530100", "county": "530102"}).content.decode()
    assert str(world.offices["wuhua"].pk) in text
    text = browser.get(
        "/directory/", {"tab": "units", "gap": "on", "prefecture": "530100", "county": "530102"}
    ).content.decode()
    assert str(world.units["court"].pk) in text
    assert str(world.units["police"].pk) not in text


def test_centre_page_names_staff_but_never_a_keeper(world: World) -> None:
    text = client_of(world, "police_liaison").get(f"/directory/offices/{world.offices['wuhua'].pk}/").content.decode()
    assert world.users["director"].name in text
    assert world.users["keeper"].name not in text
    assert client_of(world, "police_liaison").get(f"/directory/units/{world.units['court'].pk}/").status_code == 200


def test_accounts_are_for_the_system_administrator_alone(world: World) -> None:
    for name in sorted(ROLES_AT):
        assert client_of(world, name).get("/account/all/").status_code == (200 if name == "system" else 403), name
    browser = client_of(world, "system")
    text = browser.get("/account/all/", {"role": "keeper", "factor": "no", "state": "active"}).content.decode()
    assert "keeper" in text
    assert "police_liaison" not in text


def test_access_log_is_for_auditor_and_director_and_names_no_client(world: World) -> None:
    case = opened(world)
    client_of(world, "manager").get(f"/cases/{case.pk}/")
    client_of(world, "manager").get("/")
    for name in sorted(ROLES_AT):
        answer = client_of(world, name).get("/access-log/")
        assert answer.status_code == (200 if name in {"auditor", "director"} else 403), name
        assert "刘桂芳" not in answer.content.decode()
    text = client_of(world, "auditor").get("/access-log/", {"action": "denied"}).content.decode()
    assert world.users["manager"].name in text


def test_access_log_names_a_case_by_its_number_only_for_those_who_may_see_it(world: World) -> None:
    case = opened(world)
    client_of(world, "manager").get(f"/cases/{case.pk}/")
    director = client_of(world, "director").get("/access-log/").content.decode()
    assert case.number in director
    auditor = client_of(world, "auditor").get("/access-log/").content.decode()
    assert case.number not in auditor
    assert f"案件{case_code(case.pk)}" in auditor.replace(" ", "")
    assert case_code(case.pk) not in director


def test_an_alert_leads_to_what_this_one_person_did_that_day(world: World) -> None:
    case = opened(world)
    for who in ("manager", "manager2"):
        client_of(world, who).get(f"/cases/{case.pk}/")
    with as_owner():
        row = Burst.objects.create(
            actor=world.users["manager"], office=world.offices["wuhua"], kind="view", hour=clock.now(), count=60, usual=3, found_at=clock.now(),
        )  # fmt: skip
    director = client_of(world, "director")
    link = director.get(f"/bursts/{row.pk}/").context["log"]
    shown = director.get(link)
    assert {one["row"].actor_name for one in shown.context["rows"]} == {world.users["manager"].name}
    assert world.users["manager"].name == shown.context["who"]
    yesterday = str(clock.today() - dt.timedelta(days=1))
    assert director.get("/access-log/", {"who": world.users["manager"].pk, "day": yesterday}).context["rows"] == []
    assert client_of(world, "auditor").get(f"/bursts/{row.pk}/").context["log"] == link


def test_a_field_worker_finds_whom_to_call_and_her_centre(world: World) -> None:
    text = client_of(world, "field_worker").get("/").content.decode()
    assert "110" in text
    assert world.offices["wuhua"].short_name in text
    assert world.offices["xishan"].short_name not in text


def test_who_works_at_two_places_reads_both_above_the_navigation(world: World) -> None:
    with as_owner():
        RoleGrant.objects.create(
            user=world.users["manager"], role=Role.KEEPER, office=world.offices["xishan"], since=dt.date(2020, 1, 1)
        )
    brand = client_of(world, "manager").get("/").content.decode().partition('class="brand"')[2].partition("</a>")[0]
    assert world.offices["wuhua"].short_name in brand
    assert world.offices["xishan"].short_name in brand


def test_access_log_pages_by_key(world: World) -> None:
    browser = client_of(world, "manager")
    for _ in range(60):
        browser.get("/todo/00000000-0000-4000-8000-000000000000/")
    auditor = client_of(world, "auditor")
    first = auditor.get("/access-log/")
    assert len(first.context["rows"]) == 50
    assert first.context["next"]
    second = auditor.get("/access-log/", {"after": first.context["next"]})
    assert len(second.context["rows"]) >= 10
    assert not {one["row"].pk for one in first.context["rows"]} & {one["row"].pk for one in second.context["rows"]}
    assert auditor.get("/access-log/", {"after": "nonsense"}).status_code == 200


def _asked_key(world: World, day: dt.date) -> AgencyKey:
    answer = client_of(world, "system").post(
        "/account/keys/new/?prefecture=530100",
        {"unit": world.units["justice"].pk, "system": "司法平台", "valid_until": f"{day}"},
    )
    assert answer.status_code == 302
    with as_owner():
        return AgencyKey.objects.get()


def test_a_key_names_the_last_day_that_was_chosen(world: World) -> None:
    day = clock.today() + dt.timedelta(days=200)
    row = _asked_key(world, day)
    assert row.last_day == day
    assert row.valid_until == clock.day_bounds(day)[1]
    world.person("system2", Role.SYSTEM, "yunnan")
    browser = client_of(world, "system2")
    listed = browser.get("/account/keys/").content.decode()
    assert f">{day}<" in listed
    assert f"{day + dt.timedelta(days=1)}" not in listed
    assert "停用密钥" in listed
    assert "撤销" not in listed
    secret = browser.post(f"/account/keys/{row.pk}/confirm/", {"version": row.version})
    text = secret.content.decode()
    assert f"{day}" in text
    assert f"{day + dt.timedelta(days=1)}" not in text
    assert f'data-copy="{secret.context["secret"]}"' in text
    names = re.findall(r"<button[^>]*data-copy.*?</svg>(.*?)</button>", text, re.DOTALL)
    assert names == ["复制编号", "复制密钥"]
    assert "<th>" not in listed


def test_units_for_a_key_are_those_of_the_region_by_county(world: World) -> None:
    def offered(query: str) -> dict[str, list[str]]:
        field = client_of(world, "system").get(f"/account/keys/new/{query}").context["form"].fields["unit"]
        return {group: [name for _pk, name in units] for group, units in field.widget.choices[1:]}

    name = world.units["justice"].name
    assert name in offered("?prefecture=530100")["五华区"]
    assert name in offered("?prefecture=530100&county=530102")["五华区"]
    assert "五华区" not in offered("?prefecture=530100&county=530112")
    assert name not in str(offered(""))
    assert name not in str(offered("?prefecture=532900"))


def test_what_was_chosen_in_the_form_of_a_key_stays_whatever_the_filter_says(world: World) -> None:
    unit = world.units["justice"]
    for chosen in (str(unit.pk), "nonsense"):
        answer = client_of(world, "system").post("/account/keys/new/", {"unit": chosen, "system": ""})
        assert answer.status_code == 422
        assert (f'value="{unit.pk}" selected' in answer.content.decode()) == (chosen != "nonsense")
