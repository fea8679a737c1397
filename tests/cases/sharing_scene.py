"""A case whose sections are shared by consent: what the tests of sharing share."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse

from cases.models import (
    Case,
    Consent,
    Party,
    PartyIdentity,
    SectionText,
)
from cases.services import access, consents
from cases.services.people import PersonData
from cases.services.persons import person_add
from core.errors import DomainError
from core.identity import as_verb
from referrals import services as referrals
from referrals.models import Referral
from tests.cases.scenes import client_of
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import World

SEALED = (PartyIdentity, SectionText, Case)
BY_CONSENT = {"basis": "consent", "consent_note": "当面说明后同意"}


def sees(world: World, who: str) -> set[str]:
    """The kinds of rows that `who` gets, by row-level security alone; the scopes must say the same."""
    with world.acting(who) as by:
        found = {model.__name__ for model in SEALED if model._base_manager.exists()}
        assert found == {model.__name__ for model in SEALED if model.objects.visible_to(by).exists()}
        return found


def accepted(world: World, case: Case, unit: str = "justice", who: str = "justice_liaison", **more: Any) -> Referral:
    """A letter by her consent that the unit has taken on."""
    row = send_letter(world, case, unit, **(BY_CONSENT | more))
    with world.acting(who) as by:
        return referrals.referral_accept(referral_id=row.pk, by=by, version=row.version)


def consent_of(world: World, case: Case) -> Consent:
    with as_owner():
        return Consent._base_manager.get(case_id=case.pk)


def withdraw(world: World, case: Case, row: Consent, who: str = "manager") -> Consent:
    with world.acting(who) as by:
        return consents.consent_withdraw(case_id=case.pk, consent_id=row.pk, by=by)


def child(world: World, birth_year: int) -> tuple[Case, Consent, Party]:
    case = open_case(world, category="E01", minor=True)
    with world.acting("manager") as by:
        person_add(case_id=case.pk, by=by, data=PersonData(role="guardian", name="王外婆", is_guardian=True))
    with as_owner():
        PartyIdentity._base_manager.filter(case_id=case.pk, party__is_primary=True).update(birth_year=birth_year)
        guardian = Party._base_manager.get(case_id=case.pk, is_guardian=True)
    given = consents.Given("当面", given_by="guardian", guardian_id=guardian.pk, wish="想跟外婆住")
    accepted(world, case, "police", "police_liaison", named_liaison=world.users["police_liaison"], consent=given)
    return case, consent_of(world, case), guardian


def describe(world: World, case: Case, row: Consent, **said: Any) -> Consent:
    with world.acting("manager") as by:
        return consents.consent_describe(case_id=case.pk, consent_id=row.pk, by=by, how="signed", **said)


def refused(world: World, case: Case, row: Consent, **said: Any) -> str:
    with pytest.raises(DomainError) as refused:
        describe(world, case, row, **said)
    return str(refused.value.field)


def grants(world: World, case: Case, n: int) -> None:
    with world.acting("manager"), as_verb([case.pk]):
        for place in range(n):
            by_user = {"user_id": world.users["police_liaison"].pk}
            holder: dict[str, Any] = by_user if place % 2 else {"group_id": world.units["police"].group_id}
            access.grant(
                case_id=case.pk, sections=["incident"], source_kind="referral", source_id=uuid.uuid4(), basis="duty", **holder
            )  # fmt: skip


def letter_page(world: World, letter: Referral, who: str = "justice_liaison") -> str:
    return client_of(world, who).get(reverse("referrals:detail", args=[letter.pk])).content.decode()


def accept(world: World, letter: Referral) -> tuple[int, str]:
    browser = client_of(world, "justice_liaison")
    url = reverse("referrals:accept", args=[letter.pk])
    answer = browser.post(url, {"version": letter.version, "request_key": str(uuid.uuid4())}, follow=True)
    return answer.status_code, answer.content.decode()


NOBODY = "与中心沟通前请勿联系任何人"
