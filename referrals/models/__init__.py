"""Referrals and what hangs on them; absences, conferences and task forces are packages of their own, whose models Django finds here."""

from referrals.absences.models import Absence, StandIn
from referrals.conferences.models import AgendaItem, Conference, Decision, Invitation, MinuteText, Seat
from referrals.models.chase import ReferralChase
from referrals.models.referral import (
    Referral,
    ReferralGroupObjectPermission,
    ReferralNote,
    ReferralUserObjectPermission,
)
from referrals.taskforces.models import Membership, TaskForce

__all__ = [
    "Absence", "AgendaItem", "Conference", "Decision", "Invitation", "Membership", "MinuteText", "Referral", "ReferralChase",
    "ReferralGroupObjectPermission", "ReferralNote", "ReferralUserObjectPermission", "Seat", "StandIn", "TaskForce",
]  # fmt: skip
