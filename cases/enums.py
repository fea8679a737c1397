"""Codes of the heart."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseStatus(models.TextChoices):
    RECEIVED = "received", _("Received")  # 已受理
    ASSESSED = "assessed", _("Assessed")  # 已研判
    IN_PROGRESS = "in_progress", _("In progress")  # 处置中
    FOLLOW_UP = "follow_up", _("In follow-up")  # 回访中
    CLOSED = "closed", _("Closed")  # 已办结
    NOT_ACCEPTED = "not_accepted", _("Not accepted")  # 不予受理
    TRANSFERRED = "transferred", _("Transferred")  # 已移交
    MERGED = "merged", _("Merged")  # 已合并


OPEN_STATUSES = (CaseStatus.RECEIVED, CaseStatus.ASSESSED, CaseStatus.IN_PROGRESS, CaseStatus.FOLLOW_UP)


class Channel(models.TextChoices):
    """How it came in."""

    HOTLINE = "hotline", _("12338 hotline")
    WALK_IN = "walk_in", _("Walk-in reception")
    LETTER = "letter", _("Letter")
    ONLINE = "online", _("Online")
    MINI_PROGRAM = "mini_program", _("Mini-program clue")
    SUBDISTRICT = "subdistrict", _("Subdistrict report")
    COMMUNITY = "community", _("Community report")
    GRID_WORKER = "grid_worker", _("Grid worker report")
    PETITION = "petition", _("Petition")
    OUTREACH = "outreach", _("Outreach visit")
    SCHOOL = "school", _("School report")
    HOSPITAL = "hospital", _("Hospital report")
    POLICE = "police", _("Police hand-over")
    PLATFORM_12345 = "platform_12345", _("12345 transfer")
    COURT = "court", _("Court or procuratorate hand-over")
    ASSIGNED = "assigned", _("Assigned from above")
    PUBLIC_OPINION = "public_opinion", _("Public opinion")
    MANDATORY_REPORT = "mandatory_report", _("Mandatory report")


class Risk(models.TextChoices):
    UNKNOWN = "unknown", _("Not yet assessed")
    LOW = "low", _("Low risk")
    MEDIUM = "medium", _("Medium risk")
    HIGH = "high", _("High risk")


class Section(models.TextChoices):
    """What a grant opens, one by one. `header` is the case's number, category, risk, status, manager and next step."""

    HEADER = "header", _("Case header")
    IDENTITY = "identity", _("Identity")
    CONTACT = "contact", _("Contact and address")
    SAFE_CONTACT = "safe_contact", _("Safe contact")
    INCIDENT = "incident", _("Incident")
    RISK = "risk", _("Risk")
    MEDICAL = "medical", _("Medical")
    CHILDREN = "children", _("Children")
    LEGAL = "legal", _("Legal")
    COUNSELLING = "counselling", _("Counselling notes")
    REPORTER = "reporter", _("Reporter")
    EVIDENCE = "evidence", _("Evidence")
    SHELTER = "shelter", _("Shelter")
    CALLBACK = (
        "callback",
        _("Callbacks"),
    )  # what she says when she is called back: the centre's, and the desk's that calls
    COORDINATION = "coordination", _("Coordination")  # which bodies are asked what: the centre's own, never granted
    LETTER = "letter", _("Letter")  # the referral's letter alone, before acceptance


# What a grant can open at all, each a guardian permission.
GRANTABLE = tuple(section for section in Section if section not in (Section.COORDINATION, Section.LETTER))
# What a manager may offer; safe-contact rules travel with every section and cannot be unticked.
SHAREABLE = (
    Section.IDENTITY, Section.CONTACT, Section.INCIDENT, Section.RISK, Section.MEDICAL, Section.CHILDREN, Section.LEGAL,
    Section.REPORTER, Section.EVIDENCE,
)  # fmt: skip
TEXT_SECTIONS = (
    Section.INCIDENT, Section.RISK, Section.MEDICAL, Section.CHILDREN, Section.LEGAL, Section.COUNSELLING, Section.REPORTER,
    Section.EVIDENCE,
)  # fmt: skip

