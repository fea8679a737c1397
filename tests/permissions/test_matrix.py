"""Every route × every person × every state of a case: what is answered, and that no page holds a word that is not the person's.

The whole runs twice: as the product is, and with all scopes and roles of the application replaced by "everything", to prove that
row-level security stands alone.
"""

from __future__ import annotations

import sys
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases import permissions
from cases.enums import Section
from cases.models import Case
from core.identity import Identity
from tests.permissions.matrix import ANYBODY, CLOSED, KINDS, MATRIX, OPEN, PEOPLE, SCOPED, SINGLE, Row, reach
from tests.permissions.media import found
from tests.permissions.media import said as body
from tests.permissions.planted import CASES, Scene, open_items, parties_of
from tests.permissions.routes import methods, walk
from tests.roles import as_owner

ROUTES = dict(walk())
CONTACT_NAMES = ("received", "walled", "advice", "draft")
# The same in all that matters; one of each pair is enough for the long walk.
WALKERS = sorted(set(PEOPLE) - {"operator2", "shift"})


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert sorted(set(ROUTES) - set(MATRIX)) == [], "routes without a row"
    assert sorted(set(MATRIX) - set(ROUTES)) == [], "rows without a route"


def test_the_matrix_names_the_roles_that_the_pages_name() -> None:
    """`page(*roles)` is read back from each view: a role that is let in silently fails here."""
    wrong = {}
    for name, pattern in ROUTES.items():
        roles = getattr(pattern.callback, "roles", None)
        if roles is None or name not in MATRIX:
            continue
        declared = frozenset(str(role) for role in roles) or frozenset(PEOPLE.values())
        if declared != MATRIX[name].roles:
            wrong[name] = (sorted(declared ^ MATRIX[name].roles),)
    assert wrong == {}


class Walk:
    """The URLs of a scene, and clients who are logged in."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.clients: dict[str, Client] = {}
        self.sessions: dict[str, str] = {}
        self.ids: dict[str, dict[str, list[UUID]]] = {}
        for name, case in scene.cases.items():
            self.ids[name] = {
                "case": [case.id],
                "party": [party.pk for party in parties_of(case)][:1],
                "item": [item.pk for item in open_items(case)],
                "referral": [case.referral] if case.referral else [],
                "chase": [case.chase] if case.chase else [],
                "document": [case.document] if case.document else [],
                "follow_up": [case.follow_up] if case.follow_up else [],
                "stay": [case.stay] if case.stay else [],
                "application": [case.application] if case.application else [],
                "mediation": [case.mediation] if case.mediation else [],
                "transfer": [case.transfer] if case.transfer else [],
                "joint": [case.joint] if case.joint else [],
                **case.conference,
            }
        for name, contact in scene.contacts.items():
            self.ids.setdefault(name, {})["contact"] = [contact]

    def login(self, person: str) -> None:
        """A session of this person's, in the module's transaction."""
        client = Client(raise_request_exception=False)
        client.force_login(self.scene.world.users[person], backend="agencies.backends.StaffBackend")
        self.clients[person] = client
        self.sessions[person] = client.cookies["sessionid"].value

    def ask(self, person: str, url: str, method: str = "get", **data: str) -> tuple[int, str]:
        """Status and everything that comes back; whatever the request did is undone."""
        response, text = self.answer(person, url, method, data)
        return response.status_code, text

    def answer(self, person: str, url: str, method: str, data: dict[str, str], **more: Any) -> tuple[Any, str]:
        """The response itself, and everything that comes back with it."""
        client = self.clients[person]
        client.cookies.clear()
        client.cookies["sessionid"] = self.sessions[person]
        with transaction.atomic():
            response = getattr(client, method)(url, data, **more)
            text = body(response)
            transaction.set_rollback(True)
        return response, text

    def urls(self, row: Row, name: str) -> list[str]:
        """The route's addresses for one planted case; none when the case has no such object."""
        if not row.objects:
            return [reverse(row.name, args=row.args)]
        found: list[list[Any]] = [[]]
        for kind in row.args:
            if kind in SINGLE:
                values: list[Any] = list(self.scene.public[kind])
            else:
                values = self.ids.get(name, {}).get(kind, []) if kind in SCOPED else [kind]
            found = [[*before, value] for before in found for value in values]
        return [reverse(row.name, args=args) for args in found]

    def names(self, row: Row) -> tuple[str, ...]:
        """The planted things that the route is asked for."""
        if "contact" in row.objects:
            return CONTACT_NAMES
        return CASES if set(row.objects) & SCOPED else ("",)


