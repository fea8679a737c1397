"""Who is away, who stands in, from which day to which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit, User
from cases.forms.fields import DayField
from core.identity import Identity
from referrals.absences.people import heads, members
from referrals.absences.services import refusals

_CHOOSE = {"required": _("Please choose."), "invalid_choice": _("This person is not a liaison of that unit.")}


class AbsenceForm(forms.Form):
    """One absence from one unit. Whether the days clash with another is the service's to say."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Who is away"), empty_label=None, error_messages=_CHOOSE
    )
    substitute = forms.ModelChoiceField(
        User.objects.none(), label=_("Who stands in"), empty_label=_("Please choose"), error_messages=_CHOOSE,
        help_text=_("A colleague of the same unit. Where she must not know of a matter, it goes to the unit's designated member or another colleague."),
    )  # fmt: skip
    first_day = DayField(label=_("First day"), error_messages={"required": _("Choose a day.")})
    last_day = DayField(
        label=_("Last day"), error_messages={"required": _("Choose a day.")},
        help_text=_("On the day after it what is still open comes back."),
    )  # fmt: skip
    side_by_side = (("first_day", "last_day"),)

    def __init__(self, data: Any = None, *, unit: Unit, by: Identity, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.by = by
        known = members(unit)
        is_head = by.user_id in heads(unit)
        person, substitute = self.fields["person"], self.fields["substitute"]
        person.queryset = known if is_head else known.filter(pk=by.person_id)  # type: ignore[attr-defined]
        # who enters it for another does not stand in: the service says why
        substitute.queryset = known  # type: ignore[attr-defined]
        person.label_from_instance = substitute.label_from_instance = lambda user: user.name  # type: ignore[attr-defined]
        if not is_head:
            person.initial = by.user_id
            person.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """All that is wrong at once; whether the days clash with another absence is the service's to say."""
        data: dict[str, Any] = super().clean() or {}
        said = refusals(
            by=self.by, person=data.get("person"), substitute=data.get("substitute"), first=data.get("first_day"), last=data.get("last_day"),
        )  # fmt: skip
        for error in list(said):
            self.add_error(error.field, error.message)
        return data
