"""Cases in every state that access depends on, with a word of its own in every section of each.

`SEES` and `LETTERS` say by hand who may see what: the oracle, written from permissions.md and not from the code.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from agencies.models import AgencyKey
from cases.enums import TEXT_SECTIONS, PartyRole, Section
from cases.models import AccessGrant, Burst, Case, Category, FollowUp, Party, SectionText, WorkItem
from cases.services import access, approvals, followups, glass
from cases.services import case as cases
from cases.services.consents import Given
from cases.services.documents import document_add, document_withdraw
from cases.services.people import PersonData, Safety
from cases.services.records import service_record
from cases.services.seals import case_seal
from cases.services.transfers import transfer_accept, transfer_ask
from core import clock, keys, phone
from core.crypto.keyring import key_ring
from core.identity import acting_as, as_verb, worker_identity
from core.models import Job
from core.models.outbox import OutboxItem
from core.uploads import accepted
from hotline.models import Contact
from hotline.services.contact import contact_begin, contact_draft, contact_log
from legalaid.services.applying import application_send
from legalaid.services.mediating import mediation_plan
from referrals import services as referrals
from referrals.absences.services import absence_name
from referrals.conferences import services as conferences
from referrals.conferences.models import AgendaItem, Invitation, MinuteText, Seat
from referrals.models import Referral, ReferralChase
from referrals.taskforces.services import Person, member_name
from reports.models import MonthReport
from shelter.models import Bed
from shelter.services.holding import stay_hold
from shelter.services.house import house_open
from tests.roles import as_owner, as_worker
from tests.world import World, build_world

STAFF = frozenset(
    {
        "header",
        "coordination",
        "identity",
        "contact",
        "safe_contact",
        "callback",
        "incident",
        "risk",
        "medical",
        "children",
        "legal",
        "reporter",
        "evidence",
    }
)
MANAGED = STAFF | {"counselling"}
HEAD = frozenset({"header"})
NOTHING: frozenset[str] = frozenset()
CALLING = frozenset({"header", "identity", "safe_contact", "callback"})
SHARED = frozenset({"header", "safe_contact", "identity", "incident", "medical"})
OFFERED = ("identity", "incident", "medical")
WITH_CONTACT = ("identity", "contact", "incident", "children")

DESK = ("operator", "operator2", "shift")
WUHUA = (
    "received",
    "offered",
    "accepted",
    "declined",
    "recalled",
    "expired",
    "walled",
    "closed",
    "callback",
    "named",
    "sealed",
    "kept",
    "asked",  # of another centre, which has not answered
    "handed",  # taken over by another centre: a stub
)
CASES = (*WUHUA, "elsewhere", "successor")

# person -> case -> open sections. Who and what is not written here is nobody and nothing.
SEES: dict[str, dict[str, frozenset[str]]] = {
    "manager": dict.fromkeys(WUHUA, MANAGED) | {"received": STAFF, "handed": HEAD},
    "manager2": {name: STAFF for name in WUHUA if name not in ("walled", "sealed", "kept")} | {"handed": HEAD},
    "director": dict.fromkeys(WUHUA, STAFF) | {"handed": HEAD},
    "xishan_manager": {"elsewhere": MANAGED, "successor": MANAGED},
    **{
        person: {"received": frozenset({"header"}), "walled": frozenset({"header"}), "callback": CALLING}
        for person in DESK
    },
    "justice_liaison": {"accepted": SHARED, "closed": frozenset({"header", "safe_contact", "identity", "incident"})},
    "aid_officer": {"accepted": frozenset({"header", "safe_contact", "identity", "legal"})},
    "police_liaison": {"named": frozenset({"header", "safe_contact", "identity", "incident", "reporter", "evidence"})},
}
# An emergency view: her safe contact alone, and nothing of the case's pages.
SEES["operator"] = {**SEES["operator"], "elsewhere": frozenset({"safe_contact"})}
SEES["manager"]["accepted"] |= {"shelter"}  # by a grant of her own; not the director's
# The walled case was assessed: the desk's first responsibility has ended.
for _person in DESK:
    del SEES[_person]["walled"]

# person -> cases whose referral's letter is open to them.
LETTERS: dict[str, frozenset[str]] = {
    "manager": frozenset({"offered", "accepted", "declined", "recalled", "expired", "walled", "closed", "named"}),
    "manager2": frozenset({"offered", "accepted", "declined", "recalled", "expired", "closed", "named"}),
    "director": frozenset({"offered", "accepted", "declined", "recalled", "expired", "walled", "closed", "named"}),
    "justice_liaison": frozenset({"offered", "accepted", "closed"}),
    "police_liaison": frozenset({"named"}),
}
# person -> cases whose transfer is open to them: the earlier centre's as long as it handles the case, never past a wall.
TRANSFERS: dict[str, frozenset[str]] = {
    "manager": frozenset({"asked"}),
    "manager2": frozenset({"asked"}),
    "director": frozenset({"asked"}),
    "xishan_manager": frozenset({"asked", "handed"}),
}
# person -> contacts that they may open.
CONTACTS: dict[str, frozenset[str]] = {
    "operator": frozenset({"received", "walled", "advice", "draft"}),
    "operator2": frozenset({"received", "walled", "advice"}),
    "shift": frozenset({"received", "walled", "advice"}),
    "manager": frozenset({"received", "walled"}),
    "manager2": frozenset({"received"}),
    "director": frozenset({"received", "walled"}),
}
# Who may know of the stay in the refuge: its keeper, and the manager of the case by a grant of her own.
SHELTERED = frozenset({"keeper", "manager"})
# Who may know of the application for legal aid: the handling centre, and the body that it went to.
AIDED = frozenset({"manager", "manager2", "director", "aid_officer"})
# Who may know of the conference of the accepted case: the handling centre, and the body that sat at it.
CONFERRED = frozenset({"manager", "manager2", "director", "justice_liaison"})
# Who may know of the emergency view of the case elsewhere: who asked, who confirmed, who is named to review it, the auditor. Of an alert
# about a manager: her director, the auditor.
GLASSED = frozenset({"operator", "director", "supervisor", "auditor"})
APPROVING = frozenset({"manager2", "director", "auditor"})  # of the ask for a closed record of a minor
ALERTED = frozenset({"director", "auditor"})
ABSENT = frozenset({"police_liaison", "police_liaison2"})  # whose unit somebody is away from
# Whose figures are these months of the Wuhua centre, and whose is the export.
COUNTED = frozenset({"manager", "manager2", "director", "supervisor", "province"})
EXPORTED = frozenset({"director"})


def word() -> str:
    """A word that stands nowhere else."""
    return f"密语{secrets.token_hex(6)}"


def number() -> str:
    """A mobile number that stands nowhere else."""
    return f"139{secrets.randbelow(10**8):08d}"


@dataclass
class Planted:
    """One case with its words by section, and the rows that hang on it."""

    name: str
    id: UUID
    words: dict[str, set[str]] = field(default_factory=dict)
    phones: dict[str, set[str]] = field(default_factory=dict)
    referral: UUID | None = None
    follow_up: UUID | None = None
    contact: UUID | None = None
    stay: UUID | None = None
    application: UUID | None = None
    mediation: UUID | None = None
    transfer: UUID | None = None
    chase: UUID | None = None
    document: UUID | None = None
    conference: dict[str, list[UUID]] = field(default_factory=dict)

    def tell(self, section: str, text: str = "") -> str:
        """Remember a new word of a section and return it."""
        made = text or word()
        self.words.setdefault(section, set()).add(made)
        return made

    def ring(self, section: str) -> str:
        """Remember a new telephone number of a section and return it."""
        made = number()
        self.phones.setdefault(section, set()).add(made)
        return made

    def secrets_of(self, section: str) -> set[str]:
        """Every form in which this section's words could stand in a page."""
        shapes = {shape for raw in self.phones.get(section, ()) for shape in (raw, phone.display(raw), phone.mask(raw))}
        return self.words.get(section, set()) | shapes


