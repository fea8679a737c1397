"""What came of a callback."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import AttemptOutcome, Satisfaction


class AttemptForm(forms.Form):
    """One attempt to reach her."""

    outcome = forms.ChoiceField(
        label=_("How this attempt ended"), choices=AttemptOutcome.choices, widget=forms.RadioSelect
    )
    satisfaction = forms.ChoiceField(
        label=_("How she found the help"), choices=Satisfaction.choices, required=False, widget=forms.RadioSelect,
        help_text=_("Only when you reached her."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What was said"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Is she safe now? Did the agencies help? What does she still need?"),
    )  # fmt: skip

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).strip()

    def clean(self) -> dict[str, Any]:
        """Only who was reached can have been asked."""
        data = super().clean() or self.cleaned_data
        if data.get("outcome") != AttemptOutcome.REACHED:
            data["satisfaction"] = ""
        return data


class FailureForm(forms.Form):
    """What is done instead, when she could not be reached."""

    note = forms.CharField(
        label=_("What is done instead"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example a visit by the village's women's federation, or another try on another day."),
    )  # fmt: skip


class RevealForm(forms.Form):
    """Why the whole number is needed."""

    reason = forms.ChoiceField(
        label=_("Why do you need the number?"),
        choices=[("callback", _("To make this callback")), ("check", _("To compare it with the number that she called from"))],
    )  # fmt: skip
