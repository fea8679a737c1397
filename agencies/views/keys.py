"""Keys of agencies' own systems: who has one, who asked, who confirmed. The secret is shown once, to the one who confirms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import stepup
from agencies.enums import Role
from agencies.forms import KeyForm, RegionFilter
from agencies.models import AgencyKey
from agencies.programs import secret_of
from agencies.services.keys import key_confirm, key_request, key_revoke
from core import access, clock
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.identity import Identity
from core.views import Asked, page, request_key, seen_version


def _shown(row: AgencyKey, by: Identity) -> dict[str, Any]:
    state, tone = _state(row)
    is_over = tone == "neutral"
    return {
        "row": row, "state": state, "tone": tone, "may_revoke": not is_over,
        "may_confirm": not is_over and row.confirmed_at is None and row.requested_by_id != by.user_id,
    }  # fmt: skip


def _state(row: AgencyKey) -> tuple[str, str]:
    if row.revoked_at:
        return _("Revoked"), "neutral"
    if row.valid_until <= clock.now():
        return _("Ended"), "neutral"
    return (_("In force"), "ok") if row.confirmed_at else (_("Waits for a second person"), "warn")


@page(Role.SYSTEM)
def keys(request: Asked) -> HttpResponse:
    """All keys, the newest first."""
    listed = Paginator(AgencyKey.objects.select_related("unit"), 50).get_page(request.GET.get("page"))
    rows = [_shown(row, request.identity) for row in listed.object_list]
    return render(request, "agencies/keys.html", {"listed": listed, "rows": rows})


@page(Role.SYSTEM, methods=("GET", "HEAD", "POST"))
def new(request: Asked) -> HttpResponse:
    """Ask for a key. The address says in which region the unit is looked for."""
    region = RegionFilter(request.GET)
    form = KeyForm(request.POST if request.method == "POST" else None, within=region.within)
    if form.is_bound and form.is_valid():
        try:
            key_request(by=request.identity, key=request_key(request), **form.cleaned_data)
        except DuplicateRequest:
            return redirect("agencies:keys")
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Asked for. Another system administrator has to confirm it."))
            return redirect("agencies:keys")
    return render(
        request, "agencies/key_new.html", {"form": form, "region": region}, status=422 if form.is_bound else 200
    )


@page(Role.SYSTEM, methods=("POST",))
def confirm(request: Asked, pk: UUID) -> HttpResponse:
    """Confirm it, and show the secret this one time; the second factor comes first."""
    if stepup.is_due(request):
        return redirect(stepup.address(request, then=reverse("agencies:keys")))
    try:
        row = key_confirm(key_id=pk, by=request.identity, version=seen_version(request), key=request_key(request))
    except (DuplicateRequest, StaleVersion):
        messages.info(request, _("Somebody has decided on this already."))
        return redirect("agencies:keys")
    access.note(access.Action.REVEAL, object_type="agency_key", object_id=row.pk, reason="key_confirmed")
    return render(request, "agencies/key_secret.html", {"row": row, "secret": secret_of(row)})


@page(Role.SYSTEM, methods=("POST",))
def revoke(request: Asked, pk: UUID) -> HttpResponse:
    """End it at once."""
    try:
        key_revoke(key_id=pk, by=request.identity, version=seen_version(request), key=request_key(request))
    except (NotFound, NotAllowed):
        raise
    except DomainError:
        messages.info(request, _("Somebody has decided on this already."))
    else:
        messages.success(request, _("Revoked. The system is refused from now on."))
    return redirect("agencies:keys")
