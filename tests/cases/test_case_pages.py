"""The case page and its panels: who sees what, at which cost."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import (
    Case,
    PartyContact,
    PartyIdentity,
    TimelineEntry,
    WorkItem,
)
from cases.services import case as cases
from cases.services import persons
from cases.services.consents import Given
from core import clock
from referrals import services as referrals
from tests.cases.forms import keyed, url_of
from tests.cases.scenes import assessed, client_of, due_callback, opened, party_of, shared
from tests.roles import as_owner
from tests.world import World

OWN_PANELS = ("owed", "people", "texts", "risk", "services", "followups", "orders", "sharing")


def test_unknown_and_foreign_cases_are_the_same_404(world: World) -> None:
    case = opened(world)
    for name in ("xishan_manager", "police_liaison", "expert", "keeper"):
        browser = client_of(world, name)
        foreign, unknown = browser.get(url_of(case)), browser.get(f"/cases/{uuid4()}/")
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert case.number not in foreign.content.decode()


def test_a_manager_sees_the_whole_page(world: World) -> None:
    case = assessed(world, code_word="买两斤土豆", region_registration_id="530112")
    browser = client_of(world, "manager")
    text = browser.get(url_of(case)).content.decode()
    for wanted in (case.number, "刘桂芳", "买两斤土豆", "138****1234", "panel-referrals", "西山区"):
        assert wanted in text
    assert "13800001234" not in text
    assert "<title>刘桂芳" not in text
    for panel in OWN_PANELS:
        answer = browser.get(url_of(case, f"panels/{panel}/"))
        assert answer.status_code == 200, panel
        assert "13800001234" not in answer.content.decode()
    assert "独居" in browser.get(url_of(case, "panels/texts/")).content.decode()
    assert browser.get(url_of(case, "panels/log/")).status_code == 200
    assert client_of(world, "director").get(url_of(case, "panels/log/")).status_code == 200


def test_a_desk_sees_the_header_alone_and_how_to_call_while_a_callback_is_due(world: World) -> None:
    case, row, moment = due_callback(world)
    browser = client_of(world, "operator")
    with clock.at(moment):
        text = browser.get(url_of(case)).content.decode()
        assert case.number in text
        assert "买两斤土豆" in text
        assert "独居" not in text
        assert "timeline" not in text
        assert "panels/" not in text  # of the panels only her desk's own calls
        assert f"/followups/{row.pk}/" in text  # what the desk can do now
        assert reverse("hotline:new") in text
        for panel in OWN_PANELS:
            assert browser.get(url_of(case, f"panels/{panel}/")).status_code == 404, panel


def test_a_desk_that_took_the_call_sees_no_safe_contact(world: World) -> None:
    case = opened(world, code_word="买两斤土豆")
    text = client_of(world, "operator").get(url_of(case)).content.decode()
    assert case.number in text
    assert "买两斤土豆" not in text
    assert "独居" not in text


def test_a_liaison_sees_nothing_before_acceptance_and_only_what_is_shared_after(world: World) -> None:
    case = assessed(world)
    with world.acting("manager") as by:
        cases.section_write(case_id=case.pk, section="medical", by=by, version=0, text="左臂骨折")
        sent = referrals.referral_send(
            case_id=case.pk, by=by, unit=world.units["justice"], ask="legal_aid", ask_note="请提供法律援助", sections=["incident"], basis="consent", consent=Given("当面同意"))  # fmt: skip
    browser = client_of(world, "justice_liaison")
    assert browser.get(url_of(case)).status_code == 404
    with world.acting("justice_liaison") as by:
        referrals.referral_accept(referral_id=sent.pk, by=by, version=sent.version)
    page = browser.get(url_of(case))
    assert page.status_code == 200
    text = page.content.decode()
    assert "刘桂芳" not in text
    assert "panel-people" not in text
    assert "panel-sharing" not in text
    assert "btn-primary" not in text.split("page-head")[1].split("</header>")[0]
    texts = browser.get(url_of(case, "panels/texts/")).content.decode()
    assert "独居" in texts
    assert "骨折" not in texts
    for panel in ("people", "risk", "orders", "sharing", "work", "log"):
        assert browser.get(url_of(case, f"panels/{panel}/")).status_code in (403, 404), panel
    for form in ("assess", "plan", "close", "people/add", "services/add", "orders/add", "sections/incident"):
        assert browser.get(url_of(case, f"{form}/")).status_code == 403, form
        assert browser.post(url_of(case, f"{form}/"), keyed()).status_code == 403, form


def test_counselling_notes_are_the_managers_alone(world: World) -> None:
    case = assessed(world)
    assert client_of(world, "manager").get(url_of(case, "sections/counselling/")).status_code == 200
    assert client_of(world, "manager2").get(url_of(case, "sections/counselling/")).status_code == 404
    assert "sections/counselling" not in client_of(world, "manager2").get(url_of(case)).content.decode()


def test_the_director_sees_who_has_looked_and_everybody_of_the_centre_who_may(world: World) -> None:
    case = shared(world, ["incident"])
    client_of(world, "justice_liaison").get(url_of(case))
    log = client_of(world, "director").get(url_of(case, "panels/log/")).content.decode()
    assert world.users["justice_liaison"].name in log
    sharing = client_of(world, "manager").get(url_of(case, "panels/sharing/")).content.decode()
    assert "五华区司法局" in sharing


def _entries(case: Case, count: int) -> None:
    with as_owner():
        TimelineEntry._base_manager.bulk_create(
            TimelineEntry(
                case_id=case.pk,
                office_id=case.office_id,
                kind="case.planned",
                at=clock.now() - dt.timedelta(minutes=n),
                actor_name="甲",
            )
            for n in range(count)
        )


def _count(browser: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(url).status_code == 200
    return [query["sql"] for query in caught]


def test_the_page_takes_the_same_few_queries_at_20_and_2000_entries(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    _entries(case, 20)
    browser.get(url_of(case))
    few = _count(browser, url_of(case))
    _entries(case, 1980)
    many = _count(browser, url_of(case))
    assert len(many) == len(few)
    own = [sql for sql in many if 'FROM "cases_' in sql or "caremgmt_keys" in sql or "core_accesslog" in sql]
    assert len(own) <= 10
    # All told, with session, user, roles, identity and the shell; a test's own savepoint and its end come on top.
    said = [
        sql
        for sql in many
        if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config('app.identity', ''"))
    ]
    assert len(said) <= 15, said


def test_earlier_entries_come_by_keyset(world: World) -> None:
    case = assessed(world)
    _entries(case, 120)
    browser = client_of(world, "manager")
    page = browser.get(url_of(case))
    seen = [shown.entry.pk for shown in page.context["entries"]]
    token = page.context["earlier"]
    while token:
        answer = browser.get(url_of(case, "timeline/"), {"after": token})
        seen += [shown.entry.pk for shown in answer.context["entries"]]
        token = answer.context["earlier"]
    with as_owner():
        assert len(seen) == len(set(seen)) == TimelineEntry._base_manager.filter(case=case).count()


def test_what_nobody_had_the_time_to_ask_is_named_with_its_form_until_it_is_entered(world: World) -> None:
    case = opened(world, client_birth_year=None, region_residence_id=None)
    party, manager = party_of(case), client_of(world, "manager")
    identity, contact = (reverse(f"cases:person-{what}", args=[case.pk, party]) for what in ("identity", "contact"))
    here = reverse("cases:detail", args=[case.pk])
    with world.acting("manager") as by:
        item = WorkItem.objects.owed_by(by).get(kind="case.missing")
    assert manager.get(reverse("cases:work", args=[item.pk]))["Location"] == f"{here}#missing"
    assert [gap.url for gap in manager.get(here).context["gaps"]] == [identity, contact]
    row = next(row for row in manager.get("/").context["rows"] if row.item.pk == item.pk)
    assert str(row.words).startswith("出生年份")
    assert client_of(world, "operator").get(here).context["gaps"] == []
    with world.acting("manager") as by:
        who = PartyIdentity.objects.visible_to(by).get(party_id=party)
        values = {
            "name": who.name,
            "id_number": "",
            "gender": who.gender,
            "birth_year": 1962,
            "ethnicity": "",
            "language": "",
            "is_anonymous": False,
        }
        persons.identity_update(party_id=party, by=by, version=who.version, values=values)
        assert WorkItem.objects.owed_by(by).filter(pk=item.pk).exists()
    assert [gap.url for gap in manager.get(here).context["gaps"]] == [contact]
    with world.acting("manager") as by:
        where = PartyContact.objects.visible_to(by).filter(party_id=party).first()
        values = {"phone": "", "address": "", "region_id": "530102"}
        persons.contact_update(party_id=party, by=by, version=where.version if where else 0, values=values)
        assert not WorkItem.objects.open().filter(pk=item.pk).exists()
    assert manager.get(here).context["gaps"] == []
