"""Codes of legal aid and mediation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AidStatus(models.TextChoices):
    APPLIED = "applied", _("Applied")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Not granted")
    ASSIGNED = "assigned", _("Lawyer assigned")
    CLOSED = "closed", _("Closed")


OPEN_AID = (AidStatus.APPLIED, AidStatus.GRANTED, AidStatus.REFUSED, AidStatus.ASSIGNED)
WAITING = (AidStatus.APPLIED, AidStatus.GRANTED)  # the legal-aid body owes the next step


class Matter(models.TextChoices):
    """What the aid is for: coded, so that the application needs no free text of the case."""

    PROTECTION_ORDER = "protection_order", _("Personal safety protection order")
    DIVORCE = "divorce", _("Divorce")
    CUSTODY = "custody", _("Custody or contact")
    SUPPORT = "support", _("Maintenance or support")
    PROPERTY = "property", _("Property or debts")
    LAND = "land", _("Land contract or village membership")
    LABOUR = "labour", _("Wages or labour rights")
    INJURY = "injury", _("Compensation for injury")
    CRIMINAL = "criminal", _("Representation of a victim in criminal proceedings")
    GUARDIANSHIP = "guardianship", _("Guardianship")
    OTHER = "other", _("Another matter")


class MeansTest(models.TextChoices):
    """Legal Aid Law 42: whose means are not examined."""

    EXAMINED = "examined", _("Means are to be examined")
    VIOLENCE = "violence", _("Exempt: domestic violence")
    ABUSE = "abuse", _("Exempt: abuse or abandonment")
    RECIPIENT = "recipient", _("Exempt: receives minimum living allowance")
    MINOR = "minor", _("Exempt: a minor, or another group named by law")


class RefuseReason(models.TextChoices):
    NOT_COVERED = "not_covered", _("The matter is not covered by legal aid")
    MEANS = "means", _("Her means are above the limit")
    NOT_COMPETENT = "not_competent", _("Another legal-aid body is competent")
    INCOMPLETE = "incomplete", _("Papers are missing and were not supplied")
    REPRESENTED = "represented", _("She has a lawyer already")


class EndReason(models.TextChoices):
    CONCLUDED = "concluded", _("The matter is concluded")
    WITHDRAWN = "withdrawn", _("She withdrew the application")
    ENDED = "ended", _("Legal aid was ended by the body")
    ACCEPTED = "accepted", _("The refusal was explained to her and she accepts it")


class Outcome(models.TextChoices):
    """What came of a mediation."""

    AGREED = "agreed", _("Agreement reached")
    PARTLY = "partly", _("Agreement in part")
    FAILED = "failed", _("No agreement")
    BROKEN_OFF = "broken_off", _("Broken off")
    CANCELLED = "cancelled", _("Did not take place")


HELD = (Outcome.AGREED, Outcome.PARTLY, Outcome.FAILED, Outcome.BROKEN_OFF)
