"""Agencies' own systems: signed requests, letters only, the same services as the pages."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.enums import Role
from agencies.models import AgencyKey, KeyNonce
from agencies.programs import authorization, secret_of
from agencies.services.keys import key_confirm, key_request, key_revoke
from agencies.tasks import nonces_forget
from cases.models import Case
from cases.services.persons import identity_update
from core import clock
from core.errors import DomainError, NotAllowed
from core.models.accesslog import AccessLog
from core.models.audit import Audit
from referrals import services
from referrals.models import Referral
from tests.cases.scenes import client_of, opened, party_of
from tests.roles import as_owner, as_worker
from tests.world import World

LIST = "/api/v1/referrals/"


@dataclass
class System:
    """An agency's own system, with its key."""

    key: AgencyKey
    secret: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def headers(self, verb: str, url: str, content: bytes = b"", **other: Any) -> dict[str, str]:
        """A signed request's headers; `other` replaces what is signed."""
        parts = urlsplit(url)
        signed = {
            "method": verb, "path": parts.path, "query": parts.query, "body": content,
            "content_type": "application/json" if content else "", "ts": str(int(clock.now().timestamp())), "nonce": uuid4().hex,
            "key": str(self.key.pk),
        } | other  # fmt: skip
        return {"Authorization": authorization(self.secret, **signed)}

    def get(self, url: str, headers: dict[str, str] | None = None) -> Any:
        return self.client.get(url, headers=headers or self.headers("GET", url))

    def post(self, url: str, data: dict[str, Any], once: UUID | None = None) -> Any:
        body = json.dumps(data).encode()
        more = {"Idempotency-Key": str(once)} if once else {}
        return self.client.post(
            url, body, content_type="application/json", headers=self.headers("POST", url, body) | more
        )


@pytest.fixture
def second(world: World) -> str:
    """A second system administrator."""
    world.person("system2", Role.SYSTEM, "yunnan")
    return "system2"


def made(world: World, second: str, unit: str = "justice", days: int = 90) -> System:
    """A key that two people have made."""
    with world.acting("system") as by:
        row = key_request(
            by=by, unit=world.units[unit], system="司法协同平台", valid_until=clock.now() + dt.timedelta(days=days)
        )
    with world.acting(second) as by:
        row = key_confirm(key_id=row.pk, by=by, version=row.version)
    return System(row, secret_of(row))


@pytest.fixture
def system(world: World, second: str) -> System:
    return made(world, second)


def sent(world: World, unit: str = "justice", **case: Any) -> Referral:
    """A letter to the whole unit."""
    row = opened(world, **case)
    from cases.services.case import case_assess

    with world.acting("manager") as by:
        case_assess(case_id=row.pk, by=by, version=1, risk="low", reasons="无即时危险")
        return services.referral_send(
            case_id=row.pk, by=by, unit=world.units[unit], ask="legal_aid", ask_note="请提供法律咨询", sections=["identity"], basis="duty"
        )  # fmt: skip


# --- keys ---------------------------------------------------------------------------------------------------------------
def test_nobody_confirms_an_own_request_and_the_database_agrees(world: World) -> None:
    with world.acting("system") as by:
        row = key_request(
            by=by, unit=world.units["justice"], system="平台", valid_until=clock.now() + dt.timedelta(days=9)
        )
        with pytest.raises(NotAllowed, match="own_act"):
            key_confirm(key_id=row.pk, by=by, version=row.version)
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        AgencyKey.objects.filter(pk=row.pk).update(confirmed_at=clock.now(), confirmed_by_id=row.requested_by_id)


def test_only_administrators_make_keys_and_only_for_a_while(world: World) -> None:
    soon = clock.now() + dt.timedelta(days=9)
    with world.acting("director") as by, pytest.raises(NotAllowed):
        key_request(by=by, unit=world.units["justice"], system="平台", valid_until=soon)
    with world.acting("system") as by, pytest.raises(DomainError, match="bad_end"):
        key_request(by=by, unit=world.units["justice"], system="平台", valid_until=clock.now() + dt.timedelta(days=800))