@pytest.fixture(scope="module")
def walk_of(planted_scene: Scene, django_db_blocker: Any) -> Walk:
    """One walk for the module; sessions are made in the module's transaction."""
    with django_db_blocker.unblock():
        made = Walk(planted_scene)
        for person in PEOPLE:
            made.login(person)
    return made


def leaks(scene: Scene, person: str, text: str) -> set[str]:
    """Planted words in a page that are not this person's."""
    return found(scene.forbidden(person), text)


def _readable(row: Row) -> bool:
    return "GET" in methods(ROUTES[row.name]) and row.gives != frozenset({405})


OBJECT_ROUTES = [name for name, row in MATRIX.items() if row.objects and name in ROUTES]
PLAIN_ROUTES = [name for name, row in MATRIX.items() if not row.objects and name in ROUTES]


@pytest.mark.parametrize("name", PLAIN_ROUTES)
def test_pages_without_an_object(scene: Scene, walk_of: Walk, name: str) -> None:
    row = MATRIX[name]
    url = reverse(name, args=row.args)
    for person, role in PEOPLE.items():
        status, text = walk_of.ask(person, url)
        if row.gives == frozenset({405}):
            assert status == 405, (person, status)
        elif row.roles != ANYBODY and role not in row.roles:
            assert status == 403, (person, status)
        else:
            assert status in row.gives, (person, status)
        assert leaks(scene, person, text) == set(), person


def _owns_item(scene: Scene, person: str, item_id: UUID, case_name: str) -> bool:
    """Whether a work item is the person's: owed by name or by the unit; never past a wall."""
    from cases.models import WorkItem

    identity = scene.world.identity(person)
    with as_owner():
        item = WorkItem._base_manager.get(pk=item_id)
    walled = case_name == "walled" and person in ("manager2", "justice_liaison")
    walled = walled or (case_name == "sealed" and person not in ("manager", "director"))
    mine = (
        item.owner_user_id == identity.user_id
        or item.owner_group_id in identity.groups
        or item.office_id in identity.case_offices
    )
    mine = mine or (item.owner_role == "keeper" and item.office_id in identity.keeper_offices)
    return mine and not walled


def _expected(scene: Scene, row: Row, person: str, name: str, url: str) -> str:
    if "item" in row.objects:
        return OPEN if _owns_item(scene, person, UUID(url.rstrip("/").rsplit("/", 1)[-1]), name) else CLOSED
    return OPEN if set(row.objects) <= {"office", "unit"} else reach(row, person, name)


@pytest.mark.parametrize("name", [name for name in OBJECT_ROUTES if _readable(MATRIX[name])])
def test_every_person_at_every_object(scene: Scene, walk_of: Walk, name: str) -> None:
    row = MATRIX[name]
    asked = 0
    wrong = []
    for person in WALKERS:
        may = PEOPLE[person] in row.roles
        # Who has no role for the page is refused before any object is looked at: two objects are enough.
        for thing in walk_of.names(row) if may else walk_of.names(row)[:2]:
            for url in walk_of.urls(row, thing):
                asked += 1
                status, text = walk_of.ask(person, url)
                far = _expected(scene, row, person, thing, url)
                allowed = (
                    {403}
                    if not may
                    else {404}
                    if far == CLOSED
                    else row.gives
                    if far == OPEN
                    else {200, 204, 302, 403, 404, 409} | (row.gives & {422})  # a form alone says that a case is locked
                )
                if status not in allowed:
                    wrong.append(f"{person} {thing} {far}: {status}, not {sorted(allowed)}")
                if seen := leaks(scene, person, text):
                    wrong.append(f"{person} {thing}: reads {seen}")
    assert asked, "no planted thing for this route"
    assert wrong == [], "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", OBJECT_ROUTES)
