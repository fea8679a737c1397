"""Services for several people at one visit, and orders that belong to no case."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from cases.models import Case, Order, Party, ServiceRecord
from cases.services import records
from core import clock
from core.errors import DomainError
from tests.cases.scenes import assessed, client_of, opened
from tests.roles import as_owner
from tests.world import World


def _with_child(world: World) -> tuple[Case, Party, Party]:
    case = opened(world)
    form = {"role": "child", "name": "小星", "gender": "female", "birth_year": "2018"}
    assert client_of(world, "manager").post(f"/cases/{case.pk}/people/add/", form).status_code == 302
    with as_owner():
        return case, Party.objects.get(case=case, is_primary=True), Party.objects.get(case=case, role="child")


def _service(world: World, case: Case, **more: object) -> tuple[int, str]:
    at = clock.local(clock.now())  # not an hour ago: after midnight that is the day before the case
    form = {"kind": "care", "happened_at": f"{at:%Y-%m-%dT%H:%M}", "note": "", **more}
    answer = client_of(world, "manager").post(f"/cases/{case.pk}/services/add/", form)
    return answer.status_code, answer.content.decode()


def test_a_mother_and_her_child_at_one_visit_are_two_people(world: World) -> None:
    case, mother, child = _with_child(world)
    assert _service(world, case, parties=[mother.pk, child.pk])[0] == 302
    with as_owner():
        rows = list(ServiceRecord.objects.filter(case=case))
    assert {row.person_id for row in rows} == {mother.person_id, child.person_id}
    assert len({row.occasion for row in rows}) == 1
    panel = client_of(world, "manager").get(f"/cases/{case.pk}/panels/services/").content.decode()
    assert panel.count("<strong>") == 1
    assert "2" in panel


def test_two_colleagues_at_one_visit_give_one_service(world: World) -> None:
    case, mother, child = _with_child(world)
    _service(world, case, parties=[mother.pk])
    with as_owner():
        visit = ServiceRecord.objects.get(case=case).occasion
    status, page = _service(world, case, parties=[mother.pk], occasion=visit, note="两位同事一起去的")
    assert status == 422
    assert "两位同事一起去的" in page
    assert _service(world, case, parties=[child.pk], occasion=visit)[0] == 302
    assert _service(world, case, parties=[mother.pk], occasion=visit, kind="counselling")[0] == 302
    with as_owner():
        assert ServiceRecord.objects.filter(case=case, occasion=visit).count() == 3


def test_a_service_is_for_people_of_this_case_and_a_visit_of_it(world: World) -> None:
    case, mother, _child = _with_child(world)
    other, stranger, _other_child = _with_child(world)
    assert _service(world, case, parties=[stranger.pk])[0] == 422
    _service(world, other, parties=[stranger.pk])
    with as_owner():
        visit = ServiceRecord.objects.get(case=other).occasion
    _service(world, case, parties=[mother.pk])
    assert _service(world, case, parties=[mother.pk], occasion=visit)[0] == 422


def test_a_supervision_order_without_a_case_is_entered_once_and_seen_by_its_centre(world: World) -> None:
    form = {
        "document_number": "五华检未督监〔2026〕9号",
        "issuer": "五华区人民检察院",
        "issued_on": "2026-01-05",
        "valid_until": "",
    }
    browser = client_of(world, "manager")
    assert browser.post("/orders/", form).status_code == 302
    again = browser.post("/orders/", form)
    assert again.status_code == 422
    assert form["issuer"] in again.content.decode()
    assert form["document_number"] in browser.get("/orders/").content.decode()
    assert form["document_number"] not in client_of(world, "xishan_manager").get("/orders/").content.decode()
    assert client_of(world, "police_liaison").get("/orders/").status_code == 403
    with world.acting("xishan_manager") as by:
        assert not Order.objects.visible_to(by).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_order")
            assert cursor.fetchone()[0] == 0


def test_many_orders_without_a_case_are_turned_over_page_by_page(world: World) -> None:
    office, at = world.offices["wuhua"], clock.now()
    with as_owner():
        Order.objects.bulk_create(
            Order(
                office=office, region_id=office.region_id, kind="supervision_order", document_number=f"五华检未督监〔2025〕{n}号",
                issuer="五华区人民检察院", issued_on=dt.date(2025, 1, 1), entered_at=at - dt.timedelta(hours=n),
            )
            for n in range(60)
        )  # fmt: skip
    browser = client_of(world, "manager")
    first = browser.get("/orders/")
    rest = browser.get("/orders/", {"after": first.context["page"].next})
    assert (len(first.context["rows"]), len(rest.context["rows"])) == (50, 10)


def test_an_order_of_tomorrow_is_told_beside_its_field(world: World) -> None:
    form = {
        "document_number": "昆检未督监〔2099〕1号",
        "issuer": "检察院",
        "issued_on": "2099-01-01",
        "valid_until": "",
    }
    answer = client_of(world, "manager").post("/orders/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors["issued_on"]


def test_nothing_was_given_in_a_case_before_it_was_received(world: World) -> None:
    case = assessed(world)
    with world.acting("manager") as by:
        with pytest.raises(DomainError, match="before_case"):
            records.service_record(
                case_id=case.pk, by=by, kind="counselling", happened_at=clock.now() - dt.timedelta(days=2)
            )
        assert records.service_record(case_id=case.pk, by=by, kind="counselling", happened_at=clock.now())
