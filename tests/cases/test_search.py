"""Global search: what is found is what may be seen."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cases.services import access
from core.identity import as_verb
from core.models.accesslog import AccessLog
from tests.cases.joint_scene import agreed, asked
from tests.cases.scenes import client_of, opened
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
