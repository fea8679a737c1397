"""Orders of a case, and the supervision orders that belong to none."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.models import Office
from cases.enums import Section
from cases.forms.records import OrderForm, SupervisionForm
from cases.keyset import keyset
from cases.models import Order
from cases.services.orders import order_record, supervision_record
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.plan import SIMPLE
from cases.views.scope import MANAGERS, READERS, case_view, changing_case, note_view
from cases.views.services import there
from core import access, clock
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.views import Asked, page, request_key

PAGE_SIZE = 50


@page(*MANAGERS, methods=GET_POST)
def order_add(request: Asked, pk: UUID) -> HttpResponse:
    """An order of a court, the police or a procuratorate."""
    seen = changing_case(request, pk)
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


@page(*MANAGERS, methods=GET_POST)
def supervision_orders(request: Asked) -> HttpResponse:
    """Supervision orders of families that are no case of the centre, and the form that enters one."""
    by = request.identity
    offices = Office.objects.filter(pk__in=by.case_offices).order_by("region_id")
    form = SupervisionForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            supervision_record(
                by=by, office=data.get("office") or offices[0], document_number=data["document_number"], issuer=data["issuer"],
                issued_on=data["issued_on"], valid_until=data["valid_until"], key=request_key(request),
            )  # fmt: skip
            messages.success(request, _("The order is entered."))
            return redirect("cases:orders")
        except DuplicateRequest:
            return redirect("cases:orders")
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    rows = Order.objects.visible_to(by).filter(case__isnull=True).select_related("office")
    shown = keyset(
        rows,
        "entered_at",
        descending=True,
        size=PAGE_SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    access.note_list(
        access.Action.VIEW, [(None, row.office_id) for row in shown.rows], object_type="order", sections=[Section.LEGAL]
    )
    lines = [[form["document_number"], form["issuer"]], [form["issued_on"], form["valid_until"]]]
    if "office" in form.fields:
        lines.append([form["office"]])
    context = {"form": form, "lines": lines, "rows": shown.rows, "page": shown, "several": len(offices) > 1}
    return render(request, "cases/supervision_orders.html", context, status=422 if form.errors else 200)
