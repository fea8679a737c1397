"""All writes of referrals."""

from referrals.services.answering import (
    referral_accept,
    referral_decline,
    referral_progress,
    referral_respond,
    referral_return,
)
from referrals.services.deciding import (
    referral_close,
    referral_enter,
    referral_give_up,
    referral_recall,
    referral_reopen,
)
from referrals.services.sending import referral_send

__all__ = [
    "referral_accept", "referral_close", "referral_decline", "referral_enter", "referral_give_up", "referral_progress",
    "referral_recall", "referral_reopen", "referral_respond", "referral_return", "referral_send",
]  # fmt: skip
