"""Shapes of what people type; nothing is saved here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.enums import UnitKind
from agencies.models import Room, Unit
from cases.forms.consent import NAMES, ConsentContext, GivenForm
from cases.forms.fields import MomentField, PhoneField, TextArea
from cases.forms.kin import KinForm, kin_field
from cases.models import Case
from cases.registry import Workplace
from core import clock
from legalaid.enums import EndReason, Matter, MeansTest, Outcome, RefuseReason

_CHOOSE = {"required": _("Please choose.")}


def aid_units(case: Case) -> QuerySet[Unit]:
    """The legal-aid centres of the case's county, its prefecture and the province, the nearest first."""
    county = case.office.region_id[:6]
    places = (
        Q(region__code__startswith=county) | Q(region__code=f"{county[:4]}00") | Q(region__code=f"{county[:2]}0000")
    )
    return Unit.objects.filter(places, kind=UnitKind.LEGAL_AID, is_active=True).order_by("-region_id")


class ApplyForm(KinForm, GivenForm):
    """An application: to whom, for what, and how she consented."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Legal-aid centre"), error_messages=_CHOOSE)
    kin = kin_field(
        _("Does he, or his family, work there?"), missing=_("Ask this before each sending; her safety depends on it.")
    )
    kin_refused = _("Do not send it there. Choose another legal-aid centre and let the director wall this one off.")
    matter = forms.ChoiceField(
        label=_("What the aid is for"), choices=[("", _("Please choose")), *Matter.choices], error_messages=_CHOOSE
    )
    means = forms.ChoiceField(
        label=_("Means"), widget=forms.RadioSelect, choices=MeansTest.choices, error_messages=_CHOOSE,
        help_text=_("Victims of domestic violence, abuse and abandonment are not asked for their means (Legal Aid Law 42)."))  # fmt: skip
    is_urgent = forms.BooleanField(
        label=_("A limitation period ends within seven days: help first, examine later"), required=False
    )
    is_minor = forms.BooleanField(label=_("The applicant is a minor"), required=False)

    def __init__(self, data: Any = None, *, case: Case, workplaces: Sequence[Workplace] = (), **kwargs: Any) -> None:
        units = list(aid_units(case))
        initial: dict[str, Any] = {"is_minor": case.concerns_minor, "unit": units[0].pk if units else None}
        if case.category.is_violence:
            initial["means"] = MeansTest.VIOLENCE
        super().__init__(data, initial=initial, ask=ConsentContext(case), **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = aid_units(case)
        field.label_from_instance = lambda unit: unit.name
        self.has_units = bool(units)
        wanted = str(self.data.get("unit") or initial["unit"] or "")
        self.compare_kin(workplaces, [unit for unit in units if str(unit.pk) == wanted])

    def clean(self) -> dict[str, Any]:
        """An application always rests on consent."""
        data: dict[str, Any] = super().clean() or {}
        self.check_consent(data, clock.now())
        return data

    def arguments(self) -> dict[str, Any]:
        """What `application_send` takes."""
        data = self.cleaned_data
        values = {name: value for name, value in data.items() if name not in ("kin", "kin_checked", *NAMES)}
        return values | {"consent": self.given(data), "kin_checked": data["unit"].pk in self.checked_units(data)}


class RefuseForm(forms.Form):
    """Refusing gives its reasons."""

    reason = forms.ChoiceField(
        label=_("Reason for refusing"), widget=forms.RadioSelect, choices=RefuseReason.choices, error_messages=_CHOOSE
    )
    note = TextArea(
        label=_("Explanation"), rows=3, max_length=600, help_text=_("She is told this, and that she may object to the justice bureau."))  # fmt: skip


class AssignForm(forms.Form):
    """Who represents her."""

    lawyer_name = forms.CharField(label=_("Lawyer"), max_length=32)
    lawyer_agency = forms.CharField(label=_("Law firm or legal-service office"), max_length=80)
    lawyer_phone = PhoneField(label=_("Lawyer's telephone"))


class CloseForm(forms.Form):
    """How the matter ended."""

    reason = forms.ChoiceField(
        label=_("How it ended"), widget=forms.RadioSelect, choices=EndReason.choices, error_messages=_CHOOSE
    )


class PlanForm(forms.Form):
    """A mediation to come."""

    at = MomentField(label=_("When"))
    until = MomentField(
        label=_("Ends"), required=False, help_text=_("Two hours where nothing is said; a room is booked for it.")
    )
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"), required=False, empty_label=_("Another place"))
    venue = forms.CharField(label=_("Another place"), required=False, max_length=80)
    mediator = forms.CharField(label=_("Mediator"), max_length=48)
    she_is_safe = forms.BooleanField(label=_("She is safe now and on the way there and back"), required=False)
    she_knows = forms.BooleanField(label=_("She wants it, and knows when the other side is told"), required=False)
    source_hidden = forms.BooleanField(label=_("Who told of the matter is not revealed"), required=False)

    def __init__(self, data: Any = None, *, case: Case, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["room"]
        field.queryset = Room.objects.filter(office_id=case.office_id)


class RecordForm(forms.Form):
    """What came of it."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), widget=forms.RadioSelect, choices=Outcome.choices, error_messages=_CHOOSE
    )
    held_at = MomentField(label=_("Held at"), required=False, help_text=_("Where it differs from the planned time."))
    note = TextArea(
        label=_("What was agreed"),
        rows=5,
        max_length=4000,
        help_text=_(
            "In case of an agreement: the terms, and whether it is to be confirmed by the court within 30 days."
        ),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["held_at"].widget.attrs["max"] = f"{clock.local(clock.now()):%Y-%m-%dT%H:%M}"
