"""What stands against saving a contact: all of it at once, so that a form says everything in one round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.models import Case
from cases.services import clocks
from cases.services.followups import within_safe_hours
from cases.services.people import Safety
from core.dates import OUT_OF_REACH, is_out_of_reach
from core.errors import DomainError
from core.identity import Identity
from hotline.enums import WITHOUT_CONTENT, Disposition
from hotline.models import Contact

TIMES = ("occurred_at", "safe_from", "safe_until", "callback_at")


def time_refusals(row: Any, disposition: Disposition | None, now: dt.datetime) -> Iterator[DomainError]:
    """The rules of the times of `row` (whatever has `TIMES`): nothing lies ahead that has happened, no call outside her safe hours."""
    if row.occurred_at > now + dt.timedelta(minutes=1):
        yield DomainError("future", _("This lies in the future. When did it happen?"), field="occurred_at")
    elif is_out_of_reach(row.occurred_at):
        yield DomainError("out_of_reach", OUT_OF_REACH, field="occurred_at")
    if bool(row.safe_from) != bool(row.safe_until):
        yield DomainError("half_hours", _("Give both: from when and until when it is safe."), field="safe_until")
        return
    if not row.callback_at or disposition in WITHOUT_CONTENT:
        return
    try:
        clocks.check_to_come(row.callback_at, now=now, field="callback_at")
    except DomainError as error:
        yield error
        return
    hours = Safety(hour_from=row.safe_from, hour_until=row.safe_until)
    if within_safe_hours(row.callback_at, hours) != row.callback_at:
        yield DomainError("unsafe_hour", _("She can be called safely only within her safe hours."), field="callback_at")


def disposition_refusals(
    disposition: Disposition | None, by: Identity, centre: Office | None, join_case_id: UUID | None
) -> Iterator[DomainError]:
    """What a disposition needs: itself, a centre for a case, an open case in sight to join."""
    if disposition is None:
        yield DomainError("required", _("Say what became of this contact."), field="disposition")
    elif disposition == Disposition.CASE_OPENED and centre is None:
        yield DomainError("required", _("Choose the centre that is to take the case."), field="centre")
    elif disposition == Disposition.JOINED:
        seen = join_case_id is not None and Case.objects.visible_to(by).filter(pk=join_case_id).exists()
        if not seen:
            text = _("There is no open case with this number that you may see.")
            yield DomainError("join", text, field="join_number")


def log_refusals(
    contact: Contact, values: Mapping[str, Any], *, by: Identity, centre: Office | None, join_case_id: UUID | None, now: dt.datetime
) -> list[DomainError]:  # fmt: skip
    """All that `contact_log` would refuse of these values, each beside its field."""
    disposition = Disposition(values["disposition"]) if values.get("disposition") else None
    times = SimpleNamespace(**{name: values.get(name, getattr(contact, name)) for name in TIMES})
    return [*disposition_refusals(disposition, by, centre, join_case_id), *time_refusals(times, disposition, now)]
