"""An access ends: by hand with a reason, by its date, by the housekeeping."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError

from cases.models import (
    AccessGrant,
    CaseGroupObjectPermission,
    Consent,
)
from cases.services import access, consents
from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from core.models import OutboxItem
from referrals.models import Referral
from tests.cases.sharing_scene import (
    accepted,
    consent_of,
    sees,
)
from tests.referrals.conftest import open_case
from tests.roles import as_owner, as_worker
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_holder_is_ended_with_a_reason_and_can_still_answer_the_letter(world: World) -> None:
    case = open_case(world)
    letter = accepted(world, case)
    group = world.units["justice"].group_id
    with world.acting("justice_liaison") as by, pytest.raises(NotAllowed):  # who reads a shared section ends nothing
        consents.access_end(case_id=case.pk, by=by, source_id=letter.pk, group_id=group, reason="misuse")
    with world.acting("manager") as by:
        with pytest.raises(DomainError):
            consents.access_end(case_id=case.pk, by=by, source_id=letter.pk, group_id=group, reason="expired")
        consents.access_end(case_id=case.pk, by=by, source_id=letter.pk, group_id=group, reason="misuse")
    assert sees(world, "justice_liaison") == set()
    with world.acting("justice_liaison") as by:
        assert Referral.objects.visible_to(by).filter(pk=letter.pk).exists()
    with world.acting("manager") as by, pytest.raises(DomainError):
        consents.access_end(case_id=case.pk, by=by, source_id=letter.pk, group_id=group, reason="misuse")
    with pytest.raises(NotFound), world.acting("xishan_manager") as by:
        consents.access_end(case_id=case.pk, by=by, source_id=letter.pk, group_id=group, reason="misuse")
    with pytest.raises(DatabaseError), world.acting("xishan_manager"), as_verb([case.pk]):
        access.end_holder(case_id=case.pk, source_id=letter.pk, group_id=group, user_id=None, reason="misuse")


def test_what_belongs_to_the_managing_of_the_case_is_not_ended_by_hand(world: World) -> None:
    case = open_case(world)
    with as_owner():
        own = AccessGrant.objects.filter(case_id=case.pk, source_kind="manager").first()
    assert own is not None
    with pytest.raises(DomainError), world.acting("manager") as by:
        consents.access_end(case_id=case.pk, by=by, source_id=own.source_id, user_id=own.user_id, reason="done")


def test_an_end_shortens_what_rests_on_the_consent_and_never_lengthens_it(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    row, today = consent_of(world, case), clock.today()
    common: dict[str, Any] = {"case_id": case.pk, "consent_id": row.pk, "how": "signed", "given_by": "herself"}
    with world.acting("manager") as by:
        consents.consent_describe(by=by, until=today + dt.timedelta(days=10), **common)
        for day, code in ((today + dt.timedelta(days=20), "longer"), (today - dt.timedelta(days=1), "past")):
            with pytest.raises(DomainError) as refused:
                consents.consent_describe(by=by, until=day, **common)
            assert (refused.value.code, refused.value.field) == (code, "until")
    assert "SectionText" in sees(world, "justice_liaison")
    with clock.at(clock.now() + dt.timedelta(days=12)):
        assert sees(world, "justice_liaison") == set()  # before any housekeeping


def test_housekeeping_withdraws_what_is_over_and_tells_once(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    row = consent_of(world, case)
    with world.acting("manager") as by:
        consents.consent_describe(
            case_id=case.pk, consent_id=row.pk, by=by, how="spoken", given_by="herself",
            until=clock.today() + dt.timedelta(days=2),
        )  # fmt: skip
    with as_worker():
        assert consents.expire() == 0
    with clock.at(clock.now() + dt.timedelta(days=4)), as_worker():
        assert consents.expire() == 1
        assert consents.expire() == 0
    with as_owner():
        kept = Consent._base_manager.get(pk=row.pk)
        assert (kept.is_expired, kept.withdrawn_at) == (True, kept.valid_until)
        grants = AccessGrant.objects.filter(consent_id=row.pk)
        assert set(grants.values_list("end_reason", flat=True)) == {"expired"}
        assert not CaseGroupObjectPermission.objects.filter(
            content_object_id=case.pk, permission__codename="view_incident"
        ).exists()
        assert OutboxItem.objects.filter(kind="notify.access").count() == 1


def test_housekeeping_is_the_workers_alone(world: World) -> None:
    for who in ("manager", "director", "system"):
        with pytest.raises(DatabaseError), world.acting(who):
            access.expire(cases_at_most=5)
