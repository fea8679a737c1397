"""Through PgBouncer in transaction mode: whoever is given a connection next finds nothing of the one before.

Few connections (one or two) carry the requests of many people in turn. What is proved is that the identity lives and dies with the
transaction, that nothing of the web hangs on a session, and that the whole path of a verb works there.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, connections
from django.test import Client
from django.urls import reverse

from agencies.enums import Role
from cases.models import AccessGrant, Case, Category
from cases.services import case as cases
from cases.services.people import PersonData
from core import identity as identities
from core import keys, outbox
from core.models import OutboxItem
from referrals import services
from referrals.models import Referral
from tests import environment, products
from tests.engine.racing import committed_world
from tests.pooler import SESSION, Pooler, pooler, threads_go_through
from tests.referrals.conftest import send_letter
from tests.roles import as_owner
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = {"wuhua": "吴华清秋", "letter": "林信长风", "xishan": "席山远黛"}
# Who finds whom; everybody else's page of it is that of a case which does not exist.
FINDS = {
    "manager": {"wuhua", "letter"}, "manager2": {"wuhua", "letter"}, "director": {"wuhua", "letter"}, "xishan_manager": {"xishan"},
    "justice_liaison": {"letter"}, "police_liaison": set(), "operator": set(), "keeper": set(),
}  # fmt: skip


class Scene:
    """Committed cases of two centres, one of them with a letter that the justice bureau has accepted."""

    def __init__(self) -> None:
        self.world: World = committed_world()
        self.cases: dict[str, Case] = {}
        for name, (person, office) in {
            "wuhua": ("manager", "wuhua"), "letter": ("manager", "wuhua"), "xishan": ("xishan_manager", "xishan"),
        }.items():  # fmt: skip
            self.cases[name] = self.open_case(name, person, office)
        self.letter = send_letter(self.world, self.cases["letter"], sections=["identity"])

    def open_case(self, name: str, person: str, office: str) -> Case:
        """A case with a name of its own, assessed."""
        with self.world.acting(person) as by:
            client = PersonData(role="client", name=NAMES[name], phone="13800001234", is_primary=True)
            new = cases.NewCase(
                office=self.world.offices[office], category=Category.objects.get(pk="A06"), channel="walk_in", persons=[client], narrative="经过",
            )  # fmt: skip
            row = cases.case_open(by=by, new=new)
            cases.case_assess(case_id=row.pk, by=by, version=None, risk="low", reasons="无")
            return row

    def browser(self, person: str) -> Client:
        """This person's browser, logged in on this thread's connection."""
        client = Client(raise_request_exception=False)
        client.force_login(self.world.users[person], backend="agencies.backends.StaffBackend")
        return client

    def wrong(self, person: str, client: Client) -> list[str]:
        """What this person finds in the list and on the pages of the cases that is not as `FINDS` says."""
        wrong = []
        listed = client.get(reverse("cases:list")).content.decode()
        for name, row in self.cases.items():
            page = client.get(reverse("cases:detail", args=[row.pk]))
            people = client.get(reverse("cases:panel-people", args=[row.pk])).content.decode()
            may = name in FINDS[person]
            if page.status_code not in ((200,) if may else (403, 404)):
                wrong.append(f"{person} {name}: {page.status_code}")
            if (NAMES[name] in people) is not may:
                wrong.append(f"{person} {name}: {'does not find' if may else 'finds'} the name")
            if not may and (NAMES[name] in listed + page.content.decode() or str(row.pk) in listed):
                wrong.append(f"{person} {name}: stands in a page")
        return wrong


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    with made.world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=made.letter.pk, by=by, version=None)
    return made


class Watch:
    """Which backend carried whom, what was sent for it, and every statement."""

    def __init__(self) -> None:
        self.carried: dict[int, set[Any]] = defaultdict(set)
        self.turns: list[tuple[int, Any]] = []
        self.sent: list[tuple[str, str]] = []  # (identity, its signature)
        self.statements: set[str] = set()

    def note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Around a statement of Django's."""
        self.statements.add(str(sql))
        if "app.identity" in sql and params:  # the last statement of its round trip: text, signature, role
            self.sent.append((params[-3], params[-2]))
        return execute(sql, params, many, context)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    send = identities._send

    def watched(bound: Any, role: str, using: str, **more: Any) -> None:
        made.carried[bound.binding["pid"]].add(bound.identity.user_id)
        made.turns.append((bound.binding["pid"], bound.identity.user_id))
        send(bound, role, using, **more)

    monkeypatch.setattr(identities, "_send", watched)
    return made


