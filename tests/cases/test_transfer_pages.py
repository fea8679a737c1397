"""The pages of a transfer, at both centres."""

from __future__ import annotations

from uuid import uuid4

from cases.enums import TransferStatus
from cases.models import (
    Case,
    Transfer,
)
from tests.cases.handing import MESSAGE, SUMMARY, handed
from tests.cases.scenes import client_of
from tests.cases.test_merging import begun
from tests.roles import as_owner
from tests.world import World


def form_of(world: World, **values: str) -> dict[str, str]:
    """What the page of asking posts."""
    filled = {
        "to_office": str(world.offices["xishan"].pk),
        "reason": "moved",
        "kin": "no",
        "message": MESSAGE,
        "summary": SUMMARY,
        "is_safe": "on",
    }
    return filled | {"request_key": str(uuid4())} | values


def test_pages_ask_take_over_and_show_the_stub(world: World) -> None:
    case = begun(world)
    here, there = client_of(world, "manager"), client_of(world, "xishan_manager")
    url = f"/cases/{case.pk}/transfer/"
    assert here.get(url).status_code == 200
    answer = here.post(url, form_of(world, kin="yes"))
    assert (answer.status_code, MESSAGE in answer.content.decode()) == (422, True)
    answer = here.post(url, form_of(world, version=str(case.version)))
    assert answer.status_code == 302, answer.content.decode()
    with as_owner():
        row = Transfer._base_manager.get(case=case)
    assert here.get(url).headers["Location"] == f"/transfers/{row.pk}/"
    letter = there.get(f"/transfers/{row.pk}/").content.decode()
    assert MESSAGE in letter
    assert [word for word in ("刘桂芳", SUMMARY, case.number, str(case.pk)) if word in letter] == []
    assert str(row.pk) in there.get("/transfers/").content.decode()
    answer = there.post(f"/transfers/{row.pk}/return/", {"answer": "", "request_key": str(uuid4())})
    assert answer.status_code == 422
    key = {"manager": str(world.users["xishan_manager"].pk), "request_key": str(uuid4())}
    for _twice in range(2):  # the same press twice takes over once
        answer = there.post(f"/transfers/{row.pk}/accept/", key)
        assert answer.status_code == 302, answer.content.decode()
    with as_owner():
        new = Case._base_manager.get(predecessor=case)
    assert there.get(answer.headers["Location"]).headers["Location"] == f"/cases/{new.pk}/"
    assert "五华中心" in there.get(f"/cases/{new.pk}/").content.decode()
    stub = here.get(f"/cases/{case.pk}/").content.decode()
    assert case.number in stub
    assert not [word for word in ("刘桂芳", "西山", str(new.pk), new.number, str(row.pk)) if word in stub]
    assert here.get(f"/transfers/{row.pk}/").status_code == 404


def test_page_recalls(world: World) -> None:
    case = begun(world)
    row = handed(world, case)
    here, there = client_of(world, "manager2"), client_of(world, "xishan_manager")
    assert there.post(f"/transfers/{row.pk}/recall/").status_code == 404
    assert here.post(f"/transfers/{row.pk}/accept/").status_code == 404
    assert here.post(f"/transfers/{row.pk}/recall/", {"request_key": str(uuid4())}).status_code == 302
    with as_owner():
        assert Transfer._base_manager.get(pk=row.pk).status == TransferStatus.RECALLED
