"""Letters that go out together, what each section rests on, and who may consent for whom."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from cases.models import (
    AccessGrant,
    Case,
    Consent,
    Party,
    PartyContact,
    PartyIdentity,
    SafeContact,
    SectionText,
    WorkItem,
)
from cases.services import access, consents
from cases.services.consents import Given
from cases.services.people import PersonData
from cases.services.persons import person_add
from core import clock
from core.errors import DomainError, NotFound
from core.identity import as_verb
from core.models import Audit, OutboxItem
from referrals import services
from referrals.conferences import services as conferences
from referrals.models import Referral
from referrals.services.letters import NewLetter, Refused
from tests.legalaid.conftest import send as apply_for_aid
from tests.referrals.conference_scene import accepted, item_of, letter_of, matter, meeting
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]


def letters(world: World, *units: str, **more: Any) -> list[NewLetter]:
    values: dict[str, Any] = {"ask": "visit", "sections": ["identity", "incident"], "basis": "duty"} | more
    return [NewLetter(unit=world.units[unit], **values) for unit in units]


def child(world: World, age: int, **case_more: Any) -> Case:
    """A case of a minor of this age, as far as the year of birth tells."""
    case = open_case(world, category="A06", minor=True, **case_more)
    with as_owner():
        PartyIdentity._base_manager.filter(case_id=case.pk).update(birth_year=clock.today().year - age)
    return case


def test_letters_go_out_together_each_its_own(world: World) -> None:
    case = open_case(world)
    with world.acting("manager") as by:
        sent = services.referrals_send(case_id=case.pk, by=by, letters=letters(world, "police", "justice", "court"))
    assert len({row.number for row in sent}) == 3
    with world.acting("justice_liaison") as by:
        assert list(Referral.objects.visible_to(by)) == [sent[1]]
        assert Referral._base_manager.count() == 1
    with as_owner():
        items = WorkItem._base_manager.filter(kind="referral.accept", source_id__in=[row.pk for row in sent])
        assert items.count() == 3
        audit = Audit.objects.get(verb="referral.send", case_id=case.pk)
        assert {each["referral"] for each in audit.detail["letters"]} == {str(row.pk) for row in sent}


def test_all_of_them_or_none_and_everything_that_is_wrong_at_once(world: World) -> None:
    case = open_case(world)
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", group_id=world.units["justice"].group_id)
    wrong = [
        *letters(world, "police", "justice"),
        *letters(world, "court", sections=["evidence"], ask_note="联系刘桂芳", answer_due_at=clock.now() - dt.timedelta(days=1)),
        *letters(world, "police"),
    ]  # fmt: skip
    with world.acting("manager") as by, pytest.raises(Refused) as refused:
        services.referrals_send(case_id=case.pk, by=by, letters=wrong)
    found = {(place, error.code, error.field) for place, error in refused.value.found}
    assert found >= {
        (1, "walled", "unit"), (2, "investigators_only", "sections"), (2, "names", "ask_note"), (2, "past", "answer_due_at"),
        (3, "sent_already", "unit"),
    }  # fmt: skip
    with as_owner():
        assert not Referral._base_manager.exists()
        assert not AccessGrant.objects.filter(source_kind="referral").exists()


def test_another_centre_sends_nothing_of_this_case(world: World) -> None:
    case = open_case(world)
    with world.acting("xishan_manager") as by, pytest.raises(NotFound):
        services.referrals_send(case_id=case.pk, by=by, letters=letters(world, "police"))


def form_of(world: World, unit: str, **more: Any) -> dict[str, Any]:
    return {
        "unit": str(world.units[unit].pk),
        "kin": "no",
        "ask": "visit",
        "basis": "duty",
        "sections": ["identity"],
        **more,
    }


def numbered(number: int, form: dict[str, Any]) -> dict[str, Any]:
    return {f"{number}-{name}": value for name, value in form.items()}


def test_the_form_sends_several(world: World, case: Case, login: Login) -> None:
    url, browser, key = reverse("referrals:send", args=[case.pk]), login("manager"), str(uuid.uuid4())
    form = form_of(world, "police", letters="2", request_key=key) | numbered(2, form_of(world, "justice", ask="inform"))
    for _ in range(2):  # pressed twice: done once
        answer = browser.post(url, form)
        assert (answer.status_code, answer["Location"]) == (302, reverse("cases:detail", args=[case.pk]))
    with as_owner():
        asked = set(Referral._base_manager.values_list("unit_id", "ask"))
    assert asked == {(world.units["police"].pk, "visit"), (world.units["justice"].pk, "inform")}


def test_one_more_letter_keeps_what_was_typed_and_sends_nothing(world: World, case: Case, login: Login) -> None:
    url, browser = reverse("referrals:send", args=[case.pk]), login("manager")
    form = form_of(world, "police", letters="1", ask_note="写了很久", sections=["identity", "risk"])
    answer = browser.post(url, form | {"add": str(world.units["justice"].pk)})
    assert answer.status_code == 200
    first, second = answer.context["letters"]
    assert (first.chosen_unit, second.chosen_unit) == (world.units["police"], world.units["justice"])
    assert first["ask_note"].value() == "写了很久"
    assert not second["ask_note"].value()  # what is asked is each unit's own
    assert not second["ask"].value()
    assert second["sections"].value() == ["identity", "risk"]
    assert not second["kin"].value()
    both = form | {"letters": "2"} | numbered(2, form_of(world, "court", ask_note="第二封"))
    fewer = browser.post(url, both | {"remove": "1"})
    assert len(fewer.context["letters"]) == 1
    assert "第二封" not in fewer.content.decode()
    for none in ("0", "2", "-1", "x", "9" * 5000):
        assert len(browser.post(url, both | {"remove": none}).context["letters"]) == 2, none[:3]
    with as_owner():
        assert not Referral._base_manager.exists()


def test_the_form_says_everything_at_once_beside_the_fields(world: World, case: Case, login: Login) -> None:
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", group_id=world.units["justice"].group_id)
    form = form_of(
        world, "police", letters="2", kin="", basis="consent", answer_due_at="2020-01-01T10:00", ask_note="联系刘桂芳"
    )
    form |= numbered(2, form_of(world, "justice", ask="", sections=["evidence"]))
    answer = login("manager").post(reverse("referrals:send", args=[case.pk]), form)
    assert answer.status_code == 422
    first, second = answer.context["letters"]
    assert set(first.errors) == {"kin", "consent_note", "answer_due_at", "ask_note"}
    assert set(second.errors) == {"unit", "ask", "sections"}
    page = answer.content.decode()
    assert "联系刘桂芳" in page
    assert "同意的方式（选填）" not in page
    with as_owner():
        assert not Referral._base_manager.exists()


def test_each_section_has_a_basis_of_its_own(world: World, case: Case, login: Login) -> None:
    row = send_letter(
        world,
        case,
        sections=["identity", "incident", "risk"],
        basis="consent",
        bases={"risk": "mandatory_report"},
        consent_note="当面",
    )
    assert row.bases == {"identity": "consent", "incident": "consent", "risk": "mandatory_report"}
    with as_owner():
        grants = AccessGrant.objects.filter(source_id=row.pk).exclude(section="letter")
        by_section = {grant.section: (grant.basis, grant.consent_id is not None) for grant in grants}
        consent = Consent._base_manager.get(case=case)
    assert by_section["identity"] == ("consent", True)
    assert by_section["risk"] == ("mandatory_report", False)
    assert by_section["safe_contact"] == ("mandatory_report", False)
    assert set(consent.sections) == {"identity", "incident"}
    page = login("justice_liaison").get(reverse("referrals:detail", args=[row.pk])).content.decode()
    assert "《个人信息保护法》第十三条第一款第（一）项" in page
    assert "《未成年人保护法》第十一条" in page
    with world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=row.pk, by=by, version=row.version)
        assert set(SectionText.objects.values_list("section", flat=True)) <= {"incident", "risk"}
        assert PartyIdentity.objects.exists()
    with world.acting("manager") as by:
        consents.consent_withdraw(case_id=case.pk, consent_id=consent.pk, by=by)
    with world.acting("justice_liaison"):
        assert not PartyIdentity._base_manager.exists()
        assert Case._base_manager.exists()  # what rests on the law stays, and how she is reached with it


def test_the_form_gives_a_section_its_own_basis(world: World, case: Case, login: Login) -> None:
    form = form_of(world, "justice", sections=["identity", "risk"], basis_risk="danger")
    assert login("manager").post(reverse("referrals:send", args=[case.pk]), form).status_code == 302
    with as_owner():
        assert Referral._base_manager.get().bases == {"identity": "duty", "risk": "danger"}


@pytest.mark.parametrize(
    ("age", "given", "field"),
    [(9, Given("当面"), "given_by"), (9, Given("当面", given_by="guardian", wish="愿意"), "guardian"), (16, Given("当面"), "wish"),
     (16, Given("当面", wish="愿意"), None), (30, Given("当面"), None)],
)  # fmt: skip
def test_who_may_consent(world: World, age: int, given: Given, field: str | None) -> None:
    case = child(world, age)
    named = {"named_liaison": world.users["justice_liaison"], "basis": "consent", "consent": given}
    if field is None:
        send_letter(world, case, **named)
        with as_owner():
            assert Consent._base_manager.get(case=case).given_by == "herself"
        return
    with pytest.raises(DomainError) as refused:
        send_letter(world, case, **named)
    assert refused.value.field == field


def test_a_guardian_consents_but_never_one_who_is_the_danger(world: World) -> None:
    case = child(world, 9)
    with world.acting("manager") as by:
        person_add(case_id=case.pk, by=by, data=PersonData(role="guardian", name="奶奶", is_guardian=True))
        father = person_add(case_id=case.pk, by=by, data=PersonData(role="guardian", name="父亲", is_guardian=True))
    with as_owner():
        of_role = {
            "guardian": Party._base_manager.exclude(pk=father.pk).get(case_id=case.pk, is_guardian=True).pk,
            "respondent": father.pk,
        }
        Party._base_manager.create(
            case_id=case.pk, office_id=case.office_id, person_id=father.person_id, role="respondent"
        )
    for role, allowed in (("respondent", False), ("guardian", True)):
        given = Given("当面签字", given_by="guardian", guardian_id=of_role[role], wish="想跟奶奶")
        named = {"named_liaison": world.users["justice_liaison"], "basis": "consent", "consent": given}
        if allowed:
            send_letter(world, case, **named)
            continue
        with pytest.raises(DomainError) as refused:
            send_letter(world, case, **named)
        assert refused.value.field == "guardian"
    with as_owner():
        row = Consent._base_manager.get(case=case)
        assert (row.given_by, row.guardian_id) == ("guardian", of_role["guardian"])


def test_a_consent_that_has_ended_opens_nothing(world: World, case: Case) -> None:
    """In the database itself, whatever a service asks for."""
    until = clock.now() + dt.timedelta(days=2)
    row = send_letter(world, case, basis="consent", consent=Given("当面", until=until))
    with as_owner():
        consent = Consent._base_manager.get(case=case)
    wanted: dict[str, Any] = {
        "case_id": case.pk, "sections": ["medical"], "source_kind": "referral", "source_id": uuid.uuid4(), "basis": "consent",
        "group_id": world.units["justice"].group_id, "consent_id": consent.pk,
    }  # fmt: skip
    elsewhere = open_case(world)
    with world.acting("manager"), as_verb([case.pk]):
        assert access.grant(**wanted)
        assert AccessGrant.objects.get(section="medical").valid_until == until  # and never longer than the consent
    with pytest.raises(DatabaseError, match="consent has ended"), world.acting("manager"), as_verb([elsewhere.pk]):
        access.grant(**wanted | {"case_id": elsewhere.pk, "source_id": uuid.uuid4()})
    with clock.at(until + dt.timedelta(minutes=1)):
        with pytest.raises(DatabaseError, match="consent has ended"), world.acting("manager"), as_verb([case.pk]):
            access.grant(**wanted | {"source_id": uuid.uuid4()})
        with world.acting("justice_liaison") as by:
            services.referral_accept(referral_id=row.pk, by=by, version=row.version)
            assert not Case._base_manager.exists()
    with world.acting("manager") as by:
        consents.consent_withdraw(case_id=case.pk, consent_id=consent.pk, by=by)
    with pytest.raises(DatabaseError, match="consent has ended"), world.acting("manager"), as_verb([case.pk]):
        access.grant(**wanted | {"source_id": uuid.uuid4()})


def test_legal_aid_asks_who_consented(world: World) -> None:
    case = child(world, 9)
    with pytest.raises(DomainError) as refused:
        apply_for_aid(world, case)
    assert refused.value.field == "given_by"
    grown = child(world, 16)
    apply_for_aid(world, grown, consent=Given("当面", wish="愿意"))
    with as_owner():
        row = Consent._base_manager.get(case=grown)
        assert (row.given_by, row.wish) == ("herself", "愿意")


def test_a_conference_by_consent_has_a_consent_for_each_body(world: World) -> None:
    case = open_case(world)
    by_consent = matter(world, "justice", "court", basis="consent", consent=Given("当面", how="spoken"))
    with world.acting("manager") as by:
        conference = conferences.conference_convene(case_id=case.pk, by=by, meeting=meeting(world), matter=by_consent)
    with as_owner():
        rows = Consent._base_manager.filter(case=case)
        assert {row.unit_id for row in rows} == {world.units["justice"].pk, world.units["court"].pk}
    accepted(world, letter_of(conference, case, world))
    with world.acting("justice_liaison"):
        assert PartyIdentity._base_manager.exists()
    with world.acting("manager") as by:
        consents.consent_withdraw(case_id=case.pk, consent_id=rows.get(unit_id=world.units["justice"].pk).pk, by=by)
    with world.acting("justice_liaison"):
        assert not PartyIdentity._base_manager.exists()
    item = item_of(conference, case)
    invitee = conferences.Invitee(world.units["police"])
    with world.acting("manager") as by, pytest.raises(DomainError) as refused:
        conferences.invitation_send(item_id=item.pk, by=by, invitee=invitee)
    assert refused.value.field == "consent_note"
    with world.acting("manager") as by:
        conferences.invitation_send(item_id=item.pk, by=by, invitee=invitee, consent=Given("当面"))


def test_the_form_of_a_conference_asks_who_consented(world: World, login: Login) -> None:
    case = child(world, 9)
    url = reverse("referrals:conference-convene", args=[case.pk])
    form = {"reason": "minor", "units": [], "kin": "no", "sections": ["identity"], "basis": "consent"}
    answer = login("manager").post(url, form)
    assert answer.status_code == 422
    assert {"given_by", "consent_note"} <= set(answer.context["form"].errors)


def test_at_high_risk_the_safety_sections_open_at_once_to_one_person_alone(world: World) -> None:
    case = open_case(world, risk="high")
    row = send_letter(
        world,
        case,
        "police",
        ask="protect",
        basis="danger",
        sections=["identity", "contact", "incident"],
        opens_to=world.users["police_liaison"],
    )
    with world.acting("police_liaison") as by:
        assert Case.objects.visible_to(by).exists()
        assert (PartyIdentity._base_manager.exists(), SafeContact._base_manager.exists()) == (True, True)
        assert not SectionText._base_manager.exists()  # the rest opens with acceptance
    with world.acting("police_liaison2") as by:
        assert Referral.objects.visible_to(by).get() == row
        assert not any(
            model._base_manager.exists() for model in (Case, PartyIdentity, SafeContact, PartyContact, SectionText)
        )
        services.referral_accept(referral_id=row.pk, by=by, version=row.version)
        assert SectionText._base_manager.get().section == "incident"
    with as_owner():
        assert (
            OutboxItem.objects.filter(
                kind="notify.access", arguments__user=str(world.users["police_liaison"].pk)
            ).count()
            == 1
        )


@pytest.mark.parametrize("who", ["police_liaison", "police_liaison2"])
def test_what_was_open_at_once_ends_with_a_refusal_of_anybody_of_the_unit(world: World, who: str) -> None:
    case = open_case(world, risk="high")
    row = send_letter(world, case, "police", ask="protect", basis="danger", opens_to=world.users["police_liaison"])
    with world.acting(who) as by:
        services.referral_decline(
            referral_id=row.pk, by=by, version=row.version, reason="other_area", text="不属本辖区"
        )
    with world.acting("police_liaison"):
        assert not any(model._base_manager.exists() for model in (Case, PartyIdentity, SafeContact, Referral))


@pytest.mark.parametrize(
    ("risk", "more", "field"),
    [("low", {}, "opens_to"), ("high", {"basis": "duty"}, "basis"), ("high", {"opens_to": "justice_liaison"}, "opens_to"),
     ("high", {"named_liaison": "police_liaison2"}, "opens_to")],
)  # fmt: skip
def test_nothing_opens_at_once_without_danger_basis_and_the_right_person(
    world: World, risk: str, more: dict[str, str], field: str
) -> None:
    people = {"opens_to": "police_liaison"} | {name: who for name, who in more.items() if name != "basis"}
    values = {"ask": "protect", "basis": more.get("basis", "danger")} | {
        name: world.users[who] for name, who in people.items()
    }
    with pytest.raises(DomainError) as refused:
        send_letter(world, open_case(world, risk=risk), "police", **values)
    assert refused.value.field == field


def test_the_taker_is_chosen_in_the_form_and_told_on_the_letter(world: World, login: Login) -> None:
    case = open_case(world, risk="high")
    form = form_of(world, "police", ask="protect", basis="danger", opens_to=str(world.users["police_liaison"].pk))
    assert login("manager").post(reverse("referrals:send", args=[case.pk]), form).status_code == 302
    with as_owner():
        row = Referral._base_manager.get()
    assert row.opened_to_id == world.users["police_liaison"].pk
    url = reverse("referrals:detail", args=[row.pk])
    case_url = reverse("cases:detail", args=[case.pk])
    assert case_url in login("police_liaison").get(url).content.decode()
    assert login("police_liaison").get(case_url).status_code == 200
    assert case_url not in login("police_liaison2").get(url).content.decode()
    assert login("police_liaison2").get(case_url).status_code == 404
