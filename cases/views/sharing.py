"""Who can see what of a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.enums import ENDED_BY_HAND, Section
from cases.forms.sharing import EndForm
from cases.models import AccessGrant, Consent, WorkItem
from cases.services import guards
from cases.services.consents import DECIDE, access_end
from cases.views.acting import at_once
from cases.views.holders import basis_of, body_of, holders, units_of
from cases.views.scope import MANAGERS, READERS, View, case_view, note_view
from core import access, clock, keys
from core.errors import NotFound
from core.views import Asked, page, request_key

# Her list names no refuge, and none of the centre's own people: what they see is said in one sentence.
UNPRINTED_SOURCES = ("stay", "manager")
UNPRINTED = (Section.SHELTER,)


def own(request: Asked, pk: UUID) -> View:
    """The case for the staff of its own centre; for everybody else there is no such page."""
    seen = case_view(request, pk)
    guards.is_manager(seen.case, seen.by)
    return seen


def there(pk: UUID) -> str:
    return reverse("cases:sharing", args=[pk])


@page(*READERS)
def sharing_panel(request: Asked, pk: UUID) -> HttpResponse:
    """The short form: each body or person with what is open to it now; everything else stands on the page."""
    seen = case_view(request, pk)
    if not seen.is_staff:
        raise NotFound
    return render(
        request,
        "cases/_case_sharing.html",
        {"holders": [each for each in holders(seen) if each.open], "case": seen.case},
    )


@page(*MANAGERS)
def sharing(request: Asked, pk: UUID) -> HttpResponse:
    """Who can see what, why, since when and until when; her consents, and what ends them."""
    seen = own(request, pk)
    keys.preload([pk])
    consents = list(Consent.objects.visible_to(seen.by).filter(case_id=pk).order_by("-given_at", "pk"))
    owed = set(
        WorkItem.objects.filter(case_id=pk, kind=DECIDE, done_at__isnull=True).values_list("source_id", flat=True)
    )
    for row in consents:
        row.labels = [Section(code).label for code in row.sections if code in Section.values]  # type: ignore[attr-defined]
        row.is_undecided = row.pk in owed  # type: ignore[attr-defined]
        row.is_over = row.withdrawn_at is not None or (row.valid_until is not None and row.valid_until <= clock.now())  # type: ignore[attr-defined]
    note_view(seen, [Section.COORDINATION], "sharing")
    everybody = holders(seen)
    return render(request, "cases/case_sharing.html", {
        "case": seen.case, "open": [each for each in everybody if each.open], "over": [each for each in everybody if each.over],
        "consents": [row for row in consents if not row.is_over or row.is_undecided],  # type: ignore[attr-defined]
        "past": [row for row in consents if row.is_over and not row.is_undecided],  # type: ignore[attr-defined]
        "reasons": [(reason.value, reason.label) for reason in ENDED_BY_HAND],
    })  # fmt: skip


@page(*MANAGERS)
def sharing_print(request: Asked, pk: UUID) -> HttpResponse:
    """What is handed to her, in person and alone: bodies, parts, times. No address, no refuge, nobody's name. Logged as an export."""
    seen = own(request, pk)
    access.note(
        access.Action.EXPORT, object_type="sharing", object_id=pk, case_id=pk, office_id=seen.case.office_id,
        sections=[Section.COORDINATION], reason="own_list",
    )  # fmt: skip
    rows = list(
        AccessGrant.objects.filter(case_id=pk, office_id__in=seen.by.case_offices, withdrawn_at__isnull=True)
        .exclude(Q(source_kind__in=UNPRINTED_SOURCES) | Q(section__in=UNPRINTED))
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=clock.now()))
        .select_related("user", "group__unit", "group__office")
        .prefetch_related("user__role_grants__unit", "user__role_grants__office")
        .order_by("offered_at", "section", "pk")
    )
    units = units_of(rows)
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for grant in rows:
        is_letter = grant.section == Section.LETTER
        key = (body_of(grant, units), str(basis_of(grant)), grant.valid_from, grant.valid_until)
        line = lines.setdefault(key, {
            "body": key[0], "basis": key[1], "since": grant.valid_from or grant.offered_at, "until": grant.valid_until,
            "waits": grant.valid_from is None, "sections": [],
        })  # fmt: skip
        label = _("A letter that does not name you") if is_letter else Section(grant.section).label
        if label not in line["sections"]:
            line["sections"].append(label)
    return render(
        request, "cases/case_sharing_print.html", {"case": seen.case, "lines": list(lines.values()), "now": clock.now()}
    )


@page(*MANAGERS, methods=("POST",))
def grant_end(request: Asked, pk: UUID) -> HttpResponse:
    """End what one holder has from one source, with a reason: one click."""
    seen = own(request, pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a reason."))
        return redirect(there(pk))
    data = form.cleaned_data
    return at_once(
        request,
        lambda: access_end(
            case_id=pk, by=seen.by, source_id=data["source"], group_id=data["group"], user_id=data["user"], reason=data["reason"],
            key=request_key(request)),
        said=_("The access has ended."), to=there(pk),
    )  # fmt: skip