@dataclass
class Scene:
    """The world, its planted cases, and contacts that became no case."""

    world: World
    cases: dict[str, Planted] = field(default_factory=dict)
    contacts: dict[str, UUID] = field(default_factory=dict)
    contact_words: dict[str, set[str]] = field(default_factory=dict)
    public: dict[str, list[UUID]] = field(default_factory=dict)  # offices, units, houses: what stands in the directory

    def __getitem__(self, name: str) -> Planted:
        return self.cases[name]

    def allowed(self, person: str) -> set[str]:
        """Every word that this person may read somewhere."""
        found: set[str] = set()
        for name, case in self.cases.items():
            sections = SEES.get(person, {}).get(name, NOTHING)
            for section in sections:
                found |= case.secrets_of(section)
            if name in LETTERS.get(person, NOTHING):
                found |= case.secrets_of("letter")
            if name in TRANSFERS.get(person, NOTHING):
                found |= case.secrets_of("transfer")
        for name in CONTACTS.get(person, NOTHING):
            found |= self.contact_words[name]
        if person in CONFERRED:
            found = found.union(*(case.secrets_of("minutes") for case in self.cases.values()))
        if person in GLASSED:
            found = found.union(*(case.secrets_of("glass") for case in self.cases.values()))
            # to the auditor the row is readable as the why of an access; his page shows no words (tests/cases)
            found = found.union(*(case.secrets_of("glass.reason") for case in self.cases.values()))
        if person in APPROVING:
            found = found.union(*(case.secrets_of("approval") for case in self.cases.values()))
            # to the auditor the row is readable as the why of an access; his page shows no words (tests/cases)
            found = found.union(*(case.secrets_of("approval.reason") for case in self.cases.values()))
        if person in SHELTERED:
            found = found.union(*(case.secrets_of("stay") for case in self.cases.values()))
        return found

    def everything(self) -> set[str]:
        """Every planted word."""
        found = {
            shape
            for case in self.cases.values()
            for section in (*case.words, *case.phones)
            for shape in case.secrets_of(section)
        }
        return found.union(*self.contact_words.values())

    def forbidden(self, person: str) -> set[str]:
        """Every word that this person must not find anywhere."""
        return self.everything() - self.allowed(person)


