"""Who stands aside, and for whom a case exists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit, User
from cases.enums import WallReason
from cases.forms.units import county_of, grouped
from cases.models import Case
from cases.services.seals import member_choices
from cases.services.walls import farther_units, involved_units, near_units, person_choices
from core.ui.sentences import joined

SHOWN = 8  # names that a search offers


def _with_posts(user: User) -> str:
    """The name with where she works, so that namesakes can be told apart."""
    places = [str(post.office or post.unit) for post in user.role_grants.all() if post.office or post.unit]
    return " · ".join([user.name, *dict.fromkeys(places)])


class WallForm(forms.Form):
    """One unit, or one person."""

    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=_("Unit"), queryset=None, required=False, empty_label=_("No unit"),
        help_text=_("All its members; letters that it has are to be recalled."),
    )  # fmt: skip
    person: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Person"), queryset=None, required=False, empty_label=_("No person")
    )
    elsewhere = forms.CharField(
        label=_("Another unit of the prefecture"), required=False, max_length=80,
        help_text=_("Not in the list above: type a part of its name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose")), *(one for one in WallReason.choices if one[0] != WallReason.MATCH)],
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        involved, near = list(involved_units(case)), list(near_units(case))
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.filter(pk__in=[row.pk for row in (*involved, *near)])
        groups = grouped(near, county=county_of(case), first=involved, first_label=_("Involved in this case"))
        unit.choices = [("", unit.empty_label), *groups]
        self.fields["person"].queryset = person_choices(case)  # type: ignore[attr-defined]
        self.fields["person"].label_from_instance = _with_posts  # type: ignore[attr-defined]

    def clean_elsewhere(self) -> Unit | None:
        """The one unit that is meant by what was typed."""
        typed = str(self.cleaned_data["elsewhere"]).strip()
        if not typed:
            return None
        named = Q(name__icontains=typed) | Q(short_name__icontains=typed)
        found = list(farther_units(self.case).filter(named).order_by("name")[: SHOWN + 1])
        exact = [unit for unit in found if typed in (unit.name, unit.short_name)]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if not found:
            raise forms.ValidationError(_("No other unit of the prefecture is called so."))
        names = joined(unit.name for unit in found[:SHOWN])
        raise forms.ValidationError(_("Several are called so; type the whole name: %(names)s") % {"names": names})

    def clean(self) -> dict[str, Any]:
        """Exactly one of them; a unit found by its name is the unit."""
        data: dict[str, Any] = super().clean() or {}
        other = data.pop("elsewhere", None)
        if other and data.get("unit"):
            self.add_error("elsewhere", _("Choose one unit or one person."))
            return data
        data["unit"] = data.get("unit") or other
        if "elsewhere" in self.errors:
            return data
        if bool(data.get("unit")) == bool(data.get("person")):
            self.add_error("person", _("Choose one unit or one person."))
        return data


class SealForm(forms.Form):
    """The people for whom the case exists."""

    named: forms.ModelMultipleChoiceField[User] = forms.ModelMultipleChoiceField(
        label=_("People named"), queryset=None, widget=forms.CheckboxSelectMultiple,
        help_text=_("You are always among them. At least one case manager is named."),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, but: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].queryset = member_choices(case).exclude(pk=but)  # type: ignore[attr-defined]
