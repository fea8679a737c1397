"""What forms offer: the units that matter, by kind and nearness, with whole names; and a real prompt where nothing is chosen yet."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from agencies.enums import UnitKind
from agencies.models import Unit
from cases.forms.sharing import ConsentForm
from cases.forms.transfer import TransferForm
from cases.forms.units import grouped
from cases.models import Case, Wall
from tests.cases.forms import keyed, url_of
from tests.cases.scenes import assessed, client_of, shared
from tests.roles import as_owner
from tests.world import World


def _unit(world: World, name: str, region: str, kind: UnitKind = UnitKind.POLICE) -> Unit:
    with as_owner():
        return Unit.objects.create(
            kind=kind,
            name=f"测试{name}",
            short_name=name,
            region=world.regions[region],
            group=Group.objects.create(name=name),
        )


def _offered(form: object) -> dict[str, list[str]]:
    groups = form.fields["unit"].choices  # type: ignore[attr-defined]
    return {
        str(label): [str(name) for _value, name in members] for label, members in groups if isinstance(members, list)
    }


def test_recusal_offers_who_is_involved_first_and_the_region_and_above_but_no_other_county(world: World) -> None:
    city, other, far = (
        _unit(world, "昆明市公安局", "kunming"),
        _unit(world, "西山公安分局", "xishan_district"),
        _unit(world, "大理市公安局", "dali_city"),
    )
    case = shared(world, ["incident"])
    page = client_of(world, "director").get(url_of(case, "walls/"))
    offered = _offered(page.context["form"])
    assert next(iter(offered.items())) == ("已参与本案的单位", ["测试五华区司法局"])
    police = offered["公安"]
    assert police.index("测试五华公安分局") < police.index("测试昆明市公安局")
    names = [name for members in offered.values() for name in members]
    assert len(names) == len(set(names))
    assert not {other.name, far.name} & set(names)
    assert city.name in names


def _walled(case: Case) -> list[int | None]:
    with as_owner():
        return list(Wall._base_manager.filter(case=case).values_list("group_id", flat=True))


def test_a_unit_of_another_county_is_found_by_its_name(world: World) -> None:
    other = _unit(world, "西山公安分局", "xishan_district")
    case, director = assessed(world), client_of(world, "director")
    answer = director.post(url_of(case, "walls/"), keyed(elsewhere="测试西山公安", reason="workplace"))
    assert answer.status_code == 302, answer.context["form"].errors
    assert _walled(case) == [other.group_id]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("公安分局", "测试西山公安分局"),
        ("大理市公安局", "没有这个名称的其他单位"),
        ("五华公安分局", "没有这个名称的其他单位"),
    ],
)
def test_a_name_that_does_not_say_which_unit_is_said_beside_the_field(world: World, typed: str, said: str) -> None:
    for name, region in (
        ("西山公安分局", "xishan_district"),
        ("西山区森林公安分局", "xishan_district"),
        ("大理市公安局", "dali_city"),
    ):
        _unit(world, name, region)
    case, director = assessed(world), client_of(world, "director")
    answer = director.post(url_of(case, "walls/"), keyed(elsewhere=typed, reason="workplace"))
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors["elsewhere"])
    assert _walled(case) == []


def test_two_units_at_once_are_refused(world: World) -> None:
    _unit(world, "西山公安分局", "xishan_district")
    case = assessed(world)
    answer = client_of(world, "director").post(
        url_of(case, "walls/"), keyed(unit=str(world.units["police"].pk), elsewhere="西山公安", reason="workplace")
    )
    assert answer.status_code == 422
    assert _walled(case) == []


def test_units_stand_by_kind_and_in_a_kind_the_nearest_first(world: World) -> None:
    province = _unit(world, "云南省公安厅", "yunnan")
    city, other = _unit(world, "昆明市公安局", "kunming"), _unit(world, "西山公安分局", "xishan_district")
    units = [province, other, world.units["court"], city, world.units["police"], world.units["justice"]]
    groups = grouped(units, county="530102", first=[world.units["justice"]], first_label="先")
    assert [str(label) for label, _members in groups] == ["先", "公安", "法院"]
    assert [name for _value, name in groups[1][1]] == [
        "测试五华公安分局",
        "测试西山公安分局",
        "测试昆明市公安局",
        "测试云南省公安厅",
    ]


def test_a_conference_lists_bodies_by_kind_with_their_whole_names(world: World) -> None:
    case = assessed(world)
    page = client_of(world, "manager").get(f"/referrals/conferences/convene/{case.pk}/")
    text = page.content.decode().split('id="id_units')[0] + page.content.decode().split('name="units"', 1)[1]
    places = [text.index(name) for name in ("公安</p>", "测试五华公安分局", "法院</p>", "测试五华区人民法院")]
    assert places == sorted(places)


def test_an_empty_choice_asks_to_choose(world: World) -> None:
    case = assessed(world)
    with world.acting("manager"):
        transfer, consent = TransferForm(case=case), ConsentForm(guardians=[])
        for form, name in ((transfer, "to_office"), (transfer, "reason"), (consent, "guardian"), (consent, "how")):
            assert str(next(iter(form.fields[name].choices))[1]) == "请选择", name  # type: ignore[attr-defined]
