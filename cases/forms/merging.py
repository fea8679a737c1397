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

    def __init__(self, *args: Any, case: Case, by: Identity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices = kept_choices(case, by)

    def clean_kept(self) -> Case:
        """One answer for unknown, foreign, closed and walled ones."""
        kept = self._choices.filter(number=self.cleaned_data["kept"]).first()
        if kept is None:
            raise forms.ValidationError(_("There is no other open case of your centre with this number."))
        return kept  # type: ignore[no-any-return]
