"""The own account."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import render

from core.access import Action
from core.models.accesslog import AccessLog
from core.views import Asked, page


@page()
def profile(request: Asked) -> HttpResponse:
    """Who I am here, which roles I hold where, and how my account is protected."""
    by = request.identity
    mine = AccessLog.objects.filter(actor_id=by.user_id, action=Action.LOGIN).order_by("-at")
    context = {
        "has_factor": Authenticator.objects.filter(user_id=by.user_id, type=Authenticator.Type.TOTP).exists(),
        "logins": list(mine[:5]), "held": getattr(request.user, "held_roles", []),
    }  # fmt: skip
    return render(request, "agencies/profile.html", context)
