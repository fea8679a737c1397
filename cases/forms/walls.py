"""Who stands aside, and for whom a case exists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit, User
from cases.enums import WallReason
from cases.models import Case
from cases.services.seals import member_choices
from cases.services.walls import person_choices, unit_choices


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
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose")), *(one for one in WallReason.choices if one[0] != WallReason.MATCH)],
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = unit_choices(case)  # type: ignore[attr-defined]
        self.fields["person"].queryset = person_choices(case)  # type: ignore[attr-defined]
        self.fields["person"].label_from_instance = _with_posts  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        data: dict[str, Any] = super().clean() or {}
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
