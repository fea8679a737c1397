"""Referrals of planted cases, and the papers against their delay."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from core import clock
from core.identity import as_verb
from referrals import services as referrals
from referrals.models import Referral, ReferralChase
from tests.permissions.planted.oracle import OFFERED
from tests.permissions.planted.scene import Planted, Scene


def sent(
    scene: Scene, case: Planted, *, sections: tuple[str, ...] = OFFERED, unit: str = "justice", named: str | None = None
) -> Referral:
    """A letter of the case to a unit, or to one named person of it."""
    with scene.world.acting("manager") as by:
        referral = referrals.referral_send(
            case_id=case.id, by=by, unit=scene.world.units[unit], ask="protect" if named else "legal_aid", ask_note=case.tell("letter"),
            sections=sections, basis="duty", named_liaison=scene.world.users[named] if named else None,
            answer_due_at=clock.now() + dt.timedelta(days=200),
        )  # fmt: skip
        case.referral = referral.pk
        case.tell("letter", referral.number)
    return referral


def chased(scene: Scene, case: Planted) -> None:
    """A paper against the delay of the case's letter."""
    with scene.world.acting("manager"), as_verb([case.id]):
        letter = Referral._base_manager.select_related("office", "unit").get(pk=case.referral)
        number = f"催办〔2026〕{secrets.token_hex(4)}"  # spoken like the letter's own
        case.chase = ReferralChase.objects.create(
            case_id=case.id, office_id=letter.office_id, referral=letter, item_id=letter.pk, paper="notice", number=number, unit_name=letter.unit.name,
            region_code=letter.office.region_id[:6], risk=letter.risk, owes_answer=False, was_due_at=letter.accept_due_at,
            text=case.tell("letter"), issued_at=letter.accept_due_at,
        ).pk  # fmt: skip


def accepted(scene: Scene, case: Planted, *, liaison: str = "justice_liaison", **letter: Any) -> None:
    """The same, taken on by a liaison."""
    sent(scene, case, **letter)
    with scene.world.acting(liaison) as by:
        referrals.referral_accept(referral_id=case.referral, by=by, version=None)  # type: ignore[arg-type]