def test_an_unknown_object_answers_like_a_forbidden_one(scene: Scene, walk_of: Walk, name: str) -> None:
    row = MATRIX[name]
    if not _readable(row):
        return
    url = reverse(name, args=[uuid4() if kind in KINDS else kind for kind in row.args])
    for person in ("manager", "director", "justice_liaison", "operator", "keeper"):
        status, _text = walk_of.ask(person, url)
        assert status == (404 if PEOPLE[person] in row.roles else 403), (person, status)


@pytest.mark.parametrize("name", sorted(set(ROUTES) & set(MATRIX)))
def test_nobody_enters_without_a_login(scene: Scene, walk_of: Walk, name: str) -> None:
    row = MATRIX[name]
    if row.roles == ANYBODY:
        return
    urls = (
        walk_of.urls(row, "accepted")
        or walk_of.urls(row, "callback")
        or walk_of.urls(row, "received")
        or walk_of.urls(row, "asked")
    )
    assert urls
    client = Client(raise_request_exception=False)
    for method in ("get", "post"):
        response = getattr(client, method)(urls[0])
        text = body(response)
        assert response.status_code in (302, 401, 403, 405), (method, response.status_code)
        if response.status_code == 302:
            assert response.headers["Location"].startswith("/accounts/login/"), response.headers["Location"]
        assert found(scene.everything(), text) == set()
        htmx = getattr(client, method)(urls[0], headers={"HX-Request": "true"})
        is_ours = hasattr(
            ROUTES[name].callback, "roles"
        )  # a fragment must not become the login page; others' pages know no fragments
        assert htmx.status_code in ((401, 403, 405) if is_ours else (302, 401, 403, 405)), (method, htmx.status_code)


# One of each answer: nothing yet, shared, behind a wall, locked, owed by the desk, another centre's; and all contacts.
WRITTEN = {
    "received",
    "accepted",
    "walled",
    "closed",
    "callback",
    "elsewhere",
    "advice",
    "draft",
    "asked",
    "handed",
    "together",
}


def _posts(name: str) -> bool:
    pattern = ROUTES[name]
    return "POST" in methods(pattern) and hasattr(pattern.callback, "methods")


@pytest.mark.parametrize("name", [name for name in sorted(set(ROUTES) & set(MATRIX)) if _posts(name)])
def test_writing_is_refused_to_the_wrong(scene: Scene, walk_of: Walk, name: str) -> None:
    """An empty POST: 403 to the wrong role, 404 out of scope, no server error anywhere; GET where only POST is answered is 405."""
    row = MATRIX[name]
    wrong = []
    for person in WALKERS:
        may = PEOPLE[person] in row.roles
        for thing in WRITTEN.intersection(walk_of.names(row)) or walk_of.names(row) if may else walk_of.names(row)[:1]:
            for url in walk_of.urls(row, thing)[:1]:
                status, text = walk_of.ask(person, url, "post")
                far = _expected(scene, row, person, thing, url)
                if not may:
                    fine = status == 403
                elif far == CLOSED:
                    fine = status == 404
                else:
                    fine = status < 500
                if not fine:
                    wrong.append(f"{person} {thing} {far}: {status}")
                if seen := leaks(scene, person, text):
                    wrong.append(f"{person} {thing}: reads {seen}")
    if "GET" not in methods(ROUTES[name]):
        urls = (
            walk_of.urls(row, "accepted")
            or walk_of.urls(row, "callback")
            or walk_of.urls(row, "received")
            or walk_of.urls(row, "asked")
        )
        assert walk_of.ask("manager", urls[0])[0] == 405
    assert wrong == [], "\n" + "\n".join(wrong)


# What a list asks in place of `visible_to`, by the query sets that have it.
NARROWER = {
    "own": {"CaseQuerySet"},
    "received_by": {"ApplicationQuerySet", "JointQuerySet", "ReferralQuerySet", "TransferQuerySet"},
    "sent_by": {"ApplicationQuerySet", "JointQuerySet", "ReferralQuerySet", "TransferQuerySet"},
    "addressed_to": {"InvitationQuerySet"},
}


