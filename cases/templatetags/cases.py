"""How the heart's codes look: one chip for each status and each risk, everywhere the same."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from cases.enums import CaseStatus, FollowUpStatus, Risk
from core.ui.tags.words import chip

register = template.Library()

RISK_LOOK = {
    Risk.HIGH: ("danger", ""),
    Risk.MEDIUM: ("warn", ""),
    Risk.LOW: ("ok", "shield-check"),
    Risk.UNKNOWN: ("neutral", "help-circle"),
}
STATUS_TONE = {
    CaseStatus.RECEIVED: ("warn", "inbox"),
    CaseStatus.ASSESSED: ("info", "stethoscope"),
    CaseStatus.IN_PROGRESS: ("info", "progress"),
    CaseStatus.FOLLOW_UP: ("info", "phone-outgoing"),
    CaseStatus.CLOSED: ("neutral", "lock"),
    CaseStatus.NOT_ACCEPTED: ("neutral", "circle-x"),
    CaseStatus.TRANSFERRED: ("neutral", "share"),
    CaseStatus.MERGED: ("neutral", "link"),
}
FOLLOW_UP_TONE = {
    FollowUpStatus.PLANNED: "neutral",
    FollowUpStatus.DUE: "warn",
    FollowUpStatus.REACHED: "ok",
    FollowUpStatus.FAILED: "danger",
    FollowUpStatus.CANCELLED: "neutral",
}


@register.simple_tag
def risk_chip(risk: str) -> SafeString:
    """The risk in a word."""
    tone, icon = RISK_LOOK[Risk(risk)]
    return chip(Risk(risk).label, tone=tone, icon=icon)


@register.simple_tag
def status_chip(status: str) -> SafeString:
    """The case's status in a word."""
    tone, icon = STATUS_TONE[CaseStatus(status)]
    return chip(CaseStatus(status).label, tone=tone, icon=icon)


@register.simple_tag
def followup_chip(status: str) -> SafeString:
    """A callback's state in a word."""
    return chip(FollowUpStatus(status).label, tone=FOLLOW_UP_TONE[FollowUpStatus(status)])
