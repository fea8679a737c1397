"""The referrals of the past."""

from __future__ import annotations

import random

from agencies.models import User
from caremgmt.demo import texts
from caremgmt.demo.history.writer import HOURS, Writer
from caremgmt.demo.humans import new_id
from caremgmt.demo.plan import CasePlan, ReferralPlan
from cases.models import (
    Case,
)  # fmt: skip
from referrals.models import Referral, ReferralNote


class Letters(Writer):
    """Letters that were sent, accepted, answered and closed."""

    def _referral(self, rng: random.Random, plan: CasePlan, case: Case, referral: ReferralPlan, manager: User) -> None:
        unit, liaison = (
            self.directory.unit(plan.centre.region, referral.body),
            self.directory.liaison(plan.centre, referral.body),
        )
        named = plan.category in self._violent or plan.concerns_minor
        own = {"case": case, "office_id": case.office_id}
        row = Referral(
            id=new_id(rng), number=self._paper("转办", case.office.region_id, referral.sent_at), status="closed", unit=unit,
            group_id=unit.group_id, named_liaison=liaison if named else None, category_id=plan.category, risk=plan.risk,
            concerns_minor=plan.concerns_minor, ask=referral.ask, ask_note=texts.ASK_NOTES[referral.ask],
            sections=["identity", "contact", "incident"], basis="minor" if plan.concerns_minor else "consent", sent_at=referral.sent_at, sent_by_name=manager.name,
            accept_due_at=referral.sent_at + 24 * HOURS, answer_due_at=referral.sent_at + 78 * HOURS, accepted_at=referral.accepted_at,
            accepted_by=liaison, responded_at=referral.responded_at, closed_at=referral.closed_at,
            result=rng.choice(["done", "done", "done", "partly"]), version=4, **own,
        )  # fmt: skip
        self.batch.add(row)
        self.batch.add(
            ReferralNote(
                id=new_id(rng), referral=row, kind="answer", text=rng.choice(texts.ANSWERS[referral.kind if referral.kind in texts.ANSWERS else "education"]),
                at=referral.responded_at, actor_id=liaison.pk, actor_name=liaison.name, actor_agency=unit.name, **own,
            )
        )  # fmt: skip
        for kind, at, by, role, agency in (
            ("referral.sent", referral.sent_at, manager, "manager", case.office.name), ("referral.accepted", referral.accepted_at, liaison, "liaison", unit.name),
            ("referral.responded", referral.responded_at, liaison, "liaison", unit.name), ("referral.closed", referral.closed_at, manager, "manager", case.office.name),
        ):  # fmt: skip
            more = (
                {"ask": referral.ask}
                if kind == "referral.sent"
                else {"result": row.result}
                if kind == "referral.responded"
                else {}
            )
            self._entry(rng, case, kind, at, by, role, agency, object_id=row.pk, unit=unit.short_name, **more)
        owner = {"owner_user": liaison} if named else {"owner_group_id": unit.group_id}
        self._item(
            rng,
            case,
            "referral.accept",
            row.pk,
            referral.sent_at,
            row.accept_due_at,
            referral.accepted_at,
            liaison,
            **owner,
        )
        self._item(
            rng,
            case,
            "referral.respond",
            row.pk,
            referral.accepted_at,
            row.answer_due_at,
            referral.responded_at,
            liaison,
            **owner,
        )
        self._item(
            rng,
            case,
            "referral.review",
            row.pk,
            referral.responded_at,
            referral.responded_at + 48 * HOURS,
            referral.closed_at,
            manager,
        )
