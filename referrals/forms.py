"""Shapes of what people type; nothing is saved here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit, User
from cases.enums import PAPER_SECTIONS, SHAREABLE, GrantBasis, PaperKind, Risk, Section
from cases.forms.basis import SharingForm
from cases.forms.consent import ConsentContext
from cases.forms.fields import MomentField
from cases.forms.kin import KinForm, kin_field
from cases.forms.units import county_of, grouped
from cases.models import Case
from cases.registry import Workplace
from cases.services.workplaces import Places
from core import clock
from core.identity import Identity
from core.ui import times
from core.uploads import PapersField
from referrals.absences.models import Absence
from referrals.enums import ANSWERS, Ask, DeclineReason
from referrals.models import Referral
from referrals.services.common import Papers, sections_of_papers
from referrals.services.letters import (
    NAMED_LIAISON_NEEDED,
    NewLetter,
    accept_due,
    letter_refusals,
    liaisons,
    needs_named_liaison,
)
from referrals.services.passing import receivers

_ASK_EACH = {"required": _("Please choose.")}


class SendForm(KinForm, SharingForm):
    """One letter: to whom, what is asked, by when, what may be seen after acceptance, on which basis each section."""

    offered = SHAREABLE

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), error_messages={"required": _("Choose the unit.")}
    )
    named_liaison = forms.ModelChoiceField(
        User.objects.none(), label=_("Named liaison"), required=False,
        error_messages={"invalid_choice": _("This person is not a liaison of that unit.")},
        help_text=_("Only this person sees the letter and the case. Needed for violence and for minors."))  # fmt: skip
    opens_to = forms.ModelChoiceField(
        User.objects.none(), label=_("Open to one person at once"), required=False, empty_label=_("Nobody before acceptance"),
        error_messages={"invalid_choice": _("This person is not a liaison of that unit.")},
        help_text=_("Where life is in danger: safe contact, and of what is ticked below identity, contact and risk, before acceptance. Nobody else of the unit; it is logged."))  # fmt: skip
    kin = kin_field(
        _("Does he, or his family, work there?"), missing=_("Ask this before each sending; her safety depends on it.")
    )
    kin_refused = _(
        "Do not send it there. Choose another unit or a named person at the superior body, and let the director wall this unit off."
    )
    ask = forms.ChoiceField(
        label=_("What is asked"), choices=[("", _("Please choose")), *Ask.choices], error_messages=_ASK_EACH
    )
    ask_note = forms.CharField(
        label=_("Note to the ask"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The letter is read before acceptance: no name, telephone, address, school or employer, nothing that identifies."))  # fmt: skip
    answer_due_at = MomentField(label=_("Answer by"), required=False)
    sections = forms.MultipleChoiceField(
        label=_("What the unit may see once it accepts"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(section.value, section.label) for section in SHAREABLE],
        help_text=_("Tick only what this task needs. Reporter and evidence go to the police and the procuratorate only."))  # fmt: skip
    basis = forms.ChoiceField(
        label=_("Basis"), widget=forms.RadioSelect, choices=GrantBasis.choices, error_messages={"required": _("Say why it may be shared.")},
        help_text=_("It stands in the letter and in the access log."))  # fmt: skip

    def __init__(self, data: Any = None, *, context: SendContext, **kwargs: Any) -> None:
        first = {"answer_due_at": context.answer_due, **kwargs.pop("initial", {})}
        super().__init__(data, initial=first, ask=context.consent, **kwargs)
        self.case = context.case
        unit_field: Any = self.fields["unit"]
        unit_field.queryset = unit_choices(context.case)
        unit_field.choices = context.unit_choices
        wanted = str(self.data.get(self.add_prefix("unit")) or self.initial.get("unit") or "")
        self.chosen_unit = next((unit for unit in context.units if str(unit.pk) == wanted), None)
        self.needs_liaison = context.needs_liaison and (self.chosen_unit is None or self.chosen_unit.has_accounts)
        known = list(liaisons(self.chosen_unit)) if self.chosen_unit else []
        labels = _labels(self.chosen_unit, known)
        self.lacks_liaison = self.chosen_unit is not None and not known
        self.accept_by = accept_due(context.case, self.chosen_unit)
        liaison_field: Any = self.fields["named_liaison"]
        liaison_field.queryset = User.objects.filter(pk__in=[user.pk for user in known])
        liaison_field.required = self.needs_liaison
        liaison_field.error_messages["required"] = NAMED_LIAISON_NEEDED
        nobody = _("Please choose") if self.needs_liaison else _("The whole unit")
        liaison_field.choices = [("", nobody), *labels]
        self.compare_kin(context.workplaces, [self.chosen_unit] if self.chosen_unit else [], context.places)
        self.may_open_at_once = context.case.risk == Risk.HIGH and bool(known)
        taker: Any = self.fields["opens_to"]
        taker.queryset = liaison_field.queryset
        taker.choices = [("", taker.empty_label), *labels]

    def clean(self) -> dict[str, Any]:
        """All that the rules say of this letter, at once; of what is missing itself the field has spoken already."""
        data: dict[str, Any] = super().clean() or {}
        letter = self._letter(data)
        if self.chosen_unit is None or letter is None:
            own = self.bases(data)
            if GrantBasis.CONSENT in {data.get("basis"), *(own.get(code) for code in data.get("sections", []))}:
                self.check_consent(data, clock.now())
            return data
        for error in letter_refusals(self.case, letter, clock.now()):
            self.put(error)
        return data

    def _letter(self, data: dict[str, Any]) -> NewLetter | None:
        if self.chosen_unit is None:
            return None
        return NewLetter(
            # what is not chosen yet is asked for by its own field, and nothing rests on it
            unit=self.chosen_unit, ask=data.get("ask", ""), ask_note=data.get("ask_note", ""), sections=data.get("sections", []),
            basis=data.get("basis") or GrantBasis.DUTY, bases=self.bases(data),
            named_liaison=data.get("named_liaison"), answer_due_at=data.get("answer_due_at"), consent=self.given(data),
            opens_to=data.get("opens_to"), kin_checked=self.chosen_unit.pk in self.checked_units(data),
        )  # fmt: skip

    def letter(self) -> NewLetter:
        """What `referrals_send` takes. Only of a valid form."""
        letter = self._letter(self.cleaned_data)
        if letter is None:
            raise ValueError("no unit was chosen")
        return letter


def _labels(unit: Unit | None, known: list[User]) -> list[tuple[Any, str]]:
    """The liaisons by name; beside who is away stands until when, and who stands in."""
    away: dict[Any, Absence] = {}
    if unit is not None and known:
        rows = Absence.objects.in_force().filter(unit=unit).select_related("substitute")
        away = {row.person_id: row for row in rows}
    said = _("%(name)s (away until %(day)s, %(substitute)s stands in)")
    return [
        (user.pk, said % {"name": user.name, "day": times.exact(away[user.pk].last_day), "substitute": away[user.pk].substitute.name})
        if user.pk in away else (user.pk, user.name)
        for user in known
    ]  # fmt: skip


class SendContext:
    """What the letters that are written together have in common: the case, the units near it, its guardians, the term."""

    def __init__(self, case: Case, *, answer_due: dt.datetime, workplaces: Sequence[Workplace] = ()) -> None:
        self.case, self.answer_due, self.workplaces = case, answer_due, workplaces
        self.places = Places()
        self.units = list(unit_choices(case))
        self.proposed = proposed(case, self.units)
        groups = grouped(
            self.units, county=county_of(case), first=self.proposed, first_label=_("Proposed for this kind of matter")
        )
        self.unit_choices: list[Any] = [("", _("Please choose")), *groups]
        self.needs_liaison = needs_named_liaison(case)
        self.consent = ConsentContext(case)


def unit_choices(case: Case) -> QuerySet[Unit]:
    """The active units of the case's county and its townships, of those where she lives and is registered (人户分离), of the prefecture and the province."""
    county = case.office.region_id[:6]
    places = Q(region_id=f"{county[:4]}00") | Q(region_id=f"{county[:2]}0000")
    for code in {county, (case.region_residence_id or county)[:6], (case.region_registration_id or county)[:6]}:
        places |= Q(region__code__startswith=code)
    return Unit.objects.filter(places, is_active=True).select_related("region")


