"""What two windows of one call say differently, field by field, so that the second one can decide with both before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _

from cases.forms.fields import PhoneField
from core.phone import display
from hotline.forms import ConsoleForm, initial_of
from hotline.models import Contact


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what the other window has saved, what was typed here."""

    label: Any
    saved: str
    typed: str


def differences(form: ConsoleForm, contact: Contact) -> list[Difference]:
    """The fields of a bound form that are saved otherwise in the draft."""
    kept = initial_of(contact)
    found = []
    for bound in form:
        if bound.name in kept and not bound.is_hidden:
            saved, typed = _said(bound.field, kept[bound.name]), _said(bound.field, bound.value())
            if saved != typed:
                found.append(Difference(bound.label, saved, typed))
    return found


def _said(field: forms.Field, value: Any) -> str:
    """A value as people read it, whether it comes from the draft or from the form's text."""
    if isinstance(field, forms.BooleanField):
        return str(_("Yes") if value else _("No"))
    text = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value or "").strip()
    if isinstance(field, forms.DateTimeField):
        return text.replace("T", " ")[:16]
    if isinstance(field, forms.TimeField):
        return text[:5]  # 20:00, whether it was typed or kept
    if isinstance(field, PhoneField):
        return display(text) if text else ""
    if isinstance(field, forms.ChoiceField):
        return dict(_flat(cast("Iterable[Any]", field.choices))).get(text, text)
    return text


def _flat(choices: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)
