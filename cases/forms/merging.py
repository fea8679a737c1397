"""Which case stays when two are one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import CaseNumberField, TextArea
from cases.models import Case
from cases.services.merging import kept_choices
from core.identity import Identity


class MergeForm(forms.Form):
    """The number of the case that stays, typed from its page: a list of names to pick from would invite the wrong one."""

    kept = CaseNumberField(label=_("Number of the case that stays"))
    reason = TextArea(label=_("How it is known that this is the same person"), rows=3)
    is_same_person = forms.BooleanField(
        label=_(
            "I have read both cases: the same person, and the safe-contact rules of the case that stays are right for her."
        )
    )

    despite = forms.BooleanField(
        label=_("Name or year of birth differ, and I have made sure that it is one person nevertheless."),
        required=False,
    )
    compared = forms.CharField(
        required=False, widget=forms.HiddenInput
    )  # the case whose client was shown beside this one's

    def __init__(self, *args: Any, case: Case, by: Identity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices = kept_choices(case, by)
        self.kept_found: Case | None = None

    def clean_kept(self) -> Case:
        """One answer for unknown, foreign, closed and walled ones."""
        kept = self._choices.filter(number=self.cleaned_data["kept"]).first()
        if kept is None:
            raise forms.ValidationError(_("There is no other open case of your centre with this number."))
        self.kept_found = kept
        return kept  # type: ignore[no-any-return]

    def clean(self) -> dict[str, Any]:
        """Nothing is merged that was not shown side by side first."""
        data = super().clean() or self.cleaned_data
        if not self.errors and self.kept_found is not None and data.get("compared") != str(self.kept_found.pk):
            raise forms.ValidationError(
                _("Compare the two people below. If it is one person, press once more."), code="compare"
            )
        return data