def in_threads(watch: Watch, *acts: Callable[[], Any]) -> list[Any]:
    """Each act in a thread with a connection of its own, all at once; their results."""
    start = threading.Barrier(len(acts), timeout=30)

    def run(act: Callable[[], Any]) -> Any:
        keys.forget()
        try:
            with connection.execute_wrapper(watch.note):
                start.wait()
                return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as hands:
        return [future.result(timeout=120) for future in [hands.submit(run, act) for act in acts]]


@pytest.fixture(params=[1, 2], ids=["one-connection", "two-connections"])
def pool(request: pytest.FixtureRequest) -> Iterator[Pooler]:
    with pooler(request.param) as made:
        yield made


@pytest.fixture
def single() -> Iterator[Pooler]:
    """A pool of one: whoever asks next is certain to be given the same connection."""
    with pooler(1) as made:
        yield made


def left_behind(pool: Pooler) -> dict[str, Any]:
    """What the next one on the pooled connection finds."""
    with pool.raw(environment.database_name()) as cursor:
        cursor.execute(
            "SELECT pg_backend_pid(), current_user, coalesce(current_setting('app.identity', true), ''),"
            " coalesce(current_setting('app.identity_mac', true), ''), current_setting('role'), current_setting('TimeZone'),"
            " (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),"
            " (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_prepared_statements),"
            " (SELECT count(*) FROM pg_cursors WHERE is_holdable)"
        )
        names = ("pid", "user", "identity", "mac", "role", "zone", "locks", "channels", "prepared", "cursors")
        found = dict(zip(names, cursor.fetchone(), strict=True))
        for table in ("cases_case", "cases_partyidentity", "referrals_referral"):
            with pytest.raises(psycopg2.Error, match="identity is not set"):
                cursor.execute(f"SELECT count(*) FROM {table}")
    return found


NOTHING = {"user": "caremgmt_web", "identity": "", "mac": "", "role": "none", "zone": "UTC", "locks": 0, "channels": 0, "prepared": 0, "cursors": 0}  # fmt: skip


def test_everybody_sees_just_their_own_on_shared_connections(scene: Scene, pool: Pooler, watch: Watch) -> None:
    def browse(person: str) -> Callable[[], list[str]]:
        def rounds() -> list[str]:
            client, wrong = scene.browser(person), []
            for _ in range(2):
                wrong += scene.wrong(person, client)
            return wrong

        return rounds

    with threads_go_through(pool):
        found = in_threads(watch, *(browse(person) for person in FINDS))
    assert [line for lines in found for line in lines] == []
    size = int(next(row["pool_size"] for row in pool.show("DATABASES") if row["name"] == environment.database_name()))
    people = {scene.world.users[person].pk for person in FINDS}
    # The proof of the proof: the connections were few, each carried everybody, and they took turns.
    assert len(watch.carried) <= size
    assert all(carried >= people for carried in watch.carried.values()) or size > 1
    assert set().union(*watch.carried.values()) >= people
    changes = sum(before != after for before, after in zip(watch.turns, watch.turns[1:], strict=False))
    assert changes > len(watch.turns) // 4
    assert left_behind(pool).items() >= NOTHING.items()


