"""Every byte that leaves the product, in whatever medium, is searched for words that are not the reader's.

The matrix walks the pages; here are the fragments, workbooks, papers, calendars, the JSON of agencies' systems, error pages, cookies,
addresses, logs, the broker's messages, effects, notices. At the end stands, medium by medium, that a word planted there is found.
"""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from celery import signals
from django.apps import apps
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from agencies.models import Notification
from caremgmt.celery import app as celery_app
from cases.services import calendars
from core import access, clock, outbox, papers
from core.identity import WORKER
from core.models import OutboxItem
from core.models.job import Job
from core.sessions import SessionStore
from core.tasks import outbox_deliver
from reports.exports import files, job
from reports.exports.formats import SUFFIX, WRITERS, Format
from reports.exports.sheets import Column, Sheet
from reports.periods import Period
from tests import environment
from tests.permissions import media
from tests.permissions.matrix import ANYBODY, MATRIX, PEOPLE
from tests.permissions.planted import Scene, plant, word
from tests.permissions.test_matrix import (
    BARE_PEOPLE,
    OBJECT_ROUTES,
    PLAIN_ROUTES,
    WALKERS,
    Walk,
    _readable,
    leaks,
    walk_of,
)
from tests.roles import as_owner, as_role, threads_log_in_as

__all__ = ["walk_of"]
# Cases that differ for those who ask; the matrix goes through all of them.
ASKED = ("accepted", "walled", "elsewhere", "received", "callback", "advice", "asked")
# One of each kind of reader; the pages themselves are asked for by everybody in the matrix.
FRAGMENT_READERS = ("manager", *BARE_PEOPLE, "supervisor")
FILES = {
    "cases:export": "text/csv", "hotline:export": "text/csv", "referrals:minutes-docx": papers.DOCX, "referrals:minutes-pdf": papers.PDF,
    "referrals:invitation-ics": "text/calendar", "referrals_api:list": "application/json", "api-schema": "application/",
}  # fmt: skip


def numbers(scene: Scene) -> set[str]:
    """Numbers of cases and letters: spoken on the telephone, and meant to be."""
    with as_owner():
        return {str(number) for model in ("cases.Case", "referrals.Referral", "referrals.ReferralChase")
                  for number in apps.get_model(model)._base_manager.values_list("number", flat=True)}  # fmt: skip


@contextmanager
def log() -> Iterator[io.StringIO]:
    """What the product's own log handlers write, at the level of a real installation."""
    root, stream = logging.getLogger(), io.StringIO()
    ours = [handler for handler in {*root.handlers, *logging.getLogger("django.request").handlers}
            if type(handler) is logging.StreamHandler]  # fmt: skip
    assert ours, "the settings name no handler"
    kept, level = [(handler, handler.stream) for handler in ours], root.level
    for handler in ours:
        handler.setStream(stream)
    root.setLevel(logging.INFO)
    try:
        yield stream
    finally:
        root.setLevel(level)
        for handler, before in kept:
            handler.setStream(before)


@contextmanager
def published() -> Iterator[list[str]]:
    """Every message that is sent to the broker: routing, headers and body."""
    sent: list[str] = []

    def note(**told: Any) -> None:
        sent.append(str({name: told[name] for name in ("sender", "body", "headers", "properties") if name in told}))

    signals.before_task_publish.connect(note, weak=False)
    try:
        yield sent
    finally:
        signals.before_task_publish.disconnect(note)


