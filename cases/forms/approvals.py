"""Asking for a closed record of a minor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.forms.fields import CaseNumberField, TextArea


class ApprovalForm(forms.Form):
    """An exact number, a reason, and for how long."""

    number = CaseNumberField(
        label=_("Case number"), help_text=_("The exact number, as 530102-2026-7K3F. Nothing is searched.")
    )
    reason = TextArea(
        label=_("Reason"), rows=3, min_length=5, max_length=1000, help_text=_("What you need the record for. The director reads it.")
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("For how long"), coerce=int, initial=7, choices=[(1, _("One day")), (7, _("Seven days")), (30, _("Thirty days"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    office: forms.ModelChoiceField[Office] = forms.ModelChoiceField(label=_("Centre"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, centres: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.fields["office"]
        office.queryset = centres  # type: ignore[attr-defined]
        held = list(centres[:2])
        if len(held) == 1:  # nothing to choose
            office.initial = held[0].pk
            office.widget = forms.HiddenInput()