def test_a_request_that_failed_leaves_no_identity(scene: Scene, single: Pooler, watch: Watch) -> None:
    """A refusal, a rule that says no, an error of ours, one in the middle of a verb: the transaction takes the identity with it."""
    accept = reverse("referrals:accept", args=[scene.letter.pk])

    def failing() -> Counter[int]:
        client, statuses = scene.browser("justice_liaison"), Counter[int]()
        statuses[client.post(accept, {"version": "1"}).status_code] += 1  # hers already: told, nothing done
        statuses[client.get(reverse("cases:detail", args=[scene.cases["xishan"].pk])).status_code] += 1
        statuses[client.post(reverse("referrals:respond", args=[scene.letter.pk]), {"version": "1"}).status_code] += 1
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("referrals.views.letter.show", None)
            patch.setattr("referrals.views.act.show", None)
            statuses[client.post(reverse("referrals:respond", args=[scene.letter.pk])).status_code] += 1
        return statuses

    def broken() -> None:
        with scene.world.acting("manager"), identities.as_verb([scene.cases["wuhua"].pk]):
            Case._base_manager.count()
            raise LookupError

    with threads_go_through(single):
        (statuses,) = in_threads(watch, failing)
        assert {404, 422, 500} <= set(statuses), statuses
        assert left_behind(single).items() >= NOTHING.items()
        with pytest.raises(LookupError):
            in_threads(watch, broken)
    found = left_behind(single)
    assert found.items() >= NOTHING.items()
    assert found["pid"] in watch.carried  # it is the connection that carried them


def test_who_vanishes_in_the_middle_leaves_nothing(scene: Scene, single: Pooler, watch: Watch) -> None:
    def vanish() -> None:
        def work() -> None:
            with scene.world.acting("manager"):
                assert Case._base_manager.count() == 2
                connection.connection.close()  # a killed process: the socket is gone, no rollback was sent
                raise psycopg2.InterfaceError

        with pytest.raises(psycopg2.InterfaceError):
            work()
        connection.close()

    with threads_go_through(single):
        in_threads(watch, vanish)
    assert left_behind(single).items() >= NOTHING.items()


def test_a_captured_identity_opens_nothing_on_the_same_connection(scene: Scene, single: Pooler, watch: Watch) -> None:
    """The text and signature of the person before, replayed by the next on the very backend that they were made for."""
    with threads_go_through(single):
        in_threads(watch, lambda: scene.wrong("manager", scene.browser("manager")))
    assert watch.sent
    with single.raw(environment.database_name()) as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] in watch.carried
        for text, mac in watch.sent[-3:]:
            cursor.execute("BEGIN")
            cursor.execute(
                "SELECT set_config('app.identity', %s, true), set_config('app.identity_mac', %s, true)", [text, mac]
            )
            with pytest.raises(psycopg2.Error, match="identity is not valid"):
                cursor.execute("SELECT count(*) FROM cases_case")
            cursor.execute("ROLLBACK")


# What somebody leaves behind, and how it is seen that it lies there. The time zone PgBouncer itself carries from client to client.
LEFTOVERS = {
    "SET ROLE caremgmt_verb": "role", "SET row_security = off": "row_security", "SET search_path = pg_temp, public": "search_path",
    "SET TimeZone = 'Asia/Shanghai'": "TimeZone", "SELECT set_config('app.identity', %s, false), set_config('app.identity_mac', %s, false)": "app.identity",
}  # fmt: skip


@pytest.mark.parametrize("reset", [False, True], ids=["as-it-is", "server_reset_query_always"])
def test_what_an_attacker_leaves_in_the_session_opens_nothing(scene: Scene, watch: Watch, reset: bool) -> None:
    """Somebody with statements of their own on the pooled connection sets what outlives the transaction.

    With `server_reset_query_always` the next one does not even notice; without it pages may fail, but show nothing.
    """

    def visit(person: str) -> Callable[[], list[str]]:
        return lambda: scene.wrong(person, scene.browser(person))

    for leftover, setting in LEFTOVERS.items():
        with pooler(1, reset=reset) as pool:
            with threads_go_through(pool):
                in_threads(watch, visit("manager"))
            values = []
            for statement in ("", leftover, ""):
                with pool.raw(environment.database_name()) as cursor:
                    cursor.execute(statement or "SELECT 1", watch.sent[-1] if "%s" in statement else None)
                with pool.raw(environment.database_name()) as cursor:
                    cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [setting])
                    values.append(cursor.fetchone()[0])
            stays = not reset and setting != "TimeZone"
            assert (values[0] != values[1], values[0] != values[2]) == (stays, stays), (leftover, values)
            with threads_go_through(pool):
                try:
                    found = in_threads(watch, visit("xishan_manager"), visit("justice_liaison"))
                except DatabaseError:
                    assert stays, leftover  # nobody can even log in: closed, not open
                    continue
            wrong = [line for lines in found for line in lines]
            shown = [line for line in wrong if "finds" in line or "stands" in line]
            assert (shown if stays else wrong) == [], leftover


