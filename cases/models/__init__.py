"""The heart: people, cases and what is owed to them."""

from cases.models.access import AccessGrant, CaseGroupObjectPermission, CaseUserObjectPermission, Consent, Wall
from cases.models.approval import ApprovalWords, RecordApproval
from cases.models.booking import Booking
from cases.models.burst import Burst
from cases.models.case import Case, CaseOwned
from cases.models.category import Category
from cases.models.clockrule import ClockRule
from cases.models.document import Document, DocumentContent
from cases.models.followup import FollowUp, FollowUpAttempt, FollowUpRule
from cases.models.glass import BreakGlass, GlassWords
from cases.models.joint import JointHandling
from cases.models.order import Order
from cases.models.party import Party, PartyContact, PartyIdentity, Person, SafeContact
from cases.models.risk import RiskAssessment
from cases.models.seal import Seal, SealMember
from cases.models.search import BlindGram, Fingerprint
from cases.models.section import SectionText
from cases.models.service import ServiceRecord
from cases.models.timeline import TimelineEntry
from cases.models.transfer import Transfer
from cases.models.workitem import WorkItem

__all__ = [
    "AccessGrant", "ApprovalWords", "BlindGram", "Booking", "BreakGlass", "Burst", "Case", "CaseGroupObjectPermission", "CaseOwned", "CaseUserObjectPermission", "Category", "ClockRule",
    "Consent", "Document", "DocumentContent", "Fingerprint", "FollowUp", "FollowUpAttempt", "FollowUpRule", "GlassWords", "JointHandling", "Order", "Party", "PartyContact", "PartyIdentity", "Person",
    "RecordApproval", "RiskAssessment", "SafeContact", "Seal", "SealMember", "SectionText", "ServiceRecord", "TimelineEntry", "Transfer", "Wall", "WorkItem",
]  # fmt: skip
