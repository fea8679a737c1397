"""What all verbs of a referral share: who may act, notes, the frame around a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.enums import PaperKind, Section, WorkItemOutcome
from cases.services import timeline, workitems
from cases.services.documents import attach, paper_sections
from cases.services.identifying import tells_who
from core import engine
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from core.uploads import Upload
from referrals.enums import ABOUT, ANSWERS, AWAY, OWED, UNNAMED, ReferralStatus, Result
from referrals.models import Referral, ReferralChase, ReferralNote
from referrals.workflow import REFERRAL

ACCEPT, RESPOND, REVIEW, DECIDE = "referral.accept", "referral.respond", "referral.review", "referral.decide"
TIME = "referral.time"
SUPERVISE, OVERSEE, STUCK = "referral.supervise", "referral.oversee", "referral.stuck"
COMMITTEE = "referral.committee"


@dataclass(frozen=True)
class Papers:
    """What is handed in with an answer, and who may read it."""

    uploads: Sequence[Upload] = ()
    kind: str = PaperKind.REPLY
    section: str = Section.COORDINATION


NO_PAPERS = Papers()
Write = Callable[[Act[Referral]], Referral]


def is_addressee(row: Referral, by: Identity) -> None:
    """A member of the unit (or the named liaison alone) acts on its letter; nobody on the sending side does."""
    if row.group_id not in by.groups or (row.named_liaison_id and row.named_liaison_id != by.user_id):
        raise NotAllowed("not_addressee", _("Only the unit that this was sent to may do this."))


def is_sender(row: Referral, by: Identity) -> None:
    """The managers of the centre that sent it. Asks the referral alone: before acceptance the unit cannot even name the case."""
    if row.office_id not in by.case_offices:
        raise NotAllowed("not_sender", _("Only the centre that sent this may do this."))


def said(text: str, field: str = "text") -> str:
    """The words that this step needs. Raises DomainError beside the field when there are none."""
    if not text.strip():
        raise DomainError("required", _("Please say it in words."), field=field)
    return text.strip()


def names_nobody(row: Referral, words: str, field: str = "text") -> str:
    """The words of a paper about the delay, which passes through many hands. Raises DomainError beside the field when they say who she is."""
    if tells_who(row.case_id, [words]):
        names = _("The paper passes through many hands: take out the name, number or address.")
        raise DomainError("names", names, field=field)
    return words


def before_acceptance(row: Referral, words: str, field: str = "text") -> str:
    """What the centre writes down on a letter: until the unit has accepted, it reads coded fields and words that name nobody (security.md, 3)."""
    if row.accepted_at is None and tells_who(row.case_id, [words]):
        names = _("The unit reads this before acceptance: take out the name, number or address.")
        raise DomainError("names", names, field=field)
    return words


def change(
    verb: str,
    write: Write,
    guard: engine.Guard,
    *,
    referral_id: UUID,
    by: Identity,
    version: int | None,
    key: UUID | None,
    edge: str | Callable[[Referral], str] | None = None,
) -> Referral:
    """Run one verb along its edge of the workflow (named like the verb, or `edge`, which may choose by the locked row), within what `by` may see.

    An ask for more time ends with the unit's turn, and so do the steps against its lateness: whoever moves the referral on has answered both.
    """

    def write_and_settle(act: Act[Referral]) -> Referral:
        row = write(act)
        no_longer_late(row)
        workitems.finish(AWAY, source_id=row.pk)
        if row.status not in OWED:  # whoever of the unit accepts it, it lies with the whole unit still
            workitems.finish(UNNAMED, source_id=row.pk)
        if row.time_asked_until is not None:
            row.time_asked_until = None
            workitems.finish(TIME, source_id=row.pk)
        return row

    return engine.change(
        f"referral.{verb}", by=by, scope=Referral.objects.visible_to(by).select_related("unit"), pk=referral_id, version=version,
        workflow=REFERRAL, edge=edge, guards=[guard], write=write_and_settle, key=key,
    )  # fmt: skip


def no_longer_late(row: Referral) -> None:
    """What others owe because the unit is late is owed no more."""
    workitems.finish((SUPERVISE, COMMITTEE, STUCK), source_id=row.pk, outcome=WorkItemOutcome.CANCELLED)
    for paper in ReferralChase.objects.filter(referral=row, paper__in=ABOUT, overseen_at__isnull=True):
        workitems.finish(OVERSEE, source_id=paper.pk, outcome=WorkItemOutcome.CANCELLED)


def in_hand(row: Referral) -> None:
    """Only what a unit has accepted and not yet answered. Raises DomainError otherwise."""
    if row.status != ReferralStatus.ACCEPTED:
        raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))


def beside(
    verb: str,
    write: Write,
    guard: engine.Guard,
    *,
    referral_id: UUID,
    by: Identity,
    version: int | None = None,
    key: UUID | None = None,
) -> Referral:
    """Run one verb that moves no status: the referral stays in the hands that it is in."""
    return engine.change(
        f"referral.{verb}", by=by, scope=Referral.objects.visible_to(by).select_related("unit"), pk=referral_id, version=version,
        guards=[guard], write=write, key=key,
    )  # fmt: skip


def note(act: Act[Referral], kind: str, text: str, papers: Papers = NO_PAPERS) -> None:
    """Keep what was said, and the papers that came with it, for the centre and the unit.

    Raises DomainError when the papers' section is none of this letter: a unit can neither read nor fill what it was not offered.
    """
    row = act.object
    if papers.uploads and papers.section not in sections_of_papers(row):
        raise DomainError("section", _("Choose one of the sections of this letter."), field="paper_section")
    kept = ReferralNote.objects.create(
        case_id=row.case_id, office_id=row.office_id, referral=row, kind=kind, text=text, at=act.now, actor_id=act.by.user_id,  # type: ignore[misc]
        actor_name=act.by.name, actor_agency=act.by.agency, papers=len(papers.uploads),
    )  # fmt: skip
    attach(
        act,
        row.case,
        papers.uploads,
        kind=papers.kind,
        section=papers.section,
        source_kind="referral",
        source_id=kept.pk,
    )


def entry(act: Act[Referral], kind: str, **data: Any) -> None:
    """What happened, in the case's timeline, with the unit's name; `data` holds codes only."""
    row = act.object
    timeline.add(
        act, row.case, kind, section=Section.COORDINATION, object_id=row.pk, unit=row.unit.short_name, **data
    )  # fmt: skip


def answer(
    act: Act[Referral], kind: str, note_kind: str, *, result: str, text: str, papers: Papers, tell: bool = True
) -> Referral:
    """Keep an answer, by whomever it was written down: the unit owes nothing more, the manager reviews it."""
    row = act.object
    note(act, note_kind, said(text), papers)
    row.result, row.responded_at, row.due_at = Result(result), act.now, None
    workitems.finish((ACCEPT, RESPOND), source_id=row.pk)
    workitems.open_item(REVIEW, office_id=row.office_id, source_id=row.pk, case=row.case, tell=tell)
    entry(act, kind, result=result)
    return row


def check_result(result: str) -> None:
    """What a unit may answer. Raises DomainError beside the field for anything else."""
    if result not in ANSWERS:
        raise DomainError("result", _("Choose what came of it."), field="result")


def sections_of_papers(row: Referral) -> list[Section]:
    """Where a paper that comes with an answer may stand: for the centre alone, or in a section that the letter offered."""
    return [Section.COORDINATION, *paper_sections(row.sections)]


def owe(row: Referral, kind: str, **more: Any) -> None:
    """The unit owes the next step by `row.due_at`: one work item, of the named liaison, else of the unit.

    A unit without accounts answers by letter or telephone: the case's manager owes the chasing instead.
    """
    owner: dict[str, Any] = {}
    if row.unit.has_accounts:
        owner = {"owner_user_id": row.named_liaison_id} if row.named_liaison_id else {"owner_group_id": row.group_id}
    workitems.open_item(
        kind, office_id=row.office_id, source_id=row.pk, case=row.case, due_at=row.due_at, **owner, **more
    )
