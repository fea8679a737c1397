"""A case goes on at another centre."""

from __future__ import annotations

from uuid import UUID, uuid4

from cases.models import Transfer
from cases.services import transfers
from tests.permissions.acts.play import Play, act
from tests.roles import as_owner


@act
def ask_another_centre(play: Play, a: int, b: int) -> None:
    """To go on with the case."""
    case_id, world = play.case(a), play.scene.world
    place = "wuhua" if play.staff_of(case_id) == "xishan_manager" else "xishan"
    with world.acting(play.staff_of(case_id)) as by:
        transfers.transfer_ask(
            case_id=case_id,
            by=by,
            version=None,
            to_office=world.offices[place],
            reason="moved",
            message="迁居",
            summary="已走访",
        )


def _transfer(play: Play, a: int) -> UUID:
    with as_owner():
        rows = Transfer._base_manager.filter(case_id=play.case(a), status="asked")
        return next((row.pk for row in rows), uuid4())


@act
def take_a_case_over(play: Play, a: int, b: int) -> None:
    """By the centre that was asked."""
    with play.scene.world.acting("manager" if b % 4 == 3 else "xishan_manager") as by:
        transfers.transfer_accept(transfer_id=_transfer(play, a), by=by)


@act
def answer_no_or_recall(play: Play, a: int, b: int) -> None:
    """Returned there, or recalled here."""
    with play.scene.world.acting("director" if b % 2 else "xishan_manager") as by:
        if b % 2:
            transfers.transfer_recall(transfer_id=_transfer(play, a), by=by)
        else:
            transfers.transfer_return(transfer_id=_transfer(play, a), by=by, reason="不在本辖区")
