"""材料: papers are attached to a case, opened, and withdrawn with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.enums import PAPER_SECTIONS, PaperKind, Section
from cases.models import Case, Document, DocumentContent
from cases.permissions import open_sections
from cases.services import guards, timeline
from core import engine
from core.engine import Act
from core.errors import DomainError, NotFound
from core.identity import Identity
from core.uploads import Upload


def paper_sections(open_to: Collection[str]) -> list[Section]:
    """The sections of which one can be chosen for a paper by somebody to whom `open_to` is open, in the order of the case."""
    return [section for section in PAPER_SECTIONS if section in open_to]


def attach(
    act: Act[engine.M], case: Case, uploads: Iterable[Upload], *, kind: str, section: str, source_kind: str = "", source_id: UUID | None = None,
) -> list[Document]:  # fmt: skip
    """Seal and keep papers inside a verb on the case, whose caller has checked who may put something into this section."""
    kept: list[Document] = []
    for upload in uploads:
        paper = Document.objects.create(
            case_id=case.pk, office_id=case.office_id, section=Section(section), kind=PaperKind(kind), name=upload.name, file_type=upload.type.code,
            size=len(upload.content), sha256=hashlib.sha256(upload.content).hexdigest(), source_kind=source_kind, source_id=source_id,
            added_at=act.now, added_by=act.by.user_id, added_by_name=act.by.name, added_by_agency=act.by.agency,
        )  # fmt: skip
        DocumentContent.objects.create(case_id=case.pk, office_id=case.office_id, document=paper, body=upload.content)
        kept.append(paper)
    if kept:
        timeline.add(act, case, "document.added", section=section, object_id=kept[0].pk, paper=kind, count=len(kept))
        act.detail |= {"papers": len(kept), "paper_kind": str(kind), "paper_section": str(section)}
    return kept


def document_add(
    *, case_id: UUID, by: Identity, uploads: Sequence[Upload], kind: str, section: str, key: UUID | None = None
) -> list[Document]:
    """The centre puts papers into a section that is open to who does it."""

    def write(act: Act[Case]) -> list[Document]:
        if not uploads:
            raise DomainError("required", _("Choose a file."), field="papers")
        return attach(act, act.object, uploads, kind=kind, section=section)

    def section_is_open(case: Case, who: Identity) -> None:
        if section not in paper_sections(open_sections(who, case)):
            raise DomainError("section", _("Choose a section that is open to you."), field="section")

    return engine.change(
        "document.add", by=by, scope=Case.objects.visible_to(by), pk=case_id, guards=[guards.is_manager, guards.is_open, section_is_open],
        write=write, key=key,
    )  # fmt: skip


def is_in_force(row: Document, by: Identity) -> None:
    """Withdrawn once."""
    if row.withdrawn_at is not None:
        raise DomainError("withdrawn", _("This paper is withdrawn already."))


def document_withdraw(*, document_id: UUID, by: Identity, reason: str, key: UUID | None = None) -> Document:
    """Take a paper back that stands on the wrong case or in the wrong section: nobody outside the centre sees it any more; nothing is deleted."""

    def write(act: Act[Document]) -> Document:
        paper = act.object
        if not reason.strip():
            raise DomainError("required", _("Say why it is withdrawn."), field="reason")
        paper.withdrawn_at, paper.withdrawn_by_name, paper.withdrawn_reason = act.now, act.by.name, reason.strip()
        timeline.add(act, paper.case, "document.withdrawn", section=paper.section, object_id=paper.pk, paper=paper.kind)
        return paper

    return engine.change(
        "document.withdraw", by=by, scope=Document.objects.visible_to(by).select_related("case"), pk=document_id,
        guards=[guards.is_manager, guards.is_open, is_in_force], write=write, key=key,
    )  # fmt: skip


# What lies between the professional and the manager, and what a centre does with other bodies, ends with the centre (decisions 7 and 11).
STAY_BEHIND = (Section.COUNSELLING, Section.COORDINATION)


def go_on(old: Case, new: Case) -> int:
    """The papers of a case go on to its successor, each sealed anew under that one's key, inside the verb that takes it over. Returns how many.

    One after the other: papers may be large, and never more than one of them lies open in memory. Withdrawn ones stay, they were no part of the case;
    what a paper came with (a letter's answer) is the earlier centre's own and is not named.
    """
    moving = Document.objects.filter(case=old, withdrawn_at__isnull=True).exclude(section__in=STAY_BEHIND)
    papers = list(moving.order_by("added_at", "pk"))
    for paper in papers:
        kept = Document.objects.create(
            case_id=new.pk, office_id=new.office_id, section=paper.section, kind=paper.kind, name=paper.name, file_type=paper.file_type,
            size=paper.size, sha256=paper.sha256, added_at=paper.added_at, added_by=paper.added_by, added_by_name=paper.added_by_name,
            added_by_agency=paper.added_by_agency,
        )  # fmt: skip
        body = DocumentContent.objects.get(document_id=paper.pk).body
        DocumentContent.objects.create(case_id=new.pk, office_id=new.office_id, document=kept, body=body)
    return len(papers)


def document_body(*, document_id: UUID, case_id: UUID, by: Identity) -> tuple[Document, bytes]:
    """A paper and its bytes, as `by` may see it. Raises NotFound; ValueError when what was kept is not what was handed in."""
    paper = Document.objects.visible_to(by).filter(pk=document_id, case_id=case_id).first()
    content = DocumentContent.objects.visible_to(by).filter(document_id=document_id).first() if paper else None
    if paper is None or content is None:
        raise NotFound
    if hashlib.sha256(content.body).hexdigest() != paper.sha256:
        raise ValueError("the paper's bytes are not those that were kept")
    return paper, content.body
