"""Services given and orders issued in a case."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.forms.records import ServiceForm
from cases.models import Party, PartyIdentity, ServiceRecord
from cases.services.records import SERVED_ROLES, service_record
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.plan import SIMPLE
from cases.views.scope import MANAGERS, READERS, case_view, changing_case, note_view
from core import clock, keys
from core.errors import NotFound
from core.identity import Identity
from core.ui import times
from core.ui.sentences import in_brackets, joined
from core.views import Asked, page, request_key

SHOWN_AT_MOST = 50
RECENT = dt.timedelta(days=14)


def there(pk: UUID, panel: str) -> str:
    """The case's page, at one of its panels."""
    return f"{reverse('cases:detail', args=[pk])}#panel-{panel}"


def _people(by: Identity, pk: UUID) -> list[tuple[UUID, str]]:
    """The people of a case who can be given a service, the client first."""
    parties = list(Party.objects.visible_to(by).filter(case_id=pk, role__in=SERVED_ROLES).order_by("-is_primary", "pk"))
    keys.preload([pk])
    rows = PartyIdentity.objects.visible_to(by).filter(party__in=parties)
    names = {row.party_id: _("Anonymous") if row.is_anonymous else row.name for row in rows}
    return [
        (party.pk, f"{names.get(party.pk) or _('Name not known')} · {party.get_role_display()}") for party in parties
    ]


def _visits(by: Identity, pk: UUID) -> list[tuple[UUID, str]]:
    """The occasions of the last days, newest first, each with what was done there and by whom."""
    rows = ServiceRecord.objects.visible_to(by).filter(case_id=pk, happened_at__gte=clock.now() - RECENT)
    found: dict[UUID, tuple[str, list[str]]] = {}
    for row in rows.order_by("-happened_at", "-pk"):
        _at, done = found.setdefault(row.occasion, (times.exact(row.happened_at), []))
        said = str(row.get_kind_display()) + (in_brackets(row.by_name) if row.by_name else "")
        if said not in done:
            done.append(said)
    return [(occasion, f"{at} {joined(done)}") for occasion, (at, done) in found.items()]


@page(*MANAGERS, methods=GET_POST)
def service_add(request: Asked, pk: UUID) -> HttpResponse:
    """One service for the client."""
    seen = changing_case(request, pk)
    people = _people(seen.by, pk)
    form = ServiceForm(
        request.POST or None, people=people, visits=_visits(seen.by, pk),
        initial={"happened_at": clock.local(clock.now()).replace(second=0, microsecond=0), "parties": [str(party) for party, _name in people[:1]]},
    )  # fmt: skip
    return act(
        request, form,
        lambda data: service_record(
            case_id=pk, by=seen.by, kind=data["kind"], happened_at=data["happened_at"], note=data["note"], minutes=data["minutes"],
            party_ids=data.get("parties", ()), occasion=data.get("occasion"), key=request_key(request)),
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
    served: dict[tuple[str, UUID, str], ServiceRecord] = {}
    for row in rows:
        first = served.setdefault((row.kind, row.occasion, row.by_name), row)
        first.people = getattr(first, "people", 0) + 1  # type: ignore[attr-defined]
    note_view(seen, {row.section for row in rows}, "services")
    return render(request, "cases/_case_services.html", {"services": served.values(), "of_centre": seen.is_staff})