def proposed(case: Case, units: list[Unit]) -> list[Unit]:
    """The units that the category proposes, in its order, the nearest level first (one of each kind)."""
    found: list[Unit] = []
    for kind in case.category.proposes:
        fitting = [unit for unit in units if unit.kind == kind]
        fitting.sort(
            key=lambda unit: (unit.region_id != case.office.region_id, -len(unit.region_id.rstrip("0")), unit.name)
        )
        found += fitting[:1]
    return found


class DeclineForm(forms.Form):
    """Declining gives its reason."""

    reason = forms.ChoiceField(
        label=_("Reason for declining"),
        widget=forms.RadioSelect,
        choices=DeclineReason.choices,
        error_messages=_ASK_EACH,
        help_text=_(
            "What you handle already, or what she does not want, closes the letter; all else goes back to the centre, a conflict of interest to its director."
        ),
    )
    text = forms.CharField(
        label=_("Explain, and say who is responsible if you know"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("A refusal needs its reasons in words.")})  # fmt: skip


class TextForm(forms.Form):
    """Some words: progress, or why it is given back, or what happens instead."""

    text = forms.CharField(
        label=_("In words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please say it in words.")},
    )


class _AnyChoice(forms.ChoiceField):
    """Choices that are offered; whether one stands is the service's to say (a letter that has been passed on is seen no more)."""

    def valid_value(self, value: Any) -> bool:
        return True


