"""The question before each sending: does he, or his family, work there? (security.md, 7)"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit
from cases.registry import Workplace
from cases.services.workplaces import Places, met
from core.ui.sentences import joined

KIN_MET = _(
    "At the call a place of work was named that sounds like %(unit)s. Ask her again: answer yes if it is so, else tick below that you have checked it."
)
_CHECKED = _("I asked: neither he nor his family works at %(unit)s or where it belongs to.")


def kin_field(label: Any, *, missing: Any, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    """The question itself; each form says it in its own words."""
    return forms.ChoiceField(
        label=label, required=required, widget=forms.RadioSelect, help_text=help_text, error_messages={"required": missing},
        choices=[("no", _("No, as far as known")), ("yes", _("Yes, he or they do"))],
    )  # fmt: skip


class _OfUnits(forms.MultipleChoiceField):
    """A tick that stands for one unit: where another was chosen meanwhile it is none, and no error."""

    def valid_value(self, value: Any) -> bool:
        return True


class KinAsked(forms.Form):
    """A form that sends something of a case away, and asks before. A subclass declares `kin` and what "yes" is answered with."""

    kin_refused: Any = ""

    @property
    def says_kin(self) -> bool:
        """Whether "yes" was sent, whatever else is wrong with the form."""
        return bool(self.data.get(self.add_prefix("kin")) == "yes")

    def clean_kin(self) -> str:
        """The asker may not send into his family's hands: the director decides on a wall first."""
        if self.cleaned_data["kin"] == "yes":
            raise forms.ValidationError(self.kin_refused)
        return str(self.cleaned_data["kin"])


class KinForm(KinAsked):
    """A form that sends to units; it calls `compare_kin` with those that were chosen.

    Where what was said at the call sounds like one of them, "no" is not enough: nothing goes there until somebody has ticked that she
    was asked.
    """

    kin_checked = _OfUnits(
        label=_("Checked because of what was said at the call"), required=False, widget=forms.CheckboxSelectMultiple
    )

    workplaces: Sequence[Workplace] = ()
    kin_met: Sequence[tuple[Unit, Unit]] = ()  # a chosen unit, and the one of its family that was named

    def compare_kin(self, workplaces: Sequence[Workplace], units: Iterable[Unit], places: Places | None = None) -> None:
        """Hold what was said against the chosen units; `places` where several forms compare at once."""
        self.workplaces = workplaces
        said, known = [one.text for one in workplaces], places or Places()
        self.kin_met = [(unit, found) for unit in units if (found := met(said, unit, known))]
        checked: Any = self.fields["kin_checked"]
        checked.choices = [(str(unit.pk), _CHECKED % {"unit": unit.short_name}) for unit, _found in self.kin_met]

    def clean(self) -> dict[str, Any]:
        """Each unit that sounds like what was said needs its own tick; what lacks one is named in one sentence."""
        data: dict[str, Any] = super().clean() or {}
        checked = self.checked_units(data)
        named = [found.short_name for unit, found in self.kin_met if unit.pk not in checked]
        if named and data.get("kin") == "no":
            self.add_error("kin", KIN_MET % {"unit": joined(dict.fromkeys(named))})
        return data

    def checked_units(self, data: dict[str, Any]) -> Collection[Any]:
        """Ids of the chosen units of which somebody has ticked that she was asked; a tick of any other is none."""
        return {unit.pk for unit, _found in self.kin_met if str(unit.pk) in data.get("kin_checked", [])}
