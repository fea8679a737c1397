"""A small world with records of every kind, made as the owner: figures do not ask who typed a record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from agencies.models import Office
from cases.enums import CaseStatus, Channel, Gender, PartyRole, Risk, ServiceKind
from cases.models import Case, Fingerprint, Order, Party, PartyIdentity, Person, ServiceRecord, WorkItem
from core import clock
from core.clock import SHANGHAI
from reports.periods import Period, parse_month
from reports.services.compute import compute
from tests.roles import as_owner
from tests.world import World, build_world

NOW = dt.datetime(2022, 8, 5, 9, 0, tzinfo=SHANGHAI)


def at(day: str, hour: int = 10) -> dt.datetime:
    """A moment in Yunnan: at("2022-07-03")."""
    return dt.datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)


@dataclass
class Records:
    """Makes the smallest valid records, as the owner."""

    world: World

    def office(self, name: str) -> Office:
        return self.world.offices[name]

    def case(self, office: str, accepted: str | None, **more: Any) -> Case:
        """A case with a primary client; `person` names an existing one, `id_number` gives her a fingerprint."""
        gender, birth_year = more.pop("gender", Gender.FEMALE), more.pop("birth_year", 1985)
        person_id, id_number = more.pop("person", None) or uuid4(), more.pop("id_number", "")
        moment = at(accepted) if accepted else at("2022-07-01")
        closed = more.pop("closed", None)
        status = more.pop("status", CaseStatus.CLOSED if closed else CaseStatus.IN_PROGRESS)
        if status == CaseStatus.MERGED:
            more["merged_into"] = self.case(office, None)
        with as_owner():
            case = Case._base_manager.create(
                office=self.office(office), number=f"T{uuid4().hex[:12]}", status=status, category_id=more.pop("category", "A01"),
                risk=more.pop("risk", Risk.LOW), channel=more.pop("channel", Channel.HOTLINE), received_at=moment,
                accepted_at=moment if accepted else None, closed_at=at(closed) if closed else None,
                close_reason="resolved" if status == CaseStatus.CLOSED else "", touched_at=moment, **more,
            )  # fmt: skip
            person, _ = Person._base_manager.get_or_create(
                pk=person_id, defaults={"office": case.office, "created_at": moment}
            )
            party = Party._base_manager.create(
                case=case, office=case.office, person=person, role=PartyRole.CLIENT, is_primary=True
            )
            PartyIdentity._base_manager.create(
                case=case, office=case.office, party=party, gender=gender, birth_year=birth_year
            )
            if id_number:
                Fingerprint.objects.create(
                    case=case,
                    office_id=case.office_id,
                    person_id=person.pk,
                    role="client",
                    kind="id",
                    digest=id_number.encode().ljust(32),
                )
            if status not in (CaseStatus.CLOSED, CaseStatus.MERGED, CaseStatus.TRANSFERRED, CaseStatus.NOT_ACCEPTED):
                self._owe(case, moment)
        return case

    @staticmethod
    def _owe(case: Case, moment: dt.datetime) -> None:
        WorkItem.objects.create(
            office_id=case.office_id,
            case=case,
            kind="case.plan",
            source_id=case.pk,
            owner_role="manager",
            opened_at=moment,
            due_at=moment,
        )

    def reopen(self, case: Case) -> None:
        with as_owner():
            Case._base_manager.filter(pk=case.pk).update(status=CaseStatus.IN_PROGRESS, closed_at=None, close_reason="")
            self._owe(case, NOW)

    def client(self, case: Case) -> UUID:
        with as_owner():
            return Party._base_manager.get(case=case, is_primary=True).person_id

    def service(self, case: Case, day: str, kind: ServiceKind = ServiceKind.CARE, **more: Any) -> ServiceRecord:
        with as_owner():
            return ServiceRecord._base_manager.create(
                office_id=case.office_id, case=case, person_id=more.pop("person_id", self.client(case)), kind=kind,
                occasion=more.pop("occasion", uuid4()), happened_at=more.pop("moment", None) or at(day), entered_at=more.pop("entered", NOW), **more,
            )  # fmt: skip

    def order(self, office: str, day: str, kind: str = "supervision_order", case: Case | None = None) -> Order:
        place = self.office(office)
        with as_owner():
            return Order._base_manager.create(
                office=place, case=case, kind=kind, document_number=uuid4().hex[:20], issuer="检察院", region_id=place.region_id,
                issued_on=dt.date.fromisoformat(day), entered_at=NOW,
            )  # fmt: skip

    def compute(self, first: str, last: str = "") -> Any:
        return compute(Period(parse_month(first, "from"), parse_month(last or first, "to")))


@pytest.fixture
def august(db: None) -> Any:
    """The clock stands at 5 August 2022."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def records(august: dt.datetime) -> Records:
    return Records(build_world())
