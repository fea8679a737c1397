"""What is written into a case: a section's text, a service, an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import OrderKind, ServiceKind
from cases.forms.fields import DayField, MomentField, TextArea


class SectionForm(forms.Form):
    """The running text of one section."""

    text = TextArea(label=_("Text"), rows=14)


class ServiceForm(forms.Form):
    """One service, for whom it was given and at which visit."""

    kind = forms.ChoiceField(label=_("Service"), choices=[("", _("Please choose")), *ServiceKind.choices])
    parties = forms.TypedMultipleChoiceField(
        label=_("For whom"), coerce=UUID, widget=forms.CheckboxSelectMultiple,
        help_text=_("Each person counts: a mother and her child at one visit are two people who were helped."))  # fmt: skip
    occasion = forms.TypedChoiceField(
        label=_("Visit"), coerce=UUID, empty_value=None, required=False,
        help_text=_("Several colleagues or bodies at one visit give one service: then choose the visit that is recorded already."))  # fmt: skip
    happened_at = MomentField(label=_("Happened at"), help_text=_("It counts in the month in which it happened."))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=1440)
    note = TextArea(label=_("Note"), required=False, rows=5)

    side_by_side = (("happened_at", "minutes"),)

    def __init__(
        self, *args: Any, people: Sequence[tuple[UUID, str]], visits: Sequence[tuple[UUID, str]], **kwargs: Any
    ) -> None:
        """`people`: parties who can be given a service, the client first. `visits`: recent occasions with what was done there."""
        super().__init__(*args, **kwargs)
        self.fields["parties"].choices = [(str(pk), name) for pk, name in people]  # type: ignore[attr-defined]
        self.fields["occasion"].choices = [  # type: ignore[attr-defined]
            ("", _("A visit of its own")), *((str(pk), name) for pk, name in visits)
        ]  # fmt: skip
        if len(people) < 2:
            del self.fields["parties"]  # nothing to choose: it is for the client
        if not visits:
            del self.fields["occasion"]


class SupervisionForm(forms.Form):
    """A guardianship supervision order of a family that is no case of the centre."""

    document_number = forms.CharField(label=_("Document number"), max_length=64)
    issuer = forms.CharField(label=_("Issued by"), max_length=80)
    issued_on = DayField(label=_("Issued on"))
    valid_until = DayField(label=_("Valid until"), required=False)
    office = forms.ModelChoiceField(label=_("Centre"), queryset=Office.objects.none(), empty_label=_("Please choose"))

    side_by_side = (("document_number", "issuer"), ("issued_on", "valid_until"))

    def __init__(self, *args: Any, offices: QuerySet[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        if len(offices) == 1:
            del self.fields["office"]


class OrderForm(forms.Form):
    """An order as it stands on the paper."""

    kind = forms.ChoiceField(label=_("Kind of order"), choices=OrderKind.choices)
    document_number = forms.CharField(label=_("Document number"), max_length=64)
    issuer = forms.CharField(label=_("Issued by"), max_length=80)
    issued_on = DayField(label=_("Issued on"))
    valid_until = DayField(
        label=_("Valid until"),
        required=False,
        help_text=_("A protection order always has an end."),
    )

    side_by_side = (("kind", "document_number"), ("issued_on", "valid_until"))
