"""Cases as they come in, and with all of their sections written."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any
from uuid import UUID

from cases.enums import TEXT_SECTIONS, PartyRole, Section
from cases.models import Category
from cases.services import case as cases
from cases.services.documents import document_add, document_withdraw
from cases.services.people import PersonData, Safety
from cases.services.records import service_record
from core import clock
from core.uploads import accepted
from hotline.models import Contact
from hotline.services.contact import contact_begin, contact_draft, contact_log
from tests.permissions.planted.scene import Planted, Scene, shapes, word


def persons(case: Planted) -> list[PersonData]:
    """The client, the respondent and who reported it."""
    client = PersonData(
        role=PartyRole.CLIENT, name=case.tell("identity"), id_number=case.tell("identity", f"53010219{secrets.randbelow(10**10):010d}"),
        phone=case.ring("contact"), address=case.tell("contact"), is_primary=True,
        safety=Safety(number=case.ring("safe_contact"), whose=case.tell("safe_contact"), code_word=case.tell("safe_contact"),
                      note=case.tell("safe_contact")),
    )  # fmt: skip
    respondent = PersonData(role=PartyRole.RESPONDENT, name=case.tell("identity"), phone=case.ring("contact"))
    reporter = PersonData(
        role=PartyRole.REPORTER, name=case.tell("reporter"), phone=case.ring("reporter"), address=case.tell("reporter")
    )
    return [client, respondent, reporter]


def _remember_contact(scene: Scene, name: str, contact: Contact, words: set[str], phones: set[str]) -> None:
    scene.contacts[name] = contact.pk
    scene.contact_words[name] = words.union(*(shapes(raw) for raw in phones))


def by_phone(scene: Scene, name: str, *, disposition: str = "case_opened", log: bool = True) -> Contact:
    """A call that the operator takes; with `case_opened` it becomes a planted case at the centre."""
    case = Planted(name, UUID(int=0))
    values: dict[str, Any] = {
        "caller_name": case.tell("identity"), "caller_phone": case.ring("contact"), "client_birth_year": 1980,
        "category_id": "A06", "narrative": case.tell("incident"), "region_residence_id": "530102", "safe_number": case.ring("safe_contact"),
        "safe_whose": case.tell("safe_contact"), "code_word": case.tell("safe_contact"), "respondent_name": case.tell("identity"),
    }  # fmt: skip
    values["client_name"] = values["caller_name"]
    own = {word()}
    [values["agreed"]], values["whereabouts"] = own, case.tell("contact")  # where she was goes on with the case
    with scene.world.acting("operator") as by:
        contact = contact_begin(by=by, office=scene.world.offices["desk"])
        if log:
            centre = scene.world.offices["wuhua"] if disposition == "case_opened" else None
            contact = contact_log(
                contact_id=contact.pk, by=by, values=values | {"disposition": disposition}, centre=centre
            )
        else:
            contact = contact_draft(contact_id=contact.pk, by=by, values=values)
    every_phone = set().union(*case.phones.values())
    _remember_contact(scene, name, contact, own.union(*case.words.values()), every_phone)
    if contact.case_id:
        case.id, case.contact = contact.case_id, contact.pk
        scene.cases[name] = case
    return contact


def opened(
    scene: Scene,
    name: str,
    *,
    office: str = "wuhua",
    manager: str = "manager",
    category: str = "A06",
    channel: str = "walk_in",
    minor: bool = False,
) -> Planted:
    """A case that a manager opens at the counter."""
    case = Planted(name, UUID(int=0))
    with scene.world.acting(manager) as by:
        new = cases.NewCase(
            office=scene.world.offices[office], category=Category.objects.get(pk=category), channel=channel, persons=persons(case),
            narrative=case.tell("incident"), concerns_minor=minor,
        )  # fmt: skip
        case.id = cases.case_open(by=by, new=new).pk
    scene.cases[name] = case
    return case


def paper_of(text: str) -> bytes:
    """A file that begins and ends like a PDF, with a text in it."""
    return b"%PDF-1.4\n% " + text.encode() + b"\n%%EOF\n"


def _papers(scene: Scene, case: Planted, manager: str) -> None:
    """A paper in a section that is often shared, and one that was withdrawn: that one is the centre's alone."""
    with scene.world.acting(manager) as by:
        told = accepted(case.tell("medical"), paper_of(case.tell("medical")))
        case.document = document_add(case_id=case.id, by=by, uploads=[told], kind="medical", section="medical")[0].pk
        told = accepted(case.tell("coordination"), paper_of(case.tell("coordination")))
        wrong = document_add(case_id=case.id, by=by, uploads=[told], kind="other", section="medical")[0]
        document_withdraw(document_id=wrong.pk, by=by, reason=case.tell("coordination"))


def assessed(scene: Scene, case: Planted, *, manager: str = "manager") -> None:
    """Assess a case and write all of its sections."""
    with scene.world.acting(manager) as by:
        cases.case_assess(case_id=case.id, by=by, version=None, risk="low", reasons=case.tell("risk"))
        for section in TEXT_SECTIONS:
            if section != Section.INCIDENT:
                cases.section_write(
                    case_id=case.id, section=section, by=by, version=None, text=case.tell(section.value)
                )
        service_record(
            case_id=case.id, by=by, kind="counselling", happened_at=clock.now(), note=case.tell("counselling")
        )
        service_record(
            case_id=case.id, by=by, kind="complaint", happened_at=clock.now(), note=case.tell("coordination")
        )
        _papers(scene, case, manager)
        cases.case_plan(
            case_id=case.id,
            by=by,
            version=None,
            text=case.tell("incident"),
            due_at=clock.now() + dt.timedelta(days=300),
        )


def ready(scene: Scene, name: str) -> Planted:
    """A case that is opened and assessed."""
    case = opened(scene, name)
    assessed(scene, case)
    return case
