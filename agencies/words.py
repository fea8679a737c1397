"""The access log's codes in words. What stands in no list is shown as its code rather than hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.enums import Role
from agencies.forms import ACTIONS
from core.access import Action
from core.casecode import case_code
from core.identity import Identity
from core.models.accesslog import AccessLog

TONES = {Action.REVEAL: "warn", Action.EXPORT: "warn", Action.DENIED: "danger", Action.LOGIN_FAILED: "danger"}
OBJECTS: dict[str, str | Promise] = {
    "cases.case": _("Case"), "cases.followup": _("Callback"), "cases.workitem": _("Worklist"), "cases.party": _("Person of a case"),
    "cases.partycontact": _("Contact and address"), "cases.partyidentity": _("Identity"), "cases.safecontact": _("Safe contact"),
    "cases.timelineentry": _("Timeline"), "cases.document": _("Document"), "hotline.contact": _("Contact"), "referrals.referral": _("Referral"),
    "core.accesslog": _("Access log"), "cases.burst": _("Unusual access"), "shelter.stay": _("Stay"), "legalaid.application": _("Legal-aid application"),
    "reports.report": _("Statistics"), "core.job": _("Export"), "case": _("Case"), "case_list": _("List of cases"), "referral": _("Referral"),
    "stay": _("Stay"), "house": _("Refuge"), "legalaid": _("Legal-aid application"), "mediation": _("Mediation"),
    "conference": _("Joint conference"), "invitation": _("Invitation"), "minutes": _("Minutes of the conference"), "decision": _("Measure of a conference"),
    "task_force": _("Task force"), "referralchase": _("Paper to a late unit"), "sharing": _("Who can see what"), "agency_key": _("Key of an agency"),
    "namesake": _("Namesake of a party"), "cases.wall": _("Namesake of a party"), "joint": _("Joint handling"), "cases.jointhandling": _("Joint handling"), "transfer": _("Transfer"), "cases.transfer": _("Transfer"), "cases.recordapproval": _("Ask for a minor's record"), "approval": _("Ask for a minor's record"),
    "cases.breakglass": _("Emergency view"), "breakglass": _("Emergency view"), "glass": _("Emergency view"), "search_hits": _("Found by searching"), "safe": _("Safe number"), "phone": _("Phone"), "address": _("Address"), "id": _("ID number"),
    "order": pgettext_lazy("document", "Order"), "paper": _("Document"), "document": _("Document"),
}  # fmt: skip
SECTIONS: dict[str, str | Promise] = {
    "header": _("Case header"), "identity": _("Identity"), "contact": _("Contact and address"), "safe_contact": _("Safe contact"),
    "incident": _("Incident"), "risk": _("Risk"), "medical": _("Medical"), "children": _("Children"), "legal": _("Legal"),
    "counselling": _("Counselling notes"), "callback": _("Callbacks"), "reporter": _("Reporter"), "evidence": _("Evidence"), "shelter": _("Shelter"), "letter": _("Letter"), "coordination": _("Coordination"),
    "people": _("People of the case"), "texts": _("What was told"), "own_office": _("Own centre"), "director": _("Director"),
}  # fmt: skip
# A refusal has no object, only the part of the product that was knocked at.
AREAS: dict[str, str | Promise] = {
    "cases": _("Cases"), "hotline": _("Contacts"), "referrals": _("Referrals"), "shelter": _("Shelter"), "legalaid": _("Legal aid"),
    "reports": _("Figures"), "agencies": _("Directory"), "account": "", "mfa": _("Second factor"),
}  # fmt: skip
REASONS: dict[str, str | Promise] = {
    "role": _("not the role for it"), "not_found": _("nothing there, or not for these eyes"), "worklist": _("worklist"),
    "callback": _("to make a callback"), "bell": _("the bell"), "compare": _("to compare two cases"), "check": _("to compare the number"), "name": _("by name"), "initials": _("by initials"),
    "phone": _("by phone"), "phone_tail": _("by the end of a phone number"), "case_number": _("by case number"),
    "case_code": _("by the end of a case number"), "paper_number": _("by the number of a paper"),
    "download": _("downloaded"), "draft": _("own draft"), "draft_left": _("call that was left"), "approval": _("ask for a minor's record"), "break_glass": _("emergency view"), "opened": _("emergency view"),
    "too_large": _("too large"), "list": _("list"), "list.board": _("bed board"), "panel": _("panel of a case"),
    "list.sent": _("list"), "list.received": _("list"),
    "statistics": _("statistics"), "id_number": _("by ID number"), "verify": _("to verify the chain"), "nothing": _("nothing that can be searched"),
    "call": _("to call or visit"), "identify": _("to check who somebody is"), "paper": _("for a paper"), "correct": _("to check whether it is right"),
    "danger": _("somebody is in danger"), "bring": _("to bring a guest"), "supply": _("supplies or repairs"),
    "match.match": _("to compare the caller: everything agreed"), "match.number": _("to compare the caller: the number is known"),
    "match.none": _("to compare the caller: nothing agreed"), "match.respondent": _("to compare the caller: a respondent's number"),
    "agency_key": _("an agency's signature"), "key_confirmed": _("key confirmed"), "api_list": _("list"), "own_list": _("her own list, printed"), "number": _("to compare the number"),
    # What a rule refuses (core.errors.NotAllowed): every code that the product raises has its word here.
    "not_allowed": _("not the role for it"), "no_export": _("the role does not export"), "own_act": _("an own act"),
    "not_administrator": _("not a system administrator"), "not_director": _("not the centre's director"), "not_manager": _("not a case manager of the handling centre"),
    "not_of_office": _("not of this office"), "not_yours": _("for somebody else to do"), "not_named": _("not named for it"), "not_caller": _("not asked to call back"),
    "not_sender": _("not the centre that sent it"), "not_addressee": _("not the unit that it was sent to"), "not_overseer": _("not the body that it was laid before"),
    "not_head": _("neither the person herself nor the unit's designated member"), "not_host": _("not the centre that convened it"), "not_chair": _("neither the chair nor the director"),
    "not_officer": _("not an officer of this legal-aid centre"), "not_keeper": _("not a keeper of this refuge"),
    "not_superior": _("not the supervising federation"), "not_province": _("not the province"),
}  # fmt: skip


# Parts of a case's page, each noted when it is opened.
PANELS = {"consent", "documents", "followups", "orders", "people", "person", "risk", "section", "services", "texts"}


def _area(route: str) -> str | Promise:
    first = route.replace("_", ":", 1).partition(":")[0]
    return AREAS.get(first, route)


def _object(code: str) -> str | Promise:
    # A figure's records are noted with the figure's code: figure.CASES
    if code.startswith("figure."):
        return _("Records of a figure")
    return _("panel of a case") if code in PANELS else OBJECTS.get(code, code)


# What a case is called for one who may see it: identity and ids of cases to their numbers. Given by the floor that has the cases.
case_numbers: list[Callable[[Identity, set[UUID]], dict[UUID, str]]] = []


# What the items behind notices of the bell are, for one who may see them. Given by the floor that has the work items.
notice_words: list[Callable[[Identity, set[UUID]], dict[UUID, str]]] = []


def numbers_of(by: Identity, ids: set[UUID]) -> dict[UUID, str]:
    """The numbers of these cases, as far as `by` may see the cases. One query."""
    return {pk: number for name in case_numbers for pk, number in name(by, ids).items()} if ids else {}


def role_label(code: str) -> str | Promise:
    """What somebody's role is called; an unknown one is shown as its code."""
    return Role(code).label if code in Role.values else code


def described(row: AccessLog, numbers: Mapping[UUID, str]) -> dict[str, object]:
    """One entry for the screen or a file: no client's name is in the log, and none is looked up.

    A case that is not for these eyes has no number, but a code that tells it from others.
    """
    return {
        "row": row, "action": ACTIONS.get(Action(row.action), row.action), "tone": TONES.get(Action(row.action), "neutral"),
        "what": _object(row.object_type) or _area(row.route), "role": role_label(row.actor_role),
        "sections": [SECTIONS.get(code, code) for code in row.sections.split(",") if code],
        "reason": REASONS.get(row.reason, row.reason), "case": case_name(row.case_id, numbers) if row.case_id else "",
        "is_case": row.object_type in ("case", "cases.case"),  # then the case's own name says it all
    }  # fmt: skip


def case_name(case_id: UUID, numbers: Mapping[UUID, str]) -> str:
    """The case's number where it may be seen, else its code."""
    return numbers.get(case_id) or case_code(case_id)
