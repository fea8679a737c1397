"""Services given and orders issued in a case."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.enums import Section
from cases.forms.records import OrderForm, ServiceForm
from cases.models import Order, ServiceRecord
from cases.services.orders import order_record
from cases.services.records import service_record
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.plan import SIMPLE
from cases.views.scope import MANAGERS, READERS, case_view, managed_case, note_view
from core import clock, keys
from core.errors import NotFound
from core.views import Asked, page, request_key

SHOWN_AT_MOST = 50


def there(pk: UUID, panel: str) -> str:
    """A panel of the case page."""
    return f"{reverse('cases:detail', args=[pk])}#panel-{panel}"


@page(*MANAGERS, methods=GET_POST)
def service_add(request: Asked, pk: UUID) -> HttpResponse:
    """One service for the client."""
    seen = managed_case(request, pk)
    form = ServiceForm(
        request.POST or None, initial={"happened_at": clock.local(clock.now()).replace(second=0, microsecond=0)}
    )
    return act(
        request, form,
        lambda data: service_record(
            case_id=pk, by=seen.by, kind=data["kind"], happened_at=data["happened_at"], note=data["note"], minutes=data["minutes"],
            key=request_key(request)),
        to=there(pk, "services"), said=_("The service is recorded."), template=SIMPLE, case=seen.case, title=_("Record a service"),
        submit=_("Record the service"), icon="heart-handshake",
    )  # fmt: skip


@page(*READERS)
def service_panel(request: Asked, pk: UUID) -> HttpResponse:
    """Services, newest first, of the sections that are open."""
    seen = case_view(request, pk)
    if seen.is_desk:
        raise NotFound
    keys.preload([pk])
    rows = list(
        ServiceRecord.objects.visible_to(seen.by).filter(case_id=pk).order_by("-happened_at", "-pk")[:SHOWN_AT_MOST]
    )
    note_view(seen, {row.section for row in rows}, "services")
    return render(request, "cases/_case_services.html", {"services": rows})


@page(*MANAGERS, methods=GET_POST)
def order_add(request: Asked, pk: UUID) -> HttpResponse:
    """An order of a court, the police or a procuratorate."""
    seen = managed_case(request, pk)
    form = OrderForm(request.POST or None)
    return act(
        request, form, lambda data: order_record(case_id=pk, by=seen.by, key=request_key(request), **data),
        to=there(pk, "orders"), said=_("The order is entered."), template=SIMPLE, case=seen.case, title=_("Enter an order"),
        submit=_("Enter the order"), icon="gavel", lead=_("As it stands on the paper. Its document number can be entered once only."),
    )  # fmt: skip


@page(*READERS)
def order_panel(request: Asked, pk: UUID) -> HttpResponse:
    """Orders with their validity."""
    seen = case_view(request, pk)
    if not seen.shows(Section.LEGAL):
        raise NotFound
    rows = list(Order.objects.visible_to(seen.by).filter(case_id=pk).order_by("-issued_on"))
    today = clock.today()
    shown = [{"row": row, "left": (row.valid_until - today).days if row.valid_until else None} for row in rows]
    note_view(seen, [Section.LEGAL], "orders")
    return render(request, "cases/_case_orders.html", {"orders": shown})
