"""Shapes of what people type about conferences; nothing is saved here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Office, RoleGrant, Room, Unit, User
from cases.enums import SHAREABLE, GrantBasis, Risk
from cases.forms.consent import ConsentContext, GivenForm
from cases.forms.fields import MomentField, TextArea
from cases.forms.kin import KinForm, kin_field
from cases.forms.units import Options, county_of, grouped
from cases.models import Case
from cases.registry import Workplace
from core import clock
from referrals.absences.people import LIAISON_ROLES
from referrals.conferences.enums import ConferenceStatus, Reason, Regret
from referrals.conferences.models import Conference
from referrals.conferences.services.convening import Matter, Meeting, chairs, convene_by
from referrals.conferences.services.inviting import Invitee
from referrals.conferences.services.moving import Slot
from referrals.forms import proposed, unit_choices
from referrals.services.letters import needs_named_liaison

_CHOOSE = {"required": _("Please choose.")}
_ASK_KIN = _("Ask this before each invitation; her safety depends on it.")
_NO_KIN = _("Do not invite that body. Let the director wall it off first.")
_OF_MEETING = ("begins_at", "ends_at", "room", "venue", "chair")


class Invitees:
    """Units, and where they must be named their liaisons, as the values of one field: `unit` or `unit:liaison`."""

    def __init__(self, case: Case) -> None:
        self.consent = ConsentContext(case)
        units = list(unit_choices(case))
        first = proposed(case, units)
        named = needs_named_liaison(case)
        self._units: dict[str, Unit] = {str(unit.pk): unit for unit in units}
        self._people: dict[str, User] = {}
        people = liaisons_of(units) if named else {}

        def options(unit: Unit) -> Options:
            if not named or not unit.has_accounts:
                return [(str(unit.pk), unit.name)]
            known = people.get(unit.pk, [])
            self._people |= {str(user.pk): user for user in known}
            return [(f"{unit.pk}:{user.pk}", f"{unit.name} · {user.name}") for user in known]

        self.choices = grouped(
            units,
            county=county_of(case),
            first=first,
            first_label=_("Proposed for this kind of matter"),
            options=options,
        )

    def read(self, value: str, kin_checked: Collection[UUID] = ()) -> Invitee:
        """The unit and person behind a value that the field has found among its choices; of `kin_checked` units it was asked."""
        unit, _sep, person = value.partition(":")
        found = self._units[unit]
        return Invitee(found, self._people.get(person), found.pk in kin_checked)

    def units_of(self, values: Iterable[str]) -> list[Unit]:
        """The units behind values as they came, each once, whatever else they hold."""
        known = (value.partition(":")[0] for value in values)
        return [self._units[unit] for unit in dict.fromkeys(known) if unit in self._units]


def liaisons_of(units: list[Unit]) -> dict[UUID, list[User]]:
    """The active liaisons of many units in one query."""
    today = clock.today()
    held = RoleGrant.objects.filter(unit__in=units, role__in=LIAISON_ROLES, since__lte=today, user__is_active=True)
    found: dict[UUID, list[User]] = {}
    for grant in held.exclude(until__lt=today).select_related("user").order_by("user__username"):
        if grant.unit_id is not None:
            found.setdefault(grant.unit_id, []).append(grant.user)
    return found


class MeetingForm(forms.Form):
    """When, where, under whom."""

    begins_at = MomentField(label=_("Begins"), error_messages={"required": _("Say when.")})
    ends_at = MomentField(label=_("Ends"), error_messages={"required": _("Say until when; the room is booked for it.")})
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"), required=False, empty_label=_("Another place"))
    venue = forms.CharField(label=_("Another place"), required=False, max_length=80)
    chair = forms.ModelChoiceField(
        User.objects.none(), label=_("Chair"), empty_label=_("Please choose"), error_messages=_CHOOSE
    )
    side_by_side = (("begins_at", "ends_at"), ("room", "venue"))

    def __init__(self, data: Any = None, *, office: Office, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        rooms: Any = self.fields["room"]
        rooms.queryset = Room.objects.filter(office=office)
        chair: Any = self.fields["chair"]
        chair.queryset = User.objects.filter(pk__in=[user.pk for user in chairs(office)])
        chair.label_from_instance = lambda user: user.name

    def meeting(self) -> Meeting:
        """What the services take."""
        names = ("chair", "begins_at", "ends_at", "room", "venue")
        return Meeting(**{name: self.cleaned_data[name] for name in names})


class MoveForm(MeetingForm):
    """Another time or place; the chair stays."""

    text = TextArea(label=_("Why it is moved"), rows=2, max_length=300, error_messages={"required": _("Please say it in words.")})  # fmt: skip

    def __init__(self, data: Any = None, *, conference: Conference, **kwargs: Any) -> None:
        names = ("begins_at", "ends_at", "room", "venue")
        initial = {name: getattr(conference, name) for name in names}
        super().__init__(data, office=conference.office, initial=initial, **kwargs)
        del self.fields["chair"]

    def slot(self) -> Slot:
        """What `conference_move` takes."""
        return Slot(**{name: self.cleaned_data[name] for name in ("begins_at", "ends_at", "room", "venue")})


class ConveneForm(KinForm, GivenForm, MeetingForm):
    """A case before a conference of its own, or on the agenda of a meeting that is planned already."""

    meeting_at = forms.ModelChoiceField(
        Conference.objects.none(), label=_("Which meeting"), required=False, empty_label=_("A new conference for this case"),
        help_text=_("A planned meeting keeps its time, place and chair."))  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Reason"), widget=forms.RadioSelect, choices=Reason.choices, error_messages=_CHOOSE
    )
    units = forms.MultipleChoiceField(
        label=_("Bodies invited to this item"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose at least one body.")},
        help_text=_("Each gets a letter of its own with coded fields only; accepting it opens what is ticked below, of this case alone."))  # fmt: skip
    kin = kin_field(_("Does he, or his family, work at one of them?"), missing=_ASK_KIN)
    kin_refused = _NO_KIN
    sections = forms.MultipleChoiceField(
        label=_("What those who come may see"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(section.value, section.label) for section in SHAREABLE],
        help_text=_("Tick only what this task needs. Reporter and evidence go to the police and the procuratorate only."))  # fmt: skip
    basis = forms.ChoiceField(
        label=_("Basis"), widget=forms.RadioSelect, choices=GrantBasis.choices, error_messages=_CHOOSE
    )

    def __init__(
        self, data: Any = None, *, case: Case, planned: Any, workplaces: Sequence[Workplace] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, office=case.office, ask=ConsentContext(case), **kwargs)
        self.invitees = Invitees(case)
        self.compare_kin(workplaces, self.invitees.units_of(data.getlist("units")) if data else [])
        units: Any = self.fields["units"]
        units.choices = self.invitees.choices
        meeting_at: Any = self.fields["meeting_at"]
        meeting_at.queryset = planned
        meeting_at.label_from_instance = lambda row: f"{row.number} {clock.local(row.begins_at):%m-%d %H:%M}"
        self.joins = bool(self.data.get("meeting_at"))
        for name in _OF_MEETING if self.joins else ():
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Consent is said where it is the basis."""
        data: dict[str, Any] = super().clean() or {}
        for name in _OF_MEETING if self.joins and data.get("meeting_at") else ():
            self.errors.pop(name, None)  # the meeting keeps its own: what stands in these fields is not read
        if data.get("basis") == GrantBasis.CONSENT:
            self.check_consent(data, clock.now())
        return data

    def matter(self) -> Matter:
        """What the services take."""
        data, checked = self.cleaned_data, self.checked_units(self.cleaned_data)
        invitees = [self.invitees.read(value, checked) for value in data["units"]]
        return Matter(
            reason=data["reason"], sections=data["sections"], basis=data["basis"], invitees=invitees, consent=self.given(data)
        )  # fmt: skip


