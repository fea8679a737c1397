"""已合并: two cases of one centre about the same person become one; the other stays behind as a locked stub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import OPEN_STATUSES, CaseStatus, FollowUpStatus, Risk, Section, WorkItemOutcome
from cases.models import Case, Fingerprint, FollowUp, FollowUpRule, Party, SafeContact
from cases.services import access, danger, followups, guards, matters, minors, timeline, workitems
from cases.services.case import name_manager
from cases.workflow import CASE
from core import engine, keys
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from core.pinyin import normalise

# What the kept case's own next step answers; everything else that is owed is decided before.
DECIDED_BY_MERGING = {"case.triage", "case.reassess", "case.plan", "case.review", "case.missing", "followup.call"}
OF_THE_HEART = {"last_callback"}  # closure checks that merging answers by itself
ANOTHER_NAME = _("Name or year of birth differ. If it is one person nevertheless, say so here.")
OTHER_HOURS = _(
    "Her safe hours differ: %(here)s in this case, %(there)s in the one that stays. Ask her, enter the same in both, and then merge."
)
RISKS = (Risk.UNKNOWN, Risk.LOW, Risk.MEDIUM, Risk.HIGH)


def kept_choices(case: Case, by: Identity):  # type: ignore[no-untyped-def]
    """The cases that `case` can be merged into: other open ones of its centre, never past a wall."""
    return Case.objects.own(by).filter(office_id=case.office_id, status__in=OPEN_STATUSES).exclude(pk=case.pk)


def obstacles(case: Case) -> list[registry.Matter]:
    """What must be decided in the case itself before it can be merged: letters, stays, proceedings, a callback that failed."""
    answered = DECIDED_BY_MERGING | {kind.code for kind in registry.work_kinds.values() if kind.by_plan}
    return matters.open_matters(case, but=OF_THE_HEART, answered=answered)


@dataclass(frozen=True, slots=True)
class Client:
    """Who one of the two cases is about, to be compared before they become one."""

    case: Case
    name: str
    birth_year: int | None
    phone: str
    safe_number: str
    hours: str  # her safe hours in words; empty where none are agreed


def clients_of(*cases: Case) -> list[Client]:
    """The clients of these cases, in their order. As the centre's staff, or inside a verb."""
    ids = [case.pk for case in cases]
    keys.preload(ids)
    rows = Party._base_manager.filter(case_id__in=ids, is_primary=True)
    found = {party.case_id: party for party in rows.select_related("identity", "contact", "safe_contact")}
    return [_client(case, found.get(case.pk)) for case in cases]


def _client(case: Case, party: Party | None) -> Client:
    identity, contact, safe = (getattr(party, name, None) for name in ("identity", "contact", "safe_contact"))
    return Client(
        case, identity.name if identity and not identity.is_anonymous else "", identity.birth_year if identity else None,
        contact.phone if contact else "", safe.safe_number if safe else "", followups.window(safe),
    )  # fmt: skip


def look_apart(one: Client, other: Client) -> bool:
    """Whether name or year of birth, known of both, speak against one person."""
    names = {normalise(each.name) for each in (one, other) if each.name}
    years = {each.birth_year for each in (one, other) if each.birth_year}
    return len(names) > 1 or len(years) > 1


def case_merge(
    *,
    case_id: UUID,
    kept_id: UUID,
    by: Identity,
    version: int | None,
    reason: str,
    despite: bool = False,
    key: UUID | None = None,
) -> Case:
    """Merge a case into `kept_id`, which stays. Callbacks move, access is intersected, walls are united, the higher risk and the narrower safe hours stand, and that it concerns a minor.

    Nothing that was told moves: texts, people and papers stay sealed in the stub, where the centre's staff read on. `despite` says that name or
    year of birth differ and it is one person nevertheless. Returns the kept case.
    """

    def write(act: Act[Case]) -> Case:
        case = act.object
        kept = Case.objects.select_related("office").get(pk=kept_id)
        _same_person(case, kept, despite)
        _sealed_alike(case, kept)
        case.merged_into, case.closed_at, case.next_due_at = kept, act.now, None
        ended = access.merge(merged_id=case.pk, kept_id=kept.pk)
        _keep_safest(act, case, kept)
        moved = _move_callbacks(case, kept)
        workitems.finish_all(case, outcome=WorkItemOutcome.SUPERSEDED)
        raised = _raise_risk(act, case, kept)
        if case.concerns_minor:
            minors.mark(act, kept)
        if kept.manager_id and access.is_walled_off(case_id=kept.pk, user_id=kept.manager_id):
            _replace_manager(act, kept)
        if raised and kept.risk == Risk.HIGH:
            danger.go_on(kept)
        kept.version += 1
        kept.save()
        if raised:
            danger.told(act, kept)
        if raised and kept.risk == Risk.HIGH and not moved:
            # she was owed none there, as in a case that was reopened and not assessed yet
            followups.plan(kept, FollowUpRule.Event.OPENED, act.now)
        if kept.status != CaseStatus.RECEIVED:  # else its triage is owed already
            danger.owe_plan(kept, tell=raised)
        coordination = Section.COORDINATION
        timeline.add(act, case, "case.merged", section=coordination, text=reason, object_id=kept.pk)
        timeline.add(act, kept, "case.absorbed", section=coordination, text=reason, object_id=case.pk, ended=ended)
        act.more.append(("case.absorb", kept))
        return kept

    return engine.change(
        "case.merge", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version, workflow=CASE,
        guards=[guards.is_manager, guards.is_open, _can_be_kept(kept_id), _nothing_undecided], write=write, also=[kept_id], key=key,
    )  # fmt: skip


