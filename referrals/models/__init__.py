"""Referrals and what hangs on them."""

from referrals.models.chase import ReferralChase
from referrals.models.referral import (
    Referral,
    ReferralGroupObjectPermission,
    ReferralNote,
    ReferralUserObjectPermission,
)

__all__ = [
    "Referral",
    "ReferralChase",
    "ReferralGroupObjectPermission",
    "ReferralNote",
    "ReferralUserObjectPermission",
]
