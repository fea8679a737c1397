"""Papers that come with an agency's answer: on its letter and on the case, for those whose sections allow it; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from cases.models import Case, Document, DocumentContent
from core import clock
from core.errors import DomainError
from core.uploads import accepted
from referrals import services
from referrals.models import Referral, ReferralNote
from tests.referrals.conftest import send_letter
from tests.referrals.test_api import LIST, System, second, system  # noqa: F401 - fixtures
from tests.roles import as_owner
from tests.world import World

Login = Callable[[str], Client]
PDF = b"%PDF-1.4\n% reply\n%%EOF\n"


@pytest.fixture
def letter(world: World, case: Case) -> Referral:
    """A letter that the justice bureau has accepted; it offers identity, incident and medical facts."""
    row = send_letter(world, case, sections=["identity", "incident", "medical"])
    with world.acting("justice_liaison") as by:
        return services.referral_accept(referral_id=row.pk, by=by, version=None)


def answer(browser: Client, row: Referral, *files: tuple[str, bytes], **data: Any) -> Any:
    sent = {"version": row.version, "request_key": str(uuid4()), "result": "done", "text": "已上门走访两次"} | data
    papers = [SimpleUploadedFile(name, content) for name, content in files]
    return browser.post(reverse("referrals:respond", args=[row.pk]), sent | {"papers": papers})


def detail(browser: Client, row: Referral) -> str:
    return browser.get(reverse("referrals:detail", args=[row.pk])).content.decode()


def paper_url(paper: Document) -> str:
    return reverse("cases:paper", args=[paper.case_id, paper.pk])


def test_papers_stand_on_the_letter_and_on_the_case(world: World, letter: Referral, login: Login) -> None:
    liaison, manager = login("justice_liaison"), login("manager")
    assert answer(liaison, letter, ("回函.pdf", PDF), ("附件.pdf", PDF), paper_section="medical").status_code == 302
    with as_owner():
        papers = list(Document._base_manager.order_by("pk"))
        note = ReferralNote._base_manager.get(referral=letter, kind="answer")
        assert [(row.section, row.kind, row.source_id, row.added_by_name) for row in papers] == [
            ("medical", "reply", note.pk, world.users["justice_liaison"].name)
        ] * 2
    for browser in (liaison, manager):
        page = detail(browser, letter)
        assert "回函.pdf" in page
        assert "附材料 2 份" in page
        panel = browser.get(reverse("cases:panel-papers", args=[letter.case_id])).content.decode()
        assert "附件.pdf" in panel
        assert browser.get(paper_url(papers[0])).content == PDF


def test_what_is_for_the_centre_alone_is_read_by_it_alone(world: World, letter: Referral, login: Login) -> None:
    liaison, manager = login("justice_liaison"), login("manager")
    assert answer(liaison, letter, ("回函.pdf", PDF)).status_code == 302
    with as_owner():
        paper = Document._base_manager.get()
    assert paper.section == "coordination"
    page = detail(liaison, letter)
    assert "附材料 1 份" in page
    assert "回函.pdf" not in page
    assert liaison.get(paper_url(paper)).status_code == 404
    assert "回函.pdf" in detail(manager, letter)
    with world.acting("justice_liaison"):
        assert not Document._base_manager.exists()
        assert not DocumentContent._base_manager.exists()


def test_another_body_of_the_case_sees_only_papers_of_its_own_sections(
    world: World, case: Case, letter: Referral, login: Login
) -> None:
    other = send_letter(world, case, unit="police", sections=["identity", "incident"])
    with world.acting("police_liaison") as by:
        services.referral_accept(referral_id=other.pk, by=by, version=None)
    answer(login("justice_liaison"), letter, ("病历.pdf", PDF), paper_section="medical")
    with as_owner():
        paper = Document._base_manager.get()
    police = login("police_liaison")
    assert police.get(reverse("cases:detail", args=[case.pk])).status_code == 200
    assert police.get(paper_url(paper)).status_code == 404
    assert "病历.pdf" not in police.get(reverse("cases:panel-papers", args=[case.pk])).content.decode()


def test_a_refused_file_loses_nothing_and_sends_nothing(world: World, letter: Referral, login: Login) -> None:
    liaison = login("justice_liaison")
    refused = answer(
        liaison, letter, ("好.pdf", PDF), ("坏.exe", b"MZ"), text="写了很久的一段话", paper_section="medical"
    )
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "写了很久的一段话" in page
    assert "坏.exe" in page
    assert '<option value="medical" selected>' in page
    with as_owner():
        assert Referral._base_manager.get(pk=letter.pk).status == "accepted"
        assert not Document._base_manager.exists()
    assert answer(liaison, letter, ("好.pdf", PDF), text="写了很久的一段话").status_code == 302


@pytest.mark.parametrize("section", ["legal", "evidence", "counselling"])
def test_a_unit_puts_nothing_into_a_section_that_it_was_not_offered(
    world: World, letter: Referral, login: Login, section: str
) -> None:
    refused = answer(login("justice_liaison"), letter, ("a.pdf", PDF), paper_section=section)
    assert refused.status_code == 422
    assert "请在本转办单所列信息类别中选择" in refused.content.decode()
    assert "已上门走访两次" in refused.content.decode()
    with as_owner():
        assert not Document._base_manager.exists()
        assert not ReferralNote._base_manager.filter(kind="answer").exists()


def test_the_centre_enters_a_letter_that_came_by_post(world: World, letter: Referral) -> None:
    with world.acting("manager") as by:
        papers = services.Papers([accepted("来函.pdf", PDF)], "reply", "incident")
        services.referral_enter(
            referral_id=letter.pk, by=by, version=None, result="done", text="来函照录", papers=papers
        )
        assert Document.objects.visible_to(by).get().section == "incident"


def test_the_unit_loses_its_papers_with_the_case(world: World, letter: Referral, login: Login) -> None:
    answer(login("justice_liaison"), letter, ("回函.pdf", PDF), paper_section="medical")
    with world.acting("manager") as by:
        row = Referral.objects.get(pk=letter.pk)
        services.referral_close(referral_id=row.pk, by=by, version=row.version)
    with as_owner():
        paper = Document._base_manager.get()
    assert login("justice_liaison").get(paper_url(paper)).status_code == 200  # for the time of its retention
    import datetime as dt

    with clock.at(clock.now() + dt.timedelta(days=400)), world.acting("justice_liaison"):
        assert not Document._base_manager.exists()


def _send(system: System, row: Referral, version: int, *files: tuple[str, bytes], **data: Any) -> Any:  # noqa: F811
    url = f"{LIST}{row.pk}/respond/"
    body = encode_multipart(
        BOUNDARY, {"version": version, "result": "done", "text": "已提供咨询", "papers": [SimpleUploadedFile(*file) for file in files]} | data
    )  # fmt: skip
    headers = system.headers("POST", url, body, content_type=MULTIPART_CONTENT)
    return system.client.generic("POST", url, body, content_type=MULTIPART_CONTENT, headers=headers)


def test_a_system_hands_in_papers_and_reads_none(world: World, case: Case, system: System, settings: Any) -> None:  # noqa: F811
    row = send_letter(world, case, sections=["identity", "medical"])
    version = system.post(f"{LIST}{row.pk}/accept/", {"version": row.version}).json()["version"]
    bad = _send(system, row, version, ("坏.pdf", b"MZ"))
    assert (bad.status_code, bad.json()["field"]) == (422, "papers")
    assert _send(system, row, version, ("a.pdf", PDF), paper_section="legal").json()["field"] == "paper_section"
    done = _send(system, row, version, ("一.pdf", PDF), ("二.pdf", PDF), paper_section="medical")
    assert done.json()["status"] == "responded"
    letter = system.get(f"{LIST}{row.pk}/").json()
    assert [(note["kind"], note["papers"]) for note in letter["notes"]] == [("answer", 2)]
    with as_owner():
        papers = list(Document._base_manager.all())
    assert len(papers) == 2
    assert papers[0].added_by == system.key.pk
    assert system.get(paper_url(papers[0])).status_code == 401
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert _send(system, row, version, ("大.pdf", PDF + b"x" * 5000)).status_code == 413


def test_papers_of_no_section_are_refused_by_the_service(world: World, letter: Referral) -> None:
    with world.acting("justice_liaison") as by, pytest.raises(DomainError) as refused:
        services.referral_respond(
            referral_id=letter.pk, by=by, version=None, result="done", text="已办", papers=services.Papers([accepted("a.pdf", PDF)], "reply", "header")
        )  # fmt: skip
    assert refused.value.field == "paper_section"
