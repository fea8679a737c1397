"""The papers of a case go on with it: sealed anew under the successor's own key, by section, and shut at the centre that handed it over."""

from __future__ import annotations

import pytest

from cases.models import Case, Document, DocumentContent
from cases.services.documents import document_add, document_body, document_withdraw
from core import keys
from core.errors import NotFound
from core.uploads import accepted
from tests.cases.handing import handed, taken
from tests.cases.test_merging import begun
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db


def pdf(text: str) -> bytes:
    """A file that begins and ends like a PDF, with a text in it."""
    return b"%PDF-1.4\n% " + text.encode() + b"\n%%EOF\n"


def paper(world: World, case: Case, section: str, text: str, who: str = "manager") -> Document:
    with world.acting(who) as by:
        return document_add(
            case_id=case.pk, by=by, uploads=[accepted(f"{text}.pdf", pdf(text))], kind="medical", section=section
        )[0]


def test_the_new_centre_reads_the_papers_and_the_earlier_one_no_more(world: World) -> None:
    case = begun(world)
    before = {section: paper(world, case, section, f"伤情{section}") for section in ("medical", "evidence", "legal")}
    new = taken(world, handed(world, case))
    with world.acting("xishan_manager") as by:
        found = {row.section: row for row in Document.objects.visible_to(by).filter(case=new)}
        assert set(found) == set(before)
        for section, row in found.items():
            told, body = document_body(document_id=row.pk, case_id=new.pk, by=by)
            assert (told.name, body) == (f"伤情{section}.pdf", pdf(f"伤情{section}"))
            was = before[section]
            assert (row.kind, row.file_type, row.size, row.added_at) == (was.kind, "pdf", was.size, was.added_at)
            assert row.added_by_name == world.users["manager"].name
            assert (row.source_kind, row.source_id) == ("", None)  # what it came with stays behind
            with pytest.raises(NotFound):
                document_body(document_id=was.pk, case_id=case.pk, by=by)
    for who in ("manager", "director"):
        with world.acting(who) as by:
            assert not Document._base_manager.filter(case_id__in=[case.pk, new.pk]).exists()
            assert not DocumentContent._base_manager.exists()
            for one, row in ((case, before["medical"]), (new, found["medical"])):
                with pytest.raises(NotFound):
                    document_body(document_id=row.pk, case_id=one.pk, by=by)


def test_each_of_both_lies_under_the_key_of_its_own_case(world: World) -> None:
    case = begun(world)
    paper(world, case, "medical", "病历")
    new = taken(world, handed(world, case))
    with as_owner():
        lie = dict(DocumentContent._base_manager.filter(case_id__in=[case.pk, new.pk]).values_list("case_id", "body"))
        assert bytes(lie[case.pk]) != bytes(lie[new.pk])
    keys.forget()
    with world.acting("xishan_manager"):
        moved = DocumentContent._base_manager.get()
        assert (moved.case_id, moved.office_id) == (new.pk, world.offices["xishan"].pk)
        assert moved.body == pdf("病历")
        assert keys._cache().keys() == {new.pk}  # the successor's key opens it, by itself


def test_counselling_the_centres_own_and_what_was_withdrawn_stay_behind(world: World) -> None:
    case = begun(world)
    for section in ("counselling", "coordination"):
        paper(world, case, section, section)
    wrong = paper(world, case, "medical", "他人病历")
    with world.acting("manager") as by:
        document_withdraw(document_id=wrong.pk, by=by, reason="属于另一人")
    new = taken(world, handed(world, case))
    with as_owner():
        assert not Document._base_manager.filter(case_id=new.pk).exists()
        assert Document._base_manager.filter(case_id=case.pk).count() == 3  # nothing is deleted


def test_of_many_papers_none_is_lost(world: World) -> None:
    case = begun(world)
    for number in range(12):
        paper(world, case, "evidence", f"照片{number}")
    new = taken(world, handed(world, case))
    with world.acting("xishan_manager") as by:
        rows = Document.objects.visible_to(by).filter(case=new)
        assert {row.name for row in rows} == {f"照片{number}.pdf" for number in range(12)}


def test_goes_on_a_second_time_with_what_came_the_first(world: World) -> None:
    case = begun(world)
    paper(world, case, "medical", "病历")
    new = taken(world, handed(world, case))
    paper(world, new, "legal", "裁定书", who="xishan_manager")
    again = taken(world, handed(world, new, who="xishan_manager", to="wuhua"), who="manager")
    with world.acting("manager") as by:
        rows = Document.objects.visible_to(by).filter(case=again)
        assert {(row.section, row.name) for row in rows} == {("medical", "病历.pdf"), ("legal", "裁定书.pdf")}
        for row in rows:
            assert document_body(document_id=row.pk, case_id=again.pk, by=by)[1] == pdf(row.name.removesuffix(".pdf"))
