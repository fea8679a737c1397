"""Every byte that leaves the product, in whatever medium, is searched for words that are not the reader's.

The matrix walks the pages; here are the fragments, the addresses in them, workbooks, papers, calendars, the JSON of agencies' systems.
Refusals, the machinery and the proof that a planted word is found stand in test_media_*.py.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.urls import reverse

from core import clock, papers
from core.identity import WORKER
from core.models.job import Job
from reports.exports import files, job
from reports.exports.formats import Format
from reports.periods import Period
from tests.permissions import media
from tests.permissions.matrix import ANYBODY, MATRIX, PEOPLE
from tests.permissions.planted import Scene
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
from tests.roles import as_owner, as_role

__all__ = ["walk_of"]


# Cases that differ for those who ask; the matrix goes through all of them.
ASKED = ("accepted", "walled", "elsewhere", "received", "callback", "advice", "asked")


# One of each kind of reader; the pages themselves are asked for by everybody in the matrix.
FRAGMENT_READERS = ("manager", *BARE_PEOPLE, "supervisor")
FILES = {
    "cases:export": "text/csv", "hotline:export": "text/csv", "agencies:access-log-export": "text/csv", "referrals:minutes-docx": papers.DOCX, "referrals:minutes-pdf": papers.PDF,
    "referrals:invitation-ics": "text/calendar", "referrals_api:list": "application/json", "api-schema": "application/",
}  # fmt: skip


def numbers(scene: Scene) -> set[str]:
    """Numbers of cases and letters: spoken on the telephone, and meant to be."""
    with as_owner():
        return {str(number) for model in ("cases.Case", "referrals.Referral", "referrals.ReferralChase")
                  for number in apps.get_model(model)._base_manager.values_list("number", flat=True)}  # fmt: skip


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
