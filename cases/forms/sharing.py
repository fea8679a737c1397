"""Her consent, and what ends an access."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import ENDED_BY_HAND, ConsentGiver, ConsentHow
from cases.forms.fields import DayField, TextArea
from cases.models import Party


class ConsentForm(forms.Form):
    """How and by whom it was given, and until when."""

    how = forms.ChoiceField(
        label=_("How it was given"), choices=[("", _("Please choose")), *ConsentHow.choices],
        error_messages={"required": _("Please choose.")},
    )  # fmt: skip
    given_by = forms.ChoiceField(
        label=_("Given by"), choices=ConsentGiver.choices, help_text=_("A child's own consent counts from 14 years.")
    )
    guardian = forms.ChoiceField(
        label=_("Which guardian"), required=False, help_text=_("A guardian who is the respondent never consents.")
    )
    wish = TextArea(
        label=_("The child's own wish"), required=False, rows=3, help_text=_("In her words; needed from 8 years.")
    )
    until = DayField(
        label=_("Valid until"),
        required=False,
        help_text=_("What rests on it ends with this day."),
    )

    side_by_side = (("given_by", "guardian"),)

    def __init__(self, *args: Any, guardians: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(party.pk), party.identity.name or _("Unknown")) for party in guardians]
        self.fields["guardian"].choices = [("", _("Please choose")), *names]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """What follows."""

    text = TextArea(label=_("What follows"), rows=4)


class EndForm(forms.Form):
    """Whose access from which source ends, and why."""

    source = forms.UUIDField()
    group = forms.IntegerField(required=False)
    user = forms.UUIDField(required=False)
    reason = forms.ChoiceField(choices=[(reason.value, reason.label) for reason in ENDED_BY_HAND])
