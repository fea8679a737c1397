"""What is written into a case: a section's text, a service, an order."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import OrderKind, ServiceKind
from cases.forms.fields import MomentField, TextArea


class SectionForm(forms.Form):
    """The running text of one section."""

    text = TextArea(label=_("Text"), rows=14)


class ServiceForm(forms.Form):
    """One service for the client."""

    kind = forms.ChoiceField(label=_("Service"), choices=ServiceKind.choices)
    happened_at = MomentField(label=_("Happened at"), help_text=_("It counts in the month in which it happened."))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=1440)
    note = TextArea(label=_("Note"), required=False, rows=5)

    side_by_side = (("happened_at", "minutes"),)


class OrderForm(forms.Form):
    """An order as it stands on the paper."""

    kind = forms.ChoiceField(label=_("Kind of order"), choices=OrderKind.choices)
    document_number = forms.CharField(label=_("Document number"), max_length=64)
    issuer = forms.CharField(label=_("Issued by"), max_length=80)
    issued_on = forms.DateField(label=_("Issued on"), widget=forms.DateInput())
    valid_until = forms.DateField(
        label=_("Valid until"),
        widget=forms.DateInput(),
        required=False,
        help_text=_("A protection order always has an end."),
    )

    side_by_side = (("kind", "document_number"), ("issued_on", "valid_until"))