def first_values(case: Case) -> dict[str, Any]:
    """What the form begins with: within the term, its usual reason and basis, the case's manager in the chair."""
    latest = convene_by(case) - dt.timedelta(hours=1)
    begins = latest.replace(minute=0, second=0, microsecond=0)
    high = case.risk == Risk.HIGH
    reason = Reason.HIGH_RISK if high else Reason.MINOR if case.concerns_minor else Reason.CROSS_DEPARTMENT
    basis = GrantBasis.DANGER if high else GrantBasis.MINOR if case.concerns_minor else GrantBasis.CONSENT
    return {
        "begins_at": begins,
        "ends_at": begins + dt.timedelta(hours=1),
        "chair": case.manager_id,
        "reason": reason,
        "basis": basis,
    }


class PledgeForm(forms.Form):
    """Coming, with the pledge."""

    pledge = forms.BooleanField(
        label=_("We keep secret what is said, name nobody outside, contact nobody of the case without the centre, and return papers"),
        error_messages={"required": _("Whoever takes part pledges secrecy first.")})  # fmt: skip


class RegretForm(forms.Form):
    """Not coming, with the reason."""

    regret = forms.ChoiceField(
        label=_("Reason"), widget=forms.RadioSelect, choices=Regret.choices, error_messages=_CHOOSE
    )


