"""Shapes of what people type; nothing is saved here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import GrantBasis
from cases.forms.fields import MomentField, TextArea
from core import clock
from core.identity import Identity
from shelter.enums import GIVEN, BedKind, Danger, LeaveReason
from shelter.models import Bed

_CHOOSE = {"required": _("Please choose.")}


class _Party(forms.Form):
    """Who comes, and what the keeper must know."""

    persons = forms.IntegerField(label=_("People, children included"), min_value=1, max_value=12, initial=1)
    children = forms.IntegerField(label=_("Children among them"), min_value=0, max_value=11, initial=0)
    dangers = forms.MultipleChoiceField(
        label=_("Dangers"), required=False, choices=Danger.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what is known; the keepers plan the nights by it."))  # fmt: skip
    health_needs = TextArea(
        label=_("Health needs"), required=False, rows=2, max_length=600,
        help_text=_("Medicine, pregnancy, injury, allergy, a cot. Nothing of the case."))  # fmt: skip


class HoldForm(_Party):
    """A bed for a guest."""

    bed = forms.ModelChoiceField(
        Bed.objects.none(), label=_("Bed"), empty_label=_("Please choose"), error_messages=_CHOOSE
    )
    since = MomentField(label=_("Arrives"))
    until = MomentField(label=_("Stays until"), help_text=_("Adults usually stay up to ten days."))
    is_minor = forms.BooleanField(label=_("The guest herself is under 18"), required=False)
    basis = forms.ChoiceField(
        label=_("Basis"), widget=forms.RadioSelect, choices=GrantBasis.choices, initial=GrantBasis.CONSENT,
        help_text=_("The keepers learn her name, the number of people, health needs and dangers."),
        error_messages={"required": _("Say why it may be shared.")})  # fmt: skip

    def __init__(self, data: Any = None, *, office: Office, by: Identity, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        beds = (
            Bed.objects.visible_to(by)
            .filter(office=office, is_active=True, house__is_active=True)
            .select_related("house")
        )
        field: Any = self.fields["bed"]
        field.queryset = beds.order_by("house__code_name", "kind", "label")
        field.label_from_instance = lambda bed: f"{bed.house.code_name} · {bed}"
        self.order_fields(
            ["bed", "since", "until", "persons", "children", "is_minor", "dangers", "health_needs", "basis"]
        )

    def arguments(self) -> dict[str, Any]:
        """What `stay_hold` takes."""
        values = dict(self.cleaned_data)
        values["bed_id"] = values.pop("bed").pk
        return values


class CheckInForm(_Party):
    """Three steps: who came, safe from being found, at home in the house."""

    location_off = forms.BooleanField(
        label=_("Location services of all telephones and children's watches are off"), required=False,
        help_text=_("Hers, the children's, also shared family accounts, cars and earphones that can be found."))  # fmt: skip
    rules_told = forms.BooleanField(
        label=_("She knows the rules of the house: nobody is told where it is, no visitors"), required=False
    )


class ExtendForm(forms.Form):
    """She stays longer."""

    until = MomentField(label=_("Stays until"))
    reason = TextArea(label=_("Why she stays longer"), rows=3, max_length=600)
    filed = forms.BooleanField(
        label=_("The extension is filed with civil affairs"), required=False, help_text=_("Needed for an adult beyond ten days."))  # fmt: skip


class CheckOutForm(forms.Form):
    """She leaves."""

    reason = forms.ChoiceField(
        label=_("Where she goes"), choices=LeaveReason.choices, widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    exit_application = forms.BooleanField(label=_("Her written application to leave is in the file"), required=False)
    guardian_verified = forms.BooleanField(
        label=_("A minor: the guardian was verified and has signed the hand-over"), required=False,
        help_text=_("Never to a guardian who is the respondent."))  # fmt: skip
    note_text = TextArea(label=_("What to mind afterwards"), required=False, rows=3, max_length=1000)


class ReleaseForm(forms.Form):
    """The bed is not needed."""

    reason = forms.ChoiceField(
        label=_("Why the bed is released"), choices=[(code.value, code.label) for code in GIVEN], widget=forms.RadioSelect, error_messages=_CHOOSE)  # fmt: skip


class HouseForm(forms.Form):
    """A refuge is registered."""

    code_name = forms.CharField(
        label=_("Code name"), max_length=32, help_text=_("What everybody calls it; it must not hint at the place."))  # fmt: skip
    address = TextArea(
        label=_("Address"), rows=2, max_length=200, help_text=_("Kept apart and sealed: keepers see it, and the manager of a guest's case."))  # fmt: skip
    capacity = forms.IntegerField(label=_("How many people it takes"), min_value=1, max_value=99)
    families = forms.IntegerField(label=_("Family rooms"), min_value=0, max_value=30, initial=1)
    singles = forms.IntegerField(label=_("Single beds"), min_value=0, max_value=60, initial=2)

    def beds(self) -> list[tuple[str, str]]:
        """Numbered beds of both kinds."""
        families, singles = self.cleaned_data["families"], self.cleaned_data["singles"]
        rooms = [(f"{n:02d}", BedKind.FAMILY.value) for n in range(1, families + 1)]
        return rooms + [(f"{n:02d}", BedKind.SINGLE.value) for n in range(families + 1, families + singles + 1)]


def hold_initial(default_until: dt.datetime) -> dict[str, Any]:
    """From now until the usual end."""
    return {"since": clock.local(clock.now()).replace(second=0, microsecond=0), "until": clock.local(default_until)}
