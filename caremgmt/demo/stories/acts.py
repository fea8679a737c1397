"""Acts that several stories share."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from agencies.models import User
from caremgmt.demo.stage import Stage
from cases.services.consents import Given
from cases.services.records import service_record
from core.identity import acting_as, worker_identity
from legalaid.models import Application
from legalaid.services.applying import application_send
from referrals import services as referring
from referrals.models import Referral
from shelter.models import Bed

WUHUA, XISHAN = "530102", "530112"


def refer(
    stage: Stage, manager: User, case_id: UUID, county: str, key: str, ask: str, note: str, **more: Any
) -> tuple[Referral, User]:
    unit = stage.directory.unit(county, key)
    liaison = stage.liaison(unit)
    named = more.pop("named", False)
    referral = stage.do(
        manager, referring.referral_send, case_id=case_id, unit=unit, ask=ask, ask_note=note, named_liaison=liaison if named else None,
        sections=more.pop("sections", ["identity", "contact", "incident"]), basis=more.pop("basis", "consent"), consent=Given(note="本人口头同意，已记录。", how="spoken"),
    )  # fmt: skip
    return referral, liaison


def serve(stage: Stage, manager: User, case_id: UUID, kind: str, minutes: int, note: str) -> None:
    stage.do(
        manager,
        service_record,
        case_id=case_id,
        kind=kind,
        happened_at=stage.moment - dt.timedelta(minutes=minutes + 10),
        minutes=minutes,
        note=note,
    )


def apply_for_aid(stage: Stage, manager: User, case_id: UUID, **more: Any) -> Application:
    """An application to the legal-aid centre of Wuhua."""
    return stage.do(manager, application_send, case_id=case_id, unit=stage.directory.unit(WUHUA, "legal_aid"), **more)


def bed_called(label: str) -> Bed:
    with acting_as(worker_identity("demo")):
        return Bed.objects.get(label=label, office__region_id=WUHUA)


def due_callback(stage: Stage, case_id: UUID) -> Any:
    from cases.models import FollowUp
    from cases.services import followups

    with acting_as(worker_identity("demo")):
        ids = list(
            FollowUp.objects.filter(case_id=case_id, status="planned", due_at__lte=stage.moment).values_list(
                "pk", flat=True
            )
        )
    for pk in ids:
        followups.make_due(pk)
    with acting_as(worker_identity("demo")):
        return FollowUp.objects.filter(case_id=case_id, status="due").order_by("due_at").first()