# Where a paper may stand: never in the header, and not in what travels with every grant or with a callback.
PAPER_SECTIONS = (*TEXT_SECTIONS, Section.COORDINATION)


class PaperKind(models.TextChoices):
    """What a paper of a case is."""

    REPLY = "reply", _("Reply of a body")  # 回函
    ORDER = "order", _("Judgment, ruling or order")  # 裁判文书、决定书
    MEDICAL = "medical", _("Medical record")  # 病历
    OPINION = "opinion", _("Forensic opinion")  # 鉴定意见
    RECORD = "record", _("Record of an interview")  # 询问（谈话）笔录
    MINUTES = "minutes", _("Minutes of a meeting")  # 会议纪要
    AGREEMENT = "agreement", _("Agreement")  # 协议书
    CONSENT = "consent", _("Signed consent")  # 知情同意书
    PHOTO = "photo", _("Photo")
    OTHER = "other", _("Other paper")


class PartyRole(models.TextChoices):
    CLIENT = "client", _("Client")
    CHILD = "child", _("Child")
    RESPONDENT = "respondent", _("Respondent")
    GUARDIAN = "guardian", _("Guardian")
    RELATIVE = "relative", _("Relative")
    REPORTER = "reporter", _("Reporter")
    WITNESS = "witness", _("Witness")


