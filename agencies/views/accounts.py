"""The system administrator's overview: who holds which role, who lacks a second factor. Nothing is changed here."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from agencies.enums import NO_ROLE, Role
from agencies.forms import AccountFilter
from agencies.identities import in_force
from agencies.models import RoleGrant, User
from core.views import Asked, page


def _chosen(form: AccountFilter) -> QuerySet[User]:
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
    users = User.objects.annotate(has_factor=Exists(factor))
    data = form.cleaned_data if form.is_valid() else {}
    if (role := data.get("role")) == NO_ROLE:
        users = users.filter(~Exists(in_force(RoleGrant.objects.filter(user=OuterRef("pk")))))
    elif role:
        users = users.filter(Exists(in_force(RoleGrant.objects.filter(user=OuterRef("pk"), role=role))))
    if data.get("factor"):
        users = users.filter(has_factor=data["factor"] == "yes")
    if data.get("state"):
        users = users.filter(is_active=data["state"] == "active")
    return users


@page(Role.SYSTEM)
def accounts(request: Asked) -> HttpResponse:
    """All accounts, without anything of what they work on."""
    form = AccountFilter(request.GET or None)
    held = in_force(RoleGrant.objects.all()).select_related("office", "unit", "region")
    users = _chosen(form).prefetch_related(Prefetch("role_grants", queryset=held, to_attr="in_force"))
    listed = Paginator(users.order_by("username"), 50).get_page(request.GET.get("page"))
    return render(request, "agencies/accounts.html", {"form": form, "listed": listed})
