"""Her consent: how it was given, taken back with one click, and what follows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit
from cases import registry
from cases.enums import Section
from cases.forms.sharing import ConsentForm, DecisionForm
from cases.models import AccessGrant, Consent
from cases.services.consents import consent_decide, consent_describe, consent_withdraw, guardians, version_of
from cases.views.acting import act, at_once
from cases.views.assess import GET_POST
from cases.views.holders import page_of
from cases.views.plan import SIMPLE
from cases.views.scope import MANAGERS, note_view
from cases.views.sharing import own, there
from core import clock, keys
from core.errors import NotFound
from core.views import Asked, page, request_key, seen_version


@page(*MANAGERS, methods=GET_POST)
def consent(request: Asked, pk: UUID, consent: UUID) -> HttpResponse:
    """How and by whom a consent was given, and when it ends."""
    seen = own(request, pk)
    keys.preload([pk])
    row = Consent.objects.visible_to(seen.by).filter(case_id=pk, pk=consent).first()
    if row is None:
        raise NotFound
    initial = {"how": row.how, "given_by": row.given_by, "guardian": row.guardian_id, "wish": row.wish}
    initial["until"] = clock.local(row.valid_until).date() if row.valid_until else None
    form = ConsentForm(request.POST or None, initial=initial, guardians=guardians(pk))
    note_view(seen, [Section.COORDINATION, Section.IDENTITY], "consent")
    return act(
        request, form,
        lambda data: consent_describe(
            case_id=pk, consent_id=consent, by=seen.by, how=data["how"], given_by=data["given_by"],
            guardian_id=UUID(data["guardian"]) if data["guardian"] else None, wish=data["wish"], until=data["until"],
            version=seen_version(request), key=request_key(request)),
        to=there(pk), said=gettext("The consent is written down."), template=SIMPLE,
        version=lambda: version_of(Consent.objects.get(pk=consent)), compare=lambda: _as_it_stands(form, consent), case=seen.case, title=_("Her consent"),
        submit=_("Save"), icon="device-floppy", lead=row.unit_name,
    )  # fmt: skip


def _as_it_stands(form: ConsentForm, pk: UUID) -> list[dict[str, Any]]:
    """What somebody else has written down meanwhile, beside what was typed."""
    row = Consent.objects.get(pk=pk)
    until = clock.local(row.valid_until).date() if row.valid_until else ""
    now = {"how": row.get_how_display(), "given_by": row.get_given_by_display(), "wish": row.wish, "until": until}
    return [{"field": form[name].label, "was": "", "now": said, "yours": ""} for name, said in now.items() if said]


@page(*MANAGERS, methods=("POST",))
def consent_take_back(request: Asked, pk: UUID, consent: UUID) -> HttpResponse:
    """She takes it back: one click."""
    seen = own(request, pk)
    return at_once(
        request, lambda: consent_withdraw(case_id=pk, consent_id=consent, by=seen.by, key=request_key(request)), to=there(pk),
        said=_("The consent is withdrawn. What rested on it is closed now. A letter that was sent stays with the body until you recall it: decide what follows."),
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def consent_follow(request: Asked, pk: UUID, consent: UUID) -> HttpResponse:
    """What follows from a withdrawn consent for the work that the body still owes."""
    seen = own(request, pk)
    row = Consent.objects.visible_to(seen.by).filter(case_id=pk, pk=consent).select_related("case").first()
    if row is None:
        raise NotFound
    note_view(seen, [Section.COORDINATION], "consent")
    return act(
        request, DecisionForm(request.POST or None),
        lambda data: consent_decide(case_id=pk, consent_id=consent, by=seen.by, text=data["text"], key=request_key(request)),
        to=there(pk), said=gettext("The decision is kept."), template="cases/consent_decide.html", case=seen.case,
        title=_("Decide what follows"), submit=_("Keep the decision"), icon="check",
        lead=_("%(body)s works with less now, or not at all.") % {"body": row.unit_name}, letters=_letters_of(row),
        again=_again(row),
    )  # fmt: skip


def _letters_of(row: Consent) -> list[str]:
    """The pages of what rested on this consent and is still with the body."""
    rested = AccessGrant.objects.filter(consent_id=row.pk).values("source_id")
    still = AccessGrant.objects.filter(case_id=row.case_id, source_id__in=rested, withdrawn_at__isnull=True)
    found = still.order_by("source_id").values_list("source_kind", "source_id").distinct()
    return [url for kind, source in found if (url := page_of(kind, source))]


def _again(row: Consent) -> str:
    """Where the same body is asked anew, with a new consent; empty where the case cannot be sent from now."""
    action = registry.case_actions.get("referrals.send")
    is_unit = Unit.objects.filter(pk=row.unit_id, is_active=True).exists()
    if action is None or not is_unit or row.case.status not in action.statuses:
        return ""
    return f"{action.url(row.case_id)}?unit={row.unit_id}"
