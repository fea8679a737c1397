"""One step on a letter, from a form of its page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.identity import Identity
from core.ui import times
from core.views import Asked, page, request_key, seen_version
from referrals.enums import OWED, ReferralStatus
from referrals.models import Referral, ReferralNote
from referrals.views import READERS
from referrals.views.letter import seen_letter, show
from referrals.views.verbs import VERBS


@page(*READERS, methods=("POST",))
def act(request: Asked, referral_id: UUID, verb: str) -> HttpResponse:
    """Carry out `verb`. Who comes second is told who was first, on the letter's own page, with what she typed."""
    doing, by = VERBS[verb], request.identity
    form = doing.form(request.POST, request.FILES, auto_id=f"{verb}-%s")
    if not form.is_valid():
        return show(request, seen_letter(by, referral_id), status=422, bound={verb: form})
    version: dict[str, Any] = {"version": seen_version(request)} if doing.versioned else {}
    home = redirect("referrals:inbox") if doing.leaves else redirect("referrals:detail", referral_id)
    try:
        done = doing.service(referral_id=referral_id, by=by, key=request_key(request), **version, **form.cleaned_data)
    except DuplicateRequest:
        return home
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        if isinstance(error, StaleVersion) or error.code == "wrong_status":
            return _told(request, referral_id, verb, form)
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return show(request, seen_letter(by, referral_id), status=422, bound={verb: form})
    messages.success(request, doing.tells(done) if doing.tells else doing.done)
    return home


def _told(request: Asked, referral_id: UUID, verb: str, form: Any) -> HttpResponse:
    """Somebody was faster."""
    row = Referral.objects.visible_to(request.identity).filter(pk=referral_id).first()
    if row is None:
        messages.warning(
            request,
            _("A colleague or the centre was faster: this letter is no longer with your unit. Nothing was changed."),
        )
        return redirect("referrals:inbox")
    if verb == "accept" and row.status == ReferralStatus.ACCEPTED and row.accepted_by_id == request.identity.user_id:
        return redirect("referrals:detail", referral_id)
    bound = {verb: form} if form.fields else {}
    row = seen_letter(request.identity, referral_id)
    return show(request, row, status=409, bound=bound, told=what_happened(row, request.identity))


def what_happened(row: Referral, by: Identity) -> str:
    """In plain words, who was faster and what that means for the reader."""
    last = row.notes.order_by("-at").first()
    if row.status in OWED and last is not None and last.kind == ReferralNote.Kind.MISSING:
        return _("%(name)s sent the answer back %(when)s: something is missing. The unit owes it again.") % {
            "name": last.actor_name,
            "when": times.when(last.at),
        }
    if row.status == ReferralStatus.ACCEPTED and row.accepted_by and row.accepted_at:
        who = {"name": row.accepted_by.name, "when": times.when(row.accepted_at)}
        return _("%(name)s accepted this referral %(when)s. It is in good hands: you need do nothing more.") % who
    if row.status == ReferralStatus.RESPONDED and last is not None:
        return _("%(name)s has answered this referral %(when)s.") % {
            "name": last.actor_name,
            "when": times.when(last.at),
        }
    return _("This referral was changed meanwhile: it is now “%(state)s”. Nothing of yours was saved.") % {
        "state": row.get_status_display()
    }
