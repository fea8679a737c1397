"""What is written into a case: its texts, its people, services and orders."""

from __future__ import annotations

from cases.models import (
    BlindGram,
    Order,
    Party,
    PartyContact,
    PartyIdentity,
    SectionText,
    ServiceRecord,
)
from cases.services import case as cases
from core import clock
from tests.cases.forms import keyed, typed, url_of
from tests.cases.scenes import as_it_is, assessed, client_of, opened, party_of
from tests.roles import as_owner
from tests.world import World


def test_two_who_write_the_same_section_lose_nothing(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    url = url_of(case, "sections/medical/")
    with world.acting("manager2") as by:
        cases.section_write(case_id=case.pk, section="medical", by=by, version=0, text="左臂骨折，已就诊")
    answer = browser.post(url, keyed(version="0", text="她说头晕"))  # began when nothing stood there
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "左臂骨折" in text
    assert "她说头晕" in text
    answer = browser.post(url, keyed(version="1", text="左臂骨折，已就诊；头晕"))
    assert answer.status_code == 302
    answer = browser.post(url, keyed(version="1", text="第三个人的话"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "左臂骨折，已就诊；头晕" in text
    with world.acting("manager"):
        assert SectionText.objects.get(case=case, section="medical").text.endswith("头晕")


def test_a_person_is_added_once_found_and_corrected(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    form = keyed(role="respondent", name="刘强", gender="male", relation="儿子", phone="0871-63112345", id_number="")
    for _again in range(2):
        assert browser.post(url_of(case, "people/add/"), form).status_code == 302
    with as_owner():
        party = Party.objects.get(case=case, role="respondent")
        assert party.may_not_be_contacted
        grams = set(BlindGram._base_manager.filter(party=party).values_list("gram", flat=True))
    panel = browser.get(url_of(case, "panels/people/")).content.decode()
    assert "刘强" in panel
    assert "63112345" not in panel
    edit = url_of(case, f"people/{party.pk}/identity/")
    answer = browser.post(edit, keyed(version="1", name="刘小强", gender="male"))
    assert answer.status_code == 302, answer.content.decode()
    assert browser.post(edit, keyed(version="1", name="刘大强", gender="male")).status_code == 409
    with as_owner():
        assert PartyIdentity._base_manager.get(party=party).version == 2
        now = set(BlindGram._base_manager.filter(party=party).values_list("gram", flat=True))
    assert now - grams, "the new name is in the index"
    assert grams & now, "and the phone still is"


def test_contact_and_safe_contact_are_corrected(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    party = party_of(case)
    url = url_of(case, f"people/{party}/contact/")
    assert (
        browser.post(url, keyed(version="1", phone="13911112222", address="翠湖南路1号", region="530102")).status_code
        == 302
    )
    with as_owner():
        row = PartyContact._base_manager.get(party_id=party)
    with world.acting("manager"):
        assert (PartyContact.objects.get(party_id=party).phone, row.version) == ("+8613911112222", 2)
    safe = url_of(case, f"people/{party}/safe-contact/")
    answer = browser.post(safe, keyed(version="1", safe_number="13911112222", hour_from="09:00", never_text="on"))
    assert answer.status_code == 422
    assert "hour_until" in answer.context["form"].errors
    assert (
        browser.post(safe, keyed(version="1", hour_from="09:00", hour_until="11:00", never_text="on")).status_code
        == 302
    )
    assert "09:00–11:00" in browser.get(url_of(case)).content.decode()


def test_services_and_orders_are_recorded_once(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    form = keyed(
        kind="legal_advice",
        happened_at=typed(clock.now()),  # an hour ago may be the day before the case
        minutes="40",
        note="告知赡养费请求权",
    )
    for _again in range(2):
        assert browser.post(url_of(case, "services/add/"), form).status_code == 302
    assert as_it_is(case).status == "in_progress"
    day = clock.today().isoformat()
    order = {
        "kind": "written_warning",
        "document_number": "云公（翠湖）家暴告字〔2026〕1号",
        "issuer": "翠湖派出所",
        "issued_on": day,
    }
    first = keyed(**order)
    for _again in range(2):
        assert browser.post(url_of(case, "orders/add/"), first).status_code == 302
    again = browser.post(url_of(case, "orders/add/"), keyed(**order))
    assert again.status_code == 422
    assert "document_number" in again.context["form"].errors
    with as_owner():
        assert ServiceRecord._base_manager.filter(case=case).count() == 1
        assert Order._base_manager.filter(case=case).count() == 1
    assert "告知赡养费请求权" in browser.get(url_of(case, "panels/services/")).content.decode()
    assert "家暴告字" in browser.get(url_of(case, "panels/orders/")).content.decode()


def test_an_order_of_another_centre_is_not_told(world: World) -> None:
    here, there = assessed(world), opened(world, office=world.offices["xishan"], name="外区人")
    order = {
        "kind": "written_warning",
        "document_number": "云公（西山）家暴告字〔2026〕9号",
        "issuer": "派出所",
        "issued_on": clock.today().isoformat(),
    }
    assert client_of(world, "xishan_manager").post(url_of(there, "orders/add/"), keyed(**order)).status_code == 302
    answer = client_of(world, "manager").post(url_of(here, "orders/add/"), keyed(**order))
    assert answer.status_code == 422
    assert "document_number" in answer.context["form"].errors
    assert "西山中心" not in answer.content.decode()
    own = client_of(world, "xishan_manager").post(url_of(there, "orders/add/"), keyed(**order))
    assert str(own.context["form"].errors["document_number"]) != str(answer.context["form"].errors["document_number"])
