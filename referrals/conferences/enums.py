"""Codes of conferences."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ConferenceKind(models.TextChoices):
    CASE = "case", _("Joint case conference")  # 会商
    STANDING = "standing", _("Standing joint meeting")  # 联席会议


class ConferenceStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("conference", "Planned")
    HELD = "held", pgettext_lazy("conference", "Held, minutes being written")
    MINUTED = "minuted", pgettext_lazy("conference", "Minutes out for confirmation")
    CONFIRMED = "confirmed", pgettext_lazy("conference", "Confirmed, in follow-through")
    CLOSED = "closed", pgettext_lazy("conference", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("conference", "Cancelled")


RUNNING = (
    ConferenceStatus.PLANNED,
    ConferenceStatus.HELD,
    ConferenceStatus.MINUTED,
    ConferenceStatus.CONFIRMED,
)


class Reason(models.TextChoices):
    """Why a case comes before a conference."""

    HIGH_RISK = "high_risk", _("The risk is high")
    CROSS_DEPARTMENT = "cross_department", _("Several bodies must act together")
    STALLED = "stalled", _("The work is stalled")
    MINOR = "minor", _("A minor is concerned")


class InvitationStatus(models.TextChoices):
    SENT = "sent", pgettext_lazy("invitation", "Invited")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    RECUSED = "recused", pgettext_lazy("invitation", "Recused")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")


class Regret(models.TextChoices):
    """Why a body does not come."""

    OTHER_TIME = "other_time", _("Not possible at this time")
    NOT_COMPETENT = "not_competent", _("Not within our competence")
    CONFLICT = "conflict", _("Conflict of interest")


class Confirmation(models.TextChoices):
    """Where the confirmation of the minutes by one body stands; blank before it is asked."""

    ASKED = "asked", pgettext_lazy("minutes", "Asked")
    CONFIRMED = "confirmed", pgettext_lazy("minutes", "Confirmed")
    OBJECTED = "objected", pgettext_lazy("minutes", "Objection")


class DecisionStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("decision", "Open")
    DONE = "done", pgettext_lazy("decision", "Done")
    DROPPED = "dropped", pgettext_lazy("decision", "Dropped")
