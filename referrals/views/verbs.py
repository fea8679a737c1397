"""What can be done with a letter from its page: by whom, with which form, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.identity import Identity
from core.ui.sentences import joined
from referrals import services
from referrals.enums import OWED, ChasePaper, ReferralStatus
from referrals.forms import (
    AnswerForm,
    DeclineForm,
    DemandForm,
    MeetingForm,
    MissingForm,
    NameForm,
    PassForm,
    RemarkForm,
    TextForm,
    TimeForm,
)
from referrals.models import Referral
from referrals.services.committees import is_report_owed
from referrals.services.naming import waits_for_a_name
from referrals.sharing import of_letter
from referrals.workflow import REFERRAL

Text = Any  # str, or a promise of one


_OVER_THE_UNIT = ("supervise", "report")


@dataclass(frozen=True)
class Verb:
    """One button of the page, and the form behind it."""

    code: str
    button: Text
    done: Text
    service: Callable[..., Any]
    of_unit: bool  # the addressed unit's, else the sending centre's
    form: type[forms.Form] = forms.Form
    help: Text = ""
    tone: str = "plain"  # primary | plain | danger
    icon: str = "check"
    versioned: bool = True
    leaves: bool = False  # afterwards the unit sees the letter no more
    asks: Text = ""  # what is asked before a step that needs no words
    of_director: bool = False
    tells: Callable[[Referral], Text] | None = None  # what came of it, where that is not always the same
    when: Callable[[Referral, bool], bool] | None = (
        None  # for steps that are no edge of the workflow, or only when late
    )

    def open_to(self, row: Referral, by: Identity, late: bool) -> bool:
        """Whether `by` may press this button now."""
        if self.of_unit:
            mine = row.group_id in by.groups and row.named_liaison_id in (None, by.user_id)
        else:
            mine = row.office_id in by.case_offices
        if not mine or (self.of_director and row.office_id not in by.director_offices):
            return False
        if self.code in _OVER_THE_UNIT and row.group_id in by.groups:
            return False  # nobody signs a paper against the own unit (`may_supervise`)
        return self.when(row, late) if self.when else REFERRAL.allows(self.code, row.status)


def _in_hand(row: Referral, late: bool) -> bool:
    return row.status == ReferralStatus.ACCEPTED


def _owed(row: Referral, late: bool) -> bool:
    return row.status in OWED


def _unnamed(row: Referral, late: bool) -> bool:
    return waits_for_a_name(row)


def _may_ask_time(row: Referral, late: bool) -> bool:
    return row.status == ReferralStatus.ACCEPTED and row.time_asked_until is None


def _time_asked(row: Referral, late: bool) -> bool:
    return row.time_asked_until is not None


def _unanswered(row: Referral, late: bool) -> bool:
    return late and REFERRAL.allows("give_up", row.status)


def _unsupervised(row: Referral, late: bool) -> bool:
    papers = [ChasePaper.SUPERVISION, ChasePaper.NOTICE, ChasePaper.REQUEST]
    return late and row.due_at is not None and not row.chases.filter(paper__in=papers, was_due_at=row.due_at).exists()


def _unreported(row: Referral, late: bool) -> bool:
    return late and is_report_owed(row)


def _opened(row: Referral) -> Text:
    """What acceptance has truly opened: some of the offer may have ended before."""
    found = of_letter(row)
    if found.is_over:
        return _(
            "Accepted. Nothing is shared with you any more: contact nobody before you have spoken with the centre."
        )
    words = {
        "open": joined(section.label for section, _basis in found.stands),
        "ended": joined(found.ended, "label"),
    }
    if found.ended:
        return _("Accepted. Open to you now: %(open)s. No longer shared: %(ended)s.") % words
    return _("Accepted: what was offered is open to you now.")


_ALL = [
    Verb(
        "accept",
        _("Accept the referral"),
        _("Accepted: what was offered is open to you now."),
        services.referral_accept,
        True,
        tells=_opened,
        tone="primary",
        help=_("You take it on for your unit. What is offered opens at once; every look at it is logged."),
    ),
    Verb(
        "decline",
        _("Decline with a reason"),
        _("Declined. The centre has been told, and the letter is closed to your unit."),
        services.referral_decline,
        True,
        DeclineForm,
        icon="mail-x",
        leaves=True,
        help=_("The letter and what was offered are withdrawn from your unit at once."),
    ),
    Verb(
        "respond",
        _("Give the answer"),
        _("Your answer is with the centre."),
        services.referral_respond,
        True,
        AnswerForm,
        tone="primary",
        icon="mail-check",
        help=_("The centre reads it and either closes the referral or tells you what is missing."),
    ),
    Verb(
        "progress",
        _("Report progress"),
        _("Your report is with the centre."),
        services.referral_progress,
        True,
        TextForm,
        icon="mail",
        versioned=False,
        help=_("What has been done so far; the answer is still owed."),
        when=_in_hand,
    ),
    Verb(
        "ask_time",
        _("Ask for more time"),
        _("The centre has been asked; until it decides, the old time stands."),
        services.referral_ask_time,
        True,
        TimeForm,
        icon="hourglass",
        help=_("The case's manager decides, and you are told."),
        when=_may_ask_time,
    ),
    Verb(
        "pass_on",
        _("Pass it on inside the agency"),
        _("Passed on; the colleague has been told and owes it by the same time."),
        services.referral_pass_on,
        True,
        PassForm,
        icon="arrow-forward-up",
        leaves=True,
        help=_(
            "To a liaison of your unit, or of the unit above, below or beside it. Letter, access and due time go along; you see it no more."
        ),
        when=_owed,
    ),
    Verb(
        "return",
        _("Give it back"),
        _("Given back. The centre has been told, and the case is closed to your unit."),
        services.referral_return,
        True,
        TextForm,
        tone="danger",
        icon="mail-x",
        leaves=True,
        help=_("Only when your unit cannot go on with it; say why. What was shared is withdrawn at once."),
    ),
    Verb(
        "name",
        _("Name a liaison of the unit"),
        _("From now on the letter is this person's alone, who has been told."),
        services.referral_name,
        False,
        NameForm,
        tone="primary",
        icon="user-check",
        help=_(
            "The case is a minor's: its letters go to a named liaison, not to a whole unit. What was open to the unit closes to all others of it, at once."
        ),
        when=_unnamed,
    ),
    Verb(
        "grant_time",
        _("Give more time"),
        _("The new time stands, and the unit has been told."),
        services.referral_grant_time,
        False,
        RemarkForm,
        tone="primary",
        icon="hourglass",
        help=_("The answer is then owed by the time that the unit asked for."),
        when=_time_asked,
    ),
    Verb(
        "refuse_time",
        _("Give no more time"),
        _("The old time stands, and the unit has been told why."),
        services.referral_refuse_time,
        False,
        TextForm,
        icon="hourglass",
        when=_time_asked,
    ),
    Verb(
        "close",
        _("Satisfied: close it"),
        _("The referral is closed."),
        services.referral_close,
        False,
        tone="primary",
        help=_("After an answer a callback to her is planned by the rules."),
    ),
    Verb(
        "reopen",
        _("Not satisfied: say what is missing"),
        _("The unit has been told what is missing."),
        services.referral_reopen,
        False,
        MissingForm,
        icon="mail-forward",
        help=_("The unit owes the rest within a new term."),
    ),
    Verb(
        "enter",
        _("Enter an answer given by telephone"),
        _("The answer is entered; look it over and close the referral."),
        services.referral_enter,
        False,
        AnswerForm,
        icon="phone-check",
        help=_("You write down what the unit said; your name stands with it."),
    ),
    Verb(
        "supervise",
        _("Sign the paper to the late unit"),
        _("The paper has gone out; print it, and the unit has been told."),
        services.referral_supervise,
        False,
        DemandForm,
        tone="primary",
        icon="rubber-stamp",
        help=_(
            "A supervision paper inside the federation, a work notice to departments, a letter of request to courts and procuratorates."
        ),
        of_director=True,
        when=_unsupervised,
    ),
    Verb(
        "report",
        _("Write to the committee above"),
        _("The paper has gone out; the committee has been told, or print it and hand it over."),
        services.referral_report,
        False,
        DemandForm,
        tone="primary",
        icon="rubber-stamp",
        help=_(
            "To the political-legal committee or the working committee for women and children of the unit's own region."
        ),
        of_director=True,
        when=_unreported,
    ),
    Verb(
        "convene",
        _("Lay it before the next joint meeting"),
        _("It goes before the meeting, and the unit has been told."),
        services.referral_convene,
        False,
        MeetingForm,
        icon="users-group",
        help=_("The unit owes its step by the day of the meeting; after it the clock begins anew."),
        when=_unanswered,
    ),
    Verb(
        "give_up",
        _("Close as not answered"),
        _("Closed as not answered; it is counted."),
        services.referral_give_up,
        False,
        TextForm,
        tone="danger",
        icon="mail-x",
        help=_("The term has passed and reminders did not help. Say what happens for her instead."),
        when=_unanswered,
    ),
    Verb(
        "recall",
        _("Recall"),
        _("Recalled: letter and shared sections are closed to the unit."),
        services.referral_recall,
        False,
        tone="danger",
        icon="arrow-back-up",
        help=_("The unit sees neither the letter nor the case any more, at once."),
        asks=_("Recall this referral? The unit loses its access at once."),
    ),
]
VERBS: dict[str, Verb] = {verb.code: verb for verb in _ALL}


def open_verbs(row: Referral, by: Identity, late: bool) -> list[Verb]:
    """The buttons of this letter for `by`, in the order of the page."""
    shown = [verb for verb in _ALL if verb.open_to(row, by, late)]
    if row.status == ReferralStatus.RESPONDED:
        return shown
    # a refusal is not found enough: it is taken note of, and another unit is the way on
    note, plain = _("Take note and close"), _("When no other unit is to be asked.")
    return [replace(verb, button=note, tone="plain", help=plain) if verb.code == "close" else verb for verb in shown]
