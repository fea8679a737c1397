"""What went wrong with a field, in words that can stand alone: read aloud, or at the top of the page, far from the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _

from core.ui.sentences import labelled


def in_words(bound: BoundField, label: Any = None) -> list[str]:
    """The errors as they stand beside the field; `label` is the one that the page shows where it is another than the field's."""
    name = str(bound.label if label is None else label)
    return [_asked_for(bound, name) if _is_plainly_missing(error) else _said(error) for error in _errors(bound)]


def in_summary(bound: BoundField, label: Any = None) -> list[str]:
    """The errors as they stand at the top of the page: each names its field."""
    name = str(bound.label if label is None else label)
    return [
        _asked_for(bound, name) if _is_plainly_missing(error) else _named(name, _said(error))
        for error in _errors(bound)
    ]


def _errors(bound: BoundField) -> list[ValidationError]:
    found = bound.errors
    return list(found.as_data()) if hasattr(found, "as_data") else [ValidationError(str(error)) for error in found]


def _said(error: ValidationError) -> str:
    return str(next(iter(error)))


def _is_plainly_missing(error: ValidationError) -> bool:
    """Whether nothing was entered and the form has no words of its own for it: Django's name no field."""
    return error.code == "required" and _said(error) == str(forms.Field.default_error_messages["required"])


def _asked_for(bound: BoundField, label: str) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.FileInput):
        return _("Choose a file: %(label)s") % {"label": label}
    if isinstance(widget, forms.CheckboxInput):
        return _("Tick this to go on: %(label)s") % {"label": label}
    if isinstance(widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return _("Please choose: %(label)s") % {"label": label}
    return _("Please fill in: %(label)s") % {"label": label}


def _named(label: str, said: str) -> str:
    if said.startswith(label):
        return said
    if label.endswith(("?", "？")):  # a question needs no colon
        return f"{label} {said}"
    return labelled(said, label.rstrip(":："))