def _persons(case: Planted) -> list[PersonData]:
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
    scene.contact_words[name] = words | {
        shape for raw in phones for shape in (raw, phone.display(raw), phone.mask(raw))
    }


def _by_phone(scene: Scene, name: str, *, disposition: str = "case_opened", log: bool = True) -> Contact:
    """A call that the operator takes; with `case_opened` it becomes a planted case at the centre."""
    case = Planted(name, UUID(int=0))
    values: dict[str, Any] = {
        "caller_name": case.tell("identity"), "caller_phone": case.ring("contact"), "client_birth_year": 1980,
        "category_id": "A06", "narrative": case.tell("incident"), "region_residence_id": "530102", "safe_number": case.ring("safe_contact"),
        "safe_whose": case.tell("safe_contact"), "code_word": case.tell("safe_contact"), "respondent_name": case.tell("identity"),
    }  # fmt: skip
    values["client_name"] = values["caller_name"]
    own = {word() for _ in range(2)}
    values["agreed"], values["whereabouts"] = own
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


def _opened(
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
            office=scene.world.offices[office], category=Category.objects.get(pk=category), channel=channel, persons=_persons(case),
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


def _assessed(scene: Scene, case: Planted, *, manager: str = "manager") -> None:
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


def _sent(
    scene: Scene, case: Planted, *, sections: tuple[str, ...] = OFFERED, unit: str = "justice", named: str | None = None
) -> Referral:
    with scene.world.acting("manager") as by:
        referral = referrals.referral_send(
            case_id=case.id, by=by, unit=scene.world.units[unit], ask="protect" if named else "legal_aid", ask_note=case.tell("letter"),
            sections=sections, basis="duty", named_liaison=scene.world.users[named] if named else None,
            answer_due_at=clock.now() + dt.timedelta(days=200),
        )  # fmt: skip
        case.referral = referral.pk
        case.tell("letter", referral.number)
    return referral


def _chased(scene: Scene, case: Planted) -> None:
    """A paper against the delay of the case's letter."""
    with scene.world.acting("manager"), as_verb([case.id]):
        letter = Referral._base_manager.select_related("office", "unit").get(pk=case.referral)
        number = f"催办〔2026〕{secrets.token_hex(4)}"  # spoken like the letter's own
        case.chase = ReferralChase.objects.create(
            case_id=case.id, office_id=letter.office_id, referral=letter, item_id=letter.pk, paper="notice", number=number, unit_name=letter.unit.name,
            region_code=letter.office.region_id[:6], risk=letter.risk, owes_answer=False, was_due_at=letter.accept_due_at,
            text=case.tell("letter"), issued_at=letter.accept_due_at,
        ).pk  # fmt: skip


def _accepted(scene: Scene, case: Planted, *, liaison: str = "justice_liaison", **letter: Any) -> None:
    _sent(scene, case, **letter)
    with scene.world.acting(liaison) as by:
        referrals.referral_accept(referral_id=case.referral, by=by, version=None)  # type: ignore[arg-type]


def _ready(scene: Scene, name: str) -> Planted:
    case = _opened(scene, name)
    _assessed(scene, case)
    return case


def _closed(scene: Scene, case: Planted, began: dt.datetime) -> None:
    """Answered, found enough, called back, closed."""
    _accepted(scene, case, sections=WITH_CONTACT)
    world = scene.world
    with world.acting("justice_liaison") as by:
        referrals.referral_respond(
            referral_id=case.referral, by=by, version=None, result="done", text=case.tell("letter")
        )  # type: ignore[arg-type]
    with world.acting("manager") as by:
        referrals.referral_close(referral_id=case.referral, by=by, version=None)  # type: ignore[arg-type]
        planned = FollowUp.objects.get(case_id=case.id)
    with clock.at(max(planned.due_at, began) + dt.timedelta(minutes=5)):
        with as_worker():
            followups.make_due(planned.pk)
        with world.acting("manager") as by:
            followups.attempt_record(
                follow_up_id=planned.pk,
                by=by,
                version=None,
                outcome="reached",
                note=case.tell("callback"),
                satisfaction="satisfied",
            )
            cases.case_close(case_id=case.id, by=by, version=None, reason="resolved", note=case.tell("coordination"))
    case.follow_up = planned.pk


def _callback(scene: Scene, case: Planted) -> None:
    """A callback of the world's own desk (the loaded directory has one for the same city) has come due."""
    with scene.world.acting("manager"), as_verb([case.id]):
        row = followups.plan_one(
            Case._base_manager.get(pk=case.id), reason="in_follow_up", due_at=clock.now() + dt.timedelta(hours=1),
            desk_group_id=scene.world.offices["desk"].group_id,
        )  # fmt: skip
    with clock.at(clock.now() + dt.timedelta(hours=2)), as_worker():
        assert followups.make_due(row.pk)
    case.follow_up = row.pk


def _asked(scene: Scene, case: Planted) -> None:
    """The Xishan centre is asked to go on with the case."""
    with scene.world.acting("manager") as by:
        case.transfer = transfer_ask(
            case_id=case.id, by=by, version=None, to_office=scene.world.offices["xishan"], reason="split_residence",
            message=case.tell("transfer"), summary=case.tell("incident"),
        ).pk  # fmt: skip


def _handed(scene: Scene, case: Planted) -> None:
    """It goes on there: the successor knows what was told here, but not what lies between the professional and the manager."""
    _asked(scene, case)
    with scene.world.acting("xishan_manager") as by:
        after = Planted("successor", transfer_accept(transfer_id=case.transfer, by=by).pk)  # type: ignore[arg-type]
    after.words = {
        name: set(words)
        for name, words in case.words.items()
        if name not in ("counselling", "coordination", "transfer")
    }
    after.phones = {name: set(numbers) for name, numbers in case.phones.items()}
    scene.cases["successor"] = after


def _sheltered(scene: Scene, case: Planted) -> UUID:
    """A bed in the refuge is held for her. Returns the house's id."""
    world, now = scene.world, clock.now()
    with world.acting("keeper") as by:
        house = house_open(
            by=by,
            office=world.offices["wuhua"],
            code_name="栖息一号",
            capacity=4,
            address=case.tell("stay"),
            beds=[("1", "single")],
        )
    with world.acting("manager") as by:
        stay = stay_hold(
            case_id=case.id, by=by, bed_id=Bed.objects.get(house=house).pk, since=now, until=now + dt.timedelta(days=5), basis="danger",
            health_needs=case.tell("stay"),
        )  # fmt: skip
        case.stay = stay.pk
        case.tell("stay", stay.guest_name)
    return house.pk


def _aided(scene: Scene, case: Planted) -> None:
    """Legal aid is applied for, and a mediation is planned."""
    with scene.world.acting("manager") as by:
        case.application = application_send(
            case_id=case.id,
            by=by,
            unit=scene.world.units["legal_aid"],
            matter="divorce",
            means="examined",
            consent=Given("她本人同意"),
        ).pk
        case.mediation = mediation_plan(
            case_id=case.id, by=by, at=clock.now() + dt.timedelta(days=3), mediator="李调解", she_is_safe=True, she_knows=True,
            source_hidden=True, venue="调解室",
        ).pk  # fmt: skip


def _conferred(scene: Scene, case: Planted) -> None:
    """A conference with the justice bureau: minutes, a measure, signed."""
    world, begins = scene.world, clock.now() + dt.timedelta(minutes=10)
    with world.acting("manager") as by:
        row = conferences.conference_convene(
            case_id=case.id, by=by, meeting=conferences.Meeting(world.users["manager"], begins, begins + dt.timedelta(hours=1), venue="会商室"),
            matter=conferences.Matter("stalled", ["identity"], "duty", [conferences.Invitee(world.units["justice"])]),
        )  # fmt: skip
    with as_owner():
        item, letter = AgendaItem._base_manager.get(conference=row), Invitation._base_manager.get(conference=row)
    with world.acting("justice_liaison") as by:
        conferences.invitation_accept(invitation_id=letter.pk, by=by, version=None, pledge=True)
    with world.acting("manager") as by:
        conferences.conference_hold(conference_id=row.pk, by=by, version=None)
        facts = MinuteText.objects.visible_to(by).get(item=item, seat__isnull=True)
        conferences.minute_write(text_id=facts.pk, by=by, version=None, text=case.tell("minutes"))
        decision = conferences.decision_add(
            item_id=item.pk, by=by, measure=case.tell("minutes"), due_at=clock.now() + dt.timedelta(days=200),
            invitee=conferences.Invitee(world.units["justice"]),
        )  # fmt: skip
        conferences.conference_minute(conference_id=row.pk, by=by, version=None)
        conferences.conference_sign(conference_id=row.pk, by=by, version=None)
        item.refresh_from_db()
        seat = Seat.objects.visible_to(by).filter(item=item, unit__isnull=False).get()
    case.conference = {
        "conference": [row.pk], "agenda": [item.pk], "invitation": [letter.pk], "decision": [decision.pk], "seat": [seat.pk], "minute": [facts.pk],
    }  # fmt: skip


def _named(scene: Scene) -> list[UUID]:
    """Somebody stands for the police in the centre's task force."""
    with scene.world.acting("director") as by:
        person = Person(scene.world.units["police"], "赵警官", "副大队长", "13900000001")
        return [
            member_name(office=scene.world.offices["wuhua"], by=by, kind="police", place="member", person=person).pk
        ]


def _figures(scene: Scene) -> dict[str, list[UUID]]:
    """A month's report of the centre and an export that its director has asked for."""
    office, now = scene.world.offices["wuhua"], clock.now()
    with as_owner():
        month = MonthReport.objects.create(
            office=office, region_code=office.region_id, month=clock.today().replace(day=1), computed_at=now
        )
        job = Job.objects.create(
            kind="reports.export", parameters={"from": "2026-01", "to": "2026-02", "format": "xlsx"}, user_id=scene.world.users["director"].pk,
            created_at=now,
        )  # fmt: skip
    return {"month": [month.pk], "job": [job.pk]}


def _key(scene: Scene) -> UUID:
    """A key that the police bureau's system waits for."""
    now = clock.now()
    with as_owner():
        return AgencyKey.objects.create(
            unit=scene.world.units["police"], system="警务平台", ring_key=key_ring().current_id, requested_by_id=uuid4(),
            requested_by_name="系统甲", requested_at=now, valid_until=now + dt.timedelta(days=90),
        ).pk  # fmt: skip


def _glass(scene: Scene, case: Planted) -> UUID:
    """An operator's emergency view of another centre's case, confirmed by a director of a third."""
    world, number = scene.world, case.tell("glass", min(case.words["header"]))
    world.only_above()
    with world.acting("operator") as by:
        row = glass.glass_ask(
            by=by, number=number, reason=case.tell("glass.reason"), office=world.offices["desk"], confirm=world.offices["wuhua"]
        )  # fmt: skip
    with world.acting("director") as by:
        assert glass.glass_answer(glass_id=row.pk, by=by, agreed=True) == "opened"
    with as_worker(), acting_as(worker_identity("test")):
        glass.answered(OutboxItem.objects.get(kind="glass.answered", subject=row.pk))
    return row.pk


def _asked_for(scene: Scene, case: Planted) -> UUID:
    """A manager asks for the closed record of a minor that is a colleague's."""
    number = case.tell("approval", min(case.words["header"]))
    with scene.world.acting("manager2") as by:
        return approvals.approval_ask(
            by=by, office=scene.world.offices["wuhua"], number=number, reason=case.tell("approval.reason"), days=7
        ).pk  # fmt: skip


def _alert(scene: Scene) -> UUID:
    """A manager looked at far more than usual."""
    with as_owner():
        return Burst.objects.create(
            actor=scene.world.users["manager2"], office=scene.world.offices["wuhua"], kind="view", hour=clock.now(), found_at=clock.now(), count=60,
            usual=6,
        ).pk  # fmt: skip


def _away(scene: Scene) -> UUID:
    """A liaison of the police goes away later, and another stands in then."""
    first, users = clock.today() + dt.timedelta(days=300), scene.world.users
    with scene.world.acting("police_liaison") as by:
        return absence_name(
            by=by, unit=scene.world.units["police"], person=users["police_liaison"], substitute=users["police_liaison2"], first=first, last=first
        ).pk  # fmt: skip


def wall_off(scene: Scene, case: Planted) -> None:
    """Put manager2 and the justice bureau behind a wall of this case."""
    with scene.world.acting("director"), as_verb([case.id]):
        access.wall(case_id=case.id, reason="kin", user_id=scene.world.users["manager2"].pk)
        access.wall(case_id=case.id, reason="kin", group_id=scene.world.units["justice"].group_id)


def plant() -> Scene:
    """Make the world and all planted cases, three weeks ago (in the present database and transaction)."""
    scene = Scene(build_world())
    keys.forget()
    began = clock.now() - dt.timedelta(days=21)
    with clock.at(began):
        _by_phone(scene, "received")
        _by_phone(scene, "advice", disposition="advice")
        _by_phone(scene, "draft", log=False)
        _sent(scene, _ready(scene, "offered"))
        _accepted(scene, _ready(scene, "accepted"))
        case = _ready(scene, "declined")
        _sent(scene, case)
        with scene.world.acting("justice_liaison") as by:
            referrals.referral_decline(
                referral_id=case.referral, by=by, version=None, reason="not_competent", text=case.tell("letter")
            )  # type: ignore[arg-type]
        case = _ready(scene, "recalled")
        _accepted(scene, case)
        with scene.world.acting("manager") as by:
            referrals.referral_recall(referral_id=case.referral, by=by, version=None)  # type: ignore[arg-type]
        case = _ready(scene, "expired")
        _accepted(scene, case)
        with as_owner():
            AccessGrant.objects.filter(case_id=case.id).exclude(source_kind="manager").update(
                valid_until=began + dt.timedelta(days=7)
            )
        _by_phone(scene, "walled")
        case = scene["walled"]
        _assessed(scene, case)
        _accepted(scene, case)
        wall_off(scene, case)
        _closed(scene, _ready(scene, "closed"), began)
        case = _opened(scene, "callback", channel="hotline")
        _assessed(scene, case)
        _callback(scene, case)
        case = _opened(scene, "named", category="A01")
        _assessed(scene, case)
        _accepted(scene, case, liaison="police_liaison", unit="police", named="police_liaison",
                  sections=("identity", "incident", "reporter", "evidence"))  # fmt: skip
        case = _ready(scene, "sealed")
        with scene.world.acting("director") as by:
            case_seal(case_id=case.id, by=by, named=[scene.world.users["manager"].pk])
        case = _opened(scene, "kept", minor=True)
        _assessed(scene, case)
        with as_owner():
            WorkItem._base_manager.filter(case_id=case.id).update(done_at=clock.now(), outcome="done")
            Case._base_manager.filter(pk=case.id).update(
                status="closed", close_reason="resolved", closed_at=clock.now()
            )
        _asked(scene, _ready(scene, "asked"))
        _handed(scene, _ready(scene, "handed"))
        case = _opened(scene, "elsewhere", office="xishan", manager="xishan_manager")
        _assessed(scene, case, manager="xishan_manager")
    with as_owner():
        for planted in scene.cases.values():
            planted.tell("header", Case._base_manager.get(pk=planted.id).number)
    house = _sheltered(scene, scene["accepted"])
    _aided(scene, scene["accepted"])
    _conferred(scene, scene["accepted"])
    scene.public = _figures(scene) | {
        "house": [house],
        "office": [scene.world.offices["wuhua"].pk],
        "unit": [scene.world.units["police"].pk],
        "key": [_key(scene)],
        "glass": [_glass(scene, scene["elsewhere"])],
        "burst": [_alert(scene)],
        "approval": [_asked_for(scene, scene["kept"])],
        "member": _named(scene),
        "absence": [_away(scene)],
    }
    keys.forget()
    for case in scene.cases.values():
        if case.referral:
            _chased(scene, case)
    return scene


def parties_of(case: Planted) -> list[Party]:
    """The case's people, as the owner sees them."""
    with as_owner():
        return list(Party._base_manager.filter(case_id=case.id))


def open_items(case: Planted) -> list[WorkItem]:
    """What is owed on the case, as the owner sees it."""
    with as_owner():
        return list(WorkItem._base_manager.filter(case_id=case.id, done_at__isnull=True))


def texts_of(case: Planted) -> list[SectionText]:
    """The case's texts, as the owner sees them (sealed)."""
    with as_owner():
        return list(SectionText._base_manager.filter(case_id=case.id))