def _can_be_kept(kept_id: UUID) -> engine.Guard:
    """Asked again under the lock: the case that stays may have been closed, merged or walled off meanwhile."""

    def check(case: Case, by: Identity) -> None:
        kept = kept_choices(case, by).filter(pk=kept_id).first()
        if kept is None:
            raise DomainError(
                "no_such_case", _("There is no other open case of your centre with this number."), field="kept"
            )
        if kept.status == CaseStatus.RECEIVED and case.status != CaseStatus.RECEIVED:
            raise DomainError(
                "keep_accepted", _("Keep the case that has been assessed, or assess the other one first."), field="kept"
            )

    return check


def _nothing_undecided(case: Case, by: Identity) -> None:
    if found := obstacles(case):
        raise DomainError("not_ready_to_merge", matters.in_words(found))


def _same_person(case: Case, kept: Case, despite: bool) -> None:
    """Two different ID numbers are two people, whatever the names say; two names or years of birth are, unless somebody says that they are not."""
    clients = Party.objects.filter(case__in=[case, kept], is_primary=True).values("person_id")
    rows = Fingerprint.objects.filter(
        case__in=[case, kept], person_id__in=clients, kind=Fingerprint.Kind.ID_NUMBER
    ).values_list("case_id", "digest")
    known = {case_id: bytes(digest) for case_id, digest in rows}
    if len(set(known.values())) > 1:
        raise DomainError(
            "another_person", _("The ID numbers of the two clients differ: these are two people."), field="kept"
        )
    if not despite and look_apart(*clients_of(case, kept)):
        raise DomainError("another_name", ANOTHER_NAME, field="despite")


def _sealed_alike(case: Case, kept: Case) -> None:
    """What was shut to the house stays shut: the case that stays must not be open to people for whom the other does not exist, nor the other way."""
    if not access.are_sealed_alike(one_id=case.pk, other_id=kept.pk):
        raise DomainError(
            "sealed_apart",
            _(
                "One of the two cases is sealed to people who are not named in the other. Have the director seal both to the same people, or open the sealed one, and then merge."
            ),
            field="kept",
        )


def _move_callbacks(case: Case, kept: Case) -> int:
    """What she was promised is kept: every callback still owed is planned in the case that stays, by the same caller. Returns how many."""
    owed = list(
        FollowUp.objects.filter(case=case, status__in=[FollowUpStatus.PLANNED, FollowUpStatus.DUE]).order_by("due_at")
    )
    for row in owed:
        followups.plan_one(kept, reason=row.reason, due_at=row.due_at, by_desk=False, desk_group_id=row.desk_group_id)
    followups.cancel_planned(case)
    return len(owed)


def _keep_safest(act: Act[Case], case: Case, kept: Case) -> None:
    """A message or a text that one of the two cases forbids stays forbidden, and of her safe hours the narrower ones stand.

    Raises DomainError where her hours differ and neither lie within the other: only she can say which are safe.
    """
    rules = {row.case_id: row for row in SafeContact.objects.filter(case__in=[case, kept], party__is_primary=True)}
    theirs, ours = rules.get(case.pk), rules.get(kept.pk)
    if theirs is None or ours is None:
        return
    safest = followups.narrower(ours, theirs)
    if safest is None:
        hours = {"here": followups.window(theirs), "there": followups.window(ours)}
        raise DomainError("other_hours", OTHER_HOURS % hours, field="kept")
    before = _limits(ours)
    ours.hour_from, ours.hour_until = safest.hour_from, safest.hour_until
    ours.never_message |= theirs.never_message
    ours.never_text |= theirs.never_text
    if _limits(ours) == before:
        return
    ours.version += 1
    ours.save()
    followups.keep_to_hours(act, kept, ours)


def _limits(rules: SafeContact) -> tuple[Any, ...]:
    return rules.hour_from, rules.hour_until, rules.never_message, rules.never_text


def _raise_risk(act: Act[Case], case: Case, kept: Case) -> bool:
    """The higher risk stands; whether it is another one than before."""
    if RISKS.index(Risk(case.risk)) <= RISKS.index(Risk(kept.risk)):
        return False
    before, kept.risk = kept.risk, case.risk
    timeline.add(act, kept, "case.reassessed", section=Section.RISK, risk=kept.risk, before=before)
    return True


def _replace_manager(act: Act[Case], kept: Case) -> None:
    """The other case's wall stands before this one's manager now: who merges takes it over, or nobody would see what is owed."""
    kept.manager_id = act.by.person_id
    name_manager(kept)
    workitems.hand_over(kept, to_user_id=act.by.person_id)
    timeline.add(act, kept, "case.assigned", name=act.by.name)


__all__ = ["Client", "case_merge", "clients_of", "kept_choices", "look_apart", "obstacles"]