def test_the_whole_path_of_a_verb(single: Pooler, watch: Watch) -> None:
    """Two liaisons press “accept” while others read: one is first, her sections open, the worker delivers what follows."""
    scene = Scene()
    letter, case = scene.letter, scene.cases["letter"]
    accept = reverse("referrals:accept", args=[letter.pk])
    scene.world.person("justice_liaison2", Role.LIAISON, "justice")
    watch.carried.clear()  # what came before went past the pool

    def press(person: str) -> Callable[[], tuple[int, int, int]]:
        def act() -> tuple[int, int, int]:
            client = scene.browser(person)
            before = client.get(reverse("cases:panel-people", args=[case.pk]))
            pressed = client.post(accept, {"version": str(letter.version)})
            after = client.get(reverse("cases:detail", args=[case.pk]))
            assert NAMES["letter"] not in before.content.decode() or pressed.status_code == 409
            return before.status_code, pressed.status_code, after.status_code

        return act

    def read(person: str) -> Callable[[], list[str]]:
        return lambda: scene.wrong(person, scene.browser(person))

    with threads_go_through(single):
        first, second, *others = in_threads(
            watch, press("justice_liaison"), press("justice_liaison2"), read("xishan_manager"), read("keeper")
        )
    assert others == [[], []]
    assert sorted(status for _before, status, _after in (first, second)) == [302, 409]
    assert first[2] == second[2] == 200
    assert len(watch.carried) == 1
    with as_owner():
        row = Referral._base_manager.get(pk=letter.pk)
        assert (row.status, row.version) == ("accepted", 2)
        open_now = AccessGrant.objects.filter(
            source_id=letter.pk, section="identity", withdrawn_at__isnull=True, valid_from__isnull=False
        )
        assert open_now.count() == 1
        waiting = OutboxItem.objects.filter(done_at__isnull=True).count()
    assert waiting
    with threads_go_through(single, "worker"):
        assert in_threads(watch, outbox.sweep) == [waiting]
    assert left_behind(single).items() >= NOTHING.items()
    assert broken_promises() == []


def test_no_statement_of_the_web_or_the_worker_hangs_on_a_session(scene: Scene, single: Pooler, watch: Watch) -> None:
    def everything() -> None:
        for person in FINDS:
            client = scene.browser(person)
            for name in ("cases:today", "cases:list", "referrals:inbox"):
                client.get(reverse(name))
            scene.wrong(person, client)
        client.post(reverse("cases:search"), {"q": NAMES["letter"]})

    with threads_go_through(single):
        in_threads(watch, everything)
    with threads_go_through(single, "worker"):
        in_threads(watch, outbox.sweep)
    assert len(watch.statements) > 50
    assert [statement for statement in watch.statements if SESSION.search(statement)] == []


def test_the_product_itself_runs_through_it() -> None:
    """Web, worker and beat as processes of their own: they answer, they poll, nobody complains."""
    with pooler(2) as pool:

        def through(env: dict[str, str]) -> None:
            env["DATABASE_URL"] = pool.url(env["DATABASE_URL"].rsplit("/", 1)[-1])
            env["CAREMGMT_POLL_SECONDS"] = "1"

        with products.running_product(through) as live:
            for _ in range(100):
                stats = {row["user"]: row for row in pool.show("POOLS")}
                done = sum(row["total_xact_count"] for row in pool.show("STATS"))
                if done > 30 and {"caremgmt_web", "caremgmt_worker"} <= set(stats):
                    break
                threading.Event().wait(0.2)
            else:
                pytest.fail(f"too little came through the pool: {stats}")
            assert [line for line in live.lines if "rror" in line] == []
