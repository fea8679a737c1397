"""Filters of the directory, the accounts and the access log; the form of a key."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.enums import NO_ROLE, Level, OfficeKind, Role, UnitKind
from agencies.models import Office, Region, Unit
from core import clock
from core.access import Action

ANY = [("", _("All"))]
ACTIONS = {
    Action.VIEW: _("Viewed"), Action.REVEAL: _("Revealed"), Action.SEARCH: _("Searched"), Action.EXPORT: _("Exported"),
    Action.DENIED: _("Refused"), Action.LOGIN: _("Logged in"), Action.LOGIN_FAILED: _("Log-in failed"), Action.LOGOUT: _("Logged out"),
}  # fmt: skip


class RegionFilter(forms.Form):
    """Prefecture, then county."""

    prefecture = forms.ModelChoiceField(
        label=_("Prefecture"),
        queryset=Region.objects.filter(level=Level.PREFECTURE),
        required=False,
        empty_label=_("All"),
    )
    county = forms.ModelChoiceField(
        label=_("County"), queryset=Region.objects.none(), required=False, empty_label=_("All")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data.get("prefecture", "")
        if chosen:
            self.fields["county"].queryset = Region.objects.filter(level=Level.COUNTY, parent_id=chosen)  # type: ignore[attr-defined]
        else:
            self.fields["county"].disabled = True

    @property
    def within(self) -> str:
        """The leading digits of the region chosen; empty for the whole province."""
        if not self.is_valid():
            return ""
        region = self.cleaned_data.get("county") or self.cleaned_data.get("prefecture")
        return region.prefix if region else ""


class OfficeFilter(RegionFilter):
    """Centres and desks."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[*ANY, *OfficeKind.choices], required=False)


class UnitFilter(RegionFilter):
    """Agencies."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[*ANY, *UnitKind.choices], required=False)
    gap = forms.BooleanField(label=_("Only without a liaison"), required=False)


class AccountFilter(forms.Form):
    """Accounts by role and second factor."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[*ANY, *Role.choices, (NO_ROLE, _("No role in force"))], required=False
    )
    factor = forms.ChoiceField(
        label=_("Second factor"), choices=[*ANY, ("yes", _("Yes")), ("no", _("No"))], required=False
    )
    state = forms.ChoiceField(
        label=_("Account"), choices=[*ANY, ("active", _("Active")), ("off", _("Switched off"))], required=False
    )


class AccessLogFilter(forms.Form):
    """The access log by action, office, day, person and case."""

    action = forms.ChoiceField(
        label=_("Action"), choices=[*ANY, *((code.value, text) for code, text in ACTIONS.items())], required=False
    )
    office = forms.ModelChoiceField(
        label=_("Centre or desk"), queryset=Office.objects.all(), required=False, empty_label=_("All")
    )
    day = forms.DateField(label=_("Day"), required=False)
    who = forms.UUIDField(required=False, widget=forms.HiddenInput)  # whose rows, when come from an alert
    case = forms.UUIDField(
        required=False, widget=forms.HiddenInput
    )  # by its opaque id, from a row or from the case's page


class UnitByFullName(forms.ModelChoiceField):
    """Units of the whole province: the short names of two counties may be alike."""

    def label_from_instance(self, obj: Unit) -> str:
        return obj.name


def _unit_of(pk: str) -> list[Unit]:
    try:
        return list(Unit.objects.filter(pk=pk, is_active=True).select_related("region"))
    except ValidationError:
        return []  # the field says so


class KeyForm(forms.Form):
    """A key for a unit's own system."""

    unit = UnitByFullName(
        Unit.objects.filter(is_active=True), label=_("Unit"), empty_label=_("Please choose"),
        error_messages={"required": _("Choose the unit.")})  # fmt: skip
    system = forms.CharField(
        label=_("System that will use it"), max_length=48,
        help_text=_("Stands in the log in the place of a person, for example: police case system, Wuhua."),
        error_messages={"required": _("Name the system.")})  # fmt: skip
    valid_until = forms.DateField(label=_("Valid until"), error_messages={"required": _("Choose the last day.")})

    def __init__(self, *args: Any, within: str = "", **kwargs: Any) -> None:
        """`within` is the region whose units are offered, by county; without it the province's own: all are too many for one list."""
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        chosen = self.data.get("unit", "")
        inside = Q(region__code__startswith=within) if within else Q(region__level=Level.PROVINCE)
        offered = Unit.objects.filter(inside, is_active=True).select_related("region")
        shown = list(offered.order_by("region_id", "name"))
        if chosen and chosen not in {str(unit.pk) for unit in shown}:  # what was chosen stays chosen
            shown += _unit_of(chosen)
        groups = [
            (str(region), [(unit.pk, unit.name) for unit in units])
            for region, units in groupby(shown, key=lambda unit: unit.region)
        ]
        if not within:
            field.help_text = _("Choose the prefecture and the county above first; then their units stand here.")
        field.widget.choices = [("", _("Please choose")), *groups]

    def clean_valid_until(self) -> dt.datetime:
        """The end of that day in Yunnan."""
        day: dt.date = self.cleaned_data["valid_until"]
        return clock.day_bounds(day)[1]


class SinceForm(forms.Form):
    """From which day on the chains are checked."""

    since = forms.DateField(
        label=_("Check what was written since"), required=False,
        help_text=_("Empty: from the very first entry; after years this takes long."),
    )  # fmt: skip

    def clean_since(self) -> dt.date | None:
        """A day that has begun: since a later one nothing was written, and a check of nothing would look like a sound log."""
        day: dt.date | None = self.cleaned_data["since"]
        if day and day > clock.today():
            raise forms.ValidationError(_("This day is still to come. Choose today or an earlier day."), code="future")
        return day

    @property
    def moment(self) -> dt.datetime | None:
        """Where the check begins; None for the whole log."""
        day = self.cleaned_data["since"]
        return clock.day_bounds(day)[0] if day else None
