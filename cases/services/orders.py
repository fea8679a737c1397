"""文书: orders that an authority has issued, entered under their document number."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import OrderKind, Section
from cases.models import Case, Order
from cases.services import guards, timeline
from core import clock, engine
from core.dates import check_reach
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity

PROTECTION_MONTHS = 6  # 反家庭暴力法第30条


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def order_record(
    *,
    case_id: UUID,
    by: Identity,
    kind: str,
    document_number: str,
    issuer: str,
    issued_on: dt.date,
    valid_until: dt.date | None = None,
    key: UUID | None = None,
) -> Order:
    """Enter an order of a court, the police or a procuratorate on a case. Its document number exists once in the whole province."""
    chosen = OrderKind(kind)
    number = " ".join(document_number.split())

    def write(act: Act[Case]) -> Order:
        case = act.object
        _check_dates(issued_on, valid_until)
        if chosen == OrderKind.PROTECTION_ORDER:
            if valid_until is None:
                raise DomainError("required", _("Say until when the protection order is valid."), field="valid_until")
            if valid_until > months_later(issued_on, PROTECTION_MONTHS):
                raise DomainError(
                    "too_long", _("A protection order is valid for six months at most."), field="valid_until"
                )
        order = Order.objects.create(
            case=case, office_id=case.office_id, region_id=case.office.region_id, kind=chosen, document_number=number, issuer=issuer,
            issued_on=issued_on, valid_until=valid_until, entered_at=act.now,
        )  # fmt: skip
        timeline.add(act, case, "order.recorded", section=Section.LEGAL, object_id=order.pk, order=chosen.value)
        return order

    with _number_once(by, number):
        return engine.change(
            "order.record", by=by, scope=Case.objects.visible_to(by).select_related("office"), pk=case_id,
            guards=[guards.is_manager, guards.is_open], write=write, key=key,
        )  # fmt: skip


def supervision_record(
    *, by: Identity, office: Office, document_number: str, issuer: str, issued_on: dt.date, valid_until: dt.date | None = None, key: UUID | None = None
) -> Order:  # fmt: skip
    """Enter a 督促监护令 that belongs to no case of the centre: procuratorates issue them also for children who offended (未成年人保护法第118条)."""
    if office.pk not in by.case_offices:
        raise NotAllowed("not_of_office", _("You do not keep cases at this centre."))
    number = " ".join(document_number.split())
    order = Order(
        office=office, region_id=office.region_id, kind=OrderKind.SUPERVISION_ORDER, document_number=number, issuer=issuer,
        issued_on=issued_on, valid_until=valid_until, entered_at=clock.now(),
    )  # fmt: skip

    def write(act: Act[Order]) -> Order:
        _check_dates(issued_on, valid_until)
        act.object.save(force_insert=True)
        return act.object

    with _number_once(by, number):
        return engine.create("order.enter", by=by, row=order, write=write, key=key)


def _check_dates(issued_on: dt.date, valid_until: dt.date | None) -> None:
    if issued_on > clock.today():
        raise DomainError("future", _("An order is entered after it was issued."), field="issued_on")
    check_reach(issued_on, field="issued_on")
    check_reach(valid_until, field="valid_until")
    if valid_until and valid_until < issued_on:
        raise DomainError("ends_before", _("It cannot end before it was issued."), field="valid_until")


@contextmanager
def _number_once(by: Identity, number: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if "document_number" not in constraint:
            raise
        # Another centre may have entered it: the words must not say where, nor that there is such a case.
        message = _("This document number cannot be entered. Compare it with the paper, letter by letter.")
        if Order.objects.visible_to(by).filter(document_number=number).exists():
            message = _("This document number is entered already at your centre.")
        raise DomainError("document_number", message, field="document_number") from error
