"""Legal aid and mediation."""

from __future__ import annotations

import datetime as dt

from cases.services.consents import Given
from core import clock
from legalaid.services.applying import application_send
from legalaid.services.mediating import mediation_plan
from tests.permissions.planted.scene import Planted, Scene


def aided(scene: Scene, case: Planted) -> None:
    """Legal aid is applied for, and a mediation is planned."""
    with scene.world.acting("manager") as by:
        case.application = application_send(
            case_id=case.id,
            by=by,
            unit=scene.world.units["legal_aid"],
            matter="divorce",
            means="examined",
            consent=Given("她本人同意"),
        ).pk
        case.mediation = mediation_plan(
            case_id=case.id, by=by, at=clock.now() + dt.timedelta(days=3), mediator="李调解", she_is_safe=True, she_knows=True,
            source_hidden=True, venue="调解室",
        ).pk  # fmt: skip
