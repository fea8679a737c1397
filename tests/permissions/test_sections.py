"""Row-level security by itself: each person × each case × each section, without any scope of the application."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from cases.models import Case
from cases.models.scope import CaseQuerySet
from core import keys
from hotline.models import Contact
from referrals.models import Referral
from tests.permissions.planted import CASES, CONTACTS, LETTERS, NOTHING, SEES, WUHUA, Scene
from tests.world import ROLES_AT

PEOPLE = sorted(ROLES_AT)
# Tables with sections: model -> how the section of a row is found.
SECTIONED = [
    model
    for model in apps.get_models()
    if model._meta.app_label == "cases"
    and hasattr(model, "section_rule")
    and isinstance(model._default_manager.all(), CaseQuerySet)
]


def _found(scene: Scene, person: str, *, scoped: bool) -> dict[str, set[str]]:
    """case -> sections of which at least one row comes out of the database."""
    names = {case.id: name for name, case in scene.cases.items()}
    found: dict[str, set[str]] = {}
    with scene.world.acting(person) as by:
        for model in SECTIONED:
            rows = model._default_manager.visible_to(by) if scoped else model._base_manager.all()
            literal = model.section_rule.strip("'") if model.section_rule.startswith("'") else None
            case_field = model.case_field
            for row in rows.values_list(case_field, *([] if literal else [model.section_rule])):
                if row[0] in names:
                    found.setdefault(names[row[0]], set()).add(literal or row[1])
    return found


@pytest.mark.parametrize("scoped", [True, False], ids=["scope-and-database", "database-alone"])
@pytest.mark.parametrize("person", PEOPLE)
def test_exactly_the_open_sections_come_out(scene: Scene, person: str, scoped: bool) -> None:
    found = _found(scene, person, scoped=scoped)
    for name in CASES:
        wanted = SEES.get(person, {}).get(name, NOTHING)
        # "contact" etc. stand in rows that a case opened by telephone may not have; nothing may come out that is not wanted.
        assert found.get(name, set()) <= wanted, (name, found.get(name, set()) - wanted)
        assert ("header" in found.get(name, set())) == ("header" in wanted), name


def test_every_section_is_planted_and_found_by_its_manager(scene: Scene) -> None:
    found = _found(scene, "manager", scoped=False)
    assert found["accepted"] | {"callback"} == SEES["manager"]["accepted"]  # nobody was called back there
    assert "callback" in found["callback"]
    assert _found(scene, "justice_liaison", scoped=False)["accepted"] == SEES["justice_liaison"]["accepted"]
    assert _found(scene, "operator", scoped=False)["callback"] == SEES["operator"]["callback"]


@pytest.mark.parametrize("person", PEOPLE)
def test_exactly_the_open_letters_and_contacts_come_out(scene: Scene, person: str) -> None:
    with scene.world.acting(person) as by:
        for rows in (Referral.objects.visible_to(by), Referral._base_manager.all()):
            ids = set(rows.values_list("pk", flat=True))
            assert {n for n, case in scene.cases.items() if case.referral in ids} == LETTERS.get(person, NOTHING)
        for rows in (Contact.objects.visible_to(by), Contact._base_manager.all()):
            ids = set(rows.values_list("pk", flat=True))
            assert {n for n, contact in scene.contacts.items() if contact in ids} == CONTACTS.get(person, NOTHING)


@pytest.mark.parametrize("person", PEOPLE)
def test_whatever_a_person_can_select_holds_no_word_that_is_not_theirs(scene: Scene, person: str) -> None:
    """All rows of all sealed tables, opened as the product opens them."""
    from core.fields import SealedTextField

    forbidden = scene.forbidden(person)
    said: list[str] = []
    with scene.world.acting(person):
        for model in apps.get_models():
            sealed = [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]
            if not sealed:
                continue
            with connection.cursor() as cursor:
                cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [model._meta.db_table])
                if not cursor.fetchone()[0]:
                    continue
            for row in model._base_manager.all():
                values = [getattr(row, field.attname) for field in sealed]
                said += [value.decode() if isinstance(value, bytes) else str(value) for value in values]
    keys.forget()
    text = "\n".join(said)
    assert {secret for secret in forbidden if secret in text} == set()


def test_the_words_are_really_there(scene: Scene) -> None:
    """The test above would be green with nothing planted; this one shows that the manager reads all that is hers."""
    from cases.models import Document, DocumentContent, PartyIdentity, SectionText, ServiceRecord

    with scene.world.acting("manager"):
        said = {row.text for row in SectionText.objects.all()} | {row.name for row in PartyIdentity.objects.all()}
        said |= {row.note for row in ServiceRecord.objects.all()}
        said |= {row.name for row in Document.objects.all()}
        said |= {row.body.splitlines()[1][2:].decode() for row in DocumentContent.objects.all()}
        assert Case.objects.count() == len(WUHUA)
    with scene.world.acting("xishan_manager"):
        there = {row.name for row in Document.objects.all()}
        there |= {row.body.splitlines()[1][2:].decode() for row in DocumentContent.objects.all()}
        there |= {row.text for row in SectionText.objects.all()}
    assert scene["successor"].words["medical"] <= there
    assert scene["accepted"].words["medical"] <= said
    assert scene["walled"].words["counselling"] <= said
    assert not scene["elsewhere"].words["medical"] & said
