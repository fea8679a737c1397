"""All writes of referrals."""

from referrals.services.answering import (
    referral_accept,
    referral_decline,
    referral_progress,
    referral_respond,
    referral_return,
)
from referrals.services.chasing import chase_oversee, referral_convene, referral_supervise
from referrals.services.common import Papers, sections_of_papers
from referrals.services.deciding import (
    referral_close,
    referral_enter,
    referral_give_up,
    referral_recall,
    referral_reopen,
)
from referrals.services.naming import referral_name
from referrals.services.passing import referral_pass_on
from referrals.services.reporting import referral_report
from referrals.services.sending import referral_send, referrals_send
from referrals.services.time import referral_ask_time, referral_grant_time, referral_refuse_time

__all__ = [
    "Papers",
    "chase_oversee",
    "referral_accept",
    "referral_ask_time",
    "referral_close",
    "referral_convene",
    "referral_decline",
    "referral_enter",
    "referral_give_up",
    "referral_grant_time",
    "referral_name",
    "referral_pass_on",
    "referral_progress",
    "referral_recall",
    "referral_refuse_time",
    "referral_reopen",
    "referral_report",
    "referral_respond",
    "referral_return",
    "referral_send",
    "referral_supervise",
    "referrals_send",
    "sections_of_papers",
]  # fmt: skip