@pytest.fixture
def without_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    """All scopes say "everything", all sections are open, everybody has every role: only the database is left."""
    patched: dict[str, set[str]] = {name: set() for name in ("visible_to", *NARROWER)}
    for model in apps.get_models():
        for owner in type(model._default_manager.all()).__mro__:
            for scope in patched.keys() & vars(owner).keys():
                patched[scope].add(owner.__name__)
                monkeypatch.setattr(owner, scope, lambda self, by: self.all())
    assert len(patched.pop("visible_to")) > 20
    assert patched == NARROWER
    everything = frozenset(section.value for section in Section)
    for module in list(sys.modules.values()):
        if getattr(module, "open_sections", None) is permissions.open_sections and module is not permissions:
            monkeypatch.setattr(module, "open_sections", lambda by, case: everything)
    monkeypatch.setattr(permissions, "open_sections", lambda by, case: everything)
    monkeypatch.setattr(Identity, "has", lambda self, *roles: self.is_authenticated)


# Without scopes: one of each kind of case that differs, and everybody who differs by more than the name.
BARE_CASES = (
    "received",
    "offered",
    "accepted",
    "expired",
    "walled",
    "closed",
    "callback",
    "named",
    "sealed",
    "kept",
    "asked",
    "handed",
    "together",
    "elsewhere",
    "successor",
)
BARE_PEOPLE = ("manager2", "xishan_manager", "operator", "justice_liaison", "keeper", "system")


@pytest.mark.parametrize("name", [name for name in OBJECT_ROUTES if _readable(MATRIX[name])])
def test_the_database_alone_hides_every_object(scene: Scene, walk_of: Walk, without_scopes: None, name: str) -> None:
    row = MATRIX[name]
    wrong = []
    for person in BARE_PEOPLE:
        for thing in walk_of.names(row):
            if thing in CASES and thing not in BARE_CASES:
                continue
            for url in walk_of.urls(row, thing)[:1]:
                if _expected(scene, row, person, thing, url) != CLOSED:
                    continue
                status, text = walk_of.ask(person, url)
                if not set(row.objects) <= {"office", "unit"} and status != 404:
                    wrong.append(f"{person} {thing}: {status}")
                if seen := leaks(scene, person, text):
                    wrong.append(f"{person} {thing}: reads {seen}")
    assert wrong == [], "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", PLAIN_ROUTES)
def test_the_database_alone_keeps_lists_clean(scene: Scene, walk_of: Walk, without_scopes: None, name: str) -> None:
    row = MATRIX[name]
    if not _readable(row) or row.roles == ANYBODY:
        return
    for person in PEOPLE:
        status, text = walk_of.ask(person, reverse(name, args=row.args))
        assert status < 500, (person, status)
        assert leaks(scene, person, text) == set(), person


@pytest.mark.parametrize("bare", [False, True], ids=["with-scopes", "database-alone"])
def test_searching_finds_only_what_may_be_seen(
    scene: Scene, walk_of: Walk, request: pytest.FixtureRequest, bare: bool
) -> None:
    if bare:
        request.getfixturevalue("without_scopes")
    with as_owner():
        numbers = dict(Case._base_manager.values_list("pk", "number"))
    for person in WALKERS:
        for name in ("accepted", "walled"):
            case = scene[name]
            for text in (numbers[case.id], min(case.phones["safe_contact"]), min(case.words["identity"])):
                status, shown = walk_of.ask(person, reverse("cases:search"), "post", q=text)
                shown = shown.replace(text, "")  # the page repeats what was typed
                assert status < 500, (person, status)
                seen = leaks(scene, person, shown)
                assert seen == set(), (person, name, seen)
                if reach(MATRIX["cases:detail"], person, name) == CLOSED:
                    assert str(case.id) not in shown, (person, name)


def test_someone_finds_each_page_and_each_word_somewhere(scene: Scene, walk_of: Walk) -> None:
    """The tests above would be green with pages that are empty: the manager finds her words on them."""
    pages = ["cases:detail", "cases:panel-people", "cases:panel-texts", "cases:timeline"]
    text = "".join(walk_of.ask("manager", reverse(page, args=[scene["accepted"].id]))[1] for page in pages)
    for section in ("medical", "identity", "incident"):
        assert any(secret in text for secret in scene["accepted"].secrets_of(section)), section
    assert str(scene["accepted"].id) not in walk_of.ask("xishan_manager", reverse("cases:list"))[1]
    assert str(scene["accepted"].id) in walk_of.ask("manager", reverse("cases:list"))[1]
