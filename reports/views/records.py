"""What lies behind a figure: the records themselves for those who handle them, a coarse breakdown for everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.offices import shown_office
from cases.models import Case, FollowUp, Order, ServiceRecord
from core import access
from core.errors import DomainError, NotFound
from core.identity import Identity
from core.views import Asked, page
from hotline.models import Contact
from referrals.models import Referral
from reports.dimensions import names_of
from reports.figures import facts_of
from reports.folding import folded
from reports.indicators import BY_CODE, DIMENSIONS, Indicator
from reports.periods import Period
from reports.places import Place
from reports.totals import Breakdown, by_dimensions, by_month, headline
from reports.views.common import FIGURES, tabs

PAGE = 50


@dataclass(slots=True)
class Line:
    """One record: when, what, and the way to it."""

    at: Any
    what: str
    number: str
    url: str
    note: str = ""
    case_id: UUID | None = None


@page(*FIGURES)
def records(request: Asked) -> HttpResponse:
    """The records of one figure. Outside the handling centre: by month, age and county, and nothing below five."""
    by = request.identity
    item = BY_CODE.get(request.GET.get("indicator", ""))
    if item is None or not item.source or not item.small:
        raise NotFound
    period = _period(request)
    where = {name: request.GET[name] for name in DIMENSIONS if request.GET.get(name)}
    office = shown_office(request)
    context: dict[str, Any] = {
        "tabs": tabs(by, ""), "indicator": item, "period": period, "chosen": _chosen(where), "office": office,
        "back": reverse("reports:dashboard") + (f"?month={period.last:%Y-%m}&office={office.pk}" if office else ""),
    }  # fmt: skip
    if office is None:
        return render(request, "reports/records_breakdown.html", context | _coarse(by, item, period))
    # Only what exists for the asker is paged, and no gap is told: a fact knows no wall.
    ids = _seen(by, item, _ids(facts_of(by, office=office.pk, where=where), item, period))
    paged = Paginator(ids, PAGE).get_page(request.GET.get("page"))
    lines = _lines(by, item, list(paged.object_list))
    access.note_list(
        access.Action.VIEW, [(line.case_id, office.pk) for line in lines], object_type=f"figure.{item.code}"
    )
    return render(
        request,
        "reports/records_list.html",
        context | {"page": paged, "lines": lines},
    )


def _period(request: Asked) -> Period:
    try:
        return Period.read(request.GET.get("from", ""), request.GET.get("to", ""))
    except DomainError:
        raise NotFound from None


def _chosen(where: dict[str, str]) -> list[str]:
    return [
        str(names_of(name).get(code, _("Not recorded") if code == "unknown" else code)) for name, code in where.items()
    ]


def _ids(facts: Any, item: Indicator, period: Period) -> list[UUID]:
    rows = facts.filter(indicator=item.code, month__range=(period.first, period.last))
    if period.is_month:
        rows = rows.filter(is_late=False)
    counted = rows.values("record_id", "month").annotate(n=Sum("value")).filter(n__gt=0).order_by("-month", "record_id")
    return [row["record_id"] for row in counted]


def _coarse(by: Identity, item: Indicator, period: Period) -> dict[str, Any]:
    place = Place(by, period.last, [item])
    whole = headline(by, period, indicators=[item], place=place).cells[item.code]
    if whole.hidden or whole.value == 0:
        return {"closed": True, "whole": whole}
    asked = {name: Breakdown(names_of(name), [item]) for name in ("age", "residence")}
    parts = by_dimensions(by, period, asked, place=place)
    return {
        "closed": False, "whole": whole, "months": by_month(by, period, indicators=[item], place=place) if not period.is_month else None,
        "ages": folded(parts["age"]), "counties": folded(parts["residence"]),
    }  # fmt: skip


def _case_url(case_id: UUID | None) -> str:
    return reverse("cases:detail", args=[case_id]) if case_id else ""


def _cases(by: Identity, item: Indicator, ids: list[UUID]) -> Iterator[Line]:
    for case in Case.objects.visible_to(by).filter(pk__in=ids).select_related("category"):
        at = case.closed_at if item.code == "CASES_CLOSED" else case.accepted_at
        yield Line(at, str(case.category), case.number, _case_url(case.pk), case.get_status_display(), case.pk)


def _services(by: Identity, item: Indicator, ids: list[UUID]) -> Iterator[Line]:
    for service in ServiceRecord.objects.visible_to(by).filter(pk__in=ids).select_related("case"):
        url = _case_url(service.case_id) or reverse("hotline:contact", args=[service.contact_id])
        yield Line(
            service.happened_at,
            service.get_kind_display(),
            service.case.number if service.case else _("Contact"),
            url,
            service.by_name,
            service.case_id,
        )


def _orders(by: Identity, item: Indicator, ids: list[UUID]) -> Iterator[Line]:
    for order in Order.objects.visible_to(by).filter(pk__in=ids):
        yield Line(
            order.issued_on,
            order.get_kind_display(),
            order.document_number,
            _case_url(order.case_id),
            order.issuer,
            order.case_id,
        )


def _contacts(by: Identity, item: Indicator, ids: list[UUID]) -> Iterator[Line]:
    for contact in Contact.objects.visible_to(by).filter(pk__in=ids):
        url = reverse("hotline:contact", args=[contact.pk])
        yield Line(
            contact.occurred_at,
            contact.get_channel_display(),
            contact.number or "",
            url,
            contact.get_disposition_display(),
            contact.case_id,
        )


def _callbacks(by: Identity, item: Indicator, ids: list[UUID]) -> Iterator[Line]:
    for callback in FollowUp.objects.visible_to(by).filter(pk__in=ids).select_related("case"):
        url = _case_url(callback.case_id)
        yield Line(callback.due_at, callback.get_status_display(), callback.case.number, url, case_id=callback.case_id)


def _referrals(by: Identity, item: Indicator, ids: list[UUID]) -> Iterator[Line]:
    for referral in Referral.objects.visible_to(by).filter(pk__in=ids).select_related("unit"):
        url = reverse("referrals:detail", args=[referral.pk])
        status = referral.get_status_display()
        yield Line(referral.sent_at, referral.unit.short_name, referral.number, url, status, referral.case_id)


_MODELS: dict[str, Any] = {
    "case": Case, "service": ServiceRecord, "order": Order, "contact": Contact, "callback": FollowUp, "referral": Referral,
}  # fmt: skip


def _seen(by: Identity, item: Indicator, ids: list[UUID]) -> list[UUID]:
    """Of these records those that `by` may see, in the same order; one query."""
    seen = set(_MODELS[item.source].objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in seen]


_READERS: dict[str, Callable[[Identity, Indicator, list[UUID]], Iterator[Line]]] = {
    "case": _cases, "service": _services, "order": _orders, "contact": _contacts, "callback": _callbacks, "referral": _referrals,
}  # fmt: skip


def _lines(by: Identity, item: Indicator, ids: list[UUID]) -> list[Line]:
    """The records that `by` may see, newest first; each model through its own scope."""
    return sorted(_READERS[item.source](by, item, ids), key=lambda line: str(line.at), reverse=True)
