"""The proof of the proof: a word planted in each medium is found."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.db.models import BinaryField, CharField, JSONField, Model, TextField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django.utils import translation

from agencies.models import Notification
from caremgmt.celery import app as celery_app
from cases.services import calendars
from core import clock, papers
from core.models import DataKey, OutboxItem
from core.models.job import Job
from core.sessions import SessionStore
from core.tasks import outbox_deliver
from reports.exports.formats import SUFFIX, WRITERS, Format
from reports.exports.sheets import Column, Sheet
from reports.periods import Period
from reports.standing import Standing
from tests.permissions import media
from tests.permissions.machinery import TABLES, Heard, assert_silent, heard, rows_of
from tests.permissions.planted import word
from tests.roles import as_owner
from tests.world import build_world


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
    period = Period.read("2025-01", "2025-02")
    standing = Standing(period.last, {})
    with (
        translation.override("zh-hans"),
        WRITERS[file_format](path, period=period, agency="中心", asked_by="甲", standing=standing) as out,
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


# --- the machinery: medium -> how a word could come to lie there, and what the search must then name ------------------------
def _logged(_said: Heard, secret: str, what: str) -> None:
    logger, level = what.split(" ")
    logging.getLogger(logger).log(logging.getLevelNamesMapping()[level], "x %s", secret)


def _sent(_said: Heard, secret: str, _what: str) -> None:
    outbox_deliver.apply_async(args=(secret,), retry=False)


def _cached(_said: Heard, secret: str, what: str) -> None:
    cache.set(*((secret, "x") if what == "key" else ("x", {"x": secret})), 60)


def _stored(_said: Heard, secret: str, what: str) -> None:
    store = SessionStore()
    store.update({secret: "x"} if what == "key" else {"x": [secret]})
    store.save()


def _returned(said: Heard, secret: str, what: str) -> None:
    if what == "redirect":
        said.answer(redirect(f"/x/?q={quote(secret)}"))
        return

    @celery_app.task(name="tests.returns_a_word")
    def returns_a_word() -> dict[str, str]:
        return {"x": secret}

    try:
        assert said.run(returns_a_word.name).successful()
    finally:
        celery_app.tasks.unregister(returns_a_word.name)


def _put_down(_said: Heard, secret: str, what: str) -> None:
    """A word in one column of a row that the machinery keeps."""
    now, (table, column) = clock.now(), what.split(".")
    rows: dict[str, Callable[[], Model]] = {
        "effects": lambda: OutboxItem(kind="x", subject=uuid4(), key="x", created_at=now, available_at=now),
        "notices": lambda: Notification(user=build_world().users["manager"], kind="x", key="x", created_at=now),
        "jobs": lambda: Job(kind="x", user_id=uuid4(), created_at=now),
    }  # fmt: skip
    with as_owner():
        row = rows[table]()
        setattr(row, column, {"x": [secret]} if column in ("arguments", "parameters") else secret)
        row.save(force_insert=True)


PLANTED: list[tuple[Callable[[Heard, str, str], None], str, set[str]]] = [
    (_logged, "cases.anything INFO", {"log"}), (_logged, "django.request ERROR", {"log"}), (_logged, "celery.worker WARNING", {"log"}),
    (_sent, "argument", {"broker's messages", "Valkey"}),
    (_cached, "key", {"Valkey"}), (_cached, "value", {"Valkey"}),
    (_stored, "key", {"sessions"}), (_stored, "value", {"sessions"}),
    (_returned, "redirect", {"results and redirects"}), (_returned, "result", {"results and redirects", "log"}),  # a worker logs what a job returns
    *((_put_down, f"effects.{column}", {"effects"}) for column in ("kind", "arguments", "key", "error")),
    *((_put_down, f"notices.{column}", {"notices"}) for column in ("kind", "url", "key")),
    *((_put_down, f"jobs.{column}", {"jobs"}) for column in ("kind", "parameters", "error", "file_name")),
]  # fmt: skip


@pytest.mark.parametrize(("put", "what", "where"), PLANTED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_word_with_the_machinery_is_found(
    db: None, settings: Any, put: Callable[[Heard, str, str], None], what: str, where: set[str]
) -> None:
    """The search that is clean after a day and a night fails for the word, and names the medium: this one and no other."""
    secret, other = word(), word()
    with heard() as said:
        put(said, secret, what)
    places = said.media(settings.REDIS_URL)
    assert {place for place, text in places.items() if media.found({secret, other}, text) == {secret}} == where
    full = {place: text or "x" for place, text in places.items()}
    assert_silent(full, {other})
    with pytest.raises(AssertionError, match=secret):
        assert_silent(full, {secret})


def test_a_medium_of_which_nothing_was_seen_is_not_passed_over(db: None, settings: Any) -> None:
    with heard() as said:
        pass
    with pytest.raises(AssertionError, match="nothing was seen of"):
        assert_silent(said.media(settings.REDIS_URL), {word()})


def test_every_medium_and_every_column_of_text_has_its_word(db: None, settings: Any) -> None:
    """A medium or a column that joins the search is planted here too."""
    with heard() as said:
        places = said.media(settings.REDIS_URL)
    assert set(places) == set().union(*(where for _put, _what, where in PLANTED))
    free = {
        f"{table}.{field.name}"
        for table, model in TABLES.items()
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField | JSONField | BinaryField) and not field.choices
    }
    assert free == {what for put, what, _where in PLANTED if put is _put_down}


def test_bytes_in_a_row_are_read(db: None) -> None:
    """A sealed column comes as bytes: a word that was not sealed would stand in them."""
    secret = word()
    with as_owner():
        DataKey.objects.create(subject=uuid4(), wrapped=secret.encode())
        assert media.found({secret}, rows_of(DataKey)) == {secret}
