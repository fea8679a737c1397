"""联合办理: asked of another centre, agreed to or declined there, written down, ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Office, User
from cases.enums import GrantBasis
from cases.enums_joint import JOINT_SECTIONS, JointHow, JointReason
from cases.forms.basis import SharingForm
from cases.forms.consent import ConsentContext
from cases.forms.fields import DayField, MomentField, TextArea
from cases.forms.kin import KinAsked, kin_field
from cases.models import Case, JointHandling
from cases.services.centres import centre_choices, taker_choices
from cases.services.joint import NewJoint, joint_refusals, note_choices
from core import clock
from core.identity import Identity


def _end_of(day: dt.date) -> dt.datetime:
    """The last second of a day in Yunnan."""
    return clock.local(clock.now()).replace(
        year=day.year, month=day.month, day=day.day, hour=23, minute=59, second=59, microsecond=0
    )


class JointForm(KinAsked, SharingForm):
    """Which centre, why, its part, until when; what may be seen there and on which basis each section."""

    offered = JOINT_SECTIONS

    to_office: forms.ModelChoiceField[Office] = forms.ModelChoiceField(
        label=_("Second centre"), queryset=None, empty_label=_("Please choose")
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=JointReason.choices)
    kin = kin_field(
        _("Does he, or his family, work at that centre?"),
        missing=_("Ask this before each request; her safety depends on it."),
    )
    kin_refused = _("Put up a wall against them first (Recusal), or ask another centre. Nothing has been asked.")
    task = TextArea(  # never `wish`: that is the child's own, and a field of the consent
        label=_("What the other centre is asked to do"),
        rows=3,
        max_length=1000,
        help_text=_("Read there before it agrees: no names, no telephone, no address."),
    )
    ends_on = DayField(label=_("Until"), help_text=_("On this day the access there ends by itself."))
    sections = forms.MultipleChoiceField(
        label=_("What the named people there may see"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(section.value, section.label) for section in JOINT_SECTIONS],
        help_text=_("Tick only what this part needs. What they write stands in a part that is open to them."))  # fmt: skip
    basis = forms.ChoiceField(
        label=_("Basis"), widget=forms.RadioSelect, choices=GrantBasis.choices, error_messages={"required": _("Say why it may be shared.")},
        help_text=_("It stands in the request and in the access log."))  # fmt: skip
    is_safe = forms.BooleanField(
        label=_(
            "The safe-contact rules are right, and she knows that somebody of another centre will come or call. If it is not safe to tell her, the manager tells the second centre so before anything is done."
        )
    )

    def __init__(self, data: Any = None, *, case: Case, **kwargs: Any) -> None:
        super().__init__(data, ask=ConsentContext(case), **kwargs)
        self.case = case
        self.fields["to_office"].queryset = centre_choices(case).select_related("region")  # type: ignore[attr-defined]
        self.fields["to_office"].label_from_instance = lambda row: row.short_name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """All that the rules say, at once; of what is missing itself the field has spoken already."""
        data: dict[str, Any] = super().clean() or {}
        if not {"to_office", "reason", "basis", "ends_on"} <= data.keys():
            return data
        new = NewJoint(
            to_office=data["to_office"], reason=data["reason"], wish=data.get("task", ""), ends_at=_end_of(data["ends_on"]),
            sections=data.get("sections", []), basis=data["basis"], bases=self.bases(data),
            consent=self.given(data),
        )  # fmt: skip
        for error in joint_refusals(self.case, new, clock.now()):
            self.put(error)
        data["new"] = new
        return data


class PeopleForm(forms.Form):
    """Who of the second centre helps."""

    person: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Named person"), queryset=None, empty_label=None, help_text=_("Sees what was offered, and owes the next step.")
    )  # fmt: skip
    deputy: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Deputy"), queryset=None, required=False, empty_label=_("Nobody"), help_text=_("Sees the same.")
    )

    def __init__(self, *args: Any, row: JointHandling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = taker_choices(row.to_office_id).order_by("name")
        for name in ("person", "deputy"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]


class AgreeForm(PeopleForm):
    """With the first step's due time."""

    due_at = MomentField(label=_("First step by"))


class DeclineForm(forms.Form):
    """With its reason."""

    answer = TextArea(
        label=_("Reason for declining"), rows=3, max_length=1000, help_text=_("No names: the responsible centre reads it."),
        error_messages={"required": _("A refusal needs its reasons in words.")},
    )  # fmt: skip


class NoteForm(forms.Form):
    """What was done, when, where it stands, by when the next step comes."""

    how = forms.ChoiceField(label=_("What it was"), choices=JointHow.choices)
    happened_at = MomentField(label=_("When"))
    section = forms.ChoiceField(
        label=_("Part of the case"), help_text=_("Whoever may read this part of the case reads the note.")
    )
    text = TextArea(label=_("What was done and found"), rows=5, error_messages={"required": _("Say what was done.")})
    due_at = MomentField(label=_("Next step by"))

    side_by_side = (("how", "happened_at"), ("section", "due_at"))

    def __init__(self, *args: Any, row: JointHandling, by: Identity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.choices = [(section.value, section.label) for section in note_choices(row, by)]


class EndForm(forms.Form):
    """Why it ends, and what is left to do."""

    note = TextArea(
        label=_("What was done, and what is left to do"), rows=3, required=False, max_length=2000, help_text=_("The responsible centre reads it.")
    )  # fmt: skip