def test_the_secret_is_shown_once_and_stored_nowhere(world: World, second: str) -> None:
    with world.acting("system") as by:
        row = key_request(
            by=by, unit=world.units["justice"], system="平台", valid_until=clock.now() + dt.timedelta(days=9)
        )
    secret = secret_of(row)
    browser = client_of(world, second)
    asked = {"request_key": str(uuid4()), "version": row.version}
    first = browser.post(f"/account/keys/{row.pk}/confirm/", asked)
    assert secret in first.content.decode()
    again = browser.post(f"/account/keys/{row.pk}/confirm/", asked)
    assert again.status_code == 302
    assert secret not in browser.get("/account/keys/").content.decode()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT k::text FROM agencies_agencykey k")
        assert all(secret not in line for (line,) in cursor.fetchall())


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(world: World) -> None:
    answer = client_of(world, "system").post("/account/keys/new/", {"request_key": str(uuid4()), "system": "平台甲"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "平台甲" in text
    assert "请选择单位" in text
    assert client_of(world, "director").get("/account/keys/").status_code == 403


# --- signatures ---------------------------------------------------------------------------------------------------------
def test_a_signed_request_reads_the_units_letters(world: World, system: System) -> None:
    row = sent(world)
    answer = system.get(LIST)
    assert answer.status_code == 200
    assert [letter["id"] for letter in answer.json()["rows"]] == [str(row.pk)]
    letter = system.get(f"{LIST}{row.pk}/").json()
    assert letter["ask_note"] == "请提供法律咨询"
    assert str(row.case_id) not in json.dumps(letter)
    with as_owner():
        seen = AccessLog.objects.filter(actor_id=system.key.pk, object_id=row.pk)
        assert {entry.actor_name for entry in seen} == {"司法协同平台"}


@pytest.mark.parametrize(
    "other",
    [
        {"method": "POST"}, {"path": "/api/v1/referrals/other/"}, {"query": "part=all"}, {"body": b"x"}, {"content_type": "text/plain"},
        {"key": "00000000-0000-4000-8000-000000000000"},
    ],
)  # fmt: skip
def test_every_part_of_the_request_is_signed(world: World, system: System, other: dict[str, Any]) -> None:
    answer = system.get(LIST, system.headers("GET", LIST, **other))
    assert (answer.status_code, answer.json()) == (401, {"code": "bad_signature"})
    with as_owner():
        assert AccessLog.objects.filter(action="login_failed", reason="agency_key").exists()


def test_an_old_request_and_one_that_is_sent_again_are_refused(world: World, system: System) -> None:
    old = str(int(clock.now().timestamp()) - 301)
    assert system.get(LIST, system.headers("GET", LIST, ts=old)).status_code == 401
    signed = system.headers("GET", LIST)
    assert system.get(LIST, signed).status_code == 200
    assert system.get(LIST, signed).status_code == 401


def test_used_nonces_are_forgotten_when_they_are_worth_nothing(world: World, system: System) -> None:
    assert system.get(LIST).status_code == 200
    with as_worker():
        assert nonces_forget() == 0
    with clock.at(clock.now() + dt.timedelta(hours=1)), as_worker():
        assert nonces_forget() == 1
    with as_owner():
        assert KeyNonce.objects.count() == 0


def test_a_key_that_is_unconfirmed_revoked_or_over_is_worth_nothing(world: World, second: str) -> None:
    with world.acting("system") as by:
        row = key_request(
            by=by, unit=world.units["justice"], system="平台", valid_until=clock.now() + dt.timedelta(days=9)
        )
    waiting = System(row, secret_of(row))
    assert waiting.get(LIST).status_code == 401
    system = made(world, second, days=2)
    with clock.at(clock.now() + dt.timedelta(days=3)):
        assert system.get(LIST).status_code == 401
    assert system.get(LIST).status_code == 200
    with world.acting("system") as by:
        key_revoke(key_id=system.key.pk, by=by, version=None)
    assert system.get(LIST).status_code == 401


def test_a_key_opens_no_page_and_no_other_interface(world: World, system: System) -> None:
    row = sent(world)
    for url in (
        "/",
        "/cases/",
        f"/cases/{row.case_id}/",
        f"/referrals/{row.pk}/",
        "/api/v1/statistics/",
        "/api/schema/",
    ):
        assert system.get(url).status_code == 401, url


# --- letters ------------------------------------------------------------------------------------------------------------
def test_named_letters_violence_and_minors_are_not_there(world: World, second: str) -> None:
    system = made(world, second, unit="police")
    case = opened(world, category_id="A01")
    from cases.services.case import case_assess

    with world.acting("manager") as by:
        case_assess(case_id=case.pk, by=by, version=1, risk="high", reasons="有伤")
        row = services.referral_send(
            case_id=case.pk, by=by, unit=world.units["police"], ask="protect", ask_note="", sections=["identity"], basis="danger",
            named_liaison=world.users["police_liaison"],
        )  # fmt: skip
    assert system.get(LIST).json()["rows"] == []
    assert system.get(f"{LIST}{row.pk}/").status_code == 404
    assert system.post(f"{LIST}{row.pk}/accept/", {"version": row.version}).status_code == 404
    # not even to the named person, who reads it in the browser: an agency's interface never has it
    assert client_of(world, "police_liaison").get(f"{LIST}{row.pk}/").status_code == 404
    with as_owner():
        assert Referral.objects.get(pk=row.pk).status == "sent"


def test_what_turns_out_to_be_a_minors_is_not_there_any_more(world: World, system: System) -> None:
    row, finished = sent(world), sent(world)
    with world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=finished.pk, by=by, version=None)
        services.referral_respond(referral_id=finished.pk, by=by, version=None, result="done", text="已提供咨询")
    assert all(system.get(f"{LIST}{each.pk}/").status_code == 200 for each in (row, finished))
    for each in (row, finished):
        party = party_of(each.case)
        with world.acting("manager") as by:
            identity_update(party_id=party, by=by, version=None, values={"birth_year": clock.today().year - 12})
    assert system.get(LIST).json()["rows"] == []
    assert [system.get(f"{LIST}{each.pk}/").status_code for each in (row, finished)] == [404, 404]


def test_unknown_foreign_and_recalled_letters_answer_alike(world: World, second: str, system: System) -> None:
    row = sent(world)
    foreign = made(world, second, unit="court")
    unknown = system.get(f"{LIST}{uuid4()}/")
    other = foreign.get(f"{LIST}{row.pk}/")
    with world.acting("manager") as by:
        services.referral_recall(referral_id=row.pk, by=by, version=None)
    recalled = system.get(f"{LIST}{row.pk}/")
    assert {(answer.status_code, answer.content) for answer in (unknown, other, recalled)} == {
        (404, b'{"code":"not_found"}')
    }


def test_accept_progress_and_answer_like_on_the_pages(world: World, system: System) -> None:
    row = sent(world)
    accepted = system.post(f"{LIST}{row.pk}/accept/", {"version": row.version}).json()
    assert accepted == {"id": str(row.pk), "status": "accepted", "version": row.version + 1}
    assert system.post(f"{LIST}{row.pk}/progress/", {"text": "已联系律师"}).status_code == 200
    version = system.get(f"{LIST}{row.pk}/").json()["version"]
    done = system.post(f"{LIST}{row.pk}/respond/", {"version": version, "result": "done", "text": "已提供咨询"})
    assert done.json()["status"] == "responded"
    with as_owner():
        kept = Referral.objects.filter(pk=row.pk).values_list("accepted_by_id", "result").get()
        assert kept == (None, "done")  # nobody is named for what a system did
        assert Audit.objects.filter(actor_id=system.key.pk, verb="referral.respond").exists()
        assert Case._base_manager.filter(pk=row.case_id, status="in_progress").exists()
    page = client_of(world, "justice_liaison").get(f"/referrals/{row.pk}/").content.decode()
    assert "已提供咨询" in page
    assert "None" not in page


def test_declining_takes_the_letter_away_and_asking_twice_does_it_once(world: World, system: System) -> None:
    row = sent(world)
    once = uuid4()
    data = {"version": row.version, "reason": "not_competent", "text": "不属本单位职责"}
    first = system.post(f"{LIST}{row.pk}/decline/", data, once)
    assert first.json()["status"] == "declined"
    assert system.get(f"{LIST}{row.pk}/").status_code == 404
    with as_owner():
        assert Audit.objects.filter(request_key=once).count() == 1


def test_the_same_key_accepts_once(world: World, system: System) -> None:
    row = sent(world)
    once = uuid4()
    first = system.post(f"{LIST}{row.pk}/accept/", {"version": row.version}, once)
    again = system.post(f"{LIST}{row.pk}/accept/", {"version": row.version}, once)
    assert (first.json(), first.status_code) == (again.json(), again.status_code)


def test_a_stale_version_and_a_missing_field_are_told(world: World, system: System) -> None:
    row = sent(world)
    stale = system.post(f"{LIST}{row.pk}/accept/", {"version": row.version + 5})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    bare = system.post(f"{LIST}{row.pk}/decline/", {"version": row.version, "reason": "whim", "text": "无"})
    assert (bare.status_code, bare.json()["code"], bare.json()["field"]) == (422, "invalid", "reason")
    early = system.post(f"{LIST}{row.pk}/respond/", {"version": row.version, "result": "done", "text": "已办"})
    assert early.status_code in (409, 422)
    with as_owner():
        assert Referral.objects.get(pk=row.pk).status == "sent"


def test_a_manager_has_no_letters_to_answer(world: World) -> None:
    assert client_of(world, "manager").get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 401


def test_the_list_asks_as_often_for_twenty_letters_as_for_two(world: World, system: System) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert system.get(LIST).status_code == 200
        return len(queries)

    for _ in range(2):
        sent(world)
    few = asked()
    for _ in range(18):
        sent(world)
    assert asked() == few
    assert len(system.get(LIST).json()["rows"]) == 20
