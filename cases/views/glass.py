"""紧急查看: asked on an exact number, confirmed by another centre's director, reviewed afterwards; each look is logged apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import stepup
from agencies.models import Office, User
from cases.enums import Risk, Section
from cases.forms.glass import GlassForm, GlassReviewForm
from cases.models import BreakGlass, GlassWords
from cases.services import glass as services
from cases.services.followups import is_safe_now, window
from cases.views.acting import lines
from cases.views.assess import GET_POST
from core import access
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.identity import Identity
from core.keyset import keyset
from core.phone import display
from core.views import Asked, page, request_key

ASKERS = ("operator", "shift_supervisor", "manager", "director")
REVIEWERS = ("director", "supervisor", "province")
READERS = (*ASKERS, "supervisor", "province", "auditor")
SIZE = 50
SAID = {
    "opened": gettext_lazy("Confirmed. It is open for four hours and then ends by itself."),
    "nothing": gettext_lazy("Confirmed, but nothing can be opened under this number."),
    "refused": gettext_lazy("Refused. Nothing was opened."),
}


def _state(row: BreakGlass, *, is_cut: bool = False) -> tuple[str, str]:
    """In words, with its tone. `is_cut`: it would last still, and shows its opener nothing any more."""
    if row.answered_at is None or row.lapsed_at is not None:
        return _("Nobody answered") if row.lapsed_at else _("Waits to be confirmed"), "warn"
    if row.is_refused:
        return _("Refused"), "neutral"
    if not row.was_opened:
        return _("Nothing to open"), "neutral"
    if row.is_open():
        return (_("Ended early"), "neutral") if is_cut else (_("Open now"), "warn")
    if row.reviewed_at is None:
        return _("Ended, to be reviewed"), "warn"
    return str(row.get_finding_display()), "ok" if row.finding == "justified" else "danger"


def _log(row: BreakGlass, action: access.Action = access.Action.VIEW, sections: tuple[str, ...] = ()) -> None:
    access.note(
        action, object_type="cases.breakglass", object_id=row.pk, case_id=row.case_id, office_id=row.office_id, sections=sections,
        reason="break_glass",
    )  # fmt: skip


@page(*READERS)
def glasses(request: Asked) -> HttpResponse:
    """Newest first: those that concern the one who asks."""
    rows = BreakGlass.objects.visible_to(request.identity).select_related("opener", "opener_office", "confirm_office")
    found = keyset(
        rows, "asked_at", descending=True, size=SIZE, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )  # fmt: skip
    access.note(access.Action.VIEW, object_type="cases.breakglass", reason="list", count=len(found.rows))
    lasting = set(services.running(request.identity).values_list("pk", flat=True))
    shown = [
        {"row": row, "state": _state(row, is_cut=row.opener_id == request.identity.user_id and row.pk not in lasting)}
        for row in found.rows
    ]
    return render(
        request, "cases/glass_list.html",
        {"rows": shown, "next": found.next, "prev": found.prev, "may_ask": request.identity.has(*ASKERS)},
    )  # fmt: skip


@page(*ASKERS, methods=GET_POST)
def ask(request: Asked) -> HttpResponse:
    """Ask for one; the second factor comes first."""
    if request.method != "POST" and stepup.is_due(request):
        return redirect(stepup.address(request))
    by, status = request.identity, 200
    offices = services.own_offices(by)
    form = GlassForm(request.POST or None, offices=offices, confirming=services.confirming(by))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if stepup.is_due(request):
                form.add_error(
                    None, _("Show your second factor again: open this page in a second window, then send this form.")
                )
            elif made := _asked(request, form):
                return made
    return render(request, "cases/glass_ask.html", {"form": form, "lines": lines(form)}, status=status)


def _asked(request: Asked, form: GlassForm) -> HttpResponse | None:
    try:
        row = services.glass_ask(by=request.identity, key=request_key(request), **form.cleaned_data)
    except DuplicateRequest as error:
        return redirect("cases:glass", error.object_id)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        form.add_error(error.field, error.message)
        return None
    messages.success(request, _said_asked(row.confirm_office))
    return redirect("cases:glass", row.pk)


def _said_asked(office: Office) -> str:
    """With the number to ring: the directory knows a centre's telephone, and nobody's own."""
    if not office.phone:
        return _("Asked. The director of the other centre has been told; ring there as well.")
    said = _("Asked. The director has been told; ring there as well: %(centre)s %(phone)s")
    return said % {"centre": office.short_name, "phone": office.phone}


def _fetch(by: Identity, pk: UUID) -> BreakGlass:
    rows = BreakGlass.objects.visible_to(by).select_related("opener", "opener_office", "confirm_office", "office")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _may(check: Any, row: BreakGlass, by: Identity) -> bool:
    try:
        check(row, by)
    except NotAllowed:
        return False
    return True


def _page(
    request: Asked, row: BreakGlass, *, form: GlassReviewForm | None = None, number: str = "", status: int = 200
) -> HttpResponse:
    by = request.identity
    shown = services.shown(row, by)
    words = GlassWords.objects.visible_to(by).filter(glass_id=row.pk).first()  # the auditor reads no words
    answers = services.waiting(by).filter(pk=row.pk).exists() and _may(services.is_stranger, row, by)
    reviews = services.reviewable(by).filter(pk=row.pk).exists() and _may(services.may_review, row, by)
    names: dict[UUID | None, str] = dict(
        User.objects.filter(pk__in=[one for one in (row.answered_by_id, row.reviewed_by_id) if one]).values_list("pk", "name")
    )  # fmt: skip
    is_cut = shown is None and row.opener_id == by.user_id and row.is_open()
    context = {
        "row": row, "state": _state(row, is_cut=is_cut), "is_cut": is_cut, "waits": row.opener_id == by.user_id and row.answered_at is None, "shown": shown, "number": number, "may_answer": answers,
        "form": (form or GlassReviewForm()) if reviews else None, "words": words,
        "tried": list(Office.objects.filter(pk__in=row.tried).values_list("short_name", flat=True)) if row.tried else [],
        "answered_by": names.get(row.answered_by_id, ""), "reviewed_by": names.get(row.reviewed_by_id, ""),
        "risk": Risk(shown.risk).label if shown else "", "unsafe_now": not is_safe_now(shown.safe) if shown and shown.safe else None,
        "window": window(shown.safe) if shown else "",
    }  # fmt: skip
    return render(request, "cases/glass_detail.html", context, status=status)


@page(*READERS)
def glass(request: Asked, pk: UUID) -> HttpResponse:
    """One emergency view; for its opener, as long as it lasts, with what it shows."""
    row = _fetch(request.identity, pk)
    opened = row.opener_id == request.identity.user_id and row.is_open()
    _log(row, sections=(Section.SAFE_CONTACT,) if opened else ())
    return _page(request, row)


@page(*ASKERS, methods=("POST",))
def reveal(request: Asked, pk: UUID) -> HttpResponse:
    """The whole safe number, within her safe hours; logged."""
    if stepup.is_due(request, within=stepup.IN_A_SHIFT):
        return redirect(stepup.address(request, then=reverse("cases:glass", args=[pk])))
    row = _fetch(request.identity, pk)
    found = services.shown(row, request.identity)
    if found is None or found.safe is None:
        raise NotFound
    if not is_safe_now(found.safe):
        return _page(request, row, status=422)
    _log(row, access.Action.REVEAL, (Section.SAFE_CONTACT,))
    return _page(request, row, number=display(found.safe.safe_number))


@page("director", methods=("POST",))
def answer(request: Asked, pk: UUID) -> HttpResponse:
    """Confirm or refuse."""
    try:
        outcome = services.glass_answer(
            glass_id=pk, by=request.identity, agreed=request.POST.get("answer") == "confirm", key=request_key(request)
        )
    except DuplicateRequest:
        return redirect("cases:glasses")
    messages.success(request, SAID[outcome])
    return redirect("cases:glass", pk)


@page(*REVIEWERS, methods=("POST",))
def review(request: Asked, pk: UUID) -> HttpResponse:
    """Justified, or not."""
    row = _fetch(request.identity, pk)
    form = GlassReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    try:
        services.glass_review(glass_id=pk, by=request.identity, key=request_key(request), **form.cleaned_data)
    except DuplicateRequest:
        return redirect(reverse("cases:glass", args=[pk]))
    messages.success(request, _("The review is written down."))
    return redirect("cases:glass", pk)