class PassForm(forms.Form):
    """To whom of the agency the letter goes, and why."""

    to = _AnyChoice(label=_("Who takes it on"), error_messages=_ASK_EACH)
    text = forms.CharField(
        label=_("Why it is passed on"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Please say it in words.")})  # fmt: skip

    def offer(self, row: Referral, by: Identity) -> None:
        """The colleagues and units that could take this letter."""
        field: Any = self.fields["to"]
        field.choices = [("", _("Please choose")), *receivers(row, by)]


class NameForm(forms.Form):
    """Who of the unit has the letter alone."""

    named_liaison = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label=_("Named liaison"), empty_label=_("Please choose"), error_messages=_ASK_EACH
    )  # fmt: skip

    def offer(self, row: Referral) -> None:
        """The liaisons of the letter's unit; at first the one who has accepted it."""
        field: Any = self.fields["named_liaison"]
        field.queryset = liaisons(row.unit).order_by("name")
        field.initial = row.opened_to_id or row.accepted_by_id


class TimeForm(forms.Form):
    """Until when, and why."""

    until = MomentField(label=_("New time for the answer"), error_messages={"required": _("Choose a time.")})
    text = forms.CharField(
        label=_("Why more time is needed"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please say it in words.")})  # fmt: skip


class RemarkForm(forms.Form):
    """A word that need not be said."""

    text = forms.CharField(label=_("Remark"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class MeetingForm(forms.Form):
    """When the next joint meeting is, and what it shall settle."""

    on = MomentField(label=_("Next joint meeting"), error_messages={"required": _("Choose a time.")})
    text = forms.CharField(
        label=_("What the meeting shall settle"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please say it in words.")})  # fmt: skip


class DemandForm(forms.Form):
    """What the paper demands; it may be read by many: nothing that identifies."""

    text = forms.CharField(
        label=_("What is demanded"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The paper passes through many hands: no name, telephone, address, school or employer, nothing that identifies."),
        error_messages={"required": _("Please say it in words.")})  # fmt: skip


class MissingForm(forms.Form):
    """What the answer lacks."""

    missing = forms.CharField(
        label=_("What is missing"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what is missing, so that the unit can complete it.")})  # fmt: skip


class AnswerForm(forms.Form):
    """The answer: what came of it, and what was done."""

    result = forms.ChoiceField(
        label=_("What came of it"),
        widget=forms.RadioSelect,
        choices=[(code.value, code.label) for code in ANSWERS],
        error_messages=_ASK_EACH,
    )
    text = forms.CharField(
        label=_("What was done, when, and by whom"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say what was done.")})  # fmt: skip
    papers = PapersField(label=_("Papers"), required=False)
    paper_kind = forms.ChoiceField(
        label=_("Kind of paper"), required=False, choices=PaperKind.choices, initial=PaperKind.REPLY
    )
    paper_section = forms.ChoiceField(
        label=_("Who may read the papers"), required=False, choices=[(one.value, one.label) for one in PAPER_SECTIONS], initial=Section.COORDINATION,
        help_text=_("The centre always; others only with what they may read of the case."))  # fmt: skip

    def fit(self, row: Referral) -> None:
        """Offer the sections of this letter."""
        field: Any = self.fields["paper_section"]
        labels = {Section.COORDINATION: _("The centre alone")}
        field.choices = [(one.value, labels.get(one, one.label)) for one in sections_of_papers(row)]

    def clean(self) -> dict[str, Any]:
        """Files, kind and section go together."""
        data: dict[str, Any] = super().clean() or {}
        kind, section = data.pop("paper_kind", ""), data.pop("paper_section", "")
        if "papers" in data:
            data["papers"] = Papers(data["papers"], kind or PaperKind.REPLY, section or Section.COORDINATION)
        return data


class NarrowForm(forms.Form):
    """Filters of the lists."""

    risk = forms.ChoiceField(label=_("Risk"), required=False, choices=[("", _("All")), *Risk.choices])
    ask = forms.ChoiceField(label=_("What is asked"), required=False, choices=[("", _("All")), *Ask.choices])
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("All"))
    part = forms.CharField(required=False, widget=forms.HiddenInput)
    box = forms.CharField(required=False, widget=forms.HiddenInput)

    def condition(self) -> Q:
        """The condition of what was chosen; a value that does not exist narrows nothing."""
        self.is_valid()
        chosen = {name: self.cleaned_data.get(name) for name in ("risk", "ask", "unit")}
        return Q(**{name: value for name, value in chosen.items() if value})
