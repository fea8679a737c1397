"""The access matrix: one row for each route. A route without a row fails the run.

A row says which roles may reach the route, what its URL is made of, and which section of the case must be open. Who sees which case,
letter and contact stands in planted/oracle.py; both together say what every person gets.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.permissions.planted import (
    ABSENT,
    AIDED,
    ALERTED,
    APPROVING,
    CONFERRED,
    CONTACTS,
    COUNTED,
    EXPORTED,
    GLASSED,
    JOINTS,
    LETTERS,
    NAMESAKES,
    NOTHING,
    SEES,
    SHELTERED,
    TRANSFERS,
    WUHUA,
)
from tests.world import ROLES_AT

PEOPLE = {person: str(role.value) for person, (role, _place) in ROLES_AT.items()}
ALL = frozenset(PEOPLE.values())
MANAGERS = frozenset({"manager", "director"})
DIRECTORS = frozenset({"director"})
NOBODY = "00000000-0000-4000-8000-000000000000"  # the id of no row
REVIEWERS = frozenset({"director", "supervisor", "province"})
TAKERS = frozenset({"operator", "shift_supervisor", "manager", "director"})
READERS = frozenset(
    {"manager", "director", "liaison", "aid_officer", "expert", "keeper", "operator", "shift_supervisor"}
)
LETTER_READERS = frozenset({"manager", "director", "liaison", "aid_officer"})
ANSWERERS = frozenset({"liaison", "aid_officer"})
KEEPERS = frozenset({"keeper"})
SHELTER_READERS = frozenset({"keeper", "manager", "director"})
EXPORTERS = frozenset({"manager", "director", "liaison", "aid_officer", "expert", "keeper"})
AID = frozenset({"aid_officer", "manager", "director"})
FIGURES = frozenset({"manager", "director", "supervisor", "province"})
ANYBODY = frozenset({"*"})  # no login needed: the doors of the product
OK = frozenset({200})
MOVED = frozenset({302})


@dataclass(frozen=True)
class Row:
    """One route: its roles, what stands in its URL, the section that must be open, what the reached page answers to a GET."""

    name: str
    roles: frozenset[str]
    args: tuple[
        str, ...
    ] = ()  # case, party, follow_up, item, referral, contact, house, stay, month, job; else the word itself
    needs: str = "header"
    gives: frozenset[str] = OK
    own: bool = False  # only the handling centre's own people, whatever has been shared with others

    @property
    def objects(self) -> list[str]:
        """The kinds of objects in the URL."""
        return [kind for kind in self.args if kind in KINDS]


SCOPED = frozenset(
    {
        "case",
        "party",
        "item",
        "referral",
        "follow_up",
        "contact",
        "stay",
        "application",
        "mediation",
        "conference",
        "agenda",
        "invitation",
        "decision",
        "seat",
        "minute",
        "chase",
        "document",
        "transfer",
        "joint",
    }
)
SINGLE = frozenset(
    {"house", "month", "job", "office", "unit", "member", "key", "glass", "burst", "approval", "namesake", "absence"}
)  # of no case
CONFERENCE_KINDS = frozenset({"conference", "agenda", "invitation", "decision", "seat", "minute"})
DIRECTED = frozenset({"director"})  # whose task force it is
KINDS = SCOPED | SINGLE
PANEL = frozenset({200, 204, 403, 404})  # a panel also looks at other sections and at the centre's own
NO_CONSENT = "00000000-0000-4000-8000-000000000000"  # consents themselves: tests/cases/test_consents.py
FORM = frozenset({200, 302, 403, 409, 422})  # a form whose verb does not fit the case's state says so


def _form(name: str, *args: str, needs: str = "header") -> Row:
    return Row(name, MANAGERS, ("case", *args), needs=needs, gives=FORM, own=True)


def _panel(name: str, roles: frozenset[str] = READERS) -> Row:
    return Row(name, roles, ("case",), gives=PANEL)


def _verb(name: str, roles: frozenset[str], *args: str) -> Row:
    return Row(name, roles, args, gives=frozenset({405}))


ROWS = [
    # the heart
    Row("cases:today", ALL),
    Row("cases:list", ALL, gives=frozenset({200, 403})),
    Row("cases:export", EXPORTERS, gives=frozenset({200, 302, 403})),
    Row("cases:orders", MANAGERS),
    Row("cases:search", ALL),
    Row("cases:work", ALL, ("item",), gives=MOVED),
    Row("cases:followup", TAKERS, ("follow_up",), needs="callback", gives=FORM),
    Row("cases:followup-reveal", TAKERS, ("follow_up",), needs="callback", gives=MOVED),
    _verb("cases:followup-accept", MANAGERS, "follow_up"),
    Row("cases:detail", READERS, ("case",)),
    Row("cases:timeline", READERS, ("case",), gives=PANEL),
    _form("cases:assess"),
    _verb("cases:assess-preview", MANAGERS, "case"),
    _form("cases:reassess"),
    _form("cases:plan"),
    _form("cases:callback"),
    _form("cases:assign"),
    _form("cases:follow-up"),
    _form("cases:close"),
    _form("cases:resume"),
    _form("cases:refuse"),
    _form("cases:reopen"),
    _form("cases:merge"),
    _form("cases:transfer-ask"),
    Row("cases:transfers", MANAGERS),
    Row("cases:transfer", MANAGERS, ("transfer",)),
    *[_verb(f"cases:transfer-{verb}", MANAGERS, "transfer") for verb in ("accept", "return", "recall")],
    _form("cases:joint-ask"),
    Row("cases:joint", MANAGERS, ("joint",)),
    *[_verb(f"cases:joint-{verb}", MANAGERS, "joint") for verb in ("accept", "decline", "recall", "name", "report", "noted", "end")],
    _form("cases:section", "medical", needs="medical"),
    _form("cases:person-add"),
    _form("cases:person-identity", "party", needs="identity"),
    _form("cases:person-contact", "party", needs="contact"),
    _form("cases:person-safe", "party", needs="safe_contact"),
    _form("cases:walls"),
    _verb("cases:wall-lift", MANAGERS, "case", NOBODY),
    Row("cases:seal", DIRECTORS, ("case",), gives=FORM, own=True),
    Row("cases:unseal", MANAGERS, ("case",), gives=frozenset({200, 404}), own=True),  # only where a seal is in force
    Row("cases:bursts", REVIEWERS | {"auditor"}),
    Row("cases:burst", REVIEWERS | {"auditor"}, ("burst",)),
    Row("cases:namesake", MANAGERS | {"supervisor", "province"}, ("namesake",)),
    Row("cases:approvals", MANAGERS | REVIEWERS | {"auditor"}),
    Row("cases:approval-ask", MANAGERS, gives=frozenset({200, 404})),  # a director has nobody to ask
    Row("cases:approval", MANAGERS | REVIEWERS | {"auditor"}, ("approval",)),
    _verb("cases:approval-decide", REVIEWERS, "approval"),
    _verb("cases:approval-end", REVIEWERS, "approval"),
    Row("cases:glasses", TAKERS | REVIEWERS | {"auditor"}),
    Row("cases:glass-ask", TAKERS),
    Row("cases:glass", TAKERS | REVIEWERS | {"auditor"}, ("glass",)),
    _verb("cases:glass-reveal", TAKERS, "glass"),
    _verb("cases:glass-answer", DIRECTORS, "glass"),
    _verb("cases:glass-review", REVIEWERS, "glass"),
    Row("cases:reveal", READERS, ("case", "party", "phone"), needs="contact", gives=FORM),
    _form("cases:service-add"),
    _form("cases:order-add"),
    _form("cases:paper-add"),
    Row("cases:paper", READERS, ("case", "document"), needs="medical"),
    _form("cases:paper-withdraw", "document", needs="medical"),
    _form("cases:sharing"),
    _form("cases:sharing-print"),
    _verb("cases:sharing-end", MANAGERS, "case"),
    Row("cases:consent", MANAGERS, ("case", NO_CONSENT), gives=frozenset({404}), own=True),
    _verb("cases:consent-withdraw", MANAGERS, "case", NO_CONSENT),
    Row("cases:consent-decide", MANAGERS, ("case", NO_CONSENT), gives=frozenset({404}), own=True),
    _panel("cases:panel-work"),
    _panel("cases:panel-people"),
    _panel("cases:panel-texts"),
    _panel("cases:panel-risk"),
    _panel("cases:panel-services"),
    _panel("cases:panel-followups"),
    _panel("cases:panel-orders"),
    _panel("cases:panel-papers"),
    _panel("cases:panel-sharing"),
    _panel("cases:panel-log", MANAGERS),
    # the directory
    Row("agencies:notifications", ALL),
    Row("agencies:notifications-count", ALL),
    _verb("agencies:notifications-read", ALL),
    Row("agencies:directory", ALL),
    Row("agencies:office", ALL, ("office",)),
    Row("agencies:unit", ALL, ("unit",)),
    Row("agencies:profile", ALL),
    Row("agencies:accounts", frozenset({"system"})),
    Row("agencies:keys", frozenset({"system"})),
    Row("agencies:key-new", frozenset({"system"})),
    _verb("agencies:key-confirm", frozenset({"system"}), "key"),
    _verb("agencies:key-revoke", frozenset({"system"}), "key"),
    Row("agencies:access-log", frozenset({"auditor", "director"})),
    Row("agencies:access-log-export", frozenset({"auditor"})),
    Row("agencies:verify", frozenset({"auditor"})),
    # the front door
    Row("hotline:list", TAKERS),
    Row("hotline:export", TAKERS),
    Row("hotline:new", TAKERS, gives=frozenset({200, 302})),
    Row("hotline:handed-on", TAKERS),
    Row("hotline:panel", ALL, ("case",), gives=PANEL),
    Row("hotline:contact", TAKERS, ("contact",)),
    _verb("hotline:draft", TAKERS, "contact"),
    _verb("hotline:take_over", TAKERS, "contact"),
    _verb("hotline:protocol", TAKERS, "contact"),
    _verb("hotline:known", TAKERS, "contact"),
    _verb("hotline:settle", TAKERS, "contact"),
    _verb("hotline:reveal", TAKERS, "contact"),
    # referrals
    Row("referrals:inbox", LETTER_READERS, gives=frozenset({200, 302})),
    _form("referrals:send"),
    _form("referrals:liaisons"),
    _panel("referrals:panel", LETTER_READERS | {"expert", "keeper"}),
    Row("referrals:detail", ALL, ("referral",)),
    Row("referrals:letter", ALL, ("referral",)),
    *[
        _verb(f"referrals:{verb}", LETTER_READERS, "referral")
        for verb in (
            "accept", "decline", "respond", "progress", "return", "close", "reopen", "enter", "give_up", "recall",
            "ask_time", "grant_time", "refuse_time", "pass_on", "name",
            "supervise", "convene", "report",
        )
    ],
    # absences and the unit's own work
    Row("referrals:absences", ANSWERERS),
    Row("referrals:absences-now", ANSWERERS, gives=frozenset({200, 204})),
    Row("referrals:absence-new", ANSWERERS),
    Row("referrals:unit-load", ANSWERERS),
    Row("referrals:unit-figures", ANSWERERS),
    Row("referrals:unit-pass", ANSWERERS, ("referral",), gives=frozenset({200, 404})),  # only what is still owed
    _verb("referrals:absence-end", ANSWERERS, "absence"),
    # agencies' own systems: named letters, violence and minors are not here (tests/referrals/test_api.py)
    Row("referrals_api:list", ANSWERERS),
    Row("referrals_api:letter", ANSWERERS, ("referral",), gives=frozenset({200, 404})),
    *[_verb(f"referrals_api:{verb}", ANSWERERS, "referral") for verb in ("accept", "decline", "respond", "progress", "ask-time")],
    Row("referrals:chase", LETTER_READERS | {"supervisor"}, ("chase",)),
    _verb("referrals:oversee", LETTER_READERS | {"supervisor"}, "chase"),
    # conferences and task forces
    Row("referrals:conferences", LETTER_READERS),
    Row("referrals:conference-plan", MANAGERS),
    _form("referrals:conference-convene"),
    _panel("referrals:conference-panel", LETTER_READERS | {"expert", "keeper"}),
    Row("referrals:conference", LETTER_READERS, ("conference",)),
    *[_verb(f"referrals:conference-{verb}", MANAGERS, "conference") for verb in ("hold", "minute", "reopen", "sign", "close", "cancel")],
    Row("referrals:conference-move", MANAGERS, ("conference",), gives=FORM),
    _verb("referrals:conference-item-close", MANAGERS, "agenda"),
    Row("referrals:conference-item", LETTER_READERS, ("agenda",), gives=MOVED),
    _verb("referrals:conference-invite", MANAGERS, "agenda"),
    _verb("referrals:conference-decide", MANAGERS, "agenda"),
    Row("referrals:minutes-docx", LETTER_READERS, ("agenda",)),
    Row("referrals:minutes-pdf", LETTER_READERS, ("agenda",)),
    _verb("referrals:conference-seat", LETTER_READERS, "seat"),
    _verb("referrals:minutes-write", LETTER_READERS, "minute"),
    Row("referrals:invitation", LETTER_READERS, ("invitation",)),
    Row("referrals:invitation-ics", LETTER_READERS, ("invitation",)),
    *[
        _verb(f"referrals:invitation-{verb}", LETTER_READERS, "invitation")
        for verb in ("accept", "keep", "confirm", "object", "decline", "recuse", "enter", "withdraw")
    ],
    Row("referrals:decision", LETTER_READERS, ("decision",)),
    *[_verb(f"referrals:decision-{verb}", LETTER_READERS, "decision") for verb in ("finish", "drop")],
    Row("referrals:task-force", MANAGERS),
    Row("referrals:task-force-member", MANAGERS, ("police", "liaison"), gives=frozenset({200, 403})),
    _verb("referrals:task-force-end", frozenset({"director"}), "member"),
    # refuges
    Row("shelter:board", SHELTER_READERS),
    Row("shelter:house-new", KEEPERS),
    Row("shelter:house", SHELTER_READERS, ("house",)),
    Row("shelter:address", SHELTER_READERS, ("house",), needs="address", gives=FORM),
    Row("shelter:stay", SHELTER_READERS, ("stay",)),
    Row("shelter:check-in", KEEPERS, ("stay",), gives=FORM),
    Row("shelter:check-out", KEEPERS, ("stay",), gives=FORM),
    Row("shelter:extend", SHELTER_READERS, ("stay",), gives=FORM),
    Row("shelter:release", SHELTER_READERS, ("stay",), gives=FORM),
    _form("shelter:hold"),
    _panel("shelter:panel", SHELTER_READERS),
    # legal aid and mediation
    Row("legalaid:list", AID),
    Row("legalaid:detail", AID, ("application",)),
    _verb("legalaid:grant", AID, "application"),
    Row("legalaid:refuse", AID, ("application",), gives=FORM),
    Row("legalaid:assign", AID, ("application",), gives=FORM),
    _verb("legalaid:tell", MANAGERS, "application"),
    Row("legalaid:close", MANAGERS, ("application",), gives=FORM),
    _form("legalaid:apply"),
    _form("legalaid:mediation-plan"),
    Row("legalaid:mediation", MANAGERS, ("mediation",), needs="legal", gives=FORM, own=True),
    _panel("legalaid:panel", AID | {"liaison", "expert"}),
    # figures
    Row("reports:dashboard", FIGURES),
    Row("reports:records", FIGURES, gives=frozenset({200, 302, 403, 404})),
    Row("reports:months", FIGURES),
    _verb("reports:months-accept", FIGURES - MANAGERS),
    _verb("reports:months-chase", FIGURES - MANAGERS),
    _verb("reports:months-lock", frozenset({"province"})),
    Row("reports:month", FIGURES, ("month",)),
    _verb("reports:month-submit", frozenset({"director"}), "month"),
    _verb("reports:month-return", FIGURES - MANAGERS, "month"),
    _verb("reports:month-chase", FIGURES - MANAGERS, "month"),
    _verb("reports:month-accept", FIGURES - MANAGERS, "month"),
    Row("reports:province", FIGURES - MANAGERS),
    Row("reports:exports", FIGURES - {"manager"}),
    Row("reports:export-progress", FIGURES - {"manager"}, ("job",)),
    _verb("reports:export-cancel", FIGURES - {"manager"}, "job"),
    Row("reports:export-file", FIGURES - {"manager"}, ("job",), gives=frozenset({200, 404})),  # not there before it is made
    Row("reports:api-statistics", FIGURES, gives=frozenset({200, 400, 422})),
    # the session
    Row("session", ANYBODY, gives=frozenset({200, 401})),
    Row("session_back", ANYBODY, gives=frozenset({200, 302})),
    _verb("session_lock", ANYBODY),
    _verb("session_unlock", ANYBODY),
    # the login library's own doors: no sign-up, no e-mail
    *[Row(name, ANYBODY, gives=frozenset({200, 302})) for name in (
        "account_login", "account_logout", "account_inactive", "account_signup", "account_reauthenticate", "account_change_password", "account_set_password", "account_confirm_login_code", "mfa_index", "mfa_authenticate",
        "mfa_reauthenticate", "mfa_activate_totp", "mfa_generate_recovery_codes")],
    *[Row(name, ANYBODY, gives=frozenset({200, 302, 404})) for name in (  # nothing to take away or to show without a second factor
        "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes")],
    *[Row(name, ANYBODY, gives=frozenset({404})) for name in (
        "account_email", "account_email_verification_sent", "account_reset_password_done",
        "account_reset_password_from_key_done")],
    Row("account_confirm_email", ANYBODY, ("x",), gives=frozenset({404})),
    Row("account_reset_password", ANYBODY, gives=frozenset({200})),  # says who sets a new one; posting is refused (tests/review)
    Row("account_reset_password_from_key", ANYBODY, ("x", "y-z"), gives=frozenset({404})),
    Row("set_language", ANYBODY, gives=MOVED),
    Row("api-schema", ALL),
    # the demo's own pages
    Row("styleguide", ALL),
    Row("styleguide_panel", ALL),
]  # fmt: skip
MATRIX = {row.name: row for row in ROWS}

# Objects that a fixed circle may know of, whatever the case.
KNOWN_TO = {
    "stay": SHELTERED, "application": AIDED, "month": COUNTED, "job": EXPORTED, "key": frozenset({"system"}), "member": DIRECTED, "absence": ABSENT,
    "glass": GLASSED, "burst": ALERTED, "approval": APPROVING, "namesake": NAMESAKES, **dict.fromkeys(CONFERENCE_KINDS, CONFERRED),
}  # fmt: skip
OPEN, PART, CLOSED = "open", "part", "closed"


def reach(row: Row, person: str, name: str) -> str:
    """How far a person gets to the object of a route in the planted case (or contact) `name`, by the oracle alone."""
    kinds = row.objects
    if "contact" in kinds:
        return OPEN if name in CONTACTS.get(person, NOTHING) else CLOSED
    if "referral" in kinds or "chase" in kinds:
        return OPEN if name in LETTERS.get(person, NOTHING) else CLOSED
    if "transfer" in kinds:
        return OPEN if name in TRANSFERS.get(person, NOTHING) else CLOSED
    if "joint" in kinds:
        return OPEN if name in JOINTS.get(person, NOTHING) else CLOSED
    for kind in KNOWN_TO.keys() & set(kinds):
        return OPEN if person in KNOWN_TO[kind] else CLOSED
    if "house" in kinds:
        known = ROLES_AT[person][1] == "wuhua" and PEOPLE[person] in SHELTER_READERS
        return CLOSED if not known else OPEN if person in SHELTERED or row.needs == "header" else PART
    sections = SEES.get(person, {}).get(name, NOTHING)
    if "follow_up" in kinds:
        return OPEN if "callback" in sections else CLOSED
    if "header" not in sections:
        return CLOSED
    if row.own and (PEOPLE[person] not in MANAGERS or (name in WUHUA) != (ROLES_AT[person][1] == "wuhua")):
        return PART
    return OPEN if row.needs in sections else PART