class WordsForm(forms.Form):
    """A step that needs its reasons in words."""

    text = TextArea(
        label=_("In words"), rows=3, max_length=2000, error_messages={"required": _("Please say it in words.")}
    )


class NoteForm(forms.Form):
    """What was done, or why it is not needed any more."""

    note = TextArea(
        label=_("In words"), rows=3, max_length=2000, error_messages={"required": _("Please say it in words.")}
    )


class InviteForm(KinForm, GivenForm):
    """One more body for an item; where the item rests on consent, for this body too."""

    unit = forms.ChoiceField(label=_("Body"), error_messages=_CHOOSE)
    kin = kin_field(_("Does he, or his family, work there?"), missing=_ASK_KIN)
    kin_refused = _NO_KIN

    def __init__(
        self,
        data: Any = None,
        *,
        invitees: Invitees,
        by_consent: bool,
        workplaces: Sequence[Workplace] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, ask=invitees.consent, **kwargs)
        self.invitees, self.by_consent = invitees, by_consent
        self.compare_kin(workplaces, invitees.units_of([data.get("unit", "")]) if data else [])
        field: Any = self.fields["unit"]
        field.choices = [("", _("Please choose")), *invitees.choices]

    def clean(self) -> dict[str, Any]:
        """What rests on consent needs one for each body."""
        data: dict[str, Any] = super().clean() or {}
        if self.by_consent:
            self.check_consent(data, clock.now())
        return data

    def arguments(self) -> dict[str, Any]:
        """What `invitation_send` takes."""
        data = self.cleaned_data
        return {"invitee": self.invitees.read(data["unit"], self.checked_units(data)), "consent": self.given(data)}


class SeatForm(forms.Form):
    """Who came for a body."""

    is_present = forms.BooleanField(label=_("Present"), required=False)
    attendee = forms.CharField(label=_("Who came"), required=False, max_length=60)


class DecideForm(KinForm):
    """A measure: what, who, by when."""

    measure = TextArea(
        label=_("Measure"), rows=2, max_length=600, error_messages={"required": _("Say what is to be done.")}
    )
    owner = forms.ChoiceField(label=_("Who does it"), error_messages=_CHOOSE)
    kin = kin_field(
        _("Does he, or his family, work there?"), missing=_ASK_KIN, required=False,
        help_text=_("To be answered where the measure goes to a body that does not sit at this item."))  # fmt: skip
    kin_refused = _NO_KIN
    responsible = forms.CharField(label=_("Person responsible"), required=False, max_length=40)
    due_at = MomentField(label=_("By when"), error_messages={"required": _("Say by when.")})

    def __init__(
        self,
        data: Any = None,
        *,
        invitees: Invitees,
        staff: list[User],
        seated: Collection[UUID],
        workplaces: Sequence[Workplace] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.invitees, self._staff = invitees, {f"staff:{user.pk}": user for user in staff}
        self._seated = seated  # the units that have accepted to sit at the item: of these it was asked before
        field: Any = self.fields["owner"]
        field.choices = [
            ("", _("Please choose")),
            *invitees.choices,
            (_("Our centre"), [(value, user.name) for value, user in self._staff.items()]),
        ]
        asked = invitees.units_of([data.get("owner", "")]) if data else []
        self.compare_kin(workplaces, [unit for unit in asked if unit.pk not in seated])

    def clean(self) -> dict[str, Any]:
        """A body that gets its first letter with the measure is one more sending, and each sending asks."""
        data: dict[str, Any] = super().clean() or {}
        owner = data.get("owner")
        is_new = owner and owner not in self._staff and self.invitees.read(owner).unit.pk not in self._seated
        if is_new and not data.get("kin") and "kin" not in self.errors:
            self.add_error("kin", _ASK_KIN)
        return data

    def arguments(self) -> dict[str, Any]:
        """What `decision_add` takes."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("kin", "kin_checked")}
        owner = data.pop("owner")
        return data | (
            {"staff": self._staff[owner]}
            if owner in self._staff
            else {"invitee": self.invitees.read(owner, self.checked_units(self.cleaned_data))}
        )


def planned_meetings(rows: Any, item_rows: Any, case: Case) -> Any:
    """Meetings of the case's centre that still take cases, less those that have it already."""
    taken = item_rows.filter(case=case).values("conference_id")
    return rows.filter(office_id=case.office_id, status=ConferenceStatus.PLANNED).exclude(pk__in=taken)


__all__ = [
    "ConveneForm", "DecideForm", "InviteForm", "Invitees", "MeetingForm", "MoveForm", "NoteForm", "PledgeForm", "RegretForm", "SeatForm",
    "WordsForm", "first_values", "planned_meetings",
]  # fmt: skip
