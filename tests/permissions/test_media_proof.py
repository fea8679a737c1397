"""The proof of the proof: a word planted in each medium is found."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from cases.services import calendars
from core import clock, papers
from core.sessions import SessionStore
from core.tasks import outbox_deliver
from reports.exports.formats import SUFFIX, WRITERS, Format
from reports.exports.sheets import Column, Sheet
from reports.periods import Period
from tests.permissions import media
from tests.permissions.machinery import log, published
from tests.permissions.planted import word


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
