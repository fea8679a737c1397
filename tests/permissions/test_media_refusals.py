"""Error pages and refusals hold nobody else's word, nor do the logs of what went wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import access
from tests import environment
from tests.permissions import media
from tests.permissions.machinery import log, quotes
from tests.permissions.matrix import MATRIX
from tests.permissions.planted import Scene
from tests.permissions.test_matrix import (
    WALKERS,
    Walk,
    leaks,
    walk_of,
)

__all__ = ["walk_of"]


def test_an_error_of_ours_says_nothing(scene: Scene, walk_of: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 in the middle of a page, with the words in the exception's own text: neither page nor log has them."""
    secret = scene.everything()
    monkeypatch.setattr(access, "note", quotes(scene))
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


def test_a_request_for_another_host_is_400_wherever_it_comes_from(scene: Scene, walk_of: Walk) -> None:
    """The page of refusal asks nothing more of a request that is wrong in itself."""
    url = walk_of.urls(MATRIX["cases:detail"], "accepted")[0]
    headers = {"host": "somewhere.example", "referer": "http://somewhere.example/cases/"}
    response, _text = walk_of.answer(WALKERS[0], url, "get", {}, headers=headers)
    assert response.status_code == 400
