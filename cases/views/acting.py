"""A form or a button that carries out one verb: sent to the service, redirected; what was typed is never lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.models import User
from cases.models import Category
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.ui import times
from core.views import seen_version

Verb = Callable[[dict[str, Any]], Any]


def act(
    request: HttpRequest,
    form: forms.Form,
    verb: Verb,
    *,
    to: str,
    said: str | Callable[[Any], str],
    template: str,
    version: Callable[[], int] | None = None,
    compare: Callable[[], list[dict[str, Any]]] | None = None,
    labels: dict[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show `form`, or carry out `verb` with what it says and go to `to`.

    A rule's error lands beside its field (422). Where somebody was faster (409) the present `version` goes into the form, with what
    has changed above it. `said` may be made of what the verb returns. The same POST twice does its work once and ends at the same place.
    """
    status, stale = 200, None
    shown_version = seen_version(request) if request.method == "POST" else (version() if version else None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = verb(form.cleaned_data)
            except DuplicateRequest:
                return redirect(to)
            except StaleVersion as error:
                status, shown_version = 409, version() if version else None
                stale = compare() if compare else changes_of(error, form, labels or {})
            except (NotFound, NotAllowed):
                raise
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, said(done) if callable(said) else said)
                return redirect(to)
    found = {
        "form": form,
        "lines": lines(form),
        "cancel": to,
        "shown_version": shown_version,
        "stale": stale,
        "is_stale": stale is not None,
        **context,
    }
    return render(request, template, found, status=status)


def at_once(request: HttpRequest, verb: Callable[[], Any], *, said: Any, to: str, otherwise: str = "") -> HttpResponse:
    """Carry out a verb of one button and go to `to`; whoever was slower is told so, at `otherwise` where that is another page."""
    try:
        verb()
    except DuplicateRequest:
        return redirect(to)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect(otherwise or to)
    messages.success(request, said)
    return redirect(to)


def lines(form: forms.Form) -> list[list[forms.BoundField]]:
    """The form's fields by lines: those that `form.side_by_side` names together stand beside each other."""
    found: list[list[forms.BoundField]] = []
    groups: tuple[tuple[str, ...], ...] = getattr(form, "side_by_side", ())
    for bound in form:
        group = next((names for names in groups if bound.name in names), ())
        if found and group and found[-1][0].name in group:
            found[-1].append(bound)
        else:
            found.append([bound])
    return found


def changes_of(error: StaleVersion, form: forms.Form, labels: dict[str, Any]) -> list[dict[str, Any]]:
    """What has changed meanwhile, readable, beside what the person typed; `labels` names the columns behind the form's fields."""
    typed = {str(labels.get(bound.name, bound.label)): _readable(form.cleaned_data.get(bound.name)) for bound in form}
    return [
        {
            "field": change.label,
            "was": _readable(change.was),
            "now": _readable(change.now),
            "yours": typed.get(str(change.label), ""),
        }
        for change in error.changes
    ]


def _readable(value: Any) -> Any:
    """Ids as names, moments as people write them."""
    if isinstance(value, UUID):
        user = User.objects.filter(pk=value).first()
        return user.name if user else ""
    if isinstance(value, dt.datetime):
        return times.exact(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and 2 <= len(value) <= 3 and value[:1].isupper():
        category = Category.objects.filter(pk=value).first()
        return category.name if category else value
    return value
