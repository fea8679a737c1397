"""Pages of legal aid and mediation."""

OFFICERS = ("aid_officer",)
SENDERS = ("manager", "director")
READERS = (*OFFICERS, *SENDERS)