class Gender(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    UNKNOWN = "unknown", _("Unknown")


class CloseReason(models.TextChoices):
    RESOLVED = "resolved", _("Resolved")
    DECLINED = "declined", _("She does not wish to continue")
    UNREACHABLE = "unreachable", _("Unreachable")
    MOVED = "moved", _("Moved away")
    DIED = "died", _("Died")
    COURT = "court", _("Court proceedings concluded")
    NO_ANSWER = "no_answer", _("No answer from the agency")


class RefuseReason(models.TextChoices):
    OTHER_BODY = "other_body", _("Another body is responsible; she was told which")
    NOT_WOMEN_CHILDREN = "not_women_children", _("No right of a woman or child is concerned")
    DUPLICATE = "duplicate", _("Already handled")
    WITHDRAWN = "withdrawn", _("Withdrawn by herself before acceptance")


class AttemptOutcome(models.TextChoices):
    """What came of one attempt to reach her; each has its own retry rule."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    UNSAFE = "unsafe", _("Not safe to talk")
    REFUSED = "refused", _("Does not wish to talk")
    WRONG_NUMBER = "wrong_number", _("The number is wrong, or somebody else's")


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", _("Satisfied")
    PARTLY = "partly", _("Partly satisfied")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")
    NOT_ASKED = "not_asked", _("Not asked")


class FollowUpStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DUE = "due", _("Due")
    REACHED = "reached", _("Reached")
    FAILED = "failed", _("Not reached")
    CANCELLED = "cancelled", _("Cancelled")


class ServiceKind(models.TextChoices):
    """Service kinds as the province counts them (statistics.md)."""

    COMPLAINT = "complaint", _("Complaint handled")
    MEDIATION = "mediation", _("Mediation")
    LEGAL_ADVICE = "legal_advice", _("Legal advice")
    LEGAL_AID = "legal_aid", _("Legal aid")
    COUNSELLING = "counselling", _("Psychological counselling")
    INTERVIEW = "interview", _("Forensic interview")
    CARE = "care", _("Care and assistance")
    ADVICE_CALL = "advice_call", _("Advice on the phone")
    SHELTER = "shelter", _("Shelter")
    EDUCATION = "education", _("Education of the respondent")


class OrderKind(models.TextChoices):
    PROTECTION_ORDER = "protection_order", _("Personal safety protection order")
    WRITTEN_WARNING = "written_warning", _("Written warning")
    SUPERVISION_ORDER = "supervision_order", _("Guardianship supervision order")
    FAMILY_EDUCATION = "family_education", _("Family-education order")


class WorkItemOutcome(models.TextChoices):
    DONE = "done", _("Done")
    SUPERSEDED = "superseded", _("Superseded")
    CANCELLED = "cancelled", _("Cancelled")


class GrantBasis(models.TextChoices):
    CONSENT = "consent", _("Her consent")
    MANDATORY_REPORT = "mandatory_report", _("Mandatory report")
    DANGER = "danger", _("Danger to life")
    MINOR = "minor", _("Protection of a minor")
    DUTY = "duty", _("Own duty of the office")


class TransferReason(models.TextChoices):
    """Why another centre should go on with a case."""

    MOVED = "moved", _("She has moved there")
    SPLIT_RESIDENCE = "split_residence", _("She lives elsewhere than she is registered")  # 人户分离
    OTHER = "other", _("Another reason")


class TransferStatus(models.TextChoices):
    ASKED = "asked", _("Waits for an answer")
    ACCEPTED = "accepted", _("Taken over")
    RETURNED = "returned", _("Returned")  # 退回
    RECALLED = "recalled", _("Recalled")


# The article that each basis rests on, as it stands on papers (names of laws are not translated).
LAW: dict[GrantBasis, str] = {
    GrantBasis.CONSENT: "《个人信息保护法》第十三条第一款第（一）项",
    GrantBasis.MANDATORY_REPORT: "《反家庭暴力法》第十四条、《未成年人保护法》第十一条",
    GrantBasis.DANGER: "《个人信息保护法》第十三条第一款第（四）项",
    GrantBasis.MINOR: "《未成年人保护法》第四条",
    GrantBasis.DUTY: "《个人信息保护法》第十三条第一款第（三）项",
}


class ConsentHow(models.TextChoices):
    """How she said yes."""

    SIGNED = "signed", _("Signed on paper")
    SPOKEN = "spoken", _("Said in person")
    PHONE = "phone", _("Said on the telephone")


class ConsentGiver(models.TextChoices):
    HERSELF = "herself", _("Herself")
    GUARDIAN = "guardian", _("Her guardian")


class AccessEnd(models.TextChoices):
    """Why a body's access ended before its time."""

    DONE = "done", _("It is not needed any more")
    WISH = "wish", _("At her wish")
    MISTAKE = "mistake", _("It was given by mistake")
    MISUSE = "misuse", _("It was used wrongly")
    CONSENT = "consent", _("Her consent was withdrawn")
    EXPIRED = "expired", _("Its time was over")


# What a manager may say who ends an access by hand.
ENDED_BY_HAND = (AccessEnd.DONE, AccessEnd.WISH, AccessEnd.MISTAKE, AccessEnd.MISUSE)


class WallReason(models.TextChoices):
    """Why a person or a unit stands aside (回避)."""

    KIN = "kin", _("Kin of the respondent or of a party")
    SELF = "self", _("A party of the case")
    WORKPLACE = "workplace", _("The respondent or his kin work there")
    ACQUAINTED = "acquainted", _("Knows a party privately")
    MATCH = "match", _("ID number or phone of a respondent or relative")
    NAME = "name", _("Same name as a party")  # provisional until it is confirmed


class SealReason(models.TextChoices):
    """Why a case is open to named people only."""

    STAFF = "staff", _("The client is staff")
    DECISION = "decision", _("The director's decision")


class BurstKind(models.TextChoices):
    """What somebody did far more of than usual."""

    VIEW = "view", _("Cases viewed")
    REVEAL = "reveal", _("Cases with something revealed")
    SEARCH = "search", _("Searches")
    LISTED = "list", _("Cases in lists and exports")


class GlassFinding(models.TextChoices):
    """What the review of an emergency view found."""

    JUSTIFIED = "justified", _("Justified")
    WRONG = "wrong", _("Not justified")


class BurstFinding(models.TextChoices):
    """What looking into an alert of unusual access found."""

    EXPLAINED = "explained", _("Explained by the work")
    CARELESS = "careless", _("Careless; the person was spoken to")
    MISUSE = "misuse", _("Misuse; reported for discipline")
