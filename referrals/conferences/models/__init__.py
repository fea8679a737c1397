"""Tables of conferences, one noun a file."""

from referrals.conferences.models.agenda import AgendaItem
from referrals.conferences.models.conference import Conference
from referrals.conferences.models.decision import Decision
from referrals.conferences.models.invitation import Invitation
from referrals.conferences.models.minutes import MinuteText, Seat

__all__ = ["AgendaItem", "Conference", "Decision", "Invitation", "MinuteText", "Seat"]
