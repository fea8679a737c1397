"""Codes of referrals."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReferralStatus(models.TextChoices):
    DRAFTED = "drafted", pgettext_lazy("referral", "Drafted")
    SENT = "sent", pgettext_lazy("referral", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("referral", "Accepted")
    DECLINED = "declined", pgettext_lazy("referral", "Declined")
    RECALLED = "recalled", pgettext_lazy("referral", "Recalled")
    RESPONDED = "responded", pgettext_lazy("referral", "Answered")
    RETURNED = "returned", pgettext_lazy("referral", "Returned")
    CLOSED = "closed", pgettext_lazy("referral", "Closed")


class Ask(models.TextChoices):
    """What is asked of the body: coded, so that the letter needs no free text of the case."""

    PROTECT = "protect", _("Protect her now and report what was done")
    INVESTIGATE = "investigate", _("Accept the report and investigate")
    MEDIATE = "mediate", _("Mediate the dispute")
    LEGAL_AID = "legal_aid", _("Give legal aid or advice")
    RELIEF = "relief", _("Examine relief or assistance")
    TREAT = "treat", _("Treat, examine or assess the injury")
    SCHOOL = "school", _("Care for the child at school")
    VISIT = "visit", _("Visit the home and report")
    SUPERVISE = "supervise", _("Examine supervision of the guardianship")
    INFORM = "inform", _("Give information")


class DeclineReason(models.TextChoices):
    NOT_COMPETENT = "not_competent", _("Not within our competence")
    OTHER_AREA = "other_area", _("Another area is responsible")
    CONFLICT = "conflict", _("Conflict of interest")
    INCOMPLETE = "incomplete", _("Essential facts are missing")
    ALREADY = "already", _("Already being handled by us")
    NOT_WISHED = "not_wished", _("She came to us herself and does not want it")


# These close the letter: nobody else need be asked. All others send the matter back to the centre, a conflict of interest to its director.
CLOSING_REASONS = frozenset({DeclineReason.ALREADY, DeclineReason.NOT_WISHED})


class Result(models.TextChoices):
    DONE = "done", _("Done as asked")
    PARTLY = "partly", _("Done in part")
    NOT_POSSIBLE = "not_possible", _("Not possible")
    CLIENT_DECLINED = "client_declined", _("She declined")
    NO_ANSWER = (
        "no_answer",
        _("No answer from the agency"),
    )  # 未反馈: said by the centre after the last reminder, and counted


class ChasePaper(models.TextChoices):
    """What goes out when a unit is late, along the line that really exists between the bodies."""

    REMINDER = "reminder", _("Reminder")
    SUPERVISION = "supervision", _("Supervision paper")  # inside the federation
    NOTICE = "notice", _("Work notice")  # to departments of government and other bodies
    REQUEST = "request", _("Letter of request")  # to courts and procuratorates, which nobody supervises or ranks
    REGION = "region", _("Request to the superior federation")
    COMMITTEE = (
        "committee",
        _("Report to the committee"),
    )  # 政法委, 妇儿工委: where one stands above the late department


ANSWERS = (Result.DONE, Result.PARTLY, Result.NOT_POSSIBLE, Result.CLIENT_DECLINED)  # what a unit may answer
ANSWER_CHOICES = [(code.value, code.label) for code in ANSWERS]
# Papers about a unit, which it is not told of.
ABOUT = (ChasePaper.REGION, ChasePaper.COMMITTEE)
OWED = (ReferralStatus.SENT, ReferralStatus.ACCEPTED)  # the unit owes the next step
UNDECIDED = (
    ReferralStatus.RESPONDED,
    ReferralStatus.DECLINED,
    ReferralStatus.RETURNED,
)  # the centre owes the next step
# Kinds of work: the case has turned out to be a minor's, and the letter lies with a whole unit.
UNNAMED, UNNAMED_AT_CONFERENCE = "referral.name", "conference.name"
# Kinds of work: who is named is away, and nobody of the unit can stand in.
AWAY, AWAY_FROM_CONFERENCE = "referral.away", "conference.away"
