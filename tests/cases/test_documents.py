"""材料: papers of a case. A section's grant decides who reads them; nothing is deleted; every taking is logged."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from cases.models import Case, Document, DocumentContent, TimelineEntry
from cases.services import access
from cases.services import case as cases
from cases.services.documents import document_add, document_withdraw
from core import clock, keys
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from core.models import AccessLog, Audit
from core.uploads import accepted
from tests.cases.scenes import client_of, opened
from tests.roles import as_owner
from tests.world import World

PDF = b"%PDF-1.4\n% \xe5\x8c\xbb\xe9\x99\xa2\n%%EOF\n"


@pytest.fixture
def case(world: World) -> Case:
    row = opened(world)
    with world.acting("manager") as by:
        return cases.case_assess(case_id=row.pk, by=by, version=1, risk="low", reasons="无即时危险")


def add(
    world: World, case: Case, *, who: str = "manager", section: str = "medical", name: str = "刘桂芳病历.pdf"
) -> Document:
    with world.acting(who) as by:
        return document_add(
            case_id=case.pk, by=by, uploads=[accepted(name, PDF)], kind="medical", section=section, key=uuid4()
        )[0]


def share(world: World, case: Case, *sections: str, days: int | None = None) -> None:
    with world.acting("manager"), as_verb([case.pk]):
        access.grant(
            case_id=case.pk, sections=["header", *sections], source_kind="task", source_id=uuid4(), basis="duty",
            group_id=world.units["justice"].group_id, until=clock.now() + dt.timedelta(days=days) if days else None,
        )  # fmt: skip


def url(case: Case, name: str = "paper-add", *args: Any) -> str:
    return reverse(f"cases:{name}", args=[case.pk, *args])


def post(client: Client, case: Case, **data: Any) -> Any:
    return client.post(url(case), {"request_key": str(uuid4()), "kind": "medical", "section": "medical"} | data)


def test_a_manager_hands_in_papers_and_opens_them(world: World, case: Case) -> None:
    manager = client_of(world, "manager")
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    files = [SimpleUploadedFile("病历.pdf", PDF, "text/html"), SimpleUploadedFile("伤情.jpg", picture.getvalue())]
    assert post(manager, case, papers=files).status_code == 302
    with world.acting("manager") as by:
        found = {row.name: row for row in Document.objects.visible_to(by).filter(case_id=case.pk)}
        assert {name: row.file_type for name, row in found.items()} == {"病历.pdf": "pdf", "伤情.jpg": "png"}
        assert TimelineEntry.objects.get(case_id=case.pk, kind="document.added").data == {
            "paper": "medical",
            "count": 2,
        }
    shown = manager.get(url(case, "panel-papers")).content.decode()
    assert "病历.pdf" in shown
    paper = found["病历.pdf"]
    response = manager.get(url(case, "paper", paper.pk))
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="paper-{str(paper.pk)[:8]}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    with as_owner():
        row = AccessLog.objects.get(object_type="document", object_id=paper.pk, action="export")
        assert (row.actor_id, row.case_id, row.sections) == (world.users["manager"].pk, case.pk, "medical")
        audit = Audit.objects.get(verb="document.add")
        assert audit.detail == {"papers": 2, "paper_kind": "medical", "paper_section": "medical"}


def test_what_is_refused_stands_beside_the_field_and_nothing_is_lost(world: World, case: Case) -> None:
    manager = client_of(world, "manager")
    good, bad = SimpleUploadedFile("好.pdf", PDF), SimpleUploadedFile("坏.pdf", b"MZ")
    answer = post(manager, case, papers=[good, bad], kind="opinion", section="evidence")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "坏.pdf" in page
    assert "只接受 PDF" in page
    assert '<option value="evidence" selected>' in page
    assert '<option value="opinion" selected>' in page
    assert post(manager, case).status_code == 422  # no file at all
    with as_owner():
        assert not Document._base_manager.exists()


def test_the_same_form_twice_adds_once(world: World, case: Case) -> None:
    manager, key = client_of(world, "manager"), str(uuid4())
    for _ in range(2):
        assert post(manager, case, papers=[SimpleUploadedFile("a.pdf", PDF)], request_key=key).status_code == 302
    with as_owner():
        assert Document._base_manager.count() == DocumentContent._base_manager.count() == 1


def test_nothing_of_a_paper_lies_in_the_clear(world: World, case: Case) -> None:
    paper = add(world, case)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.body, d.name, d.sha256 FROM cases_documentcontent c JOIN cases_document d ON d.id = c.document_id"
        )
        body, name, digest = (bytes(value) for value in cursor.fetchone())
    assert PDF[9:20] not in body
    assert "刘桂芳".encode() not in name
    assert hashlib.sha256(PDF).hexdigest().encode() not in digest
    assert paper.sha256 == hashlib.sha256(PDF).hexdigest()


def test_a_body_moved_to_another_paper_does_not_open(world: World, case: Case) -> None:
    one, two = add(world, case), add(world, case)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_documentcontent SET body = (SELECT body FROM cases_documentcontent WHERE document_id = %s) WHERE document_id = %s",
            [str(one.pk), str(two.pk)],
        )
    keys.forget()
    client = client_of(world, "manager")
    client.raise_request_exception = False
    answer = client.get(url(case, "paper", two.pk))
    assert answer.status_code == 500
    assert PDF not in answer.content


def test_a_grant_of_its_section_opens_a_paper_and_no_other(world: World, case: Case) -> None:
    medical, legal = add(world, case), add(world, case, section="legal")
    liaison = client_of(world, "justice_liaison")
    assert liaison.get(url(case, "paper", medical.pk)).status_code == 404
    share(world, case, "medical")
    assert liaison.get(url(case, "paper", medical.pk)).content == PDF
    assert liaison.get(url(case, "paper", legal.pk)).status_code == 404
    assert liaison.get(url(case, "paper-withdraw", medical.pk)).status_code == 403
    panel = liaison.get(url(case, "panel-papers")).content.decode()
    assert str(medical.pk) in panel
    assert str(legal.pk) not in panel
    with world.acting("police_liaison") as by:
        assert not Document.objects.visible_to(by).exists()


def test_row_level_security_alone_hides_a_paper_of_a_section_that_is_not_granted(world: World, case: Case) -> None:
    medical, legal = add(world, case), add(world, case, section="legal")
    share(world, case, "medical", days=1)

    def seen(who: str) -> tuple[set[Any], set[Any]]:
        with world.acting(who):
            papers = set(Document._base_manager.values_list("pk", flat=True))
            return papers, set(DocumentContent._base_manager.values_list("document_id", flat=True))

    assert seen("justice_liaison") == ({medical.pk}, {medical.pk})
    assert seen("manager") == ({medical.pk, legal.pk},) * 2
    for who in ("police_liaison", "xishan_manager", "operator", "keeper", "supervisor"):
        assert seen(who) == (set(), set()), who
    with clock.at(clock.now() + dt.timedelta(days=2)):
        assert seen("justice_liaison") == (set(), set())
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["manager2"].pk)
    assert seen("manager2") == (set(), set())


def test_withdrawn_papers_stay_with_the_centre_alone(world: World, case: Case) -> None:
    paper = add(world, case)
    share(world, case, "medical")
    manager, liaison = client_of(world, "manager"), client_of(world, "justice_liaison")
    where = url(case, "paper-withdraw", paper.pk)
    assert manager.post(where, {"reason": ""}).status_code == 422
    assert manager.post(where, {"reason": "属于另一案件"}).status_code == 302
    assert liaison.get(url(case, "paper", paper.pk)).status_code == 404
    with world.acting("justice_liaison"):
        assert not Document._base_manager.exists()
        assert not DocumentContent._base_manager.exists()
    page = manager.get(url(case, "panel-papers")).content.decode()
    assert "已撤回" in page
    assert "属于另一案件" in page
    assert manager.get(url(case, "paper", paper.pk)).content == PDF
    assert manager.post(where, {"reason": "再一次"}).status_code == 422
    with as_owner():
        assert DocumentContent._base_manager.count() == 1


@pytest.mark.parametrize("who", ["xishan_manager", "justice_liaison", "operator"])
def test_nobody_else_adds_or_withdraws(world: World, case: Case, who: str) -> None:
    paper = add(world, case)
    share(world, case, "medical")
    refusals = (NotFound, NotAllowed)
    with pytest.raises(refusals):
        add(world, case, who=who)
    with world.acting(who) as by, pytest.raises(refusals):
        document_withdraw(document_id=paper.pk, by=by, reason="无")
    with as_owner():
        assert Document._base_manager.filter(withdrawn_at__isnull=True).count() == 1


@pytest.mark.parametrize("section", ["header", "contact", "identity", "letter", "counselling"])
def test_a_paper_stands_only_where_its_reader_may_look(world: World, case: Case, section: str) -> None:
    # counselling notes are not the director's
    with world.acting("director") as by, pytest.raises(DomainError) as refused:
        document_add(case_id=case.pk, by=by, uploads=[accepted("a.pdf", PDF)], kind="other", section=section)
    assert refused.value.field == "section"


def test_a_closed_case_takes_no_papers(world: World, case: Case) -> None:
    with as_owner():
        Case._base_manager.filter(pk=case.pk).update(status="closed", close_reason="resolved", closed_at=clock.now())
    with pytest.raises(DomainError) as refused:
        add(world, case)
    assert refused.value.code == "closed"
