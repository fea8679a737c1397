"""Emergency views and alerts: asked, answered, reviewed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import BurstFinding, GlassFinding
from cases.forms.fields import CaseNumberField, TextArea


class GlassForm(forms.Form):
    """An exact number, a reason, and the centre whose director confirms."""

    number = CaseNumberField(
        label=_("Case number"), help_text=_("The exact number, as 530102-2026-7K3F. Nothing is searched.")
    )
    reason = TextArea(
        label=_("Reason"), rows=3, min_length=10, max_length=1000,
        help_text=_("What happens now, and why it cannot wait for her own centre. Whoever confirms and whoever reviews reads it."),
    )  # fmt: skip
    office: forms.ModelChoiceField[Office] = forms.ModelChoiceField(
        label=_("You ask for"), queryset=None, empty_label=None
    )
    confirm: forms.ModelChoiceField[Office] = forms.ModelChoiceField(
        label=_("Centre that confirms"), queryset=None, empty_label=_("Choose a centre"),
        help_text=_("Any centre at which you hold no post yourself; for a desk also that of its own county. Its director confirms, unless she works with you. Its telephone is shown as soon as you have asked."),
    )  # fmt: skip

    def __init__(self, *args: Any, offices: list[Office], confirming: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office, confirm = self.fields["office"], self.fields["confirm"]
        office.queryset = Office.objects.filter(pk__in=[one.pk for one in offices])  # type: ignore[attr-defined]
        confirm.queryset = confirming  # type: ignore[attr-defined]
        if len(offices) == 1:  # nothing to choose
            office.initial = offices[0].pk
            office.widget = forms.HiddenInput()


class GlassReviewForm(forms.Form):
    """Was the emergency view justified?"""

    finding = forms.ChoiceField(label=_("Finding"), choices=GlassFinding.choices, widget=forms.RadioSelect)
    note = TextArea(label=_("What the review found"), rows=3, max_length=2000)


class BurstForm(forms.Form):
    """What was behind unusual access."""

    finding = forms.ChoiceField(label=_("Finding"), choices=BurstFinding.choices, widget=forms.RadioSelect)
    note = TextArea(
        label=_("What was found"), rows=3, max_length=2000, required=False,
        help_text=_("What the person said. Write no client's name."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What is not explained by the work needs words."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("finding") not in (None, BurstFinding.EXPLAINED) and not (data.get("note") or "").strip():
            self.add_error("note", _("Write down what was found."))
        return data