# --- pages, fragments, files ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [name for name in OBJECT_ROUTES if _readable(MATRIX[name])])
def test_fragments_and_the_addresses_in_them(scene: Scene, walk_of: Walk, name: str) -> None:
    """As htmx asks. An address holds nobody's words, not even the reader's own."""
    row, every, wrong, asked = MATRIX[name], scene.everything() - numbers(scene), [], 0
    for person in [person for person in FRAGMENT_READERS if PEOPLE[person] in row.roles] or WALKERS:
        for thing in [thing for thing in walk_of.names(row) if thing in ASKED or not thing]:
            for url in walk_of.urls(row, thing)[:1] if PEOPLE[person] in row.roles else ():
                asked += 1
                response, text = walk_of.answer(person, url, "get", {}, headers={"HX-Request": "true"})
                if seen := leaks(scene, person, text):
                    wrong.append(f"{person} {thing}: reads {seen}")
                told = [str(value) for name, value in response.headers.items() if name.startswith(("Location", "HX-"))]
                if seen := media.found(every, "\n".join([*media.addresses(text), *told])):
                    wrong.append(f"{person} {thing}: {seen} in an address")
    assert asked
    assert wrong == [], "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    "name", [name for name in PLAIN_ROUTES if MATRIX[name].roles != ANYBODY and _readable(MATRIX[name])]
)
def test_addresses_in_lists(scene: Scene, walk_of: Walk, name: str) -> None:
    every = scene.everything() - numbers(scene)
    for person in FRAGMENT_READERS:
        if PEOPLE[person] in MATRIX[name].roles:
            url = reverse(name, args=MATRIX[name].args)
            _response, text = walk_of.answer(person, url, "get", {}, headers={"HX-Request": "true"})
            assert leaks(scene, person, text) == set(), person
            assert media.found(every, "\n".join(media.addresses(text))) == set(), person


@pytest.mark.parametrize("name", FILES)
def test_files_are_what_they_are_said_to_be_and_are_read(scene: Scene, walk_of: Walk, name: str) -> None:
    """The matrix searches these too; here it is seen that somebody gets each of them, and that they could be searched."""
    row, given = MATRIX[name], 0
    for person in WALKERS:
        for thing in walk_of.names(row):
            for url in walk_of.urls(row, thing)[:1]:
                response, text = walk_of.answer(person, url, "get", {"format": "csv"} if "export" in name else {})
                if response.status_code == 200 and response.headers["Content-Type"].startswith(FILES[name]):
                    given += 1
                    assert len(text) > 100, person
                assert leaks(scene, person, text) == set(), (person, thing)
    assert given


def test_the_papers_hold_what_their_reader_may_know(scene: Scene, walk_of: Walk) -> None:
    """Else the search in them could be blind: the minutes are found in both, word by word."""
    minutes, item = scene["accepted"].secrets_of("minutes"), scene["accepted"].conference["agenda"][0]
    assert minutes
    for name in ("referrals:minutes-docx", "referrals:minutes-pdf"):
        _status, text = walk_of.ask("justice_liaison", reverse(name, args=[item]))
        assert media.found(minutes, text) == minutes, name


@pytest.mark.parametrize("file_format", Format.values)
@pytest.mark.parametrize("person", ["director", "supervisor", "province"])
def test_exports_hold_no_word_of_a_case(scene: Scene, walk_of: Walk, person: str, file_format: str) -> None:
    """Figures only, whoever asks: the file as it is downloaded, and as it lies on the disk."""
    today = clock.today()
    with scene.world.acting(person) as by:
        asked = job.export_start(
            by=by, period=Period.read(f"{today:%Y}-01", f"{today:%Y-%m}"), file_format=file_format
        ).pk
    with as_role(WORKER):
        assert job.run(asked)
    response, text = walk_of.answer(person, reverse("reports:export-file", args=[asked]), "get", {})
    assert response.status_code == 200
    assert "五华" in text  # opened, not only counted
    assert media.found(scene.everything(), text) == set()
    with as_owner():
        key = Job.objects.get(pk=asked).file_key
    assert key is not None
    sealed = files.path_of(key).read_bytes()
    assert sealed[:2] != b"PK"
    assert "五华".encode() not in sealed


