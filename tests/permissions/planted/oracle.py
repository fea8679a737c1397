"""Who may see what, said by hand: written from the rules (docs/security.md, Principles) and not from the code."""

from __future__ import annotations

STAFF = frozenset(
    {
        "header",
        "coordination",
        "identity",
        "contact",
        "safe_contact",
        "callback",
        "incident",
        "risk",
        "medical",
        "children",
        "legal",
        "reporter",
        "evidence",
    }
)
MANAGED = STAFF | {"counselling", "shelter"}  # by a grant to the person who manages the case; not the director's
HEAD = frozenset({"header"})
NOTHING: frozenset[str] = frozenset()
CALLING = frozenset({"header", "identity", "safe_contact", "callback"})
SHARED = frozenset({"header", "safe_contact", "identity", "incident", "medical"})
OFFERED = ("identity", "incident", "medical")
WITH_CONTACT = ("identity", "contact", "incident", "children")
DESK = ("operator", "operator2", "shift")
WUHUA = (
    "received",
    "offered",
    "accepted",
    "declined",
    "recalled",
    "expired",
    "walled",
    "closed",
    "callback",
    "named",
    "sealed",
    "kept",
    "asked",  # of another centre, which has not answered
    "handed",  # taken over by another centre: a stub
    "together",  # another centre helps with it
)
CASES = (*WUHUA, "elsewhere", "successor")


# person -> case -> open sections. Who and what is not written here is nobody and nothing.
SEES: dict[str, dict[str, frozenset[str]]] = {
    "manager": dict.fromkeys(WUHUA, MANAGED) | {"received": STAFF, "handed": HEAD},
    "manager2": {name: STAFF for name in WUHUA if name not in ("walled", "sealed", "kept")} | {"handed": HEAD},
    "director": dict.fromkeys(WUHUA, STAFF) | {"handed": HEAD},
    "xishan_manager": {"elsewhere": MANAGED, "successor": MANAGED, "together": SHARED},
    **{
        person: {"received": frozenset({"header"}), "walled": frozenset({"header"}), "callback": CALLING}
        for person in DESK
    },
    "justice_liaison": {"accepted": SHARED, "closed": frozenset({"header", "identity", "incident"})},
    "aid_officer": {"accepted": frozenset({"header", "safe_contact", "identity", "legal"})},
    "police_liaison": {"named": frozenset({"header", "safe_contact", "identity", "incident", "reporter", "evidence"})},
}


# An emergency view: her safe contact alone, and nothing of the case's pages.
SEES["operator"] = {**SEES["operator"], "elsewhere": frozenset({"safe_contact"})}


# The walled case was assessed: the desk's first responsibility has ended.
for _person in DESK:
    del SEES[_person]["walled"]


# person -> cases whose referral's letter is open to them.
LETTERS: dict[str, frozenset[str]] = {
    "manager": frozenset({"offered", "accepted", "declined", "recalled", "expired", "walled", "closed", "named"}),
    "manager2": frozenset({"offered", "accepted", "declined", "recalled", "expired", "closed", "named"}),
    "director": frozenset({"offered", "accepted", "declined", "recalled", "expired", "walled", "closed", "named"}),
    "justice_liaison": frozenset({"offered", "accepted", "closed"}),
    "police_liaison": frozenset({"named"}),
}


# person -> cases whose transfer is open to them: the earlier centre's as long as it handles the case, never past a wall.
TRANSFERS: dict[str, frozenset[str]] = {
    "manager": frozenset({"asked"}),
    "manager2": frozenset({"asked"}),
    "director": frozenset({"asked"}),
    "xishan_manager": frozenset({"asked", "handed"}),
}


# person -> cases whose joint handling is open to them: both centres', never past a wall.
JOINTS: dict[str, frozenset[str]] = dict.fromkeys(
    ("manager", "manager2", "director", "xishan_manager"), frozenset({"asked", "together"})
)


# person -> contacts that they may open.
CONTACTS: dict[str, frozenset[str]] = {
    "operator": frozenset({"received", "walled", "advice", "draft"}),
    "operator2": frozenset({"received", "walled", "advice"}),
    "shift": frozenset({"received", "walled", "advice"}),
    "manager": frozenset({"received", "walled"}),
    "manager2": frozenset({"received"}),
    "director": frozenset({"received", "walled"}),
}


# Who may know of the stay in the refuge: its keeper, and the manager of the case by a grant of her own.
SHELTERED = frozenset({"keeper", "manager"})


# Who may know of the application for legal aid: the handling centre, and the body that it went to.
AIDED = frozenset({"manager", "manager2", "director", "aid_officer"})


# Who may know of the conference of the accepted case: the handling centre, and the body that sat at it.
CONFERRED = frozenset({"manager", "manager2", "director", "justice_liaison"})


# Who may know of the emergency view of the case elsewhere: who asked, who confirmed, who is named to review it, the auditor. Of an alert
# about a manager: her director, the auditor.
GLASSED = frozenset({"operator", "director", "supervisor", "auditor"})
APPROVING = frozenset({"manager2", "director", "auditor"})  # of the ask for a closed record of a minor
# Who reads the words of these: the auditor reads no words of a case.
GLASS_READERS = GLASSED - {"auditor"}
APPROVAL_READERS = APPROVING - {"auditor"}
ALERTED = frozenset({"director", "auditor"})
ABSENT = frozenset({"police_liaison", "police_liaison2"})  # whose unit somebody is away from
NAMESAKES = frozenset({"director"})  # who finds out whether it is the same human: the directors of the case's centre


# Whose figures are these months of the Wuhua centre, and whose is the export.
COUNTED = frozenset({"manager", "manager2", "director", "supervisor", "province"})
EXPORTED = frozenset({"director"})
