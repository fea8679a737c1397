"""Cases that managers have opened to the centre's psychologist and its lawyer, for a month."""

from __future__ import annotations

import datetime as dt

from caremgmt.demo.humans import new_id
from caremgmt.demo.stage import Script, Stage
from cases.enums import OPEN_STATUSES, GrantBasis
from cases.models import Case
from cases.services import access
from core.identity import WEB, acting_as, as_verb, worker_identity

WUHUA = "530102"
# Who, which sections, the first letter of the categories.
OPENED = (
    ("xinli.wuhua", ("identity", "incident", "risk", "children"), "E"),
    ("lvshi.wuhua", ("identity", "incident", "legal"), "A"),
)


def opened(stage: Stage) -> Script:
    """Each expert has up to three cases of her field."""
    yield stage.day(1, 10, 40)
    centre = stage.directory.centre(WUHUA)
    for username, sections, group in OPENED:
        with acting_as(worker_identity("demo")):
            found = Case._base_manager.filter(
                office=centre, status__in=OPEN_STATUSES, category__pk__startswith=group, manager__isnull=False
            )
            rows = list(found.exclude(category_id="A01").order_by("-received_at", "pk")[:3])
        for case in rows:
            with acting_as(stage.identity(stage.users_manager(case)), role=WEB), as_verb([case.pk]):
                access.grant(
                    case_id=case.pk, sections=sections, source_kind="care_team", source_id=new_id(stage.rng),
                    basis=GrantBasis.MINOR if case.concerns_minor else GrantBasis.CONSENT, user_id=stage.directory.user(username).pk,
                    until=stage.moment + dt.timedelta(days=30),
                )  # fmt: skip
