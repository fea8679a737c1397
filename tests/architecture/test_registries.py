"""What the rooms tell the heart, by name. A name that comes or goes changes this page on purpose."""

from __future__ import annotations

import json
import subprocess
import sys

from django.urls import reverse

from cases import registry
from cases.models import ClockRule
from core import outbox
from core.workflow import workflows

WORK_KINDS = {
    "case.missing", "case.plan", "case.reassess", "case.review", "case.triage", "contact.callback", "contact.joined", "contact.lost_call", "contact.respondent",
    "contact.whereabouts", "contact.draft",
    "followup.call", "followup.failed", "referral.accept", "referral.decide", "referral.respond", "referral.review",
    "wall.asked", "wall.left", "wall.lift", "wall.match", "wall.overdue",
    "referral.away", "conference.away", "referral.name", "conference.name", "referral.committee",
    "referral.time", "referral.supervise", "referral.oversee", "referral.stuck",
    "legalaid.assign", "legalaid.decide", "legalaid.mediate", "legalaid.tell", "shelter.check_in", "shelter.check_out",
    "consent.decide", "approval.decide", "seal.empty", "seal.lift", "glass.confirm", "glass.review", "burst.review",
    "joint.answer", "joint.over", "joint.read", "joint.unanswered", "joint.work",
    "transfer.answer", "transfer.clear", "transfer.returned", "transfer.unanswered",
    "conference.action", "conference.answer", "conference.close", "conference.confirm", "conference.hold", "conference.minutes", "conference.moved",
    "conference.objection", "conference.sign",
}  # fmt: skip
ENTRY_KINDS = {
    "absence.back", "absence.begun", "referral.coordinated",
    "case.absorbed", "case.merged", "case.taken_over", "case.transferred", "order.in_force", "transfer.asked", "transfer.recalled",
    "transfer.returned", "transfer.summary",
    "joint.accepted", "joint.asked", "joint.declined", "joint.ended", "joint.named", "joint.note", "joint.recalled",
    "case.assessed", "case.assigned", "case.begun", "case.closed", "case.follow_up", "case.missing", "case.opened", "case.planned",
    "case.reassessed", "case.refused", "case.reopened", "case.resumed", "contact.joined", "followup.attempted", "followup.failure_accepted", "followup.moved", "followup.planned", "order.recorded",
    "person.added", "person.changed", "person.safety", "referral.accepted", "referral.closed", "referral.declined", "referral.entered", "referral.given_up", "referral.progress", "referral.recalled", "referral.reopened",
    "referral.named", "referral.opened_at_once", "referral.passed_on", "referral.responded", "referral.returned", "referral.sent", "section.written", "service.recorded",
    "referral.chased", "referral.convened", "referral.overseen",
    "referral.time_asked", "referral.time_granted", "referral.time_refused",
    "legalaid.applied", "legalaid.assigned", "legalaid.closed", "legalaid.granted", "legalaid.refused", "legalaid.told", "mediation.planned",
    "access.ended", "glass.opened", "consent.decided", "consent.described", "consent.withdrawn",
    "mediation.recorded", "shelter.checked_in", "shelter.checked_out", "shelter.extended", "shelter.held", "shelter.released",
    "conference.accepted", "conference.action_done", "conference.action_dropped", "conference.cancelled", "conference.closed",
    "conference.confirmed", "conference.convened", "conference.decided", "conference.declined", "conference.held", "conference.invited",
    "conference.item_closed", "conference.kept", "conference.minuted", "conference.moved", "document.added", "document.withdrawn", "conference.objected", "conference.recused", "conference.signed", "conference.withdrawn",
}  # fmt: skip
PANELS = {
    "contacts", "followups", "legalaid", "log", "orders", "people", "referrals", "risk", "services", "sharing", "shelter", "texts", "work",
    "conferences", "papers",
}  # fmt: skip
CLOSURE_CHECKS = {
    "last_callback", "referrals", "legalaid", "mediations", "shelter",
    "conferences", "transfer",
}  # fmt: skip
RISK_HEARERS = {"joint", "mediations", "referrals"}
MINOR_HEARERS = {"conferences", "joint", "referrals", "transfers"}
ENDINGS = {"joint"}
FRONT_DOORS = {"contacts"}
OUTBOX_KINDS = {
    "absence.told",
    "approval.decided",
    "contact.number",
    "glass.answered",
    "glass.case_gone",
    "month.chased",
    "month.returned",
    "notify.access",
    "notify.work_item",
    "reports.export",
}
WORKFLOWS = {
    "cases_case", "cases_followup", "cases_jointhandling", "hotline_contact", "cases_transfer", "referrals_referral", "reports_monthreport", "legalaid_application", "shelter_stay",
    "referrals_conference", "referrals_decision", "referrals_invitation",
}  # fmt: skip


def test_kinds_of_work_are_pinned() -> None:
    assert set(registry.work_kinds.names()) == WORK_KINDS


def test_kinds_of_timeline_entries_are_pinned() -> None:
    assert set(registry.entry_kinds.names()) == ENTRY_KINDS


def test_panels_are_pinned() -> None:
    assert set(registry.panels.names()) == PANELS


def test_closure_checks_are_pinned() -> None:
    assert set(registry.closure_checks.names()) == CLOSURE_CHECKS


def test_hearers_of_the_risk_are_pinned() -> None:
    assert set(registry.risk_hearers.names()) == RISK_HEARERS
    assert set(registry.minor_hearers.names()) == MINOR_HEARERS


def test_what_ends_with_a_case_is_pinned() -> None:
    assert set(registry.endings.names()) == ENDINGS


def test_front_doors_are_pinned() -> None:
    assert set(registry.front_doors.names()) == FRONT_DOORS


def test_a_process_without_pages_knows_every_effect() -> None:
    """A worker loads the apps and no addresses; what it does not know it could not deliver."""
    code = "import django, json; django.setup(); from core import outbox; print(json.dumps(sorted(outbox._handlers)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert set(json.loads(found.stdout.splitlines()[-1])) == OUTBOX_KINDS


def test_effects_after_the_commit_are_pinned() -> None:
    assert {kind for kind in outbox._handlers if not kind.startswith("test.")} == OUTBOX_KINDS


def test_workflows_are_pinned() -> None:
    assert {workflow.table for workflow in workflows()} == WORKFLOWS


def test_every_entry_can_say_its_sentence_without_data() -> None:
    for kind in registry.entry_kinds.values():
        assert str(kind.sentence({})), kind.code


def test_every_panel_has_its_route() -> None:
    for panel in registry.panels.values():
        assert reverse(panel.route, args=["00000000-0000-4000-8000-000000000000"])


def test_a_name_is_registered_once() -> None:
    import pytest

    with pytest.raises(ValueError, match="registered already"):
        registry.work_kinds.add("case.plan", registry.work_kinds["case.plan"])


def test_every_kind_of_work_has_its_clock(world: object) -> None:
    clocks = set(ClockRule.objects.values_list("code", flat=True))
    assert {kind.code: kind.clock for kind in registry.work_kinds.values() if kind.clock not in clocks} == {}
