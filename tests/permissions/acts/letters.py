"""Letters to units, and the consent that they rest on."""

from __future__ import annotations

import datetime as dt

from cases.models import Consent
from cases.services import consents
from cases.services.consents import Given
from referrals import services as referrals
from tests.permissions.acts.play import UNITS, Play, act
from tests.permissions.planted import OFFERED
from tests.roles import as_owner


@act
def send_a_letter(play: Play, a: int, b: int) -> None:
    """Another referral, with consent or by duty."""
    world, case_id = play.scene.world, play.case(a)
    with world.acting(play.staff_of(case_id)) as by:
        referrals.referral_send(
            case_id=case_id, by=by, unit=world.units[UNITS[b % 2]], ask="legal_aid", ask_note="", sections=OFFERED,
            basis="consent" if b % 2 else "duty", consent=Given("她本人同意"), answer_due_at=play.now + dt.timedelta(days=20),
        )  # fmt: skip


@act
def answer_a_letter(play: Play, a: int, b: int) -> None:
    """Taken on, declined or given back by a liaison."""
    referral_id = play.referral(play.case(a))
    with play.scene.world.acting("police_liaison" if b % 2 else "justice_liaison") as by:
        if b % 3 == 0:
            referrals.referral_decline(
                referral_id=referral_id, by=by, version=None, reason="not_competent", text="不属本单位"
            )
        else:
            referrals.referral_accept(referral_id=referral_id, by=by, version=None)


@act
def recall_a_letter(play: Play, a: int, b: int) -> None:
    """By the centre."""
    case_id = play.case(a)
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        referrals.referral_recall(referral_id=play.referral(case_id), by=by, version=None)


@act
def withdraw_a_consent(play: Play, a: int, b: int) -> None:
    """What rests on her consent ends; where nothing does, a letter is sent with it first."""
    case_id = play.case(a)
    consents_of = Consent._base_manager.filter(case_id=case_id, withdrawn_at__isnull=True)
    with as_owner():
        found = list(consents_of)
    if not found:
        send_a_letter(play, a, 1)
        with as_owner():
            found = list(consents_of)
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        consents.consent_withdraw(case_id=case_id, consent_id=found[b % len(found)].pk, by=by)
