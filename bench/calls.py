# ruff: noqa: S608 -- fixed text; every value travels as a parameter
"""P7: a call is logged, opens a case with three work items, and is referred; against the same INSERTs in one hand-written transaction."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import translation

from agencies.models import Office, Unit, User
from bench.floor import Floor
from bench.rounds import Counted, Samples, timed
from caremgmt.demo.accounts import WUHUA
from caremgmt.directory.ids import centre_id, desk_id, unit_id
from cases.models import Case
from cases.services.case import case_assess
from core import keys
from core.identity import acting_as, identity_of
from hotline.services.contact import contact_begin, contact_log
from referrals.models import Referral
from referrals.services import referral_send

# Nobody asked her year of birth: the case opens with its triage and with what is still missing; the letter is the third item.
VALUES = {
    "caller_name": "刘桂芳", "caller_phone": "13800001234", "client_name": "刘桂芳", "category_id": "A06", "caller_relation": "self",
    "narrative": "独居，腿脚不便，希望中心与其儿子沟通赡养事宜。", "region_residence_id": WUHUA, "region_registration_id": WUHUA,
    "safe_number": "13800001234", "disposition": "case_opened",
}  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TABLE = re.compile(r'INSERT INTO "?(\w+)"?')
KEPT = {"core_audit", "core_counter"}  # append-only; counted up
COLUMNS = {"core_datakey": "subject", "cases_fingerprint": "case_id"}
Statement = tuple[str, Any]


class Call:
    """One call after another."""

    def __init__(self) -> None:
        self.desk, self.centre = Office.objects.get(pk=desk_id(WUHUA)), Office.objects.get(pk=centre_id(WUHUA))
        self.unit = Unit.objects.get(pk=unit_id(WUHUA, "justice"))
        self.operator, self.manager = (
            identity_of(User.objects.get(username=name)) for name in ("jiexian.wuhua", "anjian.wuhua")
        )
        self.contact: UUID | None = None
        self.case = UUID(int=0)  # until a call is logged

    def begin(self) -> None:
        """The phone rings (not timed)."""
        keys.forget()
        with acting_as(self.operator) as by:
            self.contact = contact_begin(by=by, office=self.desk).pk

    def log(self) -> None:
        """The contact is saved and opens a case."""
        keys.forget()
        with acting_as(self.operator) as by:
            row = contact_log(contact_id=self.contact, by=by, values=dict(VALUES), centre=self.centre)  # type: ignore[arg-type]
            self.case = row.case_id or self.case

    def assess(self) -> None:
        """Another person's verb, on another page (not timed)."""
        keys.forget()
        with acting_as(self.manager) as by:
            case_assess(case_id=self.case, by=by, version=None, risk="low", reasons="无即时危险")

    def send(self) -> None:
        """The case is referred."""
        keys.forget()
        with acting_as(self.manager) as by:
            referral_send(
                case_id=self.case,
                by=by,
                unit=self.unit,
                ask="legal_aid",
                ask_note="请提供法律咨询",
                sections=["identity", "incident"],
                basis="duty",
            )


class Recorder:
    """Keeps the INSERTs of a block."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        taken = 0
        for part in sql.split("; "):  # several travel together; values are parameters, so no text holds the mark
            values = list(params or ())[taken : taken + part.count("%s")]
            taken += len(values)
            if part.lstrip().startswith("INSERT"):
                self.statements.append((part, values))
        return execute(sql, params, many, context)


class Replay:
    """The same rows again, under ids and numbers of their own."""

    def __init__(self, floor: Floor, call: Call, statements: list[Statement]) -> None:
        self.floor = floor
        self.statements = [*statements, *self._by_functions(call)]
        with acting_as(call.manager):
            self.known = {
                pk for model in (Office, Unit, User) for pk in model._base_manager.values_list("pk", flat=True)
            }
            numbers = {Case.objects.get(pk=call.case).number, Referral.objects.get(case_id=call.case).number}
        self.numbers = numbers
        self.round = count(1)
        self.fresh: list[UUID] = []

    def _by_functions(self, call: Call) -> list[Statement]:
        """What the database's functions have written: grants, guardian's rows, counters."""
        found: list[Statement] = []
        for table, column in (
            ("cases_accessgrant", "case_id"),
            ("cases_casegroupobjectpermission", "content_object_id"),
        ):
            rows = self.floor.rows(f"SELECT * FROM {table} WHERE {column} = %(case)s", {"case": call.case})
            if not rows:
                continue
            names = [name for name in vars(rows[0]) if not (name == "id" and table != "cases_accessgrant")]
            places = ", ".join(f"({', '.join(['%s'] * len(names))})" for _ in rows)
            values = [getattr(row, name) for row in rows for name in names]
            found.append((f"INSERT INTO {table} ({', '.join(names)}) VALUES {places}", values))
        counter = "INSERT INTO core_counter AS c (scope, last) VALUES (%s, 1) ON CONFLICT (scope) DO UPDATE SET last = c.last + 1 RETURNING last"
        found += [(counter, [f"bench:{kind}"]) for kind in ("contact", "case", "referral")]
        self.floor.end()
        return found

    def run(self) -> None:
        """One transaction."""
        number = next(self.round)
        fresh: dict[UUID, UUID] = {}

        def other(value: UUID) -> UUID:
            return value if value in self.known else fresh.setdefault(value, uuid4())

        def anew(value: Any) -> Any:
            if isinstance(value, UUID):
                return other(value)
            if isinstance(value, str):
                if value in self.numbers:
                    return f"{value[:14]}{self.floor.connection.info.backend_pid % 10000}x{number}"
                return _UUID.sub(lambda found: str(other(UUID(found.group()))), value)
            if isinstance(value, list):
                return [anew(part) for part in value]
            return value

        with self.floor.connection.cursor() as cursor:
            for sql, params in self.statements:
                cursor.execute(sql, [anew(value) for value in params])
        self.floor.connection.commit()
        self.fresh = list(fresh.values())

    def forget(self) -> None:
        """Take the rows of the last round away again (not timed): what they seal cannot be opened under their new ids."""
        tables = dict.fromkeys(_TABLE.match(sql).group(1) for sql, _params in reversed(self.statements))  # type: ignore[union-attr]
        with self.floor.connection.cursor() as cursor:
            for table in [*tables, "referrals_referralgroupobjectpermission", "referrals_referraluserobjectpermission"]:
                if table not in KEPT:
                    column = (
                        "history_id"
                        if "_historical" in table
                        else "content_object_id"
                        if "objectpermission" in table
                        else COLUMNS.get(table, "id")
                    )
                    cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY (%s)", [self.fresh])
        self.floor.connection.commit()


def run(rounds: int, warm: int = 2) -> Samples:
    """Both in turn; the two timed verbs of ours count together."""
    found = Samples("P7", "a call opens a case with three items and a referral")
    call, floor = Call(), Floor()
    replay: Replay | None = None
    with translation.override("zh-hans"):
        for place in range(warm + rounds):
            counted, recorder = Counted(), Recorder()
            call.begin()
            with connection.execute_wrapper(counted), connection.execute_wrapper(recorder):
                ours = timed(call.log)
            call.assess()
            with connection.execute_wrapper(counted), connection.execute_wrapper(recorder):
                ours += timed(call.send)
            replay = replay or Replay(floor, call, recorder.statements)
            base = timed(replay.run)
            replay.forget()
            if place >= warm:
                found.ours.append(ours)
                found.floor.append(base)
                found.database.append(counted.seconds * 1000)
                found.queries = max(found.queries, counted.queries)
    return found
