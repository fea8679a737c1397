"""Pages of referrals."""

ADDRESSEES = ("liaison", "aid_officer")
SENDERS = ("manager", "director")
READERS = (*ADDRESSEES, *SENDERS)
CHASE_READERS = (*READERS, "supervisor")