# --- refusals and failures ------------------------------------------------------------------------------------------------
def _quotes(scene: Scene) -> Callable[..., None]:
    """Fails as a database does which quotes the row that it could not keep."""

    def fail(*_args: object, **_more: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::integer", [",".join(sorted(scene.everything())[:40])])

    return fail


def test_an_error_of_ours_says_nothing(scene: Scene, walk_of: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 in the middle of a page, with the words in the exception's own text: neither page nor log has them."""
    secret = scene.everything()
    monkeypatch.setattr(access, "note", _quotes(scene))
    failed = 0
    with log() as written:
        for person in WALKERS:
            for name in ("cases:detail", "referrals:detail", "hotline:contact", "cases:panel-people"):
                for url in walk_of.urls(MATRIX[name], "received" if name == "hotline:contact" else "accepted"):
                    status, text = walk_of.ask(person, url)
                    failed += status == 500
                    assert leaks(scene, person, text) == set(), (person, name)
                    if status == 500:
                        assert media.found(secret, text) == set()
    said = written.getvalue()
    assert failed > 3
    assert said.count("DataError at ") >= failed
    assert media.found(secret, said) == set()
    server = environment.server().home.logs
    logs = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in Path(server).glob("*.log"))
    assert "ready to accept connections" in logs
    assert media.found(secret, logs) == set(), "in the server's log"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_pages_of_refusal_say_nothing(scene: Scene, walk_of: Walk, status: int) -> None:
    """Each of them is met on the walk, by everybody who meets it, and holds nobody else's word."""
    stale = {"version": "1"}
    asked: list[tuple[str, str, str, dict[str, str], dict[str, str]]] = {
        400: [("cases:detail", "accepted", "get", {}, {"host": "somewhere.example"})],
        403: [("cases:seal", "accepted", "get", {}, {}), ("agencies:accounts", "", "get", {}, {})],
        404: [("cases:detail", name, "get", {}, {}) for name in ("elsewhere", "walled")] + [("referrals:detail", "walled", "get", {}, {})],
        409: [("referrals:accept", "accepted", "post", stale, {}), ("referrals:accept", "closed", "post", stale, {}),
              ("cases:assess", "closed", "post", stale, {}), ("cases:close", "closed", "get", {}, {})],
        422: [("referrals:decline", "offered", "post", {}, {}), ("cases:person-add", "accepted", "post", {}, {})],
    }[status]  # fmt: skip
    met = 0
    for person in WALKERS:
        for name, thing, method, data, headers in asked:
            for url in walk_of.urls(MATRIX[name], thing):
                response, text = walk_of.answer(person, url, method, data, headers=headers)
                met += response.status_code == status
                assert leaks(scene, person, text) == set(), (person, name)
    assert met


# --- the machinery --------------------------------------------------------------------------------------------------------
@pytest.fixture
def committed(transactional_db: None) -> Scene:
    """The planted scene for real, so that what happens after a commit happens."""
    with transaction.atomic():
        return plant()


def _enter(scene: Scene, person: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(scene.world.users[person], backend="agencies.backends.StaffBackend")
    return client


def _day(scene: Scene, said: list[str]) -> None:
    """Everybody works through real pages: reads, searches by name and number, writes, is refused. What each was told is kept in `said`."""
    case, letter = scene["offered"], scene["offered"].referral
    pages = [reverse(name) for name in ("cases:today", "cases:list", "agencies:notifications", "session")]
    pages += [reverse("cases:detail", args=[row.id]) for row in scene.cases.values()]
    for person in WALKERS:
        client = _enter(scene, person)
        for url in pages:
            response = client.get(url)
            assert response.status_code < 500, (person, url)
        for text in (min(case.words["identity"]), min(case.phones["contact"])):
            said += [str(client.post(reverse("cases:search"), {"q": text}).headers)]
        client.get(reverse("cases:search"), {"q": "x"})
    liaison, manager = _enter(scene, "justice_liaison"), _enter(scene, "manager")
    spoken = case.tell("letter")
    for client, name, data in (
        (manager, "referrals:accept", {"version": "1"}), (liaison, "referrals:accept", {"version": "1"}),
        (liaison, "referrals:accept", {"version": "1"}), (liaison, "referrals:progress", {"version": "2", "text": spoken}),
        (liaison, "referrals:return", {"version": "2", "reason": "other_area", "text": spoken}),
    ):  # fmt: skip
        response = client.post(reverse(name, args=[letter]), data, follow=False)
        assert response.status_code < 500, name
        said.append(f"{response.status_code} {response.headers}")
    _enter(scene, "director").post(reverse("reports:exports"), {"from": "2026-01", "to": "2026-02", "format": "csv"})


def _worked(task: str, *arguments: str) -> Any:
    """Run one job as a worker does: in a thread whose connection is the worker's."""

    def work() -> Any:
        try:
            return celery_app.tasks[task].apply(args=arguments)
        finally:
            connections.close_all()

    with threads_log_in_as("worker"), ThreadPoolExecutor(1) as hands:
        return hands.submit(work).result(120)


def _night(said: list[str]) -> int:
    """Every job of the product that needs no argument, and whatever is waiting; what each returned is kept in `said`."""
    celery_app.autodiscover_tasks(force=True)
    jobs = [(entry["task"],) for entry in celery_app.conf.beat_schedule.values()]
    with as_owner():
        jobs += [
            ("core.tasks.outbox_deliver", str(item_id))
            for item_id in OutboxItem.objects.values_list("pk", flat=True)[:3]
        ]
    for one in jobs:
        result = _worked(*one)
        assert result.successful(), (one, result.result)
        said.append(f"{one[0]} {result.result!r}")
    return len(jobs)


@pytest.mark.django_db(transaction=True)
def test_a_day_and_a_night_leave_no_word_with_the_machinery(committed: Scene, settings: Any) -> None:
    """Logs, messages to the broker, everything in Valkey, results of jobs, effects, notices, stored sessions, redirects."""
    told: list[str] = []
    with log() as written, published() as sent:
        _day(committed, told)
        assert _night(told) > 8
        _day(committed, told)
        logging.getLogger("cases.tasks").info("the log is read")
    secret = committed.everything()
    with as_owner():
        effects = [str(row) for row in OutboxItem.objects.values()]
        notices = [str(row) for row in Notification._base_manager.values()]
        stored = [media.opened_token(row.session_data) for row in Session.objects.all()]
    broker = media.broker_text(settings.REDIS_URL)
    places = {
        "log": written.getvalue(), "broker's messages": "\n".join(sent), "Valkey": broker, "results and redirects": "\n".join(told),
        "effects": "\n".join(effects), "notices": "\n".join(notices), "sessions": "\n".join(stored),
    }  # fmt: skip
    for place, text in places.items():
        assert text, f"nothing was seen of: {place}"
        assert media.found(secret, text) == set(), place
    assert len(sent) > 3
    assert len(effects) > 20
    assert len(notices) > 5
    assert "celery" in broker


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_with_a_word_in_its_error(committed: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is raised in an effect or in a job itself: the log of the worker names the kind and the place."""
    secret = committed.everything()
    with as_owner():
        waiting = list(OutboxItem.objects.filter(done_at__isnull=True).values_list("pk", flat=True))
    assert waiting
    for kind in list(outbox._handlers):
        monkeypatch.setitem(outbox._handlers, kind, _quotes(committed))
    celery_app.autodiscover_tasks(force=True)
    with log() as written:
        for item_id in waiting[:5]:
            _worked("core.tasks.outbox_deliver", str(item_id))
        monkeypatch.setattr(outbox, "sweep", _quotes(committed))
        result = _worked("core.tasks.outbox_sweep")
    assert result.failed()
    said = written.getvalue()
    assert "DataError" in said
    assert media.found(secret, said) == set()
    with as_owner():
        errors = "\n".join(str(row) for row in OutboxItem.objects.values())
    assert "DataError" in errors
    assert media.found(secret, errors) == set()


# --- the proof of the proof: a word planted in each medium is found ---------------------------------------------------------
def _paper(secret: str) -> papers.Paper:
    return papers.Paper(
        "中心",
        "纪要",
        "〔2026〕1",
        (("甲", "乙"),),
        (papers.Block("事项", ("经过" * 30 + secret,), (("表", secret), ("一", "二"))),),
    )


def _written(file_format: Format, secret: str, place: Path) -> bytes:
    path = place / f"x.{SUFFIX[file_format]}"
    rows: Iterator[list[str | int]] = iter([[1, secret, secret, 7]])
    with (
        translation.override("zh-hans"),
        WRITERS[file_format](path, period=Period.read("2026-01", "2026-02"), agency="中心", asked_by="甲") as out,
    ):
        out.add(Sheet("t", "表", ["序号", "代码", "地区"], [Column("件数", "", "CASES")], rows))
    return path.read_bytes()


def _response(secret: str, how: str) -> HttpResponse:
    response = HttpResponse("x")
    if how == "header":
        response["HX-Trigger"] = json.dumps({"told": secret})
    elif how == "cookie":
        request = RequestFactory().get("/")
        request.COOKIES = {}
        request._messages = CookieStorage(request)  # type: ignore[attr-defined]
        messages.error(request, secret)
        request._messages.update(response)  # type: ignore[attr-defined]
    elif how == "plain cookie":
        response.set_cookie("x", secret)
    elif how == "html":
        response.content = "".join(f"&#{ord(letter)};" for letter in secret)
    else:
        response.content = json.dumps({"x": secret})
    return response


@pytest.mark.parametrize("how", ["header", "cookie", "plain cookie", "html", "json"])
def test_a_word_in_an_answer_is_found(how: str) -> None:
    secret = word()
    assert media.found({secret, word()}, media.said(_response(secret, how))) == {secret}


def test_a_word_in_a_file_is_found(tmp_path: Path) -> None:
    secret, other = word(), word()
    when = clock.now()
    texts = {
        "docx": media.unpacked(papers.docx_of(_paper(secret))), "pdf": media.unpacked(papers.pdf_of(_paper(secret))),
        **{str(kind): media.unpacked(_written(kind, secret, tmp_path)) for kind in Format},
        "ics": calendars.busy(uid=UUID(int=1), begins_at=when, ends_at=when, stamp=when, url=f"https://x/?q={secret}"),
    }  # fmt: skip
    for medium, text in texts.items():
        assert media.found({secret, other}, text) == {secret}, medium
    cut = "<w:r><w:t>" + secret[:6] + "</w:t></w:r><w:r><w:t>" + secret[6:] + "</w:t></w:r>"
    with zipfile.ZipFile(tmp_path / "cut.docx", "w") as archive:
        archive.writestr("word/document.xml", cut)
    assert media.found({secret}, media.unpacked((tmp_path / "cut.docx").read_bytes())) == {secret}


def test_a_paper_that_cannot_be_read_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="searched"):
        media.unpacked(b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n")


@pytest.mark.parametrize("mark", ['href="/x?q={}"', "hx-get='/x/{}/'", 'action="/x#{}"', 'data-url="/{}"'])
def test_a_word_in_an_address_is_found(mark: str) -> None:
    secret = word()
    for shape in (secret, quote(secret)):
        assert media.found({secret}, "\n".join(media.addresses(f"<a {mark.format(shape)}>{word()}</a>"))) == {secret}
    assert media.addresses(f"<p class='x'>{secret}</p>") == []


@pytest.mark.django_db(transaction=True)
def test_a_word_with_the_machinery_is_found(settings: Any) -> None:
    """A line of the log, an argument of a task, a value and a key of the cache, a stored session."""
    said, sent_word, key, value = word(), word(), word(), word()
    with log() as written, published() as sent:
        logging.getLogger("cases.anything").warning("x %s", said)
        logging.getLogger("django.request").error("x %s", said)
        outbox_deliver.apply_async(args=(sent_word,), retry=False)
    assert written.getvalue().count(said) == 2
    assert media.found({sent_word}, "\n".join(sent)) == {sent_word}
    cache.set(key, {"x": value}, 60)
    everything = media.broker_text(settings.REDIS_URL)
    assert media.found({said, sent_word, key, value}, everything) == {sent_word, key, value}
    store = SessionStore()
    store["x"] = value
    store.save()
    stored = "\n".join(media.opened_token(row.session_data) for row in Session.objects.all())
    assert media.found({value, key}, stored) == {value}
