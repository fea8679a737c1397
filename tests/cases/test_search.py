"""Global search: what is found is what may be seen."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from cases import registry
from cases.enums import PartyRole
from cases.services import access
from cases.services.people import PersonData
from cases.services.persons import contact_update, person_add
from core.identity import as_verb
from core.models.accesslog import AccessLog
from referrals.models import Referral
from referrals.services import referral_close, referral_respond, referral_send
from tests.cases.joint_scene import agreed, asked
from tests.cases.scenes import assessed, client_of, opened, party_of, shared
from tests.cases.test_merging import begun
from tests.roles import as_owner
from tests.world import World


@pytest.mark.parametrize("words", ["刘桂芳", "桂芳", "lgf", "13800001234", "1234"])
def test_found_by_name_initials_and_phone_by_the_own_centre_only(world: World, words: str) -> None:
    case = opened(world)
    assert case.number in client_of(world, "manager").post("/search/", {"q": words}).content.decode()
    answer = client_of(world, "xishan_manager").post("/search/", {"q": words})
    assert answer.status_code == 200
    assert case.number not in answer.content.decode()


@pytest.mark.parametrize("words", ["刘桂芳", "lgf", "13800001234"])
def test_found_by_those_to_whom_it_is_open_in_person(world: World, words: str) -> None:
    """An expert, and one who is named at the centre that helps: they belong to no unit, and find what was opened to them and no more."""
    case, other = begun(world), opened(world)
    agreed(world, asked(world, case, sections=("identity", "contact")))
    with world.acting("manager"), as_verb([case.pk]):
        access.grant(
            case_id=case.pk, sections=["identity", "contact"], source_kind="care_team", source_id=uuid4(), basis="consent",
            user_id=world.users["expert"].pk,
        )  # fmt: skip
    for who in ("expert", "xishan_manager"):
        text = client_of(world, who).post("/search/", {"q": words}).content.decode()
        assert f"/cases/{case.pk}/" in text, who
        assert f"/cases/{other.pk}/" not in text, who


def test_a_unit_finds_by_the_numbers_that_it_may_see(world: World) -> None:
    """Two numbers: the safe one travels with the letter until it is closed; her own phone, in another section, was never shared."""
    case = shared(world, ["identity"])
    with world.acting("manager") as by:
        contact_update(party_id=party_of(case), by=by, version=1, values={"phone": "13911112222"})
    letter = Referral._base_manager
    with as_owner():
        row = letter.get(case_id=case.pk)

    def found(who: str) -> list[str]:
        browser, words = client_of(world, who), ("刘桂芳", "13800001234", "1234", "13911112222", "2222")
        return [word for word in words if case.number in browser.post("/search/", {"q": word}).content.decode()]

    assert found("manager") == ["刘桂芳", "13800001234", "1234", "13911112222", "2222"]
    assert found("justice_liaison") == ["刘桂芳", "13800001234", "1234"]
    with world.acting("justice_liaison") as by:
        row = referral_respond(referral_id=row.pk, by=by, version=row.version, result="done", text="已提供咨询")
    with world.acting("manager") as by:
        referral_close(referral_id=row.pk, by=by, version=row.version)
    assert found("justice_liaison") == ["刘桂芳"]


def test_found_by_number_and_the_words_stay_in_the_box(world: World) -> None:
    case = opened(world)
    text = client_of(world, "manager").post("/search/", {"q": case.number}).content.decode()
    assert f"/cases/{case.pk}/" in text
    assert f'value="{case.number}"' in text
    assert "刘桂芳" in text
    assert (
        f"/cases/{case.pk}/"
        not in client_of(world, "xishan_manager").post("/search/", {"q": case.number}).content.decode()
    )


def test_a_search_is_logged_with_its_misses_but_without_its_words(world: World) -> None:
    opened(world)
    for words in ("刘桂芳", "无此人"):
        client_of(world, "manager").post("/search/", {"q": words})
    with as_owner():
        rows = list(AccessLog.objects.filter(action="search").order_by("at"))
    assert [row.count for row in rows] == [1, 0]
    assert all("刘" not in f"{row.reason}{row.route}{row.object_type}" for row in rows)


def test_words_in_an_address_are_not_searched(world: World) -> None:
    case = opened(world)
    assert case.number not in client_of(world, "manager").get("/search/", {"q": "刘桂芳"}).content.decode()


def test_auditor_finds_nothing(world: World) -> None:
    case = opened(world)
    assert f"/cases/{case.pk}/" not in client_of(world, "auditor").post("/search/", {"q": case.number}).content.decode()


def test_found_by_the_end_of_the_number_in_the_places_one_works_for(world: World) -> None:
    case = opened(world)
    code = case.number.rsplit("-", 1)[1]
    for typed in (code, code.lower(), f"-{code}"):
        assert f"/cases/{case.pk}/" in client_of(world, "manager").post("/search/", {"q": typed}).content.decode()
    assert f"/cases/{case.pk}/" not in client_of(world, "xishan_manager").post("/search/", {"q": code}).content.decode()


def test_a_letter_is_found_by_its_number_before_it_is_accepted_and_by_its_unit_alone(world: World) -> None:
    case = assessed(world)
    with world.acting("manager") as by:
        letter = referral_send(
            case_id=case.pk, by=by, unit=world.units["justice"], ask="legal_aid", ask_note="请提供法律咨询", sections=["identity"], basis="duty"
        )  # fmt: skip
    for typed in (letter.number, letter.number.replace("〔", "(").replace("〕", ")").removesuffix("号")):
        for who in ("manager", "justice_liaison"):
            text = client_of(world, who).post("/search/", {"q": typed}).content.decode()
            assert reverse("referrals:detail", args=[letter.pk]) in text, (who, typed)
            assert f"/cases/{case.pk}/" not in text
    for who in ("xishan_manager", "police_liaison", "operator", "expert"):
        text = client_of(world, who).post("/search/", {"q": letter.number}).content.decode()
        assert str(letter.pk) not in text, who


def test_every_kind_of_paper_leads_to_its_page(world: World) -> None:
    """A word belongs to one kind, its page takes one id, and its scope has the column of the number."""
    kinds = registry.paper_kinds.values()
    words = [word for kind in kinds for word in kind.words]
    assert len(words) == len(set(words)) > 10
    with world.acting("manager") as by:
        for kind in kinds:
            assert reverse(kind.route, args=[uuid4()])
            assert not kind.rows(by).filter(**{kind.column: "转办〔2026〕530102-2222号"}).exists()


def test_the_name_of_another_than_the_client_says_whose_it_is(world: World) -> None:
    case = opened(world)
    with world.acting("manager") as by:
        person_add(case_id=case.pk, by=by, data=PersonData(role="respondent", name="郑大勇", phone="13800009999"))
    text = client_of(world, "manager").post("/search/", {"q": "郑大勇"}).content.decode()
    row = text[text.index(f'href="/cases/{case.pk}/"') :]
    assert "郑大勇" in row
    assert str(PartyRole.RESPONDENT.label) in row
    assert "刘桂芳" in row
